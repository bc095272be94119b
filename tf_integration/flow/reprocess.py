"""Run deliveries again whose contract has changed since: landed files, in their order, under the contract in force.

Replayed as a late delivery is (`conform.rebuild`): what comes out as it stood keeps the instant from which it was
known, what comes out otherwise is a new version, and the old one is kept. One transaction, with the refresh in it: a
trial run is the same, taken back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tf_integration import conform
from tf_integration.check.guards import load_guards
from tf_integration.flow import refresh
from tf_integration.flow.case import Case, open_case
from tf_integration.flow.deliver import answer
from tf_integration.flow.staging import is_unpacked, plain_text
from tf_integration.keep import audit
from tf_integration.land import ledger
from tf_integration.land.open import Unreadable
from tf_integration.model.errors import CallError, NeedsAPerson, ServiceError
from tf_integration.model.feed import Feed, load_feeds
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

ACCEPTED = ("accepted", "accepted_with_rejects")


def stale(settings: Settings, feed: str | None = None, feeds: Mapping[str, Feed] | None = None) -> list[dict[str, Any]]:
    """The accepted and held deliveries that were read under another version of their contract, oldest first.

    Raises:
        CallError: there is no such feed.
    """
    known = feeds or load_feeds()
    with warehouse.transaction(settings) as conn:
        return _stale(conn, [_contract(known, feed)] if feed else [*known.values()])


def reprocess(settings: Settings, feed: str, by: str, because: str, *, dry_run: bool = False,
              feeds: Mapping[str, Feed] | None = None) -> dict[str, Any]:
    """Read a feed's accepted deliveries again under its contract in force, wherever one was read under another.

    Returns `feed`, `deliveries` (ids), `held` (stale files that were not applied: to settle where they are held),
    `contract_was`, `contract_is`, `before` and `after` (facts, source records, persons, households, flags, ready,
    rows), `files` whose counts moved, `is_trial`, and `receipts` (which were sent anew, which are owed, or why there
    is none). With `dry_run` nothing of it stays, and nobody is told.

    Raises:
        CallError: no such feed, or no name or reason given.
        NeedsAPerson: a file that was accepted would be refused under the contract in force; nothing was changed.
        ServiceError: a landed file is gone, or another run of the feed is under way.
    """
    contract = _contract(feeds or load_feeds(), feed)
    if not dry_run and not (by.strip() and because.strip()):
        raise CallError("say who asks and why.", mend="Give --by and --because.")
    with warehouse.transaction(settings) as conn:
        found = _stale(conn, [contract])
        again = [d for d in found if d["status"] in ACCEPTED]
        told: dict[str, Any] = {
            "feed": feed, "is_trial": dry_run, "contract_is": contract.version,
            "contract_was": sorted({d["contract_version"] for d in again}),
            "deliveries": [d["delivery_id"] for d in again],
            "held": [d["delivery_id"] for d in found if d["status"] == "held"],
        }
        if again:
            refresh.alone(conn)
            with conn.begin_nested() as trial:
                told |= _run_again(conn, settings, contract, again)
                if dry_run:
                    trial.rollback()
        if again and not dry_run:
            _note(conn, told, by, because)
    if not dry_run:
        told["receipts"] = _answered(settings, told)
    return told


def _answered(settings: Settings, told: dict[str, Any]) -> dict[str, Any]:
    """Send the partners whose counts moved their new receipts: `sent` and `owed` (ids), and why there is none."""
    ids = [f["delivery_id"] for f in told.get("files", [])]
    if not ids:
        return {"sent": [], "owed": [], "because": "No file's counts moved: the receipts that were sent still stand."}
    with warehouse.transaction(settings) as conn:
        found = [d for d in (ledger.get(conn, i) for i in ids) if d is not None]
    for partner in sorted({d.partner for d in found}):
        try:
            answer(settings, partner)
        except ServiceError:
            continue
    with warehouse.transaction(settings) as conn:
        owed = [i for i in ids if (d := ledger.get(conn, i)) is not None and d.receipt_at is None]
    because = "The partner's server is away: they are sent when it is next reached." if owed else None
    return {"sent": [i for i in ids if i not in owed], "owed": owed, "because": because}


def _stale(conn: Connection, contracts: list[Feed]) -> list[dict[str, Any]]:
    versions = json.dumps([{"feed": c.feed, "version": c.version} for c in contracts])
    return [dict(r) for r in warehouse.run(conn, "keep/stale.sql", versions=versions).mappings()]


def _contract(feeds: Mapping[str, Feed], feed: str) -> Feed:
    if feed not in feeds:
        raise CallError(f"there is no feed {feed}.", mend=f"The feeds are: {', '.join(sorted(feeds))}.")
    return feeds[feed]


def _run_again(conn: Connection, settings: Settings, contract: Feed, again: list[dict[str, Any]]) -> dict[str, Any]:
    """Replay each partner's deliveries of the feed, and refresh; the counts before and after."""
    before = _counts(conn, contract.feed)
    was = {d["delivery_id"]: (d["rows_loaded"], d["rows_rejected"]) for d in again}
    rows: dict[int, tuple[int, int]] = {}
    for partner in sorted({d["partner"] for d in again}):
        rows |= _replay(conn, settings, contract, [d for d in again if d["partner"] == partner][-1])
    for table in warehouse.temp_tables(conn):  # those of staging have views on them, which a refresh would not drop
        conn.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{table} CASCADE")
    day = warehouse.run(conn, "landing/would_day.sql").scalar()
    if day:
        refresh.refreshed(conn, day)
    moved = [{"delivery_id": d, "loaded_was": was[d][0], "loaded_is": rows[d][0], "rejected_was": was[d][1],
              "rejected_is": rows[d][1]} for d in was if d in rows and rows[d] != was[d]]
    return {"before": before, "after": _counts(conn, contract.feed), "files": moved}


