"""The rows of a delivery: staged, judged by their counts and their suite, and applied or left, in one transaction."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

from tf_integration import conform
from tf_integration.check import guards as guard
from tf_integration.check import suite as expectations
from tf_integration.check.guards import Rows
from tf_integration.check.rows import staged_rows
from tf_integration.flow import quality
from tf_integration.flow.case import Case
from tf_integration.flow.findings import exchanged_days, expectation_reasons, file_faults
from tf_integration.land import ledger, pgp
from tf_integration.land.ledger import Delivery
from tf_integration.land.open import open_text, remove_folder_files
from tf_integration.land.redact import copy_without, digest_in_name, keep_declared, only_keep
from tf_integration.land.register import landed_file
from tf_integration.model.delivery import read_control, read_name, worst
from tf_integration.model.errors import ServiceError
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

UNPACKED = "plain.csv"


def stage_and_apply(case: Case, text: Path) -> dict[str, int]:
    """Read the rows, judge them and, unless something stands against it, apply them; returns counts of what changed."""
    delivery_id = case.delivery.delivery_id
    with warehouse.transaction(case.settings) as conn:
        source, staged = read_rows(conn, case, text)
        if worst(case.reasons) in ("reject", "hold"):
            _keep_what_may_be_kept(conn, case, text)
            warehouse.run(conn, "landing/shorten_rejects.sql", delivery_id=delivery_id, most=case.guards.rejects_listed)
            case.record(conn, (staged.rows_read, 0, staged.rows_read))
            return {}
        case.record(conn, (staged.rows_read, staged.rows_loaded, staged.rows_rejected))
        whose = "family" if case.feed.who == "family" else "person"
        warehouse.run(conn, f"landing/families_refused__{whose}.sql", delivery_id=delivery_id)
        applied = apply_rows(conn, case, source)
        warehouse.run(conn, "landing/applied.sql", delivery_id=delivery_id, applied=json.dumps(applied))
        kept = None
        if staged.erased and (kept := copy_without(text, case.folder, "person_ref", staged.erased, case.feed.dialect)):
            ledger.landed_as(conn, delivery_id, f"{delivery_id}/{kept.name}")
    if kept:
        only_keep(kept)         # the file as it came goes once the copy is known to be the landed one
    return applied


def read_rows(conn: Connection, case: Case, text: Path) -> tuple[conform.Source, conform.Staged]:
    """Stage the rows of a plain file and add to the case what they say; nothing of it is applied."""
    delivery_id = case.delivery.delivery_id
    warehouse.run(conn, "landing/clear_findings.sql", delivery_id=delivery_id)
    source = conform.source_of(conn, case.feed, delivery_id)
    staged = conform.stage(conn, text, source)
    ledger.move(conn, delivery_id, "parsed")
    case.add(*file_faults(case.guards, staged))
    if not staged.faults:
        _judge_rows(conn, case, source, staged)
        ledger.move(conn, delivery_id, "staged")
    return source, staged


def apply_rows(conn: Connection, case: Case, source: conform.Source) -> dict[str, int]:
    """Apply the staged rows, in their place among the feed's deliveries; returns counts of what changed."""
    known_at = warehouse.scalar(conn, "SELECT core.instant_of_rows()")
    if conform.is_late(conn, source):
        return conform.rebuild(conn, source, known_at, lambda d: _text_of(conn, case, d))
    return conform.apply(conn, source, known_at)


