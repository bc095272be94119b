"""The two moves of a resolution: make a work table, write what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tf_integration.store import warehouse

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_SAMPLE = 10  # three thousand rows


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


def build(conn: Connection, table: str, variant: str = "", **params: Any) -> None:
    """Make a work table afresh by `sql/identity/<table><variant>.sql`, and let the planner know its size."""
    conn.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{table}")
    warehouse.run(conn, f"identity/{table}{variant}.sql", **params)
    analyse(conn, table)


def analyse(conn: Connection, table: str) -> None:
    """Let the planner know how large a work table is, by a small sample: a large one costs more here than it saves."""
    conn.exec_driver_sql(f"SET LOCAL default_statistics_target = {_SAMPLE}")
    conn.exec_driver_sql(f"ANALYZE {table}")
    conn.exec_driver_sql("SET LOCAL default_statistics_target TO DEFAULT")


def write(conn: Connection, statement: str, **params: Any) -> int:
    """Run `sql/identity/<statement>.sql`; the number of rows that it wrote."""
    return warehouse.run(conn, f"identity/{statement}.sql", **params).rowcount


def blocks(lines: Iterable[str], size: int = 10_000) -> Iterator[bytes]:
    """Lines as encoded text, some thousands at a time, for COPY."""
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == size:
            yield "".join(block).encode()
            block.clear()
    yield "".join(block).encode()
