"""What the planner knows of the tables: a first load would otherwise be judged by plans made for empty ones."""

from __future__ import annotations

from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def look_again(conn: Connection) -> list[str]:
    """ANALYZE the tables that have changed by more than a tenth; returns their names.

    The server does so by itself only minutes after a commit, and never for what this transaction has written.
    """
    stale = [str(name) for name in warehouse.run(conn, "night/stale_statistics.sql").scalars()]
    for name in stale:
        conn.exec_driver_sql(f"ANALYZE {name}")
    return stale