def _judge_rows(conn: Connection, case: Case, source: conform.Source, staged: conform.Staged) -> None:
    """Counts against the control file and the last files, then the feed's suite."""
    d, guards = case.delivery, case.guards
    found = warehouse.run(conn, "landing/history.sql", feed=d.feed, partner=d.partner, most=guards.volume.history)
    before = found.mappings().all()
    is_older = bool(before) and (before[0]["snapshot_on"], before[0]["sequence"]) > (d.snapshot_on, d.sequence)
    if is_older:
        case.add(guards.reason("older_snapshot"))
    if staged.rows_read and _was_sent_before(conn, case):
        case.add(guards.reason("same_content"))  # quiet weeks are all alike, and nothing to warn about
    compared = case.feed.mode == "whole" and bool(before) and not is_older
    last = conform.vanishing(conn, source) if compared else None
    rows = Rows(
        staged.rows_read,
        staged.rows_rejected,
        [r["rows_read"] for r in before],
        last.known if last else None,
        last.gone if last else None,
        int(staged.measures.get("duplicate_keys", 0)),
        exchanged_days(staged),
    )
    control, _ = read_control((d.control_text or "").encode())
    case.add(*guard.rows_plausible(case.feed, rows, control, guards))
    like = conform.likeness(conn, source, staged.rows_read, guards.people.sample, guards.people.area_share)
    case.add(*(r for r in guard.people_plausible(like, guards, is_older=is_older) if r.rule not in _named(case)))
    quality.measure(conn, staged, last)
    _ask_the_suite(conn, case, staged)
    quality.note(conn, case)


def _named(case: Case) -> set[str]:
    return {r.rule for r in case.reasons}


def _was_sent_before(conn: Connection, case: Case) -> bool:
    d = case.delivery
    same = {"feed": d.feed, "partner": d.partner, "sha256": d.sha256, "file_name": d.file_name}
    return warehouse.run(conn, "landing/same_bytes.sql", **same).first() is not None


def _ask_the_suite(conn: Connection, case: Case, staged: conform.Staged) -> None:
    asked = expectations.load_suite(case.feed.feed)
    frame = staged_rows(conn, case.feed, expectations.columns_of(asked), staged.rows_loaded, case.guards.rows_in_memory)
    measures = expectations.run(asked, frame, staged.rows_loaded, case.delivery.snapshot_on)
    for m in [*measures, *(expectations.Measure(n, None, "info", q) for n, q in staged.measures.items())]:
        warehouse.run(conn, "landing/measure.sql", delivery_id=case.delivery.delivery_id, **asdict(m))
    case.add(*expectation_reasons(case.guards, measures))


def _keep_what_may_be_kept(conn: Connection, case: Case, text: Path) -> None:
    """A file that nobody can release is not kept; one with an undeclared column is kept without it.

    One sent under PGP is not: a copy without the column would be a plain one, so the partner sends it again.
    """
    if case.name.is_pgp:
        case.reasons = [replace(r, people=0) if r.rule == "column_unknown" else r for r in case.reasons]
    held = [r for r in case.reasons if r.effect == "hold"]
    if worst(case.reasons) == "reject" or any(r.people == 0 for r in held):
        remove_folder_files(case.folder)
    elif any(r.rule == "column_unknown" for r in held):
        kept = keep_declared(text, case.folder, (c.name for c in case.feed.columns), case.feed.dialect)
        ledger.landed_as(conn, case.delivery.delivery_id, f"{case.delivery.delivery_id}/{kept.name}" if kept else None)


def _text_of(conn: Connection, case: Case, delivery_id: int) -> Path:
    """The plain text of an earlier accepted delivery, for replaying the feed in its order."""
    if delivery_id == case.delivery.delivery_id:
        return plain_text(case, case.delivery)
    earlier = ledger.get(conn, delivery_id)
    assert earlier is not None
    return plain_text(case, earlier)


def plain_text(case: Case, delivery: Delivery) -> Path:
    """The plain text of a landed delivery: its file, or a copy unpacked in the case's folder (see `is_unpacked`)."""
    file, name = landed_file(case.settings, delivery), read_name(delivery.file_name)
    if file is None or name is None:
        raise ServiceError(
            "an earlier file, which must be replayed, is no longer landed whole.",
            where=f"delivery {delivery.delivery_id}",
            mend="Put it back from the backup, then deliver again.",
        )
    if not (name.is_gzip or name.is_pgp) or digest_in_name(file):
        return file
    into, keys = case.folder / f"replay-{delivery.delivery_id}.csv", pgp.keys_of(case.settings, delivery.partner)
    encoding = case.feed.dialect.encoding
    return open_text(file, into, encoding, case.limits, is_gzip=name.is_gzip, is_pgp=name.is_pgp, keys=keys)


def is_unpacked(file: Path) -> bool:
    """Whether a file of a delivery's folder is only an unpacked copy, to be removed once it is read."""
    return file.name == UNPACKED or file.name.startswith("replay-")
