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
STEPS = (
    "010_half_term_day", "012_term_window", "013_feed_run", "014_uncovered_feed", "015_uncovered", "016_shown_rule",
    "020_hh", "022_member", "024_subject", "026_child_days",
    "030_person_event", "032_person_spell", "034_family_event", "072_latest",
    "040_hit_single", "042_hit_counted", "050_attended", "052_attendance_rate", "054_hit_rate", "056_enrolled", "058_schooling",
    "060_doubt_school", "062_doubt_feed", "064_doubt_unmatched", "070_fewer", "074_hit_latest", "080_person_to_household", "090_answer",
    "100_criterion", "102_nomination_route", "104_problem", "106_problem_now", "110_principle", "120_worker", "122_worker_weeks",
    "124_employment", "128_fine", "130_sustained", "135_unknown_feed", "140_test", "145_readiness",
)
WRITES = ("148_evidence", "149_evidence_attendance", "150_measure", "152_criterion_verdict", "154_outcome_verdict", "156_problem_verdict",
          "158_status_change", "160_readiness", "162_due")
_WORKING = ("hh", "member", "subject", "occurrence", "attended", "attendance_rate", "enrolled", "schooling", "half_term_day", "answer",
            "person_finding", "criterion", "problem", "problem_now", "worker", "outcome", "unknown_feed", "term_window")


def stored_plans(conn: Connection) -> list[Plan]:
    """The plans in the warehouse, in order of coming into force."""
    found = warehouse.rows(conn, "SELECT document, plan_hash FROM assess.plan ORDER BY lower(in_force)")
    return [Plan(**{**row["document"], "hash": row["plan_hash"]}) for row in found]


def judge(conn: Connection, as_at: date, known_at: datetime, households: Sequence[int] | None, plans: Iterable[Plan]) -> dict[str, Any]:
    """Fill the working tables for these households (None: all) as at a day and a state of knowledge."""
    plans = list(plans)
    warehouse.run(conn, "assess/000_inputs.sql")
    for table, rows in plan_rows(plans, as_at).items():
        _insert(conn, table, rows)
    _want(conn, households, known_at)
    longest = max((t.window_n or 0 for p in plans for q in p.problems.values()
                   for t in [*(t for c in q.identified.values() for t in c.tests), *q.improved.tests.values()]
                   if (t.window_unit or "").startswith("terms")), default=0)
    params: dict[str, Any] = {"as_at": as_at, "known_at": known_at, "first_term_day": date.min}
    for step in STEPS:
        if step == "030_person_event":
            params["first_term_day"] = _first_term_day(conn, longest)
        warehouse.run(conn, f"assess/{step}.sql", **params)
        table = warehouse.made_by(f"assess/{step}.sql")
        if table in _WORKING:
            conn.exec_driver_sql(f"ANALYZE {table}")
    return params


def _first_term_day(conn: Connection, terms: int) -> date:
    """The first day of the earliest window of whole terms that any of these households is judged on."""
    found = warehouse.scalar(conn, "SELECT min(w.starts_on) FROM term_window w, (SELECT min(lo) AS lo FROM hh) h WHERE w.days @> h.lo")
    return found or date(1900, 1, 1)


def _want(conn: Connection, households: Sequence[int] | None, known_at: datetime) -> None:
    if households is None:
        conn.execute(sa.text("INSERT INTO wanted SELECT DISTINCT household_id FROM identity.household "
                             "WHERE known_from <= :known_at AND known_to > :known_at"), {"known_at": known_at})
    else:
        conn.execute(sa.text("INSERT INTO wanted SELECT unnest(CAST(:ids AS bigint[]))"), {"ids": list(households)})
    conn.exec_driver_sql("ANALYZE wanted")


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


def start_run(conn: Connection, as_at: date, known_at: datetime, plans: Iterable[Plan], scope: str, without: Sequence[str]) -> int:
    """Record the run: which plans (by hash), which day, which state of knowledge, which code."""
    return int(warehouse.scalar(
        conn, "INSERT INTO assess.run (as_at, known_at, plan_hashes, code_version, scope, without) "
              "VALUES (:as_at, :known_at, CAST(:hashes AS jsonb), :code, :scope, CAST(:without AS jsonb)) RETURNING run_id",
        as_at=as_at, known_at=known_at, hashes=json.dumps({p.plan: p.hash for p in plans}), code=version("tf-integration"),
        scope=scope, without=json.dumps(list(without))))


def write(conn: Connection, run_id: int, params: dict[str, Any]) -> None:
    """Replace the judged households' verdicts, evidence and readiness with this run's."""
    for table in ("criterion_verdict", "problem_verdict", "evidence"):
        conn.exec_driver_sql(f"DELETE FROM assess.{table} WHERE household_id IN (SELECT household_id FROM wanted)")  # noqa: S608
    for step in WRITES:
        warehouse.run(conn, f"assess/{step}.sql", **params, run_id=run_id)
