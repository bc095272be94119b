"""The receipt that a partner gets for each file: what was decided, why, and which lines to mend. Never a value.

One receipt stands per file name and speaks of the newest content under it. A `duplicate` answers a second sending of
the same file, and carries the first receipt whole under `original`, so that nothing said before is lost. Each try to
write one is kept, with what it said.
"""

from __future__ import annotations

import json
from typing import Any

from tf_integration.land import ledger
from tf_integration.land.client import RECEIPTS, Session
from tf_integration.land.ledger import Delivery
from tf_integration.land.receipt_words import HISTORY, PAGE, RECEIPT, REJECTS, as_text, content, rejects_csv
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def of_delivery(conn: Connection, delivery: Delivery) -> dict[str, Any]:
    """The receipt of a decided delivery."""
    before = warehouse.run(conn, "landing/partner_history.sql", delivery_id=delivery.delivery_id, most=HISTORY)
    made = content(
        status=delivery.status or "",
        file=delivery.file_name,
        sha256=delivery.sha256,
        reasons=delivery.reasons,
        counts=(delivery.rows_read or 0, delivery.rows_loaded or 0, delivery.rows_rejected or 0),
        delivery_id=delivery.delivery_id,
        received_at=delivery.received_at.isoformat(),
        decided_at=delivery.decided_at.isoformat() if delivery.decided_at else None,
        families_affected=_told(conn, delivery.families_affected),
        history=[dict(h) | {"received_at": h["received_at"].isoformat()} for h in before.mappings()],
    )
    if delivery.status == "duplicate" and delivery.duplicate_of:
        made["original"] = _as_it_was_sent(conn, delivery.duplicate_of)
    return made


def _told(conn: Connection, families: int | None) -> int | None:
    """The count of families as a partner may know it: None where it is small."""
    if families is None:
        return None
    found = warehouse.run(conn, "landing/families_told.sql", families=families).scalar()
    return None if found is None else int(found)


def _as_it_was_sent(conn: Connection, delivery_id: int) -> dict[str, Any] | None:
    """The receipt of an earlier delivery as it was last written, or as it would be."""
    said = warehouse.run(conn, "landing/receipt_said.sql", delivery_id=delivery_id).scalar()
    if said is not None:
        return dict(json.loads(said))
    first = ledger.get(conn, delivery_id)
    return of_delivery(conn, first) if first else None


def rejects_of(conn: Connection, delivery_id: int) -> list[dict[str, Any]]:
    """The rejected lines of a delivery: line, column, rule, what_to_do."""
    return [dict(r) for r in warehouse.run(conn, "landing/rejects.sql", delivery_id=delivery_id).mappings()]


def send(conn: Connection, session: Session, delivery_id: int) -> None:
    """Write a decided delivery's receipt into the partner's `receipts/` and record that it stands there.

    The JSON comes last: where it stands, the page and the rejected lines stand too.

    Raises:
        ServiceError: the partner's server is away or refuses; the receipt stays due.
    """
    delivery = ledger.get(conn, delivery_id)
    if delivery is None or not delivery.is_decided:
        return
    rejects = rejects_of(conn, delivery_id)
    said = of_delivery(conn, delivery)
    text = json.dumps(said, indent=2) + "\n"
    with session.account() as account:
        if rejects:
            account.write(RECEIPTS, delivery.file_name + REJECTS, rejects_csv(rejects))
        elif delivery.status != "duplicate":
            account.remove(RECEIPTS, delivery.file_name + REJECTS)  # of earlier content under this name
        account.write(RECEIPTS, delivery.file_name + PAGE, as_text(said, rejects).encode())
        account.write(RECEIPTS, delivery.file_name + RECEIPT, text.encode())
    warehouse.run(conn, "landing/acknowledge.sql", delivery_id=delivery_id)
    tried(conn, delivery_id, body=text)


def tried(conn: Connection, delivery_id: int, *, fault: str | None = None, body: str | None = None) -> None:
    """Record a try to write a receipt: what was said, or the kind of fault."""
    warehouse.run(conn, "landing/receipt_tried.sql", delivery_id=delivery_id, fault=fault, body=body)


def due(conn: Connection, partner: str) -> list[int]:
    """The decided deliveries of a partner that have no receipt yet, oldest first."""
    return [int(i) for i in warehouse.run(conn, "landing/receipts_due.sql", partner=partner).scalars()]
