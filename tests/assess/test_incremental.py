"""A night that judges only what can have changed ends where a night that judges everything ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from reference.comparing import random_county
from reference.database import planned
from reference.world import load
from spec.families import County
from sqlalchemy.engine import Connection, Engine

from tf_integration.assess import assess

__all__ = ["planned"]
DAYS = (1, 1, 5, 30, 61)          # between one night and the next

_TABLES = {
    "every_verdict": "household_id, side, problem, criterion, verdict, measure, threshold, says, unknown_feeds, "
                         "test_no",
    "problem_verdict": "household_id, problem, present, improved, present_since, criteria_met, evidence_count, "
                       "not_known_because",
    "readiness": "household_id, status, result, attached_on, problems_present, problems_improved, why_not, what_next, "
                 "earliest_on, binds, blocked_by_feed, value_pounds",
    "evidence": "household_id, side, problem, criterion, person_id, fact_id",
    "missing": "household_id, ord, test, verdict, says, what_next, whose, feeds, fine_on",
    "lapse": "household_id, lapses_on, because",
}


def kept(conn: Connection) -> dict[str, set[tuple[Any, ...]]]:
    """Every row of the verdict tables, without the run that wrote it."""
    asked = {table: sa.text(f"SELECT {columns} FROM assess.{table}") for table, columns in _TABLES.items()}  # noqa: S608
    return {table: {tuple(str(v) for v in row) for row in conn.execute(sql)} for table, sql in asked.items()}


@pytest.mark.parametrize("number", [3, 4, 5])
def test_a_due_run_equals_a_full_one(planned: Engine, number: int) -> None:
    """Each night a tenth of the facts is withdrawn or comes back; days pass; birthdays, windows and terms move."""
    setting, world = random_county(number, 25)
    as_at = setting.as_at
    with planned.connect() as conn:
        load(conn, world)
        assess(conn, as_at, full=True)
        judged = []
        for night, days in enumerate(DAYS):
            as_at += timedelta(days=days)
            _change_facts(conn, night)
            told = assess(conn, as_at)
            judged.append(told["scope"])
            due = kept(conn)
            with conn.begin_nested() as undo:
                assess(conn, as_at, full=True)
                full = kept(conn)
                undo.rollback()
            for table in _TABLES:
                assert due[table] == full[table], (night, table, sorted(due[table] ^ full[table])[:6])
        conn.rollback()
    assert "due" in judged


def _change_facts(conn: Connection, night: int) -> None:
    """Withdraw some facts and let some that were withdrawn stand again, as a partner's corrections would."""
    conn.execute(sa.text("UPDATE core.fact SET known_to = 'infinity' WHERE known_to < 'infinity'"))
    conn.execute(sa.text("UPDATE core.fact SET known_from = clock_timestamp() WHERE fact_id % 10 = :last"),
                 {"last": (night - 1) % 10})
    conn.execute(sa.text("UPDATE core.fact SET known_to = clock_timestamp() WHERE fact_id % 10 = :now"),
                 {"now": night % 10})


def test_whoever_comes_of_age_years_ahead_decides_nothing_today(planned: Engine) -> None:
    """A child comes into sight as a later worker on a night on which nothing is due: the mother's work is shown."""
    county = County("2018-06-20")
    child_first = county.family(attached="2017-01-10").child("kid", born="2003-09-20").adult("mum")
    child_first.fact("benefit", "mum", "2016-12-01", code="JSA")
    with planned.connect() as conn:
        load(conn, county.world)
        assess(conn, county.as_at, full=True)
        for _ in range(3):                   # the child is 18 three years and 91 days after the second of these
            county.as_at += timedelta(days=1)
            told = assess(conn, county.as_at)
            assert (told["scope"], told["households"]) == ("due", 0)
        due = kept(conn)
        assess(conn, county.as_at, full=True)
        assert kept(conn) == due
        assert any("employment" in row for row in due["evidence"])
        conn.rollback()
