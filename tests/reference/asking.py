"""Ask the platform's SQL what the reference evaluator is asked, and put its answer in the same words."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from reference.evaluator import Answer
from reference.world import World, load

PRINCIPLES = ("assessment", "plan", "lead_worker", "tfop_agreed", "dependent_child")


def ask_sql(engine: Engine, world: World, as_at: date) -> dict[int, Answer]:
    """Load the world, assess it in full and read every answer; the warehouse is left as it was."""
    from tf_integration.assess import assess

    with engine.connect() as conn:
        try:
            load(conn, world)
            assess(conn, as_at=as_at, full=True)
            return read_answers(conn)
        finally:
            conn.rollback()


def read_answers(conn: Connection) -> dict[int, Answer]:
    """What the assess tables say, by household."""
    criteria: dict[int, dict[tuple[str, str, str], str]] = {}
    for row in conn.execute(sa.text("SELECT household_id, side, problem, criterion, verdict::text FROM assess.every_verdict")):
        criteria.setdefault(row.household_id, {})[row.side, row.problem, row.criterion] = row.verdict
    problems: dict[int, dict[str, sa.Row]] = {}
    for row in conn.execute(sa.text("SELECT household_id, problem, present::text, improved::text, present_since::text "
                                    "FROM assess.problem_verdict")):
        problems.setdefault(row.household_id, {})[row.problem] = row
    return {row.household_id: _answer(row, criteria.get(row.household_id, {}), problems.get(row.household_id, {}))
            for row in conn.execute(sa.text("SELECT * FROM assess.readiness"))}


def _answer(row: sa.Row, criteria: dict[tuple[str, str, str], str], problems: dict[str, sa.Row]) -> Answer:
    return Answer(
        plan_id=row.plan_id, attached_on=row.attached_on,
        criteria={(p, c): v for (side, p, c), v in criteria.items() if side == "identified"},
        present={p: r.present for p, r in problems.items()}, improved={p: r.improved for p, r in problems.items()},
        present_since={p: r.present_since for p, r in problems.items()},
        principles=dict.fromkeys(PRINCIPLES, "") | {name: v for (side, _, name), v in criteria.items() if side == "principle"},
        sustained=criteria.get(("result", "", "sustained"), ""), employment=criteria.get(("result", "", "employment"), ""),
        status=row.status, result=row.result, problems_present=tuple(sorted(row.problems_present)),
        problems_improved=tuple(sorted(row.problems_improved)),
        blocking=frozenset([row.blocked_by_feed] if row.blocked_by_feed else []), find_earliest=lambda: row.earliest_on,
        claimed_as=row.claimed_as)
