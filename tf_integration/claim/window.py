"""A window of claims: drafted from the ready, sampled, audited, approved, frozen, submitted; each step once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tf_integration.claim.acts import named, reasoned, record
from tf_integration.claim.audit import draw, grouped, load_audit
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

_A_NAME = re.compile(r"[^\W_]([\w .-]*[^\W_])?")  # what a claim's reference, a file and a command line can all bear


def draft(
    conn: Connection,
    name: str,
    by: str,
    because: str,
    plan_id: str | None = None,
    households: Sequence[int] | None = None,
) -> dict[str, Any]:
    """Open a window with a claim for every ready household of the latest run.

    Returns `window`, `as_at`, `claims`, `pounds` and `refused`: a list of household_id, because.

    Raises:
        CallError: the name is taken, or none that a file or a claim could bear.
        NeedsAPerson: nothing has been judged, or no household can be claimed for.
        Conflict: another window or file took one of the children at the same moment.
    """
    who = named(by)
    if not _A_NAME.fullmatch(name):
        mend = "Use letters, digits, spaces, dots and hyphens, like `2019-q2`; a letter or digit first and last."
        raise CallError("a window cannot be called that.", where=name or "WINDOW", mend=mend)
    if clash := warehouse.run(conn, "claim/window__clash.sql", name=name).scalar():
        raise CallError(f"a window or a claim is called {clash} already.", where=name, mend="Choose another name.")
    window = warehouse.run(conn, "claim/window__open.sql", name=name, plan_id=plan_id, by=who).mappings().first()
    if window is None:
        raise NeedsAPerson("nothing has been judged yet.", where=name, mend="Run a refresh first.")
    about = {"window_id": window["window_id"], "as_at": window["as_at"]}
    chosen = list(households) if households is not None else None
    warehouse.run(conn, "claim/draft__candidate.sql", plan_id=plan_id, households=chosen, as_at=window["as_at"])
    while warehouse.run(conn, "claim/draft__shared.sql").rowcount:
        pass  # a household that is refused refuses nobody: look again without it
    made = warehouse.run(conn, "claim/draft__claim.sql", name=name, **about).rowcount
    refused = warehouse.rows(
        conn, "SELECT household_id, refused AS because FROM candidate WHERE refused IS NOT NULL ORDER BY nth"
    )
    if not made:
        raise NeedsAPerson(
            f"no household can be claimed for ({len(refused)} ready, and held by other claims).",
            where=name,
            mend="See `tfi claims list --ready`.",
        )
    warehouse.run(conn, "claim/draft__person.sql", window_id=window["window_id"])
    warehouse.run(conn, "claim/draft__family.sql", window_id=window["window_id"])
    move_window(conn, window["window_id"], "outside", "drafted", who, because)
    told = {"window": name, "as_at": window["as_at"], "claims": made, "pounds": _pounds(conn, name), "refused": refused}
    record(
        conn,
        "drafted",
        who,
        because,
        window_id=window["window_id"],
        detail={"claims": made, "pounds": told["pounds"], "refused": len(refused), "run_id": window["run_id"]},
    )
    return told


def find_window(conn: Connection, name: str) -> dict[str, Any] | None:
    """A window by its name, with `steps` {step: by whom}, `claims`, `withdrawn`, `pounds`."""
    found = warehouse.run(conn, "claim/window__find.sql", name=name).mappings().first()
    return dict(found) if found else None


def hold(conn: Connection, named_: str) -> None:
    """Wait for any other act on this window, or on the window of this claim; others wait for ours."""
    warehouse.run(conn, "claim/window__hold.sql", named=named_)


def window(conn: Connection, name: str, after: str | None = None, before: str | None = None) -> dict[str, Any]:
    """A window that must stand, have had the step `after` and not yet the step `before`.

    Raises:
        CallError: no such window.
        NeedsAPerson: its steps are out of order.
    """
    if after or before:
        hold(conn, name)
    found = find_window(conn, name)
    if found is None:
        raise CallError("no window has this name.", where=name, mend="See `tfi claims windows`.")
    if after and after not in found["steps"]:
        raise NeedsAPerson(f"the window has not been {after} yet.", where=name, mend="Take that step first.")
    if before and before in found["steps"]:
        mend = "Go on from there: `tfi claims show`."
        raise NeedsAPerson(f"the window has been {before} already.", where=name, mend=mend)
    return found


def take_step(
    conn: Connection,
    found: Mapping[str, Any],
    step: str,
    by: str,
    because: str,
    detail: dict[str, Any],
    was: str | None = None,
) -> int:
    """Write a step of a window, then move its claims that `was` to it, and the act; returns how many moved."""
    warehouse.run(conn, "claim/window__step.sql", window_id=found["window_id"], step=step, by=by, because=because)
    moved = {"claims": move_window(conn, found["window_id"], was, step, by, because)} if was else {}
    record(conn, step, by, because, window_id=found["window_id"], detail=moved | detail)
    return moved.get("claims", 0)


def move_window(conn: Connection, window_id: int, was: str, state: str, by: str, because: str) -> int:
    """Move the window's claims that are in one state to another; returns how many.

    Raises:
        NeedsAPerson: one of them turned out to be for another claim's child.
    """
    moving = warehouse.rows(
        conn, "SELECT claim_id FROM claim.claim WHERE window_id = :w AND state = :was", w=window_id, was=was
    )
    _without_rivals(conn, [m["claim_id"] for m in moving], state)
    return warehouse.run(
        conn, "claim/move__window.sql", window_id=window_id, state_was=was, state=state, by=by, because=because
    ).rowcount


def _without_rivals(conn: Connection, claims: list[int], state: str) -> None:
    """The database would refuse the move as well, and could not say whose child it is."""
    found = [dict(r) for r in warehouse.run(conn, "claim/move__rivals.sql", claims=claims, state=state).mappings()]
    if found:
        raise NeedsAPerson(
            f"{found[0]['claim_ref']} turned out to be for a child of {found[0]['other_ref']}.",
            where=f"{len({r['claim_ref'] for r in found})} claims",
            mend="Withdraw one of the two: see `tfi claims conflicts`.",
        )


def move_claim(conn: Connection, claim_ref: str, state: str, by: str, because: str) -> dict[str, Any]:
    """Move one claim: `submitted`, `paid`, `withdrawn` or `clawed_back`. The same move again changes nothing.

    Returns `claim_ref`, `state_was`, `state`, `amount_pounds`.

    Raises:
        CallError: no such claim.
        NeedsAPerson: it cannot go there from where it is, or turned out to be for another claim's child.
    """
    who = named(by)
    found = warehouse.run(conn, "claim/move__find.sql", claim_ref=claim_ref).mappings().first()
    if found is None:
        raise CallError("no claim has this reference.", where=claim_ref, mend="See `tfi claims list`.")
    if found["state"] != state:
        if state not in found["may_become"]:
            raise NeedsAPerson(
                f"the claim is {found['state']} and cannot become {state}.",
                where=claim_ref,
                mend=f"From there it can become: {', '.join(found['may_become']) or 'nothing'}.",
            )
        _without_rivals(conn, [found["claim_id"]], state)
        warehouse.run(conn, "claim/move__claim.sql", claim_id=found["claim_id"], state=state, by=who, because=because)
        record(conn, state, who, because, claim_id=found["claim_id"], window_id=found["window_id"])
    return {
        "claim_ref": claim_ref,
        "state_was": found["state"],
        "state": state,
        "amount_pounds": found["amount_pounds"],
    }


def sample(conn: Connection, name: str, by: str, because: str, seed: str | None = None) -> dict[str, Any]:
    """Draw the auditor's sample; the seed is the window's name unless one is given.

    Returns `window`, `seed`, `share`, `claims`, `sampled` (a list of claim_ref, stratum), `error_rate_before`.

    Raises:
        NeedsAPerson: it has been sampled already, or approved.
    """
    found, rules = window(conn, name, before="sampled"), load_audit().sample
    rate = error_rate(conn, found["window_id"])
    share, drawn_by = rules.share_after(rate), seed or name
    claims = [dict(r) for r in warehouse.run(conn, "claim/sample__claims.sql", window_id=found["window_id"]).mappings()]
    drawn = draw(claims, share, rules.at_least, rules.strata, drawn_by)
    warehouse.run(
        conn,
        "claim/sample__keep.sql",
        window_id=found["window_id"],
        seed=drawn_by,
        share=share,
        at_least=rules.at_least,
        claims=len(claims),
        error_rate_before=rate,
        drawn_from=json.dumps(grouped(claims, rules.strata)),
    )
    ids = {c["claim_ref"]: c["claim_id"] for c in claims}
    if drawn:
        warehouse.execute(
            conn,
            "INSERT INTO claim.sampled (window_id, claim_id, stratum) VALUES (:w, :c, :s)",
            [{"w": found["window_id"], "c": ids[ref], "s": stratum} for ref, stratum in drawn.items()],
        )
    told = {"seed": drawn_by, "share": share, "claims": len(claims), "sampled": len(drawn), "error_rate_before": rate}
    take_step(conn, found, "sampled", named(by), because, told)
    listed = [{"claim_ref": ref, "stratum": stratum} for ref, stratum in sorted(drawn.items())]
    return {"window": name, **told, "sampled": listed}


def error_rate(conn: Connection, window_id: int) -> float | None:
    """Of the claims audited in other windows, the share found wrong; None when none was audited."""
    seen = warehouse.run(conn, "claim/verdict__rate.sql", window_id=window_id).mappings().one()
    return seen["wrong"] / seen["looked_at"] if seen["looked_at"] else None


def say_verdict(conn: Connection, claim_ref: str, is_valid: bool, by: str, because: str) -> dict[str, Any]:
    """Keep the auditor's word on a sampled claim.

    Raises:
        CallError: the claim is not in its window's sample.
        NeedsAPerson: the auditor drafted the window, or it has been approved.
    """
    found = warehouse.run(conn, "claim/move__find.sql", claim_ref=claim_ref).mappings().first()
    name = found and warehouse.scalar(conn, "SELECT name FROM claim.window WHERE window_id = :w", w=found["window_id"])
    about = window(conn, name, before="approved") if name else None
    sampled = {r["claim_ref"] for r in audited(conn, about["window_id"])} if about else set()
    if found is None or about is None or claim_ref not in sampled:
        raise CallError("this claim is in no sample.", where=claim_ref, mend="See `tfi claims show WINDOW`.")
    who, because = named(by), reasoned(because)
    if _same(who, about["drafted_by"]):
        raise NeedsAPerson("who drafted a window does not audit it.", where=claim_ref, mend="Ask another person.")
    warehouse.run(
        conn,
        "claim/verdict__say.sql",
        window_id=about["window_id"],
        claim_id=found["claim_id"],
        is_valid=is_valid,
        by=who,
        because=because,
    )
    record(
        conn,
        "audited",
        who,
        because,
        window_id=about["window_id"],
        claim_id=found["claim_id"],
        detail={"is_valid": is_valid},
    )
    return {"window": name, "claim_ref": claim_ref, "is_valid": is_valid}


def audited(conn: Connection, window_id: int) -> list[dict[str, Any]]:
    """The sampled claims with the auditor's last word on each (`is_valid` None: not looked at)."""
    return [dict(r) for r in warehouse.run(conn, "claim/sample__show.sql", window_id=window_id).mappings()]


