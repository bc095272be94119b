"""The audit chain: each event holds the digest of the one before, so that none is changed or taken out unseen."""

from __future__ import annotations

import json
from typing import Any

from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def note(conn: Connection, by: str, act: str, subject: str = "", because: str = "", **detail: Any) -> int:
    """Add an event; its number. `detail` holds counts, codes and digests, never a person's particulars."""
    found = warehouse.run(conn, "audit/event.sql", by_whom=by.strip(), act=act, subject=subject,
                          because=because.strip(), detail=json.dumps(detail, default=str, sort_keys=True))
    return int(found.scalar_one())
