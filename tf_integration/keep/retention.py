"""What is kept past its contract's retention: rows of people, and landed files on which nothing rests any more."""

from __future__ import annotations

from datetime import date
from typing import Any

from tf_integration.keep.forget import forget
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def find(conn: Connection, as_at: date) -> dict[str, Any]:
    """What is past retention on a day: `rows` (feed, because, records, facts) and `files` (deliveries).

    A record that evidence or a claim rests on is never among them. Leaves the records in the temporary table
    `forgotten`.
    """
    conn.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.forgotten CASCADE")
    warehouse.run(conn, "keep/retention__expired.sql", as_at=as_at)
    if warehouse.scalar(conn, "SELECT to_regclass('claim.person')"):
        warehouse.run(conn, "keep/retention__spare.sql", as_at=as_at)
    conn.exec_driver_sql("ANALYZE forgotten")
    return {
        "rows": [dict(r) for r in warehouse.run(conn, "keep/retention__counts.sql").mappings()],
        "files": [dict(r) for r in warehouse.run(conn, "keep/retention__files.sql", as_at=as_at).mappings()],
    }


def remove(conn: Connection, found: dict[str, Any], as_at: date) -> dict[str, int]:
    """Delete what `find` found in this transaction; rows deleted, by table. The caller removes the files."""
    counts = forget(conn)
    warehouse.run(conn, "keep/retention__removed.sql", as_at=as_at, ids=[f["delivery_id"] for f in found["files"]])
    return counts
