"""`judge`: each case is put to the reference evaluator and to the platform's SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
from reference.asking import ask_sql
from reference.database import planned
from reference.evaluator import Answer, evaluate

from spec.families import County, Family

__all__ = ["Judge", "judge", "planned"]
Ask = Callable[[County], dict[int, Answer]]


class Answers(Mapping[Family, Answer]):
    """The answer for each family of a county, asked when the first is wanted, so that a case may add families till then."""

    def __init__(self, county: County, ask: Ask) -> None:
        self._county, self._ask = county, ask
        self._found: dict[int, Answer] | None = None

    def __getitem__(self, family: Family) -> Answer:
        if self._found is None:
            self._found = self._ask(self._county)
        return self._found[family.household_id]

    def __iter__(self) -> Iterator[Family]:
        return iter(self._county.families)

    def __len__(self) -> int:
        return len(self._county.families)


Judge = Callable[[County], Answers]


@pytest.fixture(params=["reference", "sql"])
def judge(request: pytest.FixtureRequest) -> Judge:
    """Give the answers for the families of a county."""
    if request.param == "reference":
        return lambda county: Answers(county, _by_reference)
    engine = request.getfixturevalue("planned")
    return lambda county: Answers(county, lambda c: ask_sql(engine, c.world, c.as_at))


def _by_reference(county: County) -> dict[int, Answer]:
    world = county.world
    return {f.household_id: evaluate(world, f.household_id, county.as_at) for f in county.families}
