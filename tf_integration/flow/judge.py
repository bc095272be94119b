"""Decide one delivery: verify, open, stage, judge; then apply it, or leave the warehouse as it is.

What the guards say of it stands in `check/guards.yaml`. Rows, facts and the decision are one transaction: either a file is
accepted and its facts stand, or nothing of it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from tf_integration import conform
from tf_integration.check import guards as guard
from tf_integration.check import suite as expectations
from tf_integration.check.guards import Guards, Rows
from tf_integration.check.rows import staged_rows
from tf_integration.land import ledger
from tf_integration.land.discover import landed_file
from tf_integration.land.ledger import Delivery
from tf_integration.land.limits import Limits, load_limits
from tf_integration.land.open import Unreadable, open_text, remove_folder_files
from tf_integration.land.redact import digest_in_name, keep_declared
from tf_integration.model.delivery import FileName, Reason, read_control, read_name, worst
from tf_integration.model.errors import ContractError, ServiceError
from tf_integration.model.feed import Feed
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


@dataclass
class Case:
    """One delivery under judgement. `released` names the rules of its hold that enough people released."""

    settings: Settings
    delivery: Delivery
    feed: Feed
    name: FileName
    as_at: date
    guards: Guards
    limits: Limits
    released: frozenset[str] = frozenset()
    reasons: list[Reason] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.settings.landed / str(self.delivery.delivery_id)

    def add(self, *reasons: Reason) -> None:
        """Add reasons; a hold that was released is a warning now."""
        for reason in reasons:
            if reason.effect == "hold" and reason.rule in self.released:
                reason = replace(reason, effect="warn", people=0, what_to_do="Nothing: it was looked at and released here.")
            self.reasons.append(reason)


def open_case(settings: Settings, delivery: Delivery, feeds: Mapping[str, Feed], as_at: date, released: frozenset[str]) -> Case:
    """Everything that judging a delivery needs.

    Raises:
        ContractError: there is no contract of its feed any more.
    """
    feed, name = feeds.get(delivery.feed), read_name(delivery.file_name)
    if feed is None or name is None:
        raise ContractError(f"no contract of feed {delivery.feed}.", where=f"delivery {delivery.delivery_id}",
                            mend="Put its contract back into tf_integration/feeds/.")
    return Case(settings, delivery, feed, name, as_at, guard.load_guards(settings.home), load_limits(settings.home), released)


def settle(case: Case) -> dict[str, int]:
    """Decide a delivery and record what was decided; returns the counts of what was applied.

    Raises:
        ServiceError: its landed file is gone or damaged; the next discovery fetches it again.
    """
    if _is_the_same_again(case):
        return _conclude_unread(case, "duplicate")
    file = landed_file(case.settings, case.delivery)
    if file is None:
        _fetch_again(case)
    _before_opening(case)
    if _stops(case):
        return _conclude_unread(case)
    text = _open(case, file)
    if text is None:
        return _conclude_unread(case)
    try:
        return _stage_and_apply(case, text)
    finally:
        if text != file:
            text.unlink(missing_ok=True)


def _is_the_same_again(case: Case) -> bool:
    """Whether the delivery only repeats an earlier one of the same name and digest."""
    if case.delivery.duplicate_of is None:
        return False
    with warehouse.transaction(case.settings) as conn:
        first = ledger.get(conn, case.delivery.duplicate_of)
    return first is not None and first.file_name == case.delivery.file_name


def _fetch_again(case: Case) -> None:
    with warehouse.transaction(case.settings) as conn:
        ledger.saw_fetched(conn, case.delivery.partner, case.delivery.file_name, None)
        ledger.reopen(conn, case.delivery.delivery_id)
    raise ServiceError("its landed file is missing or damaged.", where=f"delivery {case.delivery.delivery_id}",
                       mend="The next look into the partner's folder fetches it again.")


def _before_opening(case: Case) -> None:
    """What can be said before a byte of the content is read."""
    d = case.delivery
    control, fault = read_control((d.control_text or "").encode()) if d.control_text else (None, "the whole file")
    if d.control_text is None and not case.feed.control_file:
        fault = ""
    case.add(*guard.whose(case.name, d.partner, case.feed, case.guards),
             *guard.control_agrees(case.name, d.partner, case.feed, control, fault=fault, sha256=d.sha256, size=d.bytes,
                                   guards=case.guards))
    with warehouse.transaction(case.settings) as conn:
        case.add(*_in_sequence(conn, case))
        ledger.move(conn, d.delivery_id, "verified")


def _in_sequence(conn: Connection, case: Case) -> list[Reason]:
    d = case.delivery
    found = warehouse.run(conn, "landing/sequence.sql", feed=d.feed, partner=d.partner).mappings().one()
    reasons = guard.sequence_follows(case.feed, d.sequence, found["last_accepted"], found["first_seen"], case.guards)
    earlier = warehouse.run(conn, "landing/same_bytes.sql", feed=d.feed, partner=d.partner, sha256=d.sha256,
                            file_name=d.file_name).scalar()
    return [*reasons, *([case.guards.reason("same_content")] if earlier else [])]


def _stops(case: Case) -> bool:
    """Whether reading on would be wrong: bytes that cannot be trusted, or another partner's people."""
    return worst(case.reasons) == "reject" or any(r.rule == "wrong_partner" for r in case.reasons)


