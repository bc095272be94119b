"""What was answered on each of several nights is answered again, to the byte, long after late facts and corrections."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from reference.comparing import random_county
from reference.database import planned
from reference.world import load
from sqlalchemy.engine import Connection, Engine

from tf_integration.assess import assess
from tf_integration.assess.plans import store_plan
from tf_integration.flow import marts
from tf_integration.flow.changes import changes
from tf_integration.flow.explain import explain
from tf_integration.model.errors import CallError
from tf_integration.model.plan import load_plans

__all__ = ["planned"]
NOW_ONLY = ("run_id", "family_refs", "adults", "children")  # shown as they are now, whatever is asked


def run(conn: Connection, sql: str, **params: Any) -> Any:
    return conn.execute(sa.text(sql), params)


def late_facts(conn: Connection) -> None:
    """Some facts come only now, and some are withdrawn."""
    run(conn, "UPDATE on_its_way SET known_from = clock_timestamp()")
    run(conn, "INSERT INTO core.fact SELECT * FROM on_its_way")
    run(conn, "UPDATE core.fact SET known_to = clock_timestamp() WHERE fact_id % 7 = 3 AND known_to = 'infinity'")


def corrected_matches(conn: Connection) -> None:
    """Two people's records change hands: what was known of one is now of the other."""
    first, second = run(conn, "SELECT min(person_id), max(person_id) FROM identity.person").one()
    pair = {"a": first, "b": second}
    run(
        conn,
        """WITH was AS (UPDATE identity.person_link SET known_to = clock_timestamp()
                              WHERE person_id IN (:a, :b) AND known_to = 'infinity' RETURNING *)
                 INSERT INTO identity.person_link (source_record_id, person_id, decided_by, because, run_id, known_from)
                 SELECT source_record_id, :a + :b - person_id, 'person', 'corrected', 1, clock_timestamp() FROM was""",
        **pair,
    )


def another_birth_date(conn: Connection) -> None:
    """A third of the people turn out to have been born nine years earlier; some have no date any more."""
    told = run(
        conn,
        "INSERT INTO identity.run (as_at, code_version, known_at) VALUES ('2001-01-01', 'v', clock_timestamp()) "
        "RETURNING run_id",
    ).scalar()
    run(
        conn,
        "UPDATE identity.person SET run_id = :run, date_of_birth = date_of_birth - interval '9 years' "
        "WHERE person_id % 3 = 0",
        run=told,
    )
    run(conn, "UPDATE identity.person SET run_id = :run, date_of_birth = NULL WHERE person_id % 7 = 1", run=told)


def other_households(conn: Connection) -> None:
    """Some members turn out to have left."""
    run(
        conn,
        """WITH was AS (UPDATE identity.membership SET known_to = clock_timestamp()
                              WHERE person_id % 4 = 2 AND known_to = 'infinity' RETURNING *)
                 INSERT INTO identity.membership (household_id, person_id, valid, basis, run_id, known_from)
                 SELECT household_id, person_id, valid * daterange(NULL, '2018-01-01'), basis, run_id, clock_timestamp()
                 FROM was WHERE NOT isempty(valid * daterange(NULL, '2018-01-01'))""",
    )


def another_plan(conn: Connection) -> None:
    plan = load_plans()["national-2015"]
    store_plan(conn, plan.model_copy(update={"needs": 3, "hash": "another"}))


def less_coverage(conn: Connection) -> None:
    run(conn, "UPDATE core.coverage SET known_to = clock_timestamp() WHERE feed LIKE 'police%'")


CORRECTIONS: list[Callable[[Connection], None]] = [
    late_facts, corrected_matches, another_birth_date, other_households, another_plan, less_coverage]  # fmt: skip
_KEPT = {
    "criterion_verdict": "household_id, side, problem, criterion, verdict, measure, threshold, says, "
    "unknown_feeds, test_no, plan_id",
    "problem_verdict": "household_id, problem, present, improved, present_since, criteria_met, first_met_on, "
    "evidence_count, not_known_because, plan_id",
    "readiness": "household_id, status, result, attached_on, problems_present, problems_improved, has_assessment, "
    "has_plan, has_lead_worker, has_tfop, why_not, what_next, earliest_on, "
    " binds, blocked_by_feed, value_pounds, plan_id",
    "evidence": "household_id, side, problem, criterion, person_id, fact_id, kind",
    "missing": "household_id, ord, test, verdict, says, what_next, whose, feeds, fine_on",
}


def answered(conn: Connection) -> str:
    """Every verdict that stands, as text in one order."""
    asked = {table: f"SELECT {columns} FROM assess.{table}" for table, columns in _KEPT.items()}  # noqa: S608
    rows = {table: sorted(tuple(str(v) for v in row) for row in run(conn, sql)) for table, sql in asked.items()}
    return json.dumps(rows)


