"""Judge households: plans as rows in, the SQL files of `sql/assess` in order, verdicts and evidence out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

from tf_integration.assess.plan_rows import plan_rows
from tf_integration.model.plan import Plan
from tf_integration.store import planner, warehouse
from tf_integration.store.warehouse import Connection

# The numbered files of sql/assess, in order, are the run: calendar and coverage, findings and answers, what is kept.
CALENDAR, FINDINGS, KEPT = (10, 16), (20, 146), (148, 170)
# Working tables have no index: a nested loop over them is no better than a hash, and grows with the square where the
# planner thinks that few rows overlap.
_HASHED = {"enable_nestloop": "off"}


def steps(first: int, last: int) -> list[str]:
    """The numbered SQL files from `first` to `last`, as paths for `warehouse.run`."""
    files = sorted((warehouse.SQL / "assess").glob("[0-9][0-9][0-9]_*.sql"))
    return [f"assess/{f.name}" for f in files if first <= int(f.name[:3]) <= last]


def stored_plans(conn: Connection, known_at: datetime | None = None) -> list[Plan]:
    """The plans that judge, or that judged at an instant, in order of coming into force."""
    found = warehouse.run(conn, "assess/plan__stored.sql", known_at=known_at).mappings()
    return [Plan(**{**_without_blanks(row["document"]), "hash": row["plan_hash"]}) for row in found]


def _without_blanks(stored: Any) -> Any:
    """A plan's document as loaded; texts stored by earlier versions have a blank where a rule says nothing of its own.

    They are read so and not rewritten: the digests of frozen claims are of the text as it stood.
    """
    if isinstance(stored, dict):
        return {k: None if k == "says" and v == "" else _without_blanks(v) for k, v in stored.items()}
    return [_without_blanks(v) for v in stored] if isinstance(stored, list) else stored


def prepare(conn: Connection, as_at: date, known_at: datetime, plans: Iterable[Plan]) -> str:
    """Lay out the plans as rows, the calendar and the coverage; returns the coverage's signature."""
    warehouse.run(conn, "assess/run__settings.sql")
    warehouse.run(conn, "assess/000_inputs.sql")
    for table, rows in plan_rows(plans, as_at).items():
        _insert(conn, table, rows)
        conn.exec_driver_sql(f"ANALYZE {table}")
    _run(conn, CALENDAR, {"as_at": as_at, "known_at": known_at})
    return str(warehouse.run(conn, "assess/017_coverage_signature.sql", as_at=as_at).scalar())


def judge(conn: Connection, as_at: date, known_at: datetime) -> dict[str, Any]:
    """Fill the working tables for the households in `wanted`; returns the parameters of the SQL."""
    conn.exec_driver_sql("ANALYZE wanted")
    params: dict[str, Any] = {"as_at": as_at, "known_at": known_at}
    _run(conn, (FINDINGS[0], FINDINGS[0]), params)
    params |= dict(warehouse.run(conn, "assess/scope__read.sql", as_at=as_at).mappings().one())
    _run(conn, (FINDINGS[0] + 1, FINDINGS[1]), params)
    return params


def _run(conn: Connection, numbers: tuple[int, int], params: dict[str, Any]) -> None:
    """Run the steps; the planner is told of each working table once it is whole, filled by one step or several."""
    files = steps(*numbers)
    made = [warehouse.made_by(step) for step in files]
    for step, table, following in zip(files, made, [*made[1:], None], strict=True):
        with planner.settings(conn, {} if warehouse.reads_stored_tables(step) else _HASHED):
            warehouse.run(conn, step, **params)
        if table and table != following:
            conn.exec_driver_sql(f"ANALYZE {table}")


def want(conn: Connection, households: Sequence[int] | None, known_at: datetime) -> None:
    """Ask for these households, or for every household known then."""
    if households is None:
        warehouse.run(conn, "assess/want__all.sql", known_at=known_at)
    else:
        warehouse.run(conn, "assess/want__named.sql", households=list(households))


def _insert(conn: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = list(rows[0])
    values = ", ".join(_cast(n) for n in names)
    warehouse.execute(conn, f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})", rows)  # noqa: S608 - our own names


def _cast(name: str) -> str:
    lists = ("code", "outcome", "not_outcome", "role", "good", "told_by", "told_by_work", "told_by_benefit")
    if name in ("in_force", "attached"):
        return f"CAST(:{name} AS daterange)"
    return f"CAST(:{name} AS text[])" if name in lists else f":{name}"


def start_run(
    conn: Connection,
    as_at: date,
    known_at: datetime,
    hashes: dict[str, str],
    scope: str,
    without: Sequence[str],
    signature: str,
) -> int:
    """Record the run: which plans (by hash), which day, which state of knowledge, which code."""
    told = {"hashes": json.dumps(hashes), "code": version("tf-integration"), "without": json.dumps(list(without))}
    same = {"as_at": as_at, "known_at": known_at, "scope": scope, "signature": signature}
    return int(warehouse.run(conn, "assess/run__start.sql", **same, **told).scalar_one())


def write(conn: Connection, run_id: int, params: dict[str, Any]) -> None:
    """Replace the judged households' verdicts, evidence and readiness with this run's."""
    for table in ("criterion_verdict", "problem_verdict", "facts_used", "missing", "lapse"):
        conn.exec_driver_sql(f"DELETE FROM assess.{table} WHERE household_id IN (SELECT household_id FROM wanted)")  # noqa: S608
    for step in steps(*KEPT):
        warehouse.run(conn, step, **params, run_id=run_id)
