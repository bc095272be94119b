"""The public views: make them, and check after each refresh that they still say sensible things.

The header of each `sql/mart/*.sql` (and of the twins in `sql/analyst`) is read here: its key is tested, and its
column lines become the comments that an analyst sees in any client.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tf_integration.model.errors import ContractError
from tf_integration.store import warehouse
from tf_integration.store.warehouse import SQL, Connection

MART, ANALYST = SQL / "mart", SQL / "analyst"  # a schema each, of the folder's name
EXAMPLES = 5  # offending keys that a check names
_FIELD = re.compile(r"^-- (what|grain|reads|key): +(.*)$")
_COLUMN = re.compile(r"^--   (\w+): (.+)$")


@dataclass(frozen=True)
class View:
    """One file of `sql/mart` or `sql/analyst`: its name, header and text. `columns` maps column to words, in order."""

    schema: str
    name: str
    what: str
    grain: str
    reads: tuple[str, ...]
    key: tuple[str, ...]
    columns: dict[str, str]
    text: str

    @property
    def recorded_as(self) -> str:
        """The name under which `audit.mart_view` remembers it: the analysts' twins have their schema before it."""
        return f"analyst.{self.name}" if self.schema == ANALYST.name else self.name

    @property
    def sha256(self) -> str:
        """The digest of the file."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_view(file: Path) -> View:
    """Read a statement's header.

    Raises:
        ContractError: `what`, `grain`, `reads` or `key` is missing.
    """
    text = file.read_text()
    head = [line for line in text.splitlines() if line.startswith("--")]
    said = {m[1]: m[2] for m in map(_FIELD.match, head) if m}
    missing = [f for f in ("what", "grain", "reads", "key") if f not in said]
    if missing:
        raise ContractError(
            f"the header lacks {', '.join(missing)}.",
            where=f"{file.parent.name}/{file.name}",
            mend="See sql/mart/README.md.",
        )
    columns = {m[1]: m[2] for m in map(_COLUMN.match, head) if m}
    reads, key = (tuple(p.strip() for p in said[f].split(",")) for f in ("reads", "key"))
    return View(file.parent.name, file.stem, said["what"], said["grain"], reads, key, columns, text)


def views(folder: Path = MART) -> list[View]:
    """Every view of the public schema, or of the analysts', in name order."""
    return [read_view(f) for f in sorted(folder.glob("*.sql"))]


def create(conn: Connection) -> list[str]:
    """Make or replace each function and view whose file has changed since; returns their names.

    Unchanged ones are left alone, so that a nightly call takes no lock that a reader would wait for.
    """
    made_before = {
        r["name"]: r["sha256"] for r in warehouse.rows(conn, "SELECT name, sha256 FROM audit.mart_view")
    }
    made = []
    for file in (f for folder in (MART / "functions", MART, ANALYST) for f in sorted(folder.glob("*.sql"))):
        view = read_view(file)
        if made_before.get(view.recorded_as) == view.sha256:
            continue
        warehouse.run(conn, str(file.relative_to(SQL)))
        _comment(conn, view)
        warehouse.run(conn, "audit/record_mart_view.sql", name=view.recorded_as, sha256=view.sha256)
        made.append(view.recorded_as)
    if made:
        warehouse.run(conn, "mart/grants/readers.sql")
    return made


def check(conn: Connection, households: Sequence[int] | None = None) -> list[dict[str, Any]]:
    """Run every mart check; one row each: `check`, `says`, `broken` (a count), `examples` (up to five keys).

    A view's declared key is a check of its own, `<view>: key`. Keys are ids and codes, never particulars.
    `households`: those that a night judged again; what was checked before and stands is not read again, so that
    the checks cost what changed. None looks at everything.
    """
    only = None if households is None else list(households)
    found = [_key_check(conn, v, only) for v in views()]
    for file in sorted((MART / "checks").glob("*.sql")):
        view = read_view(file)
        keys = [str(k) for k in warehouse.run(conn, f"mart/checks/{file.name}", households=only).scalars()]
        found.append(
            {"check": file.stem, "says": view.what, "broken": len(keys), "examples": keys[:EXAMPLES]}
        )
    return found


def broken(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of `check`'s rows that name an offender."""
    return [c for c in found if c["broken"]]


def judged_in(conn: Connection, run_id: int) -> list[int]:
    """The households that a run judged."""
    found = warehouse.rows(conn, "SELECT household_id FROM assess.readiness WHERE run_id = :run_id", run_id=run_id)
    return [int(r["household_id"]) for r in found]


def _key_check(conn: Connection, view: View, households: list[int] | None) -> dict[str, Any]:
    key = ", ".join(view.key)  # from our own header, never from a partner's file
    only = "WHERE household_id = ANY (:households)" if households is not None and "household_id" in view.key else ""
    sql = f"SELECT concat_ws('/', {key}) FROM mart.{view.name} {only} GROUP BY {key} HAVING count(*) > 1 LIMIT 1000"  # noqa: S608
    keys = [str(r["concat_ws"]) for r in warehouse.rows(conn, sql, households=households)]
    return {
        "check": f"{view.name}: key",
        "says": f"one row for each {key}",
        "broken": len(keys),
        "examples": keys[:EXAMPLES],
    }


def _comment(conn: Connection, view: View) -> None:
    if view.columns:
        conn.exec_driver_sql(
            f"COMMENT ON VIEW {view.schema}.{view.name} IS {_quoted(f'{view.what}. One row: {view.grain}.')}"
        )
    for column, words in view.columns.items():
        conn.exec_driver_sql(f"COMMENT ON COLUMN {view.schema}.{view.name}.{column} IS {_quoted(words)}")


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''").replace("%", "%%") + "'"
