"""The comparison is worth something: move any boundary by its least step and it finds a difference."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection, Engine

from reference import evaluator, identified, meanings
from reference.asking import read_answers
from reference.comparing import differences, random_county
from reference.evaluator import Answer, evaluate
from reference.meanings import DAY, RULES, STALE_DAYS
from reference.world import Fact, World, load
from tf_integration.assess import assess, load_plans
from tf_integration.model.plan import PLANS

COUNTIES, FAMILIES = (10_000, 10_001, 10_002, 10_003), 40
Corpus = list[tuple[World, date, int, Answer]]


def ask(engine: Engine, world: World, as_at: date, before: Callable[[Connection], object] = lambda conn: None) -> dict[int, Answer]:
    """The SQL's answers after `before` has changed the warehouse; it is left as it was."""
    with engine.connect() as conn:
        try:
            load(conn, world)
            before(conn)
            assess(conn, as_at=as_at, full=True)
            return read_answers(conn)
        finally:
            conn.rollback()


@pytest.fixture(scope="module")
def corpus(planned: Engine) -> Corpus:
    """Households of random counties with the SQL's answers, asked once; the two agree on each while nothing is moved."""
    found = []
    for number in COUNTIES:
        setting, world = random_county(number, FAMILIES)
        answers = ask(planned, world, setting.as_at)
        found += [(world.only(h), setting.as_at, h, answers[h]) for h in world.household_ids()]
    agreed = [case for case in found if not differs(case)]
    assert len(agreed) > 0.9 * len(found), "the two disagree too often for a moved boundary to show: see test_agreement"
    return agreed


def differs(case: tuple[World, date, int, Answer]) -> bool:
    world, as_at, household, answer = case
    return bool(differences(answer, evaluate(world, household, as_at), earliest=False))


def is_found(cases: Iterable[tuple[World, date, int, Answer]]) -> bool:
    return any(differs(case) for case in cases)


@pytest.mark.parametrize("name", sorted(set(RULES) - {"earliest_within_years", "attendance_stale_days"}))
def test_a_figure_moved_by_one_is_found(corpus: Corpus, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Each threshold, age and window of the plan, one more than it is (of the share, a tenth more)."""
    monkeypatch.setitem(RULES, name, RULES[name] + (10 if name == "fewer_percent" else 1))
    assert is_found(corpus), f"no household turns on {name}"


def test_thirteen_weeks_moved_to_92_days_are_found(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window moved by a single day."""
    monkeypatch.setitem(RULES, "off_benefit_weeks", 92 / 7)
    assert timedelta(days=7 * RULES["off_benefit_weeks"]) == timedelta(days=92)
    assert is_found(corpus)


@pytest.mark.parametrize("step", [-1, 1])
def test_windows_of_months_moved_by_a_day_are_found(corpus: Corpus, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Every window of months, a day longer or shorter."""
    start = meanings.window_start
    for module in (identified, evaluator):
        monkeypatch.setattr(module, "window_start", lambda day, months: start(day, months) + step * DAY)
    assert is_found(corpus)


def test_birthdays_moved_by_a_day_are_found(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every age reached a day late."""
    birthday = meanings.birthday
    monkeypatch.setattr(meanings, "birthday", lambda born, age: birthday(born, age) + DAY)
    assert is_found(corpus)


def test_spells_that_end_a_day_late_are_found(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spell still open on the day on which it ended."""

    def is_open(fact: Fact, day: date) -> bool:
        return fact.starts_on <= day and (fact.ends_on is None or fact.ends_on >= day)

    for module in (identified, evaluator):
        monkeypatch.setattr(module, "is_open", is_open)
    assert is_found(corpus)


def test_coverage_that_may_lag_a_day_more_is_found(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every feed stale a day later."""
    for feed in STALE_DAYS:
        monkeypatch.setitem(STALE_DAYS, feed, STALE_DAYS[feed] + 1)
    assert is_found(corpus)


@pytest.mark.parametrize(("was", "becomes"), [
    ("window: 13 weeks", "window: 14 weeks"), ("window: 6 months", "window: 7 months"), ("at_most_share: 0.4", "at_most_share: 0.5"),
    ("{need: 26, of_last: 30", "{need: 27, of_last: 30"), ("adult: 18", "adult: 19"), ("needs: 2", "needs: 3")])
def test_a_plan_edited_by_one_step_is_found(corpus: Corpus, planned: Engine, tmp_path: Path, was: str, becomes: str) -> None:
    """The other way about: the plan is edited, the reference is not."""
    folder = tmp_path / "plans"
    shutil.copytree(PLANS, folder)
    text = (folder / "national-2015.yaml").read_text()
    assert was in text
    (folder / "national-2015.yaml").write_text(text.replace(was, becomes))
    for number in COUNTIES:
        setting, world = random_county(number, FAMILIES)
        answers = ask(planned, world, setting.as_at, lambda conn: load_plans(conn, folder))
        of_this = [(w, as_at, h, answers[h]) for w, as_at, h, _ in corpus if as_at == setting.as_at and h in answers
                   and w.persons == world.only(h).persons]
        if is_found(of_this):
            return
    pytest.fail(f"no household turns on {was}")
