"""One delivery, whole: counts that add up, every state with its instant, who decided what, and the receipts sent.

Counts and names of ours only; the page says of a row no more than its line.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tf_integration.flow.decisions import find
from tf_integration.land.ledger import Delivery
from tf_integration.land.receipt_words import HISTORY
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def show(settings: Settings, named: str) -> dict[str, Any]:
    """Everything that is known of a delivery, by its id or its file's name.

    `counts` has rows read, loaded, rejected, of these `faulty` (with a fault of their own) and `withheld` (good rows of
    a file that is not applied), and `adds_up`; `by_rule` gives to each rule the rows whose first fault it is, which add
    up to `faulty`, and all its `faults`. Then `events`, `decisions`, `receipts`, `measures`, `before` (the partner's
    earlier deliveries).

    Raises:
        CallError: no such delivery.
    """
    with warehouse.transaction(settings) as conn:
        delivery = find(conn, named)
        asked = {"delivery_id": delivery.delivery_id}
        by_rule = _rows(conn, "rejects_by_rule", **asked)
        return _head(conn, delivery) | {
            "counts": _counts(delivery, by_rule),
            "by_rule": by_rule,
            "reasons": [r.as_dict() for r in delivery.reasons],
            "events": _rows(conn, "events", **asked),
            "decisions": _rows(conn, "decisions", **asked),
            "receipts": _rows(conn, "receipts_sent", **asked),
            "measures": _rows(conn, "measures", **asked, failed_only=True),
            "before": _rows(conn, "partner_history", **asked, most=HISTORY),
        }


def history(settings: Settings, named: str) -> dict[str, Any]:
    """What people decided about a delivery, in order, and what it was then.

    Raises:
        CallError: no such delivery.
    """
    with warehouse.transaction(settings) as conn:
        delivery = find(conn, named)
        return _head(conn, delivery) | {"decisions": _rows(conn, "decisions", delivery_id=delivery.delivery_id)}


def recent(settings: Settings, feed: str | None = None, partner: str | None = None) -> list[dict[str, Any]]:
    """The newest deliveries, of one feed or partner when named."""
    with warehouse.transaction(settings) as conn:
        return _rows(conn, "recent", feed=feed, partner=partner, most=HISTORY)


def _head(conn: Connection, delivery: Delivery) -> dict[str, Any]:
    applied = warehouse.scalar(
        conn, "SELECT applied FROM landing.delivery WHERE delivery_id = :d", d=delivery.delivery_id
    )
    return {
        "delivery_id": delivery.delivery_id,
        "file": delivery.file_name,
        "feed": delivery.feed,
        "partner": delivery.partner,
        "status": delivery.status or delivery.state,
        "state": delivery.state,
        "mode": delivery.mode,
        "snapshot_on": delivery.snapshot_on,
        "sequence": delivery.sequence,
        "sha256": delivery.sha256,
        "bytes": delivery.bytes,
        "received_at": delivery.received_at,
        "decided_at": delivery.decided_at,
        "receipt_at": delivery.receipt_at,
        "families_affected": delivery.families_affected,
        "applied": applied or {},
    }


def _counts(delivery: Delivery, by_rule: list[dict[str, Any]]) -> dict[str, Any]:
    read, loaded, rejected = delivery.rows_read, delivery.rows_loaded, delivery.rows_rejected
    faulty = sum(r["rows"] for r in by_rule)
    if read is None or loaded is None or rejected is None:
        withheld = adds_up = None
    else:
        withheld = rejected - faulty
        adds_up = read == loaded + rejected and (withheld == 0 if loaded else withheld >= 0)
    return {
        "read": read,
        "loaded": loaded,
        "rejected": rejected,
        "faulty": faulty,
        "withheld": withheld,
        "adds_up": adds_up,
    }


def _rows(conn: Connection, statement: str, **asked: Any) -> list[dict[str, Any]]:
    return [dict(r) for r in warehouse.run(conn, f"landing/{statement}.sql", **asked).mappings()]


def instant(at: datetime | None) -> str:
    """A moment as people read it, in the warehouse's time (UTC)."""
    return "-" if at is None else f"{at:%Y-%m-%d %H:%M:%S}"