def _replay(conn: Connection, settings: Settings, contract: Feed, last: dict[str, Any]) -> dict[int, tuple[int, int]]:
    """One partner's deliveries of the feed; rows loaded and rejected of each."""
    partner, rows = last["partner"], {}
    if not warehouse.scalar(conn, "SELECT pg_try_advisory_xact_lock(hashtext('deliver'), hashtext(:k))",
                            k=f"{contract.feed}|{partner}"):
        raise ServiceError(f"a delivery of {contract.feed} from {partner} is being decided.", mend="Ask again later.")
    case = _case(conn, settings, contract, last["delivery_id"])

    guards = load_guards(settings.home)

    def told(delivery_id: int, staged: conform.Staged) -> None:
        rows[delivery_id] = now = (staged.rows_loaded, staged.rows_rejected)
        was = ledger.get(conn, delivery_id)
        is_other = was is not None and (was.rows_loaded, was.rows_rejected) != now
        why = [guards.reason("read_again"), *([guards.reason("rows_rejected", now[1])] if now[1] else [])]
        warehouse.run(conn, "keep/reread.sql", delivery_id=delivery_id, rows_read=staged.rows_read,
                      rows_loaded=staged.rows_loaded, rows_rejected=staged.rows_rejected, is_other=is_other,
                      reasons=ledger.as_json(why), contract_version=contract.version,
                      code_version=ledger.code_version())

    try:
        source = conform.source_of(conn, contract, last["delivery_id"])
        known_at = warehouse.scalar(conn, "SELECT core.instant_of_rows()")
        conform.rebuild(conn, source, known_at, lambda d: _text(conn, case, d), told)
    finally:
        for copy in (f for f in case.folder.glob("*.csv") if is_unpacked(f)):
            copy.unlink()
    return rows


def _case(conn: Connection, settings: Settings, contract: Feed, delivery_id: int) -> Case:
    delivery = ledger.get(conn, delivery_id)
    assert delivery is not None
    return open_case(settings, delivery, {contract.feed: contract}, delivery.business_on or date.today(), frozenset())


def _text(conn: Connection, case: Case, delivery_id: int) -> Path:
    delivery = ledger.get(conn, delivery_id)
    assert delivery is not None
    try:
        return plain_text(case, delivery)
    except Unreadable as error:
        raise NeedsAPerson(f"a file that was accepted before cannot be opened now ({error.rule}).",
                           where=f"delivery {delivery_id}", mend="Compare the contract's versions.") from None


def _counts(conn: Connection, feed: str) -> dict[str, int]:
    return {k: int(v) for k, v in warehouse.run(conn, "keep/counts.sql", feed=feed).mappings().one().items()}


def _note(conn: Connection, told: dict[str, Any], by: str, because: str) -> None:
    warehouse.run(conn, "keep/note_reprocess.sql", by_whom=by.strip(), because=because.strip(), feed=told["feed"],
                  contract_was=told["contract_was"], contract_is=told["contract_is"], deliveries=told["deliveries"],
                  before=json.dumps(told["before"]), after=json.dumps(told["after"]))
    audit.note(conn, by, "reprocess", told["feed"], because, deliveries=len(told["deliveries"]),
               before=told["before"], after=told["after"])
