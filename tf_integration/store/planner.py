"""What the planner knows of the tables, and by which settings it plans a part of a transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def look_again(conn: Connection) -> list[str]:
    """ANALYZE the tables that have changed by more than a tenth; returns their names.

    A first load would otherwise be judged by plans made for empty ones: the server looks by itself only minutes after a
    commit, and never at what this transaction has written.
    """
    stale = [str(name) for name in warehouse.run(conn, "night/stale_statistics.sql").scalars()]
    for name in stale:
        conn.exec_driver_sql(f"ANALYZE {name}")
    return stale


@contextmanager
def settings(conn: Connection, wanted: Mapping[str, str]) -> Iterator[None]:
    """Plan the block with these settings, and what the caller's transaction does afterwards with its own."""
    before = {name: warehouse.scalar(conn, "SELECT current_setting(:name)", name=name) for name in wanted}
    _set(conn, wanted)
    yield
    _set(conn, before)  # not after an error: the transaction is lost, and its settings go with it


def _set(conn: Connection, wanted: Mapping[str, str]) -> None:
    for name, value in wanted.items():
        warehouse.execute(conn, "SELECT set_config(:name, :value, true)", [{"name": name, "value": value}])
