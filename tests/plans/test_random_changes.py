"""Random edits of a plan over random families: what `impact` names beforehand is what activation then moves."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from reference.comparing import random_county
from reference.world import load

from tf_integration import assess
from tf_integration.flow.plans import find_plan, impact
from tf_integration.flow.signing import activate, sign
from tf_integration.model.plan import PLANS
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

SHIPPED = (PLANS / "national-2015.yaml").read_text()
# Figures that no worked example turns on, so that the edited plan can be signed: improvement, results, needs.
FIGURES = re.compile(
    r"(?P<before>\{says: [^\n]*?window: |^needs: |at_most_share: 0\.|or_open_for: |ended_for: |need: |school_to: )"
    r"(?P<n>\d+)",
    re.MULTILINE,
)
BETWEEN = {"needs: ": (1, 4), "at_most_share: 0.": (1, 9), "need: ": (1, 13), "school_to: ": (15, 18)}


def edited(rng: Random) -> tuple[str, str]:
    """The shipped text with one to three of its figures changed, each once, and what was changed."""
    text, said = SHIPPED, []
    for nth in rng.sample(range(len(list(FIGURES.finditer(text)))), rng.randint(1, 3)):
        found = list(FIGURES.finditer(text))[nth]
        least, most = BETWEEN.get(found["before"], (1, 24))
        now = rng.choice([n for n in range(least, most + 1) if n != int(found["n"])])
        text = text[: found.start("n")] + str(now) + text[found.end("n") :]
        said.append(f"{found['before'][-40:]}{found['n']} -> {now}")
    return text, "; ".join(said)


def test_what_impact_names_is_what_activation_moves(warehouse_url: str, home: Path) -> None:
    settings, rng = Settings(home=home, warehouse_url=warehouse_url), Random(20190630)
    setting, world = random_county(70300, 24)
    (home / "plans").mkdir()
    with warehouse.transaction(settings) as conn:
        assess.load_plans(conn)
        load(conn, world)
        assess.assess(conn, setting.as_at, full=True)
    moved_in_all = 0
    for number in range(4):
        text, said = edited(rng)
        (home / "plans" / "national-2015.yaml").write_text(text)
        plan, _ = find_plan("national-2015", settings)
        told = impact(settings, plan)
        foretold = {h["household_id"]: (h["status_was"], h["status_is"]) for h in told["households"]}
        assert all(h["moved_by"] for h in told["households"])
        before = statuses(settings)
        sign(settings, "national-2015", f"A Jones {number}", said)
        activate(settings, "national-2015", plan.in_force.from_, "B Khan")
        with warehouse.transaction(settings) as conn:
            assess.assess(conn, setting.as_at)
        after = statuses(settings)
        assert {h: (before[h], after[h]) for h in after if before[h] != after[h]} == foretold, said
        moved_in_all += len(foretold)
    assert moved_in_all, "a change moves somebody"


def statuses(settings: Settings) -> dict[int, str]:
    with warehouse.transaction(settings) as conn:
        found = warehouse.rows(conn, "SELECT household_id, status FROM assess.readiness")
    return {r["household_id"]: r["status"] for r in found}


def test_an_edit_is_an_edit() -> None:
    """The figures that are drawn from are many, and each edit changes the text."""
    assert len(list(FIGURES.finditer(SHIPPED))) >= 12
    rng = Random(1)
    assert all(edited(rng)[0] != SHIPPED for _ in range(20))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"
