"""The receipt that a partner gets for each file: what was decided, why, and which lines to mend. Never a value.

One receipt stands per file name and speaks of the newest content under it. A `duplicate` answers a second sending of
the same file, and carries the first receipt whole under `original`, so that nothing said before is lost.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from tf_integration.land import ledger
from tf_integration.land.client import RECEIPTS, Session
from tf_integration.land.ledger import Delivery
from tf_integration.model.delivery import Reason
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

RECEIPT, REJECTS = ".receipt.json", ".rejects.csv"
_COLUMNS = ("line", "column", "rule", "what_to_do")
_LIVE = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def content(
    *,
    status: str,
    file: str,
    sha256: str | None,
    counts: tuple[int, int, int],
    reasons: Iterable[Reason],
    delivery_id: int | None = None,
    received_at: str | None = None,
    decided_at: str | None = None,
) -> dict[str, Any]:
    """The JSON of a receipt. `counts` is rows read, loaded and rejected; a held file's rows all count as rejected."""
    read, loaded, rejected = counts
    return {
        "status": status,
        "delivery_id": delivery_id,
        "file": file,
        "sha256": sha256,
        "rows_read": read,
        "rows_loaded": loaded,
        "rows_rejected": rejected,
        "reasons": [{"rule": r.rule, "count": r.count, "what_to_do": r.what_to_do} for r in reasons],
        "received_at": received_at,
        "decided_at": decided_at,
    }


def of_delivery(conn: Connection, delivery: Delivery) -> dict[str, Any]:
    """The receipt of a decided delivery."""
    made = content(
        status=delivery.status or "",
        file=delivery.file_name,
        sha256=delivery.sha256,
        reasons=delivery.reasons,
        counts=(delivery.rows_read or 0, delivery.rows_loaded or 0, delivery.rows_rejected or 0),
        delivery_id=delivery.delivery_id,
        received_at=delivery.received_at.isoformat(),
        decided_at=delivery.decided_at.isoformat() if delivery.decided_at else None,
    )
    if delivery.status == "duplicate" and delivery.duplicate_of:
        first = ledger.get(conn, delivery.duplicate_of)
        made["original"] = of_delivery(conn, first) if first else None
    return made


def rejects_csv(rejects: Iterable[Any]) -> bytes:
    """The rejected lines (rows of `landing.reject`) as CSV; a cell that a spreadsheet would run is made inert."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for r in rejects:
        writer.writerow([r["line_no"], *(inert(str(r[c] or "")) for c in ("column_name", "rule", "what_to_do"))])
    return out.getvalue().encode()


def inert(cell: str) -> str:
    """The cell, so that a spreadsheet shows it and does not run it."""
    return f"'{cell}" if cell.startswith(_LIVE) else cell


def send(conn: Connection, session: Session, delivery_id: int) -> None:
    """Write a decided delivery's receipt into the partner's `receipts/` and record that it stands there.

    Raises:
        ServiceError: the partner's server is away; the receipt stays due.
    """
    delivery = ledger.get(conn, delivery_id)
    if delivery is None or not delivery.is_decided:
        return
    rejects = warehouse.run(conn, "landing/rejects.sql", delivery_id=delivery_id).mappings().all()
    text = json.dumps(of_delivery(conn, delivery), indent=2) + "\n"
    with session.account() as account:
        if rejects:
            account.write(RECEIPTS, delivery.file_name + REJECTS, rejects_csv(rejects))
        elif delivery.status != "duplicate":
            account.remove(RECEIPTS, delivery.file_name + REJECTS)  # of earlier content under this name
        account.write(RECEIPTS, delivery.file_name + RECEIPT, text.encode())
    warehouse.run(conn, "landing/acknowledge.sql", delivery_id=delivery_id)


def due(conn: Connection, partner: str) -> list[int]:
    """The decided deliveries of a partner that have no receipt yet, oldest first."""
    return [int(i) for i in warehouse.run(conn, "landing/receipts_due.sql", partner=partner).scalars()]
