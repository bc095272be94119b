"""The machine's clock and the warehouse's, compared. Instants are stamped by the warehouse alone (`core.instant`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def apart_seconds(conn: Connection) -> float:
    """By how many seconds the warehouse's clock is ahead of this machine's; negative: behind."""
    before = datetime.now(UTC)
    there = warehouse.scalar(conn, "SELECT clock_timestamp()")
    after = datetime.now(UTC)
    nearest = min(max(there, min(before, after)), max(before, after))
    return float((there - nearest) / timedelta(seconds=1))


def ahead_seconds(conn: Connection) -> float:
    """How far the last instant given lies ahead of the warehouse's clock, which was set back since; 0: it was not."""
    ahead = "SELECT last_value / 1000000.0 - extract(epoch FROM clock_timestamp()) FROM core.last_instant"
    return max(0.0, float(warehouse.scalar(conn, ahead)))
