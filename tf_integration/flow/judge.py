"""Decide one delivery: verify, open, stage, judge; then apply it, or leave the warehouse as it is.

What the guards say of it stands in `check/guards.yaml`. Rows, facts and the decision are one transaction: either a file
is accepted and its facts stand, or nothing of it does.
"""

from __future__ import annotations

from pathlib import Path

from tf_integration.check import guards as guard
from tf_integration.flow.case import Case
from tf_integration.flow.staging import UNPACKED, is_unpacked, stage_and_apply
from tf_integration.land import ledger, pgp
from tf_integration.land.open import Unreadable, open_text, remove_folder_files
from tf_integration.land.redact import digest_in_name
from tf_integration.land.register import landed_file
from tf_integration.model.delivery import Reason, read_control, worst
from tf_integration.model.errors import ServiceError
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


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
        return stage_and_apply(case, text)
    finally:
        for unpacked in (f for f in case.folder.glob("*.csv") if f != file and is_unpacked(f)):
            unpacked.unlink()


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
    raise ServiceError(
        "its landed file is missing or damaged.",
        where=f"delivery {case.delivery.delivery_id}",
        mend="The next look into the partner's folder fetches it again.",
    )


def _before_opening(case: Case) -> None:
    """What can be said before a byte of the content is read."""
    d = case.delivery
    control, fault = read_control((d.control_text or "").encode()) if d.control_text else (None, "the whole file")
    if d.control_text is None and not case.feed.control_file:
        fault = ""
    case.add(
        *guard.whose(case.name, d.partner, case.feed, case.guards),
        *guard.control_agrees(
            case.name, d.partner, case.feed, control, fault=fault, sha256=d.sha256, size=d.bytes, guards=case.guards
        ),
    )
    with warehouse.transaction(case.settings) as conn:
        case.add(*_in_sequence(conn, case))
        ledger.move(conn, d.delivery_id, "verified")


def _in_sequence(conn: Connection, case: Case) -> list[Reason]:
    d = case.delivery
    found = warehouse.run(conn, "landing/sequence.sql", feed=d.feed, partner=d.partner).mappings().one()
    return guard.sequence_follows(case.feed, d.sequence, found["last_accepted"], found["first_seen"], case.guards)


def _stops(case: Case) -> bool:
    """Whether reading on would be wrong: bytes that cannot be trusted, or another partner's people."""
    return worst(case.reasons) == "reject" or any(r.rule == "wrong_partner" for r in case.reasons)


def _open(case: Case, file: Path | None) -> Path | None:
    """The plain text, or None with the reason added."""
    assert file is not None
    plain = digest_in_name(file) is not None  # a copy that we kept is never packed
    try:
        text = open_text(
            file,
            case.folder / UNPACKED,
            case.feed.dialect.encoding,
            case.limits,
            is_gzip=case.name.is_gzip and not plain,
            is_pgp=case.name.is_pgp and not plain,
            keys=pgp.keys_of(case.settings, case.delivery.partner),
        )
    except Unreadable as error:
        says = case.guards.rules[error.rule].says
        case.add(case.guards.reason(error.rule, says=f"Line {error.line_no}: {says}" if error.line_no else says))
        return None
    with warehouse.transaction(case.settings) as conn:
        ledger.move(conn, case.delivery.delivery_id, "opened")
    return text


def _conclude_unread(case: Case, status: str | None = None) -> dict[str, int]:
    """Record a decision about a file of which no row was read."""
    with warehouse.transaction(case.settings) as conn:
        warehouse.run(conn, "landing/clear_findings.sql", delivery_id=case.delivery.delivery_id)
        if status != "duplicate" and not guard.waits_for_us(case.reasons, case.guards):
            remove_folder_files(case.folder)
        case.record(conn, (0, 0, 0), status)
    return {}
