"""On random histories, PostgreSQL and the plain statement of `national-2012` say the same of every household."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.engine import Engine

from reference.asking import read_answers
from reference.comparing import describe, differences, pointed_county, random_county
from reference.database import planned
from reference.evaluator import Answer, evaluate
from reference.phase_one import PhaseOne, without_universal_credit
from reference.world import World, load
from tf_integration.assess import assess
from tf_integration.model.plan import InForce, Plan, load_plans

__all__ = ["planned"]


def always() -> Plan:
    """The plan as shipped, in force on any day, so that histories of any years are judged by it."""
    days = InForce.model_validate({"from": date(2000, 1, 1)})
    return load_plans()["national-2012"].model_copy(update={"in_force": days})


def ask(engine: Engine, world: World, as_at: date) -> dict[int, Answer]:
    with engine.connect() as conn:
        try:
            load(conn, world)
            assess(conn, as_at=as_at, full=True, plans=[always()])
            return read_answers(conn)
        finally:
            conn.rollback()


@pytest.mark.parametrize("number", [70100, 70101])
def test_random_families(planned: Engine, number: int) -> None:
    setting, world = random_county(number, 20)
    compare(planned, world, setting.as_at)


def test_families_near_every_edge(planned: Engine) -> None:
    setting, world = pointed_county(70102, 2)
    compare(planned, world, setting.as_at)


def compare(engine: Engine, world: World, as_at: date) -> None:
    world.claims = []
    answers = ask(engine, world, as_at)
    apart = []
    statuses = set()
    for household in world.household_ids():
        reference = evaluate(without_universal_credit(world), household, as_at, PhaseOne)
        reference.plan_id = answers[household].plan_id
        statuses.add(reference.status)
        if found := differences(answers[household], reference):
            apart.append(describe(world, household, as_at, found))
    assert not apart, "\n\n".join(apart[:3])
    assert len(statuses) >= 2, "the histories show more than one answer"


def test_a_figure_that_is_moved_is_found(planned: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    setting, world = random_county(70100, 20)
    monkeypatch.setattr(PhaseOne, "needs", 2)
    with pytest.raises(AssertionError, match="household"):
        compare(planned, world, setting.as_at)
