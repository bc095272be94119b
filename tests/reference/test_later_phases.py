"""On random histories, PostgreSQL and the plain statements of `national-2020` and `national-2022` say the same of every household."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

import pytest
from sqlalchemy.engine import Engine

from reference import relabelled, ten_outcomes
from reference.asking import read_answers
from reference.comparing import describe, differences, pointed_county, random_county
from reference.database import planned
from reference.evaluator import Answer, Judgement, evaluate
from reference.later_words import retold
from reference.relabelled import Relabelled
from reference.ten_outcomes import TenOutcomes
from reference.world import World, load
from tf_integration.assess import assess
from tf_integration.model.plan import InForce, load_plans

__all__ = ["planned"]
PLANS: dict[str, type[Judgement]] = {"national-2020": Relabelled, "national-2022": TenOutcomes}
RANDOM, POINTED = 70200, 70202


class Asked(NamedTuple):
    """A world, its day, and what the SQL says of each of its households."""

    world: World
    as_at: date
    answers: dict[int, Answer]

    def apart(self, plan_id: str, earliest: bool = True) -> Iterator[str]:
        """Each household of which the plain statement says otherwise, described."""
        for household in self.world.household_ids():
            reference = evaluate(self.world, household, self.as_at, PLANS[plan_id])
            reference.plan_id = self.answers[household].plan_id
            if found := differences(self.answers[household], reference, earliest):
                yield describe(self.world, household, self.as_at, found)


@pytest.fixture(scope="module")
def asked(planned: Engine):  # type: ignore[no-untyped-def]
    """Ask the SQL, once for each world and plan. The plan is in force on any day, so that histories of any years are judged by it."""

    @cache
    def ask(plan_id: str, is_pointed: bool, work_until: date | None = None) -> Asked:
        setting, world = pointed_county(POINTED, 1) if is_pointed else random_county(RANDOM, 20)
        world = retold(setting, world, RANDOM)
        shipped = load_plans()[plan_id]
        changes: dict[str, object] = {"in_force": InForce.model_validate({"from": date(2000, 1, 1)})}
        if work_until and shipped.employment:
            changes["employment"] = shipped.employment.model_copy(update={"to": work_until})
        with planned.connect() as conn:
            try:
                load(conn, world)
                assess(conn, as_at=setting.as_at, full=True, plans=[shipped.model_copy(update=changes)])
                return Asked(world, setting.as_at, read_answers(conn))
            finally:
                conn.rollback()

    return ask


@pytest.mark.parametrize("is_pointed", [False, True])
@pytest.mark.parametrize("plan_id", PLANS)
def test_both_say_the_same(asked, plan_id: str, is_pointed: bool) -> None:  # type: ignore[no-untyped-def]
    found = asked(plan_id, is_pointed)
    apart = list(found.apart(plan_id))
    assert not apart, "\n\n".join(apart[:3])
    assert len({a.status for a in found.answers.values()}) > 1, "the histories show more than one answer"


def test_the_result_by_work_ends_on_its_day(asked, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    last = date(2016, 1, 1)
    monkeypatch.setattr(TenOutcomes, "work_until", last)
    apart = list(asked("national-2022", True, last).apart("national-2022", earliest=False))
    assert not apart, apart[0]
    monkeypatch.setattr(TenOutcomes, "work_until", date(2022, 9, 30))
    assert any(asked("national-2022", True, last).apart("national-2022", earliest=False)), "somebody turns on it"


@pytest.mark.parametrize(("name", "becomes"), [
    ("NEEDS", 2), ("NEEDS", 4), ("TERMS", 3), ("CLOSED_MONTHS", 7), ("ATTENDS_PERCENT", 85), ("DEBT", ("eviction",)), ("EARLIER", {})])
def test_a_figure_of_2022_that_is_moved_is_found(asked, monkeypatch: pytest.MonkeyPatch, name: str, becomes: object) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(ten_outcomes, name, becomes)
    assert any(found for is_pointed in (False, True) for found in asked("national-2022", is_pointed).apart("national-2022", earliest=False))


def test_homelessness_left_out_of_2020_is_found(asked, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(relabelled, "HOMELESS", ("nobody",))
    assert any(found for is_pointed in (False, True) for found in asked("national-2020", is_pointed).apart("national-2020", earliest=False))
