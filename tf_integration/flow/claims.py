"""Claims from worklist to ledger: earlier ones from a file, windows from those that are ready."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tf_integration.claim import load as ledger
from tf_integration.claim import window as windows
from tf_integration.claim.acts import named, reasoned, record
from tf_integration.claim.export import file_stem, write_export
from tf_integration.claim.read import read_file
from tf_integration.flow import freezing
from tf_integration.flow.refresh import judge_again
from tf_integration.keep import audit
from tf_integration.model.errors import NeedsAPerson
from tf_integration.model.private import write_private
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.conflicts import Conflict

_TRIES = 3


def import_claims(settings: Settings, file: Path, by: str, because: str, judge: bool = True) -> dict[str, Any]:
    """Load earlier claims from a file, and judge again the households that they touch.

    Returns what `claim.load.load` returns, and `judged`: what `assess` returns, or None where nothing has been judged
    yet, nothing changed, or `judge` is false (the next refresh will).

    Raises:
        CallError: the file cannot be read, or its header does not fit.
        NeedsAPerson: others kept claiming for the same children at the same moment.
    """
    rows = read_file(file)
    who = named(by)
    for _ in range(_TRIES):
        try:
            with warehouse.transaction(settings) as conn:
                told = ledger.load(conn, rows, who, because)
            break
        except Conflict:
            continue  # another took a child first: look again, and it is named
    else:
        raise NeedsAPerson("others kept claiming for the same children.", where=file.name, mend="Import it again.")
    moved = told["claims_new"] or told["claims_moved"] or told["rows_new"]
    told["judged"] = judge_again(settings) if judge and moved else None
    return {"file": file.name, **told}


def draft(
    settings: Settings,
    name: str,
    by: str,
    because: str,
    plan_id: str | None = None,
    households: list[int] | None = None,
) -> dict[str, Any]:
    """Open a window with a claim for each ready household; see `claim.window.draft`.

    Raises:
        NeedsAPerson: nobody can be claimed for, or others kept claiming for the same children.
    """
    for _ in range(_TRIES):
        try:
            with warehouse.transaction(settings) as conn:
                return windows.draft(conn, name, by, because, plan_id, households)
        except Conflict:
            continue  # another took a child, or the name, first: look again
    raise NeedsAPerson("others kept claiming for the same children.", where=name, mend="Draft it again.")


def freeze(settings: Settings, name: str, by: str, because: str, judge: bool = True) -> dict[str, Any]:
    """Freeze an approved window with its evidence (see `flow.freezing.freeze`), and judge its households again."""
    with warehouse.transaction(settings) as conn:
        told = freezing.freeze(conn, name, by, because)
    told["judged"] = judge_again(settings) if judge else None
    return told


def submit(settings: Settings, name: str, by: str, because: str, out: Path) -> dict[str, Any]:
    """Mark a frozen window as submitted and write its list of claims to `out/<name>.csv`; returns `file` and counts."""
    with warehouse.transaction(settings) as conn:
        told = windows.submit(conn, name, by, because)
        rows = [dict(r) for r in warehouse.run(conn, "claim/list__export.sql", named=name).mappings()]
    return told | {"file": str(write_export(rows, out, name))}


def move(settings: Settings, named_: str, state: str, by: str, because: str, judge: bool = True) -> dict[str, Any]:
    """Move a claim, or every claim of a window that may go there, to `paid`, `withdrawn` or `clawed_back`.

    Returns `moved`: a list of claim_ref, state_was, state, amount_pounds; and `judged`, where standing changed.

    Raises:
        CallError: no such claim, or no reason.
        NeedsAPerson: it cannot go there from where it is; none of the window's claims can, or is there already.
    """
    reasoned(because)
    with warehouse.transaction(settings) as conn:
        windows.hold(conn, named_)
        refs = warehouse.rows(
            conn,
            "SELECT c.claim_ref FROM claim.claim c JOIN claim.window w USING (window_id) "
            "WHERE w.name = :name AND claim.may_become(c, :state) ORDER BY c.claim_ref",
            name=named_,
            state=state,
        )
        whole = windows.find_window(conn, named_) is not None
        if whole and not refs and not _any_in(conn, named_, state):
            mend = f"See `tfi claims list --window {named_}`."
            raise NeedsAPerson(f"none of the window's claims can become {state}.", where=named_, mend=mend)
        wanted = [r["claim_ref"] for r in refs] if whole else [named_]
        moved = [windows.move_claim(conn, ref, state, by, because) for ref in wanted]
        was_standing = _standing(conn, {m["state_was"] for m in moved})
        is_standing = _standing(conn, {m["state"] for m in moved})
    changed = any(m["state_was"] != m["state"] for m in moved) and was_standing != is_standing
    return {"moved": moved, "judged": judge_again(settings) if judge and changed else None}


def _any_in(conn: warehouse.Connection, window: str, state: str) -> bool:
    found = warehouse.scalar(
        conn,
        "SELECT count(*) FROM claim.claim JOIN claim.window USING (window_id) WHERE name = :name AND state = :state",
        name=window,
        state=state,
    )
    return bool(found)


def _standing(conn: warehouse.Connection, states: set[str]) -> set[bool]:
    return set(warehouse.run(conn, "claim/list__stands.sql", states=sorted(states)).scalars())


def write_pack(settings: Settings, named_: str, out: Path, names: bool = False, by: str = "") -> list[str]:
    """Write the evidence pack of a frozen claim, or of each of a window: data, a printable page and a PDF.

    `names` adds the people's names to the page and the PDF, as today's records have them; the data never hold them.
    That somebody (`by`) took a person's name out is kept. The files are their owner's alone. Returns their paths.
    """
    from tf_integration.claim import page, pdf

    with warehouse.transaction(settings) as conn:
        packs = freezing.packs(conn, named_)
        known = {p["claim_id"]: _names(conn, p) if names else {} for p in packs}
        told = windows.find_window(conn, named_)
        for pack in packs:
            for person in known[pack["claim_id"]]:
                audit.note(conn, by, "pack with names", str(person), f"evidence pack of {pack['claim_ref']}")
    written = []
    for pack in packs:
        stem = out / file_stem(pack["claim_ref"])
        document, who = _shown(pack), known[pack["claim_id"]]
        for suffix, content in (
            (".json", freezing.as_json(pack)),
            (".html", page.claim_page(document, who)),
            (".pdf", pdf.claim_pdf(document, who)),
        ):
            write_private(stem.with_name(stem.name + suffix), content)
            written.append(str(stem.with_name(stem.name + suffix)))
    if told:
        index = out / f"{file_stem(named_)}.html"
        write_private(index, page.window_page(named_, packs))
        written.insert(0, str(index))
    return written


def pack_page(settings: Settings, claim_ref: str) -> str:
    """The evidence pack of one frozen claim as a page of HTML, without names.

    Raises:
        CallError: no frozen claim has this name.
    """
    from tf_integration.claim import page

    with warehouse.transaction(settings) as conn:
        pack = next(p for p in freezing.packs(conn, claim_ref))
    return page.claim_page(_shown(pack), {})


def _shown(pack: dict[str, Any]) -> dict[str, Any]:
    """What a page of a pack shows: its document, with the digest and the instant of its freezing."""
    return {**pack["document"], "evidence_sha256": pack["evidence_sha256"], "frozen_at": pack["frozen_at"]}


def _names(conn: warehouse.Connection, pack: dict[str, Any]) -> dict[int, str]:
    people = sorted({p["person_id"] for p in pack["document"]["evidence"]["people"]})
    return {r["person_id"]: r["name"] for r in warehouse.run(conn, "claim/pack__name.sql", people=people).mappings()}


def begin(settings: Settings, name: str, by: str, plan_id: str | None = None) -> dict[str, Any]:
    """Draft and sample a window, or find it so already: a scheduler may ask twice. Returns ids and counts.

    Raises:
        NeedsAPerson: the window was drafted by somebody else, or nobody can be claimed for.
    """
    because = "a run of the scheduler"
    with warehouse.transaction(settings) as conn:
        found = windows.find_window(conn, name)
    if found is None:
        draft(settings, name, by, because, plan_id)
    elif found["drafted_by"] != by.strip():
        raise NeedsAPerson("somebody else drafted a window of this name.", where=name, mend="Choose another name.")
    with warehouse.transaction(settings) as conn:
        if "sampled" not in (windows.find_window(conn, name) or {})["steps"]:
            windows.sample(conn, name, by, because)
        found = windows.window(conn, name)
        sampled = len(windows.audited(conn, found["window_id"]))
    return {"window_id": found["window_id"], "claims": found["claims"] - found["withdrawn"], "sampled": sampled}


def decided(settings: Settings, name: str, is_approved: bool, by: str, because: str) -> dict[str, Any]:
    """Put a person's answer on the chain of acts; an approved window is frozen, a rejected one stays a draft.

    Raises:
        NeedsAPerson: the approver drafted it, audit has not seen the sample, or a claim is no longer ready.
    """
    with warehouse.transaction(settings) as conn:
        found = windows.window(conn, name, after="sampled")
        if not is_approved:
            record(conn, "rejected", named(by), because, window_id=found["window_id"])
            return {"window_id": found["window_id"], "approved": False}
        if "approved" not in found["steps"]:
            windows.approve(conn, name, by, because)
    if "frozen" not in found["steps"]:
        freeze(settings, name, found["drafted_by"], "approved")
    return {"window_id": found["window_id"], "approved": True, "claims": found["claims"] - found["withdrawn"]}
