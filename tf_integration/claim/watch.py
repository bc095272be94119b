"""After who is who has been settled again: holds follow it, and claims that turn out to be for one child are raised."""

from __future__ import annotations

from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def watch(conn: Connection) -> int:
    """Bring the holds up to what is known of people today; returns how many conflicts are new. Nothing is mended."""
    if not warehouse.scalar(conn, "SELECT EXISTS (SELECT FROM claim.claim)"):
        return 0
    warehouse.run(conn, "claim/watch__release.sql")
    warehouse.run(conn, "claim/watch__take.sql")
    return int(warehouse.run(conn, "claim/watch__conflicts.sql").rowcount)
