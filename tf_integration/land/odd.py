"""Files whose names are not of the agreed form: left alone, and each told to its partner once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import UTC, datetime

from tf_integration.land import receipt_words
from tf_integration.land.client import RECEIPTS, Session
from tf_integration.land.limits import Limits
from tf_integration.model.delivery import Reason
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

_SAYS = (
    "Name it <feed>_<YYYYMMDD>_<seq>.csv (or .csv.gz, .csv.gpg, .csv.gz.gpg), of a feed that we know. It was not read."
)
_LONGEST = 200  # bytes of a name to which a suffix can still be added


def answer(settings: Settings, partner: str, session: Session, there: Collection[str], limits: Limits) -> None:
    """Write a receipt for each odd name that has none; so many at a look that a folder full of them costs little.

    Raises:
        ServiceError: the partner's server is away; the receipts stay due.
    """
    with warehouse.transaction(settings) as conn:
        most = {"partner": partner, "there": list(there), "most": limits.odd_receipts}
        due = list(warehouse.run(conn, "landing/odd_due.sql", **most).scalars())
    if not due:
        return
    with session.account() as account:
        for name in due:
            account.write(RECEIPTS, f"{_safe(name)}{receipt_words.RECEIPT}", _receipt(name))
    with warehouse.transaction(settings) as conn:
        warehouse.run(conn, "landing/odd_told.sql", partner=partner, file_names=due)


def _receipt(name: str) -> bytes:
    now = datetime.now(UTC).isoformat()
    said = receipt_words.content(
        status="rejected", file=name, sha256=None, counts=(0, 0, 0), received_at=now, decided_at=now,
        reasons=[Reason("file_name", 1, _SAYS, "reject")],
    )  # fmt: skip
    return (json.dumps(said, indent=2) + "\n").encode()


def _safe(name: str) -> str:
    """The name where any server can write it with a suffix; else a name made from its digest."""
    if name.isprintable() and len(name.encode()) <= _LONGEST and not set(name) & set('/\\:*?"<>|'):
        return name
    return f"odd-name-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