def _open(case: Case, file: Path | None) -> Path | None:
    """The plain text, or None with the reason added."""
    assert file is not None
    plain = digest_in_name(file) is not None      # a copy that we kept is never packed
    try:
        text = open_text(file, case.folder / "plain.csv", case.feed.dialect.encoding, case.limits,
                         is_gzip=case.name.is_gzip and not plain, is_pgp=case.name.is_pgp and not plain)
    except Unreadable as error:
        says = case.guards.rules[error.rule].says
        case.add(case.guards.reason(error.rule, says=f"Line {error.line_no}: {says}" if error.line_no else says))
        return None
    with warehouse.transaction(case.settings) as conn:
        ledger.move(conn, case.delivery.delivery_id, "opened")
    return text


def _stage_and_apply(case: Case, text: Path) -> dict[str, int]:
    delivery_id = case.delivery.delivery_id
    with warehouse.transaction(case.settings) as conn:
        warehouse.run(conn, "landing/clear_findings.sql", delivery_id=delivery_id)
        source = conform.source_of(conn, case.feed, delivery_id)
        staged = conform.stage(conn, text, source)
        ledger.move(conn, delivery_id, "staged")
        case.add(*file_faults(case.guards, staged))
        if not staged.faults:
            _judge_rows(conn, case, source, staged)
        if worst(case.reasons) in ("reject", "hold"):
            _keep_what_may_be_kept(conn, case, text)
            warehouse.run(conn, "landing/shorten_rejects.sql", delivery_id=delivery_id, most=case.guards.rejects_listed)
            _record(conn, case, (staged.rows_read, 0, staged.rows_read))
            return {}
        _record(conn, case, (staged.rows_read, staged.rows_loaded, staged.rows_rejected))
        known_at = warehouse.scalar(conn, "SELECT clock_timestamp()")
        if conform.is_late(conn, source):
            return conform.rebuild(conn, source, known_at, lambda d: _text_of(conn, case, d))
        return conform.apply(conn, source, known_at)


def file_faults(guards: Guards, staged: conform.Staged) -> list[Reason]:
    """What the parser says of the whole file, and what it only warns of."""
    found = [guards.file_fault(f.rule, f"Line {f.line}: {f.what_to_do}" if f.line else f.what_to_do) for f in staged.faults]
    return [*found, *(guards.warning(n.rule, n.what_to_do, n.rows) for n in staged.warnings)]


def _judge_rows(conn: Connection, case: Case, source: conform.Source, staged: conform.Staged) -> None:
    """Counts against the control file and the last files, then the feed's suite."""
    d, guards = case.delivery, case.guards
    before = warehouse.run(conn, "landing/history.sql", feed=d.feed, partner=d.partner, file_name=d.file_name,
                           most=guards.volume.history).mappings().all()
    is_older = bool(before) and (before[0]["snapshot_on"], before[0]["sequence"]) > (d.snapshot_on, d.sequence)
    if is_older:
        case.add(guards.reason("older_snapshot"))
    compared = case.feed.mode == "whole" and bool(before) and not is_older
    last = conform.vanishing(conn, source) if compared else None
    rows = Rows(staged.rows_read, staged.rows_rejected, [r["rows_read"] for r in before], last.known if last else None,
                last.gone if last else None, int(staged.measures.get("duplicate_keys", 0)))
    control, _ = read_control((d.control_text or "").encode())
    case.add(*guard.rows_plausible(case.feed, rows, control, guards))
    _ask_the_suite(conn, case, staged)


