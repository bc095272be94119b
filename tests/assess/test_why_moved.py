"""Why a status moved, in a word: what came late, what is new, and what is a correction."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from reference.comparing import random_county
from reference.database import planned
from reference.world import load
from sqlalchemy.engine import Connection, Engine

from tf_integration.assess import assess

WHY = "SELECT because FROM assess.status_change WHERE run_id = (SELECT max(run_id) FROM assess.run)"
LINKS = "identity.person_link WHERE source_record_id % 2 = 1"
MILESTONES = "core.fact WHERE source_record_id IS NULL"


__all__ = ["planned"]


def run(conn: Connection, sql: str) -> sa.CursorResult:
    return conn.execute(sa.text(sql))


def why(conn: Connection) -> list[str]:
    return list(run(conn, WHY).scalars())


@pytest.mark.parametrize(("table", "held_back"), [("identity.person_link", LINKS), ("core.fact", MILESTONES)])
def test_a_first_record_of_somebody_and_a_late_milestone_are_late_facts_and_no_correction(
    planned: Engine, table: str, held_back: str
) -> None:
    setting, world = random_county(6, 40)
    with planned.connect() as conn:
        load(conn, world)
        run(conn, f"CREATE TABLE on_its_way AS SELECT * FROM {held_back}")  # noqa: S608
        run(conn, f"DELETE FROM {held_back}")  # noqa: S608
        assess(conn, setting.as_at)
        run(conn, "UPDATE on_its_way SET known_from = clock_timestamp()")
        run(conn, f"INSERT INTO {table} SELECT * FROM on_its_way")  # noqa: S608
        assess(conn, setting.as_at)
        moved = why(conn)
        assert moved
        assert set(moved) == {"late fact"}
        conn.rollback()


def test_a_record_that_is_taken_away_is_a_correction(planned: Engine) -> None:
    setting, world = random_county(6, 40)
    with planned.connect() as conn:
        load(conn, world)
        assess(conn, setting.as_at)
        run(conn, """
            WITH gone AS (UPDATE identity.person_link SET known_to = clock_timestamp()
                          WHERE source_record_id % 2 = 1 AND known_to = 'infinity' RETURNING *)
            INSERT INTO identity.person_link (source_record_id, person_id, decided_by, because, run_id, known_from)
            SELECT source_record_id, -source_record_id, decided_by, because, run_id, known_to FROM gone""")
        assess(conn, setting.as_at)
        moved = why(conn)
        assert moved
        assert set(moved) == {"corrected match"}
        conn.rollback()
