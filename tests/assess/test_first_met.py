"""The first day on which a problem was met is a day of the facts, not the day on which somebody looked."""

from __future__ import annotations

from datetime import date

import pytest
from reference.database import planned
from reference.world import load
from spec.families import County
from sqlalchemy.engine import Engine

from tf_integration.assess import assess
from tf_integration.store import warehouse

__all__ = ["planned"]

CLOSE_OF_SPRING = date(2018, 3, 31)


@pytest.mark.parametrize("as_at", ["2018-06-30", "2018-07-02"])
@pytest.mark.parametrize("attached_on", [None, "2018-05-01"])
def test_attendance_is_too_low_since_its_last_term_closed(
    planned: Engine, as_at: str, attached_on: str | None
) -> None:
    county = County(as_at)
    family = county.family(attached=attached_on).adult("mum").child("kid", "2008-05-01")
    family.absent("kid", attended=80, authorised=20)
    with planned.connect() as conn:
        load(conn, county.world)
        assess(conn, county.as_at, full=True)
        found = warehouse.rows(conn, "SELECT first_met_on FROM assess.problem_verdict WHERE problem = 'education'")
        assert [row["first_met_on"] for row in found] == [CLOSE_OF_SPRING]
        conn.rollback()
