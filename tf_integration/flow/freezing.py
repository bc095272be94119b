"""Freeze a window's claims with their evidence, and look again later whether each still stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from tf_integration import assess
from tf_integration.claim import window as windows
from tf_integration.claim.acts import named
from tf_integration.claim.evidence import Evidence, canonical, collect, differences, digest, facts_of
from tf_integration.flow.refresh import alone
from tf_integration.flow.rereading import Reread, reread
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

_SAID = 5  # changes that are told in words; the rest are counted


def freeze(conn: Connection, name: str, by: str, because: str) -> dict[str, Any]:
    """Judge an approved window's households once more, as at its day with all that is known now; fix what is found.

    Returns `window`, `claims`, `pounds`, `known_at`.

    Raises:
        NeedsAPerson: the window is not approved, or a claim is no longer what was drafted; it must be withdrawn first.
    """
    alone(conn)
    found, who = windows.window(conn, name, after="approved", before="frozen"), named(by)
    claims = warehouse.rows(
        conn,
        "SELECT * FROM claim.claim WHERE window_id = :w AND state = 'approved' ORDER BY claim_ref",
        w=found["window_id"],
    )
    known_at = warehouse.scalar(conn, "SELECT core.instant()")
    evidence = judged(conn, [c["household_id"] for c in claims], found["as_at"], known_at)
    _still_ready(name, claims, evidence)
    sign_offs = _sign_offs(conn, found, who, because)
    warehouse.run(conn, "claim/pack__rules.sql", hashes=sorted({e["plan"]["sha256"] for e in evidence.values()}))
    for claim in claims:
        _keep(conn, claim, evidence[claim["household_id"]], sign_offs, found["as_at"], known_at)
    packs = {c["claim_ref"]: digest(evidence[c["household_id"]]) for c in claims}
    moved = windows.take_step(conn, found, "frozen", who, because, {"evidence_sha256": packs}, "approved")
    return {"window": name, "claims": moved, "pounds": found["pounds"], "known_at": known_at}


def judged(conn: Connection, households: Sequence[int], as_at: date, known_at: datetime) -> dict[int, Evidence]:
    """The evidence of households as at a day with what was known at an instant; nothing of the judging is kept."""
    with _trial(conn):
        if households:
            assess.assess(conn, as_at, known_at, households=list(households), dry=True)
        return collect(conn, households, as_at, known_at)


@contextmanager
def _trial(conn: Connection) -> Iterator[None]:
    trial = conn.begin_nested()
    try:
        yield
    finally:
        trial.rollback()


def _still_ready(name: str, claims: Sequence[dict[str, Any]], evidence: dict[int, Evidence]) -> None:
    fallen = [
        c["claim_ref"]
        for c in claims
        if (e := evidence.get(c["household_id"])) is None
        or e["status"] != "ready"
        or e["result"] != c["result"]
        or e["plan"]["plan_id"] != c["plan_id"]
    ]
    if fallen:
        raise NeedsAPerson(
            f"{len(fallen)} claims are no longer what was drafted: {', '.join(fallen[:_SAID])}.",
            where=name,
            mend="See `tfi explain` for the household, then `tfi claims withdraw CLAIM` and freeze again.",
        )


def _sign_offs(conn: Connection, found: dict[str, Any], who: str, because: str) -> dict[str, Any]:
    steps = warehouse.rows(
        conn,
        "SELECT step, by_whom, because, happened_at FROM claim.window_step WHERE window_id = :w ORDER BY happened_at",
        w=found["window_id"],
    )
    drawn = warehouse.rows(
        conn, "SELECT seed, share, at_least, claims FROM claim.sample WHERE window_id = :w", w=found["window_id"]
    )
    return {
        "drafted": {"by_whom": found["drafted_by"], "happened_at": found["drafted_at"]},
        **{s.pop("step"): s for s in steps},
        "frozen": {"by_whom": who, "because": because},
        "sample": drawn[0],
        "audited": {
            c["claim_ref"]: {"is_valid": c["is_valid"], "by_whom": c["audited_by"], "because": c["because"]}
            for c in windows.audited(conn, found["window_id"])
        },
    }


def _keep(
    conn: Connection,
    claim: dict[str, Any],
    evidence: Evidence,
    sign_offs: dict[str, Any],
    as_at: date,
    known_at: datetime,
) -> None:
    audit = sign_offs["audited"].get(claim["claim_ref"], "not in the sample")
    about = {k: claim[k] for k in ("claim_ref", "claim_id", "plan_id", "result", "claimed_on", "amount_pounds")}
    document = {"claim": about, "known_at": known_at, "evidence": evidence, "sign_offs": sign_offs | {"audited": audit}}
    warehouse.run(
        conn,
        "claim/pack__keep.sql",
        claim_id=claim["claim_id"],
        as_at=as_at,
        known_at=known_at,
        plan_hash=evidence["plan"]["sha256"],
        document=canonical(document),
        sha256=digest(evidence),
    )


def packs(conn: Connection, named_: str) -> list[dict[str, Any]]:
    """The frozen packs of a window, or of one claim.

    Raises:
        CallError: nothing frozen has this name.
    """
    found = [dict(r) for r in warehouse.run(conn, "claim/pack__find.sql", named=named_).mappings()]
    if not found:
        raise CallError(
            "no frozen claim or window has this name.", where=named_, mend="See `tfi claims list`; freeze it first."
        )
    return found


def replay(settings: Settings, named_: str) -> list[dict[str, Any]]:
    """Work frozen claims out again: as known then, as known now, and from the landed files.

    One row a claim: `claim_ref`, `same_evidence` (as known then, under the rules of then: the same answer and digest),
    `still_stands` (as known now, still a result on its day), `files` and `lines_read` (what was read again),
    `files_changed` (no longer kept, or other bytes), `lines_differ` (each fact whose line now says otherwise),
    `changed_since`, and `says`: all of it in sentences. What was found is kept with the claim.
    """
    with warehouse.transaction(settings) as conn:
        alone(conn)
        found = packs(conn, named_)
        landed = reread(conn, settings, [f for p in found for f in facts_of(p["document"]["evidence"])])
        then, now = _as_then(conn, found), _as_now(conn, found)
        return [_replayed(conn, pack, then, now, landed) for pack in found]


def _as_then(conn: Connection, found: list[dict[str, Any]]) -> dict[int, Evidence]:
    """By claim: judged again with what was known when it was frozen, under the rules of then."""
    evidence: dict[int, Evidence] = {}
    for (plan_hash, as_at, known_at), some in _together(found, "plan_hash", "as_at", "known_at"):
        with _trial(conn):
            warehouse.run(conn, "claim/replay__rules.sql", plan_hash=plan_hash)
            told = judged(conn, [p["household_id"] for p in some], as_at, known_at)
        evidence |= {p["claim_id"]: told[p["household_id"]] for p in some if p["household_id"] in told}
    return evidence


def _as_now(conn: Connection, found: list[dict[str, Any]]) -> dict[int, Evidence]:
    """By claim: judged again as at its day, with what is known now, under the rules of now."""
    evidence: dict[int, Evidence] = {}
    known_at = warehouse.scalar(conn, "SELECT core.instant()")
    for (as_at,), some in _together(found, "as_at"):
        told = judged(conn, [p["household_id"] for p in some], as_at, known_at)
        evidence |= {p["claim_id"]: told[p["household_id"]] for p in some if p["household_id"] in told}
    return evidence


def _together(found: list[dict[str, Any]], *by: str) -> Iterator[tuple[tuple[Any, ...], list[dict[str, Any]]]]:
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for pack in found:
        groups.setdefault(tuple(pack[name] for name in by), []).append(pack)
    yield from groups.items()


def _replayed(
    conn: Connection, pack: dict[str, Any], then: dict[int, Evidence], now: dict[int, Evidence], landed: Reread
) -> dict[str, Any]:
    kept, was, is_ = pack["document"]["evidence"], then.get(pack["claim_id"]), now.get(pack["claim_id"])
    same = was is not None and digest(was) == pack["evidence_sha256"] == digest(kept)
    told = {
        "claim_ref": pack["claim_ref"],
        "same_evidence": same,
        "still_stands": bool(is_ and is_["result"] == pack["result"]),
        **landed.of(facts_of(kept)),
        "changed_since": differences(kept, is_) if is_ else ["the household is no more"],
    }
    files = [f"landed file changed or gone: {f}" for f in told["files_changed"]]
    warehouse.run(
        conn,
        "claim/replay__keep.sql",
        claim_id=pack["claim_id"],
        same_evidence=same,
        still_stands=told["still_stands"],
        changed_since=_in_short([*files, *told["lines_differ"], *told["changed_since"]]),
    )
    return told | {"says": _in_words(told)}


def _in_words(told: dict[str, Any]) -> list[str]:
    """What was done and found, a sentence each."""
    changed, differ = told["files_changed"], told["lines_differ"]
    said = [
        "Judged again with what was known when it was frozen, under the rules of then: "
        + ("the same answer and digest." if told["same_evidence"] else "NOT the evidence that was frozen."),
        f"Read {told['lines_read']} lines again in {told['files']} landed files: "
        + ("each says what the evidence says." if not differ else f"{len(differ)} facts are NOT what their lines say.")
        + (f" Changed or gone: {', '.join(changed)}." if changed else " The files are as they were received."),
        "Judged again with what is known now: "
        + ("still a result on its day." if told["still_stands"] else "NOT a result on its day any more."),
    ]
    return [*said, *differ, *told["changed_since"]]


def _in_short(changed: list[str]) -> str | None:
    more = len(changed) - _SAID
    return "; ".join(changed[:_SAID] + ([f"and {more} more"] if more > 0 else [])) or None


def as_json(pack: dict[str, Any]) -> str:
    """A pack as data, with its digest."""
    return json.dumps(
        pack["document"] | {"evidence_sha256": pack["evidence_sha256"], "frozen_at": pack["frozen_at"]},
        indent=1,
        default=str,
        ensure_ascii=False,
    )