def _ask_the_suite(conn: Connection, case: Case, staged: conform.Staged) -> None:
    asked = expectations.load_suite(case.feed.feed)
    frame = staged_rows(conn, case.feed, expectations.columns_of(asked), staged.rows_loaded, case.guards.rows_in_memory)
    measures = expectations.run(asked, frame, staged.rows_loaded, case.delivery.snapshot_on)
    for m in [*measures, *(expectations.Measure(n, None, "info", q) for n, q in staged.measures.items())]:
        warehouse.run(conn, "landing/measure.sql", delivery_id=case.delivery.delivery_id, name=m.name, success=m.success,
                      severity=m.severity, quantity=m.quantity)
    case.add(*expectation_reasons(case.guards, measures))


def expectation_reasons(guards: Guards, measures: list[expectations.Measure]) -> list[Reason]:
    """A critical outcome holds the delivery and is named; warnings are one reason together."""
    held = expectations.critical(measures)
    found = [guards.reason("expectation", len(held), f"{guards.rules['expectation'].says} ({'; '.join(m.name for m in held)})")] if held else []
    odd = expectations.warned(measures)
    if odd:
        found.append(guards.reason("expectation_warned", len(odd), f"{guards.rules['expectation_warned'].says} ({'; '.join(m.name for m in odd)})"))
    return found


def _keep_what_may_be_kept(conn: Connection, case: Case, text: Path) -> None:
    """A file that nobody can release is not kept; one with an undeclared column is kept without it."""
    held = [r for r in case.reasons if r.effect == "hold"]
    if worst(case.reasons) == "reject" or any(r.people == 0 for r in held):
        remove_folder_files(case.folder)
    elif any(r.rule == "column_unknown" for r in held):
        kept = keep_declared(text, case.folder, (c.name for c in case.feed.columns), case.feed.dialect)
        ledger.landed_as(conn, case.delivery.delivery_id, f"{case.delivery.delivery_id}/{kept.name}" if kept else None)


def _text_of(conn: Connection, case: Case, delivery_id: int) -> Path:
    """The plain text of an earlier accepted delivery, for replaying the feed in its order."""
    if delivery_id == case.delivery.delivery_id:
        return _plain(case, case.delivery)
    earlier = ledger.get(conn, delivery_id)
    assert earlier is not None
    return _plain(case, earlier)


def _plain(case: Case, delivery: Delivery) -> Path:
    file, name = landed_file(case.settings, delivery), read_name(delivery.file_name)
    if file is None or name is None:
        raise ServiceError("an earlier file, which must be replayed, is no longer landed whole.",
                           where=f"delivery {delivery.delivery_id}", mend="Put it back from the backup, then deliver again.")
    if not name.is_gzip or digest_in_name(file):
        return file
    return open_text(file, case.folder / f"replay-{delivery.delivery_id}.csv", case.feed.dialect.encoding, case.limits,
                     is_gzip=True, is_pgp=False)


def _conclude_unread(case: Case, status: str | None = None) -> dict[str, int]:
    """Record a decision about a file of which no row was read."""
    with warehouse.transaction(case.settings) as conn:
        warehouse.run(conn, "landing/clear_findings.sql", delivery_id=case.delivery.delivery_id)
        if status != "duplicate":
            remove_folder_files(case.folder)
        _record(conn, case, (0, 0, 0), status)
    return {}


def _record(conn: Connection, case: Case, counts: tuple[int, int, int], status: str | None = None) -> None:
    effect = worst(case.reasons)
    status = status or {"reject": "rejected", "hold": "held"}.get(effect or "", "accepted_with_rejects" if counts[2] else "accepted")
    state = {"rejected": "rejected", "held": "held"}.get(status, "accepted")
    ledger.decide(conn, case.delivery, case.feed, state=state, status=status, reasons=case.reasons, as_at=case.as_at,
                  counts=counts, duplicate_of=case.delivery.duplicate_of)
