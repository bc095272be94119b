"""The comparison is worth something: move any boundary by its least step and it finds a difference."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection, Engine

from reference import evaluator, identified, meanings
from reference.asking import read_answers
from reference.comparing import differences, pointed_draws
from reference.evaluator import Answer, evaluate
from reference.meanings import DAY, RULES, STALE_DAYS
from reference.settings import covered_throughout
from reference.strategies import TURNING_POINTS
from reference.world import Fact, World, combine, load
from tf_integration.assess import assess, load_plans
from tf_integration.model.plan import PLANS

AS_AT, FAMILIES = date(2018, 12, 20), 32
Cases = list[tuple[World, int, Answer]]                      # a household's own world, its number, what the SQL said

# Each figure of the plan, and the families that turn on it.
FIGURES = {
    "absence_below_percent": "absent", "unauthorised_below_percent": "absent", "terms": "suspended", "suspensions": "suspended",
    "suspended_sessions": "suspended", "suspended_sessions_primary": "suspended", "adult_at": "birthday", "school_from": "school_age",
    "school_until": "school_age", "identified_months": "window", "improved_months": "window", "needs": "window", "before_months": "fewer",
    "fewer_percent": "fewer", "off_benefit_weeks": "off_benefit", "work_weeks": "weeks_in_work", "search_weeks": "weeks_in_work",
    "search_weeks_of": "weeks_in_work", "health_open_months": "referred", "health_further_months": "referred",
    "nomination_months": "nominated", "release_months": "release",
}
NOT_SHOWN_HERE = {"earliest_within_years", "attendance_stale_days"}   # tests/spec has a day either side of them


def ask(engine: Engine, world: World, before: Callable[[Connection], object] = lambda conn: None) -> dict[int, Answer]:
    """The SQL's answers after `before` has changed the warehouse; it is left as it was."""
    with engine.connect() as conn:
        try:
            load(conn, world)
            before(conn)
            assess(conn, as_at=AS_AT, full=True)
            return read_answers(conn)
        finally:
            conn.rollback()


def cases_of(engine: Engine, worlds: list[World], before: Callable[[Connection], object] = lambda conn: None) -> Cases:
    """Each household of these worlds, with what the SQL says when all are put to it at once."""
    whole = combine(worlds)
    answers = ask(engine, whole, before)
    return [(whole.only(h), h, answers[h]) for h in whole.household_ids()]


def differs(world: World, household: int, answer: Answer) -> bool:
    return bool(differences(answer, evaluate(world, household, AS_AT), earliest=False))


@pytest.fixture(scope="module")
def corpus(planned: Engine) -> dict[str, Cases]:
    """Families near each edge with the SQL's answers; the two agree on each while nothing is moved."""
    setting = covered_throughout(AS_AT)
    found = {name: cases_of(planned, pointed_draws(setting, name, FAMILIES)) for name in TURNING_POINTS}
    apart = [name for name, cases in found.items() for case in cases if differs(*case)]
    assert not apart, f"the two disagree before anything is moved, among the families of: {sorted(set(apart))}"
    return found


def is_found(cases: Cases) -> bool:
    return any(differs(*case) for case in cases)


def test_every_figure_of_the_plan_is_moved() -> None:
    """A figure that is added to the evaluator is moved here too."""
    assert set(RULES) == set(FIGURES) | NOT_SHOWN_HERE


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_figure_moved_by_one_is_found(corpus: dict[str, Cases], monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Each threshold, age and window of the plan, one more than it is (of the share, a tenth more)."""
    monkeypatch.setitem(RULES, name, RULES[name] + (10 if name == "fewer_percent" else 1))
    assert is_found(corpus[FIGURES[name]]), f"no household turns on {name}"


def test_thirteen_weeks_moved_to_92_days_are_found(corpus: dict[str, Cases], monkeypatch: pytest.MonkeyPatch) -> None:
    """A window of weeks moved by a single day."""
    monkeypatch.setitem(RULES, "off_benefit_weeks", 92 / 7)
    assert timedelta(days=7 * RULES["off_benefit_weeks"]) == timedelta(days=92)
    assert is_found(corpus["off_benefit"])


@pytest.mark.parametrize("step", [-1, 1])
def test_windows_of_months_moved_by_a_day_are_found(corpus: dict[str, Cases], monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Every window of months, a day longer or shorter."""
    start = meanings.window_start
    for module in (identified, evaluator):
        monkeypatch.setattr(module, "window_start", lambda day, months: start(day, months) + step * DAY)
    assert is_found(corpus["window"])


def test_birthdays_moved_by_a_day_are_found(corpus: dict[str, Cases], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every age reached a day late."""
    birthday = meanings.birthday
    monkeypatch.setattr(meanings, "birthday", lambda born, age: birthday(born, age) + DAY)
    assert is_found(corpus["birthday"])


def test_spells_that_end_a_day_late_are_found(corpus: dict[str, Cases], monkeypatch: pytest.MonkeyPatch) -> None:
    """A spell still open on the day on which it ended."""

    def is_open(fact: Fact, day: date) -> bool:
        return fact.starts_on <= day and (fact.ends_on is None or fact.ends_on >= day)

    for module in (identified, evaluator):
        monkeypatch.setattr(module, "is_open", is_open)
    assert is_found(corpus["spell_end"])


def test_coverage_that_may_lag_a_day_more_is_found(planned: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every feed stale a day later, where every feed lags a day too many."""
    cases = cases_of(planned, pointed_draws(covered_throughout(AS_AT, but_for=1), "window", 8))
    assert not is_found(cases)
    for feed in STALE_DAYS:
        monkeypatch.setitem(STALE_DAYS, feed, STALE_DAYS[feed] + 1)
    assert is_found(cases)


@pytest.mark.parametrize(("was", "becomes", "name"), [
    ("window: 13 weeks", "window: 14 weeks", "off_benefit"), ("window: 6 months", "window: 7 months", "window"),
    ("at_most_share: 0.4", "at_most_share: 0.5", "fewer"), ("{need: 26, of_last: 30", "{need: 27, of_last: 30", "weeks_in_work"),
    ("adult: 18", "adult: 19", "birthday"), ("needs: 2", "needs: 3", "window")])
def test_a_plan_edited_by_one_step_is_found(planned: Engine, tmp_path: Path, was: str, becomes: str, name: str) -> None:
    """The other way about: the plan is edited, the reference is not."""
    folder = tmp_path / "plans"
    folder.mkdir()
    text = (PLANS / "national-2015.yaml").read_text()
    assert was in text
    (folder / "national-2015.yaml").write_text(text.replace(was, becomes))
    drawn = pointed_draws(covered_throughout(AS_AT), name, FAMILIES)
    assert is_found(cases_of(planned, drawn, lambda conn: load_plans(conn, folder)))
