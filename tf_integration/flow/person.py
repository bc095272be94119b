"""Subject access and erasure: what is held about a person into a file, or out of every table and landed file."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any, TextIO

from tf_integration import assess, identify
from tf_integration.flow.case import open_case
from tf_integration.flow.refresh import alone
from tf_integration.flow.staging import plain_text
from tf_integration.keep import audit
from tf_integration.keep import person as rights
from tf_integration.land import ledger
from tf_integration.land.redact import copy_without, only_keep
from tf_integration.land.register import landed_file
from tf_integration.land.unreadable import Unreadable
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.feed import load_feeds
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection
from tf_integration.text.cells import inert


def export(settings: Settings, named: str, out: Path, by: str, because: str, as_csv: bool = False) -> dict[str, int]:
    """Write everything held about a person into a new file that only its owner can read; items by section.

    The export is written to the audit chain.

    Raises:
        CallError: nobody is meant, no name or reason is given, or the file is there already.
    """
    _who_and_why(by, because)
    with warehouse.transaction(settings) as conn:
        person_id = rights.find(conn, named)
        told: dict[str, Any] = {"person_id": person_id, **rights.held(conn, person_id)}
        told["sources"] = _sources({r["feed"] for r in told["records"]})
        counts = {name: len(rows) for name, rows in told.items() if isinstance(rows, list)}
        audit.note(conn, by, "export", str(person_id), because, **counts)
        try:
            file = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CallError(f"the file cannot be made ({error.strerror}).", where=str(out),
                            mend="Name a new file in a folder of yours.") from None
        with os.fdopen(file, "w", encoding="utf-8", newline="") as handle:
            _write(handle, told, as_csv)
    return counts


def erase(settings: Settings, named: str, by: str, because: str, dry_run: bool = False) -> dict[str, Any]:
    """Delete everything about a person: rows, versions, links, evidence, and their lines of landed files.

    What remains is a salted digest of each reference, by which later files' rows about them are read and not kept.
    Their households are judged anew. Returns `deleted` (rows by table), `files` (rewritten), `unread` (names of landed
    files that cannot be read, which may hold lines of theirs) and `households`. Landed files change last.

    Raises:
        CallError: nobody is meant, or no name or reason is given.
        NeedsAPerson: a claim rests on them; its record has to be kept, and a person has to decide.
    """
    _who_and_why(by, because)
    written: list[Path] = []
    try:
        told = _erased(settings, named, by, because, dry_run, written)
    except BaseException:
        for kept in written:
            kept.unlink(missing_ok=True)        # the files as they came are still the landed ones
        raise
    for kept in written:
        only_keep(kept)
    return told


def _erased(settings: Settings, named: str, by: str, because: str, dry_run: bool,
            written: list[Path]) -> dict[str, Any]:
    """`erase`, up to the moment at which the copies in `written` are the landed files."""
    with warehouse.transaction(settings) as conn:
        alone(conn)
        person_id = rights.find(conn, named)
        held, refs = rights.held(conn, person_id), rights.refs(conn, person_id)
        if held.get("claims"):
            raise NeedsAPerson(f"{len(held['claims'])} claims rest on this person.", where="claim.person",
                               mend="Ask the information governance lead: records of a claim have a duty of their own.")
        homes = sorted({h["household_id"] for h in held["households"]})
        with conn.begin_nested() as trial:
            told: dict[str, Any] = {"deleted": rights.erase(conn, person_id), "households": len(homes),
                                    "is_trial": dry_run, "files": 0, "unread": []}
            _judge(conn, homes)
            if dry_run:
                trial.rollback()
        if not dry_run:
            told["unread"] = _rewrite(conn, settings, refs, written)
            told["files"] = len(written)
            number = warehouse.scalar(conn, "SELECT count(*) + 1 FROM audit.event WHERE act = 'erase'")
            audit.note(conn, by, "erase", f"erasure {number}", because, deleted=told["deleted"], files=told["files"],
                       unread=told["unread"])
    return told


def _who_and_why(by: str, because: str) -> None:
    if not (by.strip() and because.strip()):
        raise CallError("say who asks and why.", mend="Give --by and --because.")


def _sources(feeds: set[str]) -> list[dict[str, Any]]:
    """Each feed's title, owner, purposes, lawful bases and retention, as its contract says."""
    known = load_feeds()
    return [{"feed": f.feed, "title": f.title, "sent_by": f.owner.at_partner, "answered_for_by": f.owner.here,
             "kept": f.retention,
             "columns": {c.name: f"{c.purpose} ({c.lawful_basis})" for c in f.columns}}
            for f in known.values() if f.feed in feeds]


def _write(handle: TextIO, told: dict[str, Any], as_csv: bool) -> None:
    if not as_csv:
        json.dump(told, handle, indent=2, default=str, ensure_ascii=False)
        return
    out = csv.writer(handle)
    out.writerow(["section", "item", "name", "value"])
    for section, rows in told.items():
        for n, row in enumerate(rows if isinstance(rows, list) else [{section: rows}], start=1):
            out.writerows([section, n, name, inert(value)] for name, value in row.items() if value not in (None, {}))


def _judge(conn: Connection, homes: list[int]) -> None:
    """Who lives with whom, and what is said of the households that the person was in, without them."""
    day = warehouse.run(conn, "landing/would_day.sql").scalar()
    if not day:
        return
    identify.resolve(conn, day)
    stand = warehouse.rows(conn, "SELECT household_id FROM identity.household WHERE known_to = 'infinity'"
                                 " AND household_id = ANY (CAST(:ids AS bigint[])) ORDER BY 1", ids=homes)
    assess.assess(conn, day)
    if stand:
        assess.assess(conn, day, households=[h["household_id"] for h in stand])


def _rewrite(conn: Connection, settings: Settings, refs: list[dict[str, Any]], written: list[Path]) -> list[str]:
    """Put a copy without the person's lines beside every landed file of the partners that spoke of them.

    The copies are added to `written`; returns the names of files that cannot be read.
    """
    feeds, unread = load_feeds(), []
    partners = sorted({r["partner"] for r in refs})
    for row in warehouse.run(conn, "keep/landed_of.sql", partners=partners).mappings().all():
        theirs = {r["person_ref"] for r in refs if r["partner"] == row["partner"]}
        contract, delivery = feeds.get(row["feed"]), ledger.get(conn, row["delivery_id"])
        if delivery is None or contract is None or "person_ref" not in {c.name for c in contract.columns}:
            continue
        case = open_case(settings, delivery, feeds, delivery.business_on or delivery.snapshot_on, frozenset())
        if landed_file(settings, delivery) is None:
            if any(case.folder.glob("*")):
                unread.append(delivery.file_name)       # other bytes than came: nobody knows what they hold
            continue
        try:
            kept = copy_without(plain_text(case, delivery), case.folder, "person_ref", theirs, contract.dialect)
        except Unreadable:
            unread.append(delivery.file_name)
            continue
        if kept:
            written.append(kept)
            ledger.landed_as(conn, delivery.delivery_id, f"{delivery.delivery_id}/{kept.name}")
    return unread
