"""Judge households: plans as rows in, the SQL files of `sql/assess` in order, verdicts and evidence out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tf_integration.assess.plan_rows import plan_rows
from tf_integration.model.plan import Plan
from tf_integration.store import warehouse

# Each writes one working table (or adds to one) from those before it; see sql/assess/README.md.
CALENDAR = (
    "010_half_term_day",
    "012_term_window",
    "013_feed_run",
    "014_uncovered_feed",
    "015_uncovered",
    "016_shown_rule",
)
STEPS = (
    "020_hh",
    "022_member",
    "024_subject",
    "026_child_days",
    "030_person_event",
    "032_person_spell",
    "034_family_event",
    "072_latest",
    "040_hit_single",
    "042_hit_counted",
    "050_attended",
    "052_attendance_rate",
    "054_hit_rate",
    "056_enrolled",
    "058_schooling",
    "060_doubt_school",
    "062_doubt_feed",
    "064_doubt_unmatched",
    "070_fewer",
    "074_hit_latest",
    "080_person_to_household",
    "090_answer",
    "100_criterion",
    "102_nomination_route",
    "104_problem",
    "106_problem_now",
    "110_principle",
    "120_worker",
    "122_worker_weeks",
    "124_employment",
    "128_fine",
    "130_sustained",
    "135_unknown_feed",
    "140_test",
    "145_readiness",
)
WRITES = (
    "148_evidence",
    "149_evidence_attendance",
    "150_measure",
    "152_criterion_verdict",
    "154_outcome_verdict",
    "156_problem_verdict",
    "158_status_change",
    "160_readiness",
    "162_due",
    "164_rule_window",
)
_WORKING = (
    "hh",
    "member",
    "subject",
    "occurrence",
    "attended",
    "attendance_rate",
    "enrolled",
    "schooling",
    "half_term_day",
    "answer",
    "person_finding",
    "criterion",
    "problem",
    "problem_now",
    "worker",
    "outcome",
    "unknown_feed",
    "term_window",
)


def stored_plans(conn: Connection) -> list[Plan]:
    """The plans in the warehouse, in order of coming into force."""
    found = warehouse.rows(conn, "SELECT document, plan_hash FROM assess.plan ORDER BY lower(in_force)")
    return [Plan(**{**row["document"], "hash": row["plan_hash"]}) for row in found]


def prepare(conn: Connection, as_at: date, known_at: datetime, plans: Iterable[Plan]) -> str:
    """Lay out the plans as rows, the calendar and the coverage; returns the coverage's signature."""
    warehouse.run(conn, "assess/000_inputs.sql")
    for table, rows in plan_rows(plans, as_at).items():
        _insert(conn, table, rows)
    _steps(conn, CALENDAR, {"as_at": as_at, "known_at": known_at})
    return str(warehouse.run(conn, "assess/017_coverage_signature.sql", as_at=as_at).scalar())


def judge(conn: Connection, as_at: date, known_at: datetime) -> dict[str, Any]:
    """Fill the working tables for the households in `wanted`; returns the parameters of the SQL."""
    conn.exec_driver_sql("ANALYZE wanted")
    params: dict[str, Any] = {"as_at": as_at, "known_at": known_at}
    _steps(conn, STEPS[:1], params)
    params["first_term_day"] = _first_term_day(conn)
    _steps(conn, STEPS[1:], params)
    return params


def _steps(conn: Connection, steps: Iterable[str], params: dict[str, Any]) -> None:
    for step in steps:
        warehouse.run(conn, f"assess/{step}.sql", **params)
        table = warehouse.made_by(f"assess/{step}.sql")
        if table in _WORKING:
            conn.exec_driver_sql(f"ANALYZE {table}")


def _first_term_day(conn: Connection) -> date:
    return warehouse.run(conn, "assess/term__first_day.sql").scalar() or date(1900, 1, 1)


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
    if table == "plan":
        values = ", ".join("CAST(:in_force AS daterange)" if n == "in_force" else f":{n}" for n in names)
    else:
        values = ", ".join(_cast(n) for n in names)
    conn.execute(sa.text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"), rows)  # noqa: S608 - our own names


def _cast(name: str) -> str:
    lists = ("code", "outcome", "role", "good", "told_by", "told_by_work", "told_by_benefit")
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
    for table in ("criterion_verdict", "problem_verdict", "evidence"):
        conn.exec_driver_sql(f"DELETE FROM assess.{table} WHERE household_id IN (SELECT household_id FROM wanted)")  # noqa: S608
    for step in WRITES:
        warehouse.run(conn, f"assess/{step}.sql", **params, run_id=run_id)
