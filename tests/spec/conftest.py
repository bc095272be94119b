"""`judge`: each case is put to the reference evaluator and to the platform's SQL.

A full assessment costs much the same for one household as for hundreds, so the counties of all chosen cases that share
a day and coverage are put to the SQL together. To know them, each case is first gone through with the reference's answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import count
from typing import Any

import pytest
from reference.asking import ask_sql
from reference.database import planned
from reference.evaluator import Answer, evaluate
from reference.world import World, combine
from sqlalchemy.engine import Engine

from spec.families import County, Family

__all__ = ["Judge", "judge", "planned", "sql_answers"]
Found = dict[int, Answer]
Key = tuple[str, int]                                        # a case, and which of its counties


class Answers(Mapping[Family, Answer]):
    """The answer for each family of a county, asked when the first is wanted, so that a case may add families till then."""

    def __init__(self, county: County, ask: Callable[[County], Found]) -> None:
        self._county, self._ask = county, ask
        self._found: Found | None = None

    def __getitem__(self, family: Family) -> Answer:
        if self._found is None:
            self._found = self._ask(self._county)
        return self._found[family.household_id]

    def __iter__(self) -> Iterator[Family]:
        return iter(self._county.families)

    def __len__(self) -> int:
        return len(self._county.families)


Judge = Callable[[County], Answers]
_FOUND: dict[Key, Found] = {}


@pytest.fixture(params=["reference", "sql"])
def judge(request: pytest.FixtureRequest) -> Judge:
    """Give the answers for the families of a county."""
    numbers = count()
    case = request.node.nodeid.replace("[reference", "[sql")
    if request.param == "reference":
        return lambda county: _by_reference((case, next(numbers)), county)
    answers = request.getfixturevalue("sql_answers")

    def by_sql(county: County) -> Answers:
        key = case, next(numbers)
        return Answers(county, lambda _: answers[key])

    return by_sql


@pytest.fixture(scope="session")
def sql_answers(request: pytest.FixtureRequest, planned: Engine) -> dict[Key, Found]:
    """What the SQL says of every county of every chosen case."""
    shared: dict[tuple[Any, ...], list[tuple[Key, County]]] = {}
    for key, county in _counties(request.session.items):
        shared.setdefault(county.key, []).append((key, county))
    answers = {}
    for together in shared.values():
        answers |= _ask_together(planned, together)
    return answers


def _by_reference(key: Key, county: County) -> Answers:
    """The reference's answers, found once for the two goes through a case."""

    def ask(county: County) -> Found:
        if key not in _FOUND:
            world = county.world
            _FOUND[key] = {f.household_id: evaluate(world, f.household_id, county.as_at) for f in county.families}
        return _FOUND[key]

    return Answers(county, ask)


def _counties(items: list[pytest.Item]) -> Iterator[tuple[Key, County]]:
    for item in items:
        params = getattr(getattr(item, "callspec", None), "params", {})
        if params.get("judge") != "sql":
            continue
        met: list[tuple[Key, County]] = []
        numbers = count()

        def note(county: County, item: pytest.Item = item, met: list = met, numbers: count = numbers) -> Answers:  # type: ignore[type-arg]
            met.append(((item.nodeid, next(numbers)), county))
            return _by_reference(met[-1][0], county)

        with suppress(AssertionError):                       # the case itself will say what is wrong
            item.function(note, **{k: v for k, v in params.items() if k != "judge"})  # type: ignore[attr-defined]
        yield from met


def _ask_together(engine: Engine, together: list[tuple[Key, County]]) -> dict[Key, Found]:
    worlds: list[World] = [county.world for _, county in together]
    as_at: date = together[0][1].as_at
    whole = combine(worlds)
    whole.coverage = list(dict.fromkeys(c for world in worlds for c in world.coverage))
    answers = ask_sql(engine, whole, as_at)
    return {key: {f.household_id: _as_alone(answers[n * 100 + f.household_id]) for f in county.families}
            for n, (key, county) in enumerate(together, 1)}


def _as_alone(answer: Answer) -> Answer:
    """The answer with the claim's reference as the case gave it: together, each has its county's number behind it."""
    answer.claimed_as = answer.claimed_as and answer.claimed_as.rpartition("/")[0]
    return answer
