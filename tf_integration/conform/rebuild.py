"""A late or corrected delivery: replay the feed's accepted ones in their own order, so that arrival changes nothing.

What comes out as it stood keeps the instant from which it was known; only what came out otherwise is a new version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tf_integration.conform import views
from tf_integration.conform.apply import apply, lock
from tf_integration.conform.report import Staged
from tf_integration.conform.source import Source, source_of
from tf_integration.conform.stage import stage
from tf_integration.model.errors import NeedsAPerson
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

_CLOSE = ("close_fact", "close_record", "close_coverage", "forget_absence", "forget_home")
_SETTLE = (
    "drop_steps_fact",
    "keep_home",
    "drop_steps_record",
    "same_fact",
    "drop_same_fact",
    "reopen_fact",
    "date_fact",
    "same_record",
    "drop_same_record",
    "reopen_record",
    "date_record",
    "same_coverage",
    "drop_same_coverage",
    "reopen_coverage",
    "date_coverage",
)


def is_late(conn: Connection, source: Source) -> bool:
    """Whether a later delivery is accepted already, or one in this one's place: then `rebuild`, not `apply`."""
    return bool(
        warehouse.run(
            conn,
            "core/is_late.sql",
            feed=source.feed.feed,
            partner=source.partner,
            delivery_id=source.delivery_id,
            snapshot_on=source.snapshot_on,
            sequence=source.sequence,
        ).scalar()
    )


def rebuild(
    conn: Connection,
    source: Source,
    known_at: datetime,
    file_of: Callable[[int], Path],
    told: Callable[[int, Staged], None] | None = None,
) -> dict[str, int]:
    """Replay every accepted delivery of the feed and partner, and this one, in (snapshot, sequence) order.

    `file_of` gives the plain file of a delivery. Of two deliveries of one snapshot and sequence this one, else the
    later received, counts. With `told`, each file's rejected rows are written anew and its report is handed over. All
    in the caller's transaction.

    Raises:
        NeedsAPerson: an earlier file cannot be read any more; nothing may be committed then.
    """
    lock(conn, source)
    scope = {
        "feed": source.feed.feed,
        "partner": source.partner,
        "kinds": views.kinds(source.feed),
        "known_at": known_at,
    }
    ids = (
        warehouse.run(
            conn,
            "core/earlier_deliveries.sql",
            feed=source.feed.feed,
            partner=source.partner,
            delivery_id=source.delivery_id,
        )
        .scalars()
        .all()
    )
    _run(conn, _CLOSE, scope)
    for step, delivery_id in enumerate(ids, start=1):
        staged = stage(conn, file_of(delivery_id), source_of(conn, source.feed, delivery_id), record=told is not None)
        _refuse_faults(staged, delivery_id)
        if told:
            told(delivery_id, staged)
        apply(
            conn,
            source_of(conn, source.feed, delivery_id),
            known_at + timedelta(microseconds=step),
            loading=source.delivery_id,
        )
    for table in ("same_fact", "same_record", "same_coverage"):
        conn.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{table}")
    counts = _run(conn, _SETTLE, scope)
    return {
        "deliveries_replayed": len(ids),
        "facts_opened": counts["date_fact"],
        "facts_unchanged": counts["reopen_fact"],
        "persons_changed": counts["date_record"],
    }


def _run(conn: Connection, names: tuple[str, ...], scope: Mapping[str, Any]) -> dict[str, int]:
    return {name: warehouse.run(conn, f"core/rebuild__{name}.sql", **scope).rowcount for name in names}


def _refuse_faults(staged: Staged, delivery_id: int) -> None:
    if staged.faults:
        raise NeedsAPerson(
            f"a file that was accepted before is refused now ({staged.faults[0].rule}).",
            where=f"delivery {delivery_id}",
            mend="Compare the contract's versions.",
        )