def approve(conn: Connection, name: str, by: str, because: str) -> dict[str, Any]:
    """Approve a window: every sampled claim was looked at, and what was found wrong was taken out.

    One that was taken out unseen waits for its verdict too: else the sample could be made smaller, its errors fewer.

    Raises:
        NeedsAPerson: the approver drafted it, a sampled claim has no verdict, or one found wrong is still in it.
    """
    found, who = window(conn, name, after="sampled", before="approved"), named(by)
    if _same(who, found["drafted_by"]):
        raise NeedsAPerson("who drafted a window does not approve it.", where=name, mend="Ask another person.")
    looked = audited(conn, found["window_id"])
    waiting = [c["claim_ref"] for c in looked if c["is_valid"] is None]
    if waiting:
        raise NeedsAPerson(
            f"{len(waiting)} sampled claims have no verdict, {waiting[0]} first.",
            where=name,
            mend="Look at them: `tfi claims audit CLAIM --valid` or `--invalid`.",
        )
    wrong = [c["claim_ref"] for c in looked if c["is_valid"] is False and c["state"] != "withdrawn"]
    if wrong:
        raise NeedsAPerson(
            f"{len(wrong)} claims that were found wrong are still in the window, {wrong[0]} first.",
            where=name,
            mend="Take them out: `tfi claims withdraw CLAIM`.",
        )
    rate = sum(c["is_valid"] is False for c in looked) / len(looked) if looked else None
    moved = take_step(conn, found, "approved", who, because, {"error_rate": rate}, "drafted")
    return {"window": name, "approved_by": who, "claims": moved, "error_rate": rate}


def submit(conn: Connection, name: str, by: str, because: str) -> dict[str, Any]:
    """Mark a frozen window's claims as submitted.

    Raises:
        NeedsAPerson: the window is not frozen, or the submitter approved it.
    """
    found, who = window(conn, name, after="frozen", before="submitted"), named(by)
    if _same(who, found["steps"]["approved"]):
        raise NeedsAPerson("who approved a window does not submit it.", where=name, mend="Ask another person.")
    moved = take_step(conn, found, "submitted", who, because, {"pounds": found["pounds"]}, "frozen")
    return {"window": name, "submitted_by": who, "claims": moved, "pounds": found["pounds"], "as_at": found["as_at"]}


def _same(one: str, other: str) -> bool:
    return named(one).casefold() == named(other).casefold()


def _pounds(conn: Connection, name: str) -> Any:
    found = find_window(conn, name)
    return found["pounds"] if found else None
