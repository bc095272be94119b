"""On random histories, PostgreSQL and the plain evaluator say the same of every household.

`TFI_REFERENCE_COUNTIES=100` compares more than the few hundred households of an ordinary run; `TFI_REFERENCE_SEED` others.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from reference.asking import ask_sql
from reference.comparing import (
    Setting,
    describe,
    describe_coverage,
    disagreements,
    pointed_county,
    random_county,
    smallest,
)
from reference.evaluator import Answer
from reference.world import World

HERE = Path(__file__).parent
COUNTIES = int(os.environ.get("TFI_REFERENCE_COUNTIES", "6"))
FAMILIES = int(os.environ.get("TFI_REFERENCE_FAMILIES", "30"))
SEED = int(os.environ.get("TFI_REFERENCE_SEED", "1"))


@pytest.mark.parametrize("n", range(COUNTIES))
def test_sql_and_reference_agree_on_random_histories(planned: Engine, n: int) -> None:
    """Every verdict, status, result, list of problems and earliest day."""
    _agree(planned, *random_county(SEED * 10_000 + n, FAMILIES))


@pytest.mark.parametrize("n", range(max(2, COUNTIES // 3)))
def test_sql_and_reference_agree_near_every_edge(planned: Engine, n: int) -> None:
    """The same of small families that each turn on one edge."""
    _agree(planned, *pointed_county(SEED * 10_000 + 5_000 + n, FAMILIES // 8))


def _agree(planned: Engine, setting: Setting, world: World) -> None:
    def ask(some: World, as_at: date) -> dict[int, Answer]:
        return ask_sql(planned, some, as_at)

    found = disagreements(world, setting.as_at, ask)
    if found:
        pytest.fail(_say(setting, world, found, ask), pytrace=False)


def _say(setting: Setting, world: World, found: dict[int, list[str]], ask) -> str:  # type: ignore[no-untyped-def]
    first = min(found, key=lambda h: len(world.only(h).facts))
    least = smallest(world, first, setting.as_at, ask)
    household = least.household_ids()[0]
    differs = disagreements(least, setting.as_at, ask).get(household, [])
    summary = sorted({line.split(":")[0] for lines in found.values() for line in lines})
    return "\n".join([f"{len(found)} of {len(world.household_ids())} households differ, in: {', '.join(summary)}",
                      "the smallest case:", describe(least, household, setting.as_at, differs), describe_coverage(setting)])


def test_the_reference_shares_no_code_with_what_it_checks() -> None:
    """The evaluator is worth comparing with only while it is written apart."""
    for name in ("meanings", "identified", "claims", "evaluator"):
        assert "tf_integration" not in (HERE / f"{name}.py").read_text()
