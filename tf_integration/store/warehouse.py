"""The only place that opens a database connection."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, CursorResult, Engine

from tf_integration.model.errors import ServiceError
from tf_integration.model.settings import PROJECT, Settings

SQL = PROJECT / "sql"


@lru_cache(maxsize=8)
def engine(url: str) -> Engine:
    """One pooled engine per connection string; statements never show their parameters in errors.

    A large night's work tables stay in memory (`temp_buffers`, taken as needed); the usual 8 MiB write most out.
    """
    return sa.create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"application_name": "tfi", "options": "-c timezone=UTC -c jit=off -c temp_buffers=64MB"},
    )


def warehouse(settings: Settings) -> Engine:
    """The engine of the configured warehouse.

    Raises:
        ServiceError: none is configured.
    """
    if not settings.warehouse_url:
        raise ServiceError(
            "no warehouse is configured.", where=str(settings.home), mend="Run `tfi up`, or set TFI_WAREHOUSE_URL."
        )
    return engine(normal_url(settings.warehouse_url))


def normal_url(url: str) -> str:
    """Accept `postgres://` and `postgresql://` and name the driver that we ship."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg2://" + url[len(prefix) :]
    return url


@contextmanager
def transaction(settings: Settings) -> Iterator[Connection]:
    """One transaction on the warehouse: committed at the end, rolled back by any error."""
    with warehouse(settings).begin() as conn:
        yield conn


@lru_cache(maxsize=256)
def statement(path: str) -> str:
    """The text of `sql/<path>`."""
    return (SQL / path).read_text()


def run(conn: Connection, path: str, **params: Any) -> CursorResult[Any]:
    """Execute the one statement in `sql/<path>` with bound `:name` parameters."""
    return conn.execute(sa.text(statement(path)), params)


def rows(conn: Connection, sql: str, **params: Any) -> list[dict[str, Any]]:
    """The rows of a short query, as mappings."""
    return [dict(row) for row in conn.execute(sa.text(sql), params).mappings()]


def scalar(conn: Connection, sql: str, **params: Any) -> Any:
    """The first column of the first row, or None."""
    return conn.execute(sa.text(sql), params).scalar()


def execute(conn: Connection, sql: str, rows: Sequence[Mapping[str, Any]] = ({},)) -> None:
    """Execute a short statement of our own once for each of these rows of parameters."""
    conn.execute(sa.text(sql), list(rows))


def copy_in(conn: Connection, table: str, columns: Sequence[str], chunks: Iterable[bytes]) -> int:
    """COPY CSV text (no header, empty unquoted = NULL) into a table; returns the number of rows.

    `table` and `columns` come from contracts and our own SQL, never from a partner's file.
    Raises psycopg2 errors without the offending row (see `safe_message`).
    """
    names = ", ".join(f'"{c}"' for c in columns)
    sql = f"COPY {table} ({names}) FROM STDIN WITH (FORMAT csv)"
    with closing(_cursor(conn)) as cursor:
        cursor.copy_expert(sql, _Chunks(chunks), size=1 << 18)
        return int(cursor.rowcount)


def copy_out(conn: Connection, query: str) -> bytes:
    """COPY the rows of a query of our own out as CSV text with a header; an empty unquoted field is NULL.

    Many times quicker than rows one by one. The whole answer is held in memory: bound it in the query.
    """
    out = io.BytesIO()
    with closing(_cursor(conn)) as cursor:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER)", out)
    return out.getvalue()


def _cursor(conn: Connection) -> Any:
    """The driver's own cursor, for what SQLAlchemy does not wrap."""
    return conn.connection.cursor()


class _Chunks(io.RawIOBase):
    """A readable over an iterable of byte blocks, for `copy_expert`; holds one block at a time."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._blocks = iter(chunks)
        self._block = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        while not self._block:
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._block = memoryview(block)
        if size < 0:
            size = len(self._block)
        taken, self._block = self._block[:size], self._block[size:]
        return bytes(taken)


# Classes of SQLSTATE whose messages name tables, columns, constraints and servers, and no value of a row.
_NAMES_ONLY = ("08", "23", "25", "28", "3D", "40", "42", "53", "55", "57", "58")


def safe_message(error: BaseException) -> str:
    """A database error without the row that it quotes: kind and SQLSTATE, and its message where that names tables only.

    A failed cast quotes the value (`invalid input syntax for type date: ...`); a trigger may quote anything.
    """
    original = getattr(error, "orig", error)
    diag = getattr(original, "diag", None)
    state = getattr(original, "pgcode", None) or ""
    primary = getattr(diag, "message_primary", None) if diag and state[:2] in _NAMES_ONLY else None
    return f"{type(original).__name__} {state} {primary or ''}".strip()


def migrations() -> list[Path]:
    """The numbered migration files, in order."""
    return sorted((SQL / "migrations").glob("[0-9]*.sql"))


def unapplied(conn: Connection) -> list[str]:
    """The names of the migrations that this database has not had, in order."""
    known = conn.exec_driver_sql("SELECT to_regclass('audit.migration') IS NOT NULL").scalar_one()
    done = set(conn.exec_driver_sql("SELECT name FROM audit.migration").scalars()) if known else set()
    return [file.name for file in migrations() if file.name not in done]


def migrate(conn: Connection) -> list[str]:
    """Apply the migrations that this database has not had, in order, under a lock; returns their names."""
    conn.exec_driver_sql("SELECT pg_advisory_xact_lock(7351)")
    conn.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS audit")
    conn.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS audit.migration "
        "(name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    done = set(conn.exec_driver_sql("SELECT name FROM audit.migration").scalars())
    applied = []
    for file in migrations():
        if file.name in done:
            continue
        with closing(_cursor(conn)) as cursor:  # a raw cursor: a migration may hold many statements
            cursor.execute(file.read_text())
        conn.execute(sa.text("INSERT INTO audit.migration (name) VALUES (:n)"), {"n": file.name})
        applied.append(file.name)
    return applied


_MADE = re.compile(r"^(?:CREATE TEMP TABLE|INSERT INTO) (\w+)\b(?!\.)", re.MULTILINE)
_STORED = re.compile(r"(?:FROM|JOIN|,)\s+(?:core|identity|assess|claim|landing)\.[a-z_]+(?![a-z_(])")


def made_by(path: str) -> str | None:
    """The working table that a SQL file creates or adds to, read from its text."""
    found = _MADE.search(statement(path))
    return found and found[1]


def reads_stored_tables(path: str) -> bool:
    """Whether a SQL file reads or writes a table of a schema, and not working tables alone; read from its text."""
    return _STORED.search(statement(path)) is not None


def temp_tables(conn: Connection) -> list[str]:
    """The temp tables of this connection."""
    return list(
        conn.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'"
        ).scalars()
    )
