"""The audit chain: each event holds the digest of the one before, so that none is changed or taken out unseen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

_DAYS = 3           # the chain is checked each night


def note(conn: Connection, by: str, act: str, subject: str = "", because: str = "", **detail: Any) -> int:
    """Add an event; its number. `detail` holds counts, codes and digests, never a person's particulars."""
    found = warehouse.run(conn, "audit/event.sql", by_whom=by.strip(), act=act, subject=subject,
                          because=because.strip(), detail=json.dumps(detail, default=str, sort_keys=True))
    return int(found.scalar_one())


def check(conn: Connection, anchors: Path) -> list[dict[str, Any]]:
    """Where the chain does not hold, first five: `event_id` and `fault`; none when it holds, and then its end is noted.

    `anchors` is a file outside the database, a line of `event_id hash` for each check: what stood at the last check
    cannot be cut off, nor the whole chain written anew, without breaking with it. What was added since can. A chain
    that ought to have been noted long ago, and has no such file, does not hold.
    """
    faults = [dict(r) for r in warehouse.run(conn, "audit/break.sql").mappings()]
    held = dict(line.split() for line in anchors.read_text().splitlines()) if anchors.exists() else {}
    stands = {str(r["event_id"]): r["hash"] for r in warehouse.rows(
        conn, "SELECT event_id, hash FROM audit.event WHERE event_id = ANY (CAST(:ids AS bigint[])) OR event_id ="
              " (SELECT max(event_id) FROM audit.event)", ids=[int(i) for i in held])}
    faults += [{"event_id": int(i), "fault": "the event noted outside the warehouse is not there as it was"}
               for i, digest in held.items() if stands.get(i) != digest]
    if not anchors.exists() and (since := warehouse.run(conn, "audit/first.sql", days=_DAYS).scalar()):
        lost = f"it is over {_DAYS} days old, and {anchors.name} is not there; if a disk was lost, make it anew, empty"
        faults.append({"event_id": int(since), "fault": lost})
    if not faults and stands:
        last = max(stands, key=int)
        if last not in held:
            anchors.parent.mkdir(parents=True, exist_ok=True)
            with anchors.open("a") as file:
                file.write(f"{last} {stands[last]}\n")
    return faults[:5]
