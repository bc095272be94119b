"""The moves of a resolution: make a work table, write what differs, take rows out and put rows in."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tf_integration.identify.profiles import COLUMNS
from tf_integration.store import planner, warehouse

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_NUMBERS = (
    "place", "unit", "partner", "source_record_id", "person_id", "key", "born", "no", "a", "b", "levels",
)  # fmt: skip
_TYPES: dict[str, Any] = {
    **dict.fromkeys(COLUMNS, pl.String),
    **dict.fromkeys(_NUMBERS, pl.Int64),
    "date_of_birth": pl.Date,
    "match_weight": pl.Float64,
}


def build(conn: Connection, table: str, variant: str = "", **params: Any) -> None:
    """Make a work table afresh by `sql/identity/<table><variant>.sql`, and let the planner know its size."""
    conn.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{table}")
    warehouse.run(conn, f"identity/{table}{variant}.sql", **params)
    analyse(conn, table)


def analyse(conn: Connection, table: str) -> None:
    """Let the planner know how large a work table is."""
    conn.exec_driver_sql(f"ANALYZE {table}")


def analyse_kept(conn: Connection, *tables: str) -> None:
    """Let the planner know tables that stay, by a sample of the usual size."""
    usual = warehouse.scalar(conn, "SELECT reset_val FROM pg_settings WHERE name = 'default_statistics_target'")
    with planner.settings(conn, {"default_statistics_target": usual}):
        for table in tables:
            conn.exec_driver_sql(f"ANALYZE {table}")


def write(conn: Connection, statement: str, **params: Any) -> int:
    """Run `sql/identity/<statement>.sql`; the number of rows that it wrote."""
    return warehouse.run(conn, f"identity/{statement}.sql", **params).rowcount


def read(conn: Connection, statement: str) -> pl.DataFrame:
    """The answer of `sql/identity/<statement>.sql` as a frame, particulars as text."""
    text = warehouse.copy_out(conn, warehouse.statement(f"identity/{statement}.sql"))
    return pl.read_csv(io.BytesIO(text), schema_overrides=_TYPES)


def copy(conn: Connection, table: str, columns: Mapping[str, np.ndarray[Any, Any] | list[Any]]) -> None:
    """Add rows to a table, given by column."""
    text = pl.DataFrame(dict(columns)).write_csv(include_header=False)
    warehouse.copy_in(conn, table, list(columns), [text.encode()])


def list_records(conn: Connection, records: str | np.ndarray[Any, Any]) -> None:
    """Fill `work_listed` with these records, or with those of a query of our own."""
    build(conn, "work_listed")
    if isinstance(records, str):
        conn.exec_driver_sql(f"INSERT INTO work_listed {records}")
    else:
        copy(conn, "work_listed", {"source_record_id": records})
    analyse(conn, "work_listed")


def see_records(conn: Connection, records: str | np.ndarray[Any, Any]) -> None:
    """List these records and read them from `core.source_record`, as far as this run has not read them yet."""
    list_records(conn, records)
    write(conn, "work_seen__more")
    analyse(conn, "work_seen")


def blocks(lines: Iterable[str], size: int = 10_000) -> Iterator[bytes]:
    """Lines as encoded text, some thousands at a time, for COPY."""
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == size:
            yield "".join(block).encode()
            block.clear()
    yield "".join(block).encode()