def explained(conn: Connection, household: int, **asked: Any) -> str:
    told = explain(conn, household, **asked)
    return json.dumps({k: v for k, v in told.items() if k not in NOW_ONLY}, default=str)


def test_each_night_is_answered_again_to_the_byte(planned: Engine) -> None:
    setting, world = random_county(4, 14)
    with planned.connect() as conn:
        marts.create(conn)
        load(conn, world)
        run(conn, "CREATE TABLE on_its_way AS SELECT * FROM core.fact WHERE fact_id % 5 = 1")
        run(conn, "DELETE FROM core.fact WHERE fact_id % 5 = 1")
        nights: list[tuple[date, datetime, str, dict[int, str]]] = []
        as_at, households = setting.as_at, world.household_ids()
        for night, correct in enumerate([lambda conn: None, *CORRECTIONS]):
            as_at += timedelta(days=9 * night)
            correct(conn)
            assess(conn, as_at)
            known_at = run(conn, "SELECT known_at FROM assess.run ORDER BY run_id DESC LIMIT 1").scalar()
            said = {h: explained(conn, h) for h in households if run(
                conn, "SELECT 1 FROM assess.readiness WHERE household_id = :h", h=h).scalar()}  # fmt: skip
            nights.append((as_at, known_at, answered(conn), said))
        assert len({told for _, _, told, _ in nights}) == len(nights), "every correction changed some answer"
        for as_at, known_at, told, said in nights:
            with conn.begin_nested() as trial:
                assess(conn, as_at, known_at, full=True, dry=True)
                assert answered(conn) == told, as_at
                trial.rollback()
            for household in list(said)[:3]:
                assert explained(conn, household, as_at=as_at, known_at=known_at) == said[household]
        conn.rollback()


def test_a_person_who_is_erased_leaves_no_birth_date(planned: Engine) -> None:
    with planned.connect() as conn:
        load(conn, random_county(4, 3)[1])
        another_birth_date(conn)
        assert run(conn, "SELECT count(*) FROM identity.person_born WHERE known_to < 'infinity'").scalar()
        run(conn, "DELETE FROM identity.person")
        assert run(conn, "SELECT count(*) FROM identity.person_born").scalar() == 0
        conn.rollback()


def test_what_changed_between_two_instants_and_why(planned: Engine) -> None:
    """Each correction is named for the households that it touched, and for no other span of time."""
    setting, world = random_county(4, 14)
    reasons = {
        late_facts: ("late fact", "late_facts"), corrected_matches: ("corrected match", "links"),
        another_birth_date: ("corrected match", "birth_dates"), other_households: ("household change", "members"),
        another_plan: ("plan change", "plans"),
    }  # fmt: skip
    with planned.connect() as conn:
        load(conn, world)
        run(conn, "CREATE TABLE on_its_way AS SELECT * FROM core.fact WHERE fact_id % 5 = 1")
        run(conn, "DELETE FROM core.fact WHERE fact_id % 5 = 1")
        assess(conn, setting.as_at)
        for correct, (because, count) in reasons.items():
            before = run(conn, "SELECT clock_timestamp()").scalar()
            was = {r.household_id: r.status for r in run(conn, "SELECT household_id, status FROM assess.readiness")}
            assert changes(conn, before, run(conn, "SELECT clock_timestamp()").scalar()) == []
            correct(conn)
            assess(conn, setting.as_at)
            told = changes(conn, before, run(conn, "SELECT clock_timestamp()").scalar())
            touched = [row for row in told if row[count]]
            assert touched, correct.__name__
            assert all(because in row["because"] for row in touched)
            moved = {
                row["household_id"]: (row["status_was"], row["status_is"])
                for row in told
                if row["status_was"] != row["status_is"]
            }
            now = {r.household_id: r.status for r in run(conn, "SELECT household_id, status FROM assess.readiness")}
            assert moved == {h: (was[h], s) for h, s in now.items() if s != was[h]}
            assert all(row["because"] for row in told)
            if correct in (late_facts, corrected_matches, another_birth_date, another_plan):
                asked = "SELECT because FROM assess.status_change WHERE run_id = (SELECT max(run_id) FROM assess.run)"
                assert set(run(conn, asked).scalars()) <= {because, "new fact", "household change"}
        one = touched[0]["household_id"]
        assert [
            r["household_id"] for r in changes(conn, before, run(conn, "SELECT clock_timestamp()").scalar(), one)
        ] == [one]
        conn.rollback()


def test_the_second_instant_comes_after_the_first(planned: Engine) -> None:
    with planned.connect() as conn, pytest.raises(CallError, match="not after the first"):
        changes(conn, datetime(2019, 1, 2, tzinfo=UTC), datetime(2019, 1, 1, tzinfo=UTC))
