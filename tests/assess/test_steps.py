"""How the steps of a run are put to the planner: working tables have no index, so they are joined by hash."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from reference.comparing import random_county
from reference.database import planned
from reference.world import load
from sqlalchemy.engine import Engine

from tf_integration.assess import assess
from tf_integration.assess.run import steps
from tf_integration.store import warehouse

__all__ = ["planned"]


@pytest.mark.parametrize(("step", "stored"), [
    ("assess/135_unknown_feed.sql", False), ("assess/104_problem.sql", False), ("assess/030_person_event.sql", True),
    ("assess/056_enrolled.sql", True), ("assess/022_member.sql", True), ("assess/156_problem_verdict.sql", True),
])  # fmt: skip
def test_a_step_says_in_its_text_whether_it_reads_stored_tables(step: str, stored: bool) -> None:
    assert warehouse.reads_stored_tables(step) is stored


def test_steps_over_working_tables_alone_do_not_nest_and_the_others_may(planned: Engine) -> None:
    seen: dict[str, str] = {}
    texts = {warehouse.statement(step): step for step in steps(10, 146)}
    setting, world = random_county(7, 5)
    with planned.connect() as conn:
        load(conn, world)

        def noted(_conn: Any, cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:
            step = texts.get(str(getattr(getattr(context, "invoked_statement", None), "text", "")))
            if step:
                cursor.execute("SHOW enable_nestloop")
                seen[step] = cursor.fetchone()[0]

        sa.event.listen(conn, "before_cursor_execute", noted)
        assess(conn, setting.as_at, full=True)
        assert conn.exec_driver_sql("SHOW enable_nestloop").scalar_one() == "on"
        conn.rollback()
    assert len(seen) > 50
    assert {step: "on" if warehouse.reads_stored_tables(step) else "off" for step in seen} == seen
