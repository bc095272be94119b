"""The words that the other plans have of their own, each side of its edge, and which plan judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from reference.database import planned
from reference.world import load
from spec.families import SCHOOL, County, Family
from sqlalchemy.engine import Connection, Engine

from tf_integration.assess import assess, load_plans
from tf_integration.model.feed import load_feeds
from tf_integration.model.plan import PLANS, Plan
from tf_integration.model.plan import load_plans as shipped

__all__ = ["planned"]
Judge = Callable[..., dict[Family, Any]]


@pytest.fixture
def conn(planned: Engine) -> Iterator[Connection]:
    """The shipped plans, in the warehouse of the stand-ins; rolled back."""
    with planned.connect() as conn:
        load_plans(conn)
        yield conn
        conn.rollback()


@pytest.fixture
def judge(conn: Connection) -> Judge:
    def ask(county: County, plans: list[Plan] | None = None) -> dict[Family, Any]:
        with conn.begin_nested() as trial:
            load(conn, county.world)
            assess(conn, county.as_at, full=True, plans=plans)
            rows = {r.household_id: r for r in conn.execute(sa.text("SELECT * FROM assess.readiness"))}
            trial.rollback()
        return {f: rows[f.household_id] for f in county.families}

    return ask


def verdicts(conn: Connection, county: County, side: str, criterion: str) -> dict[Family, str]:
    with conn.begin_nested() as trial:
        load(conn, county.world)
        assess(conn, county.as_at, full=True)
        found = dict(
            conn.execute(
                sa.text(
                    "SELECT household_id, verdict::text FROM assess.every_verdict "
                    "WHERE side = :s AND criterion = :c"
                ),
                {"s": side, "c": criterion},
            ).all()
        )
        trial.rollback()
    return {f: found[f.household_id] for f in county.families}


def household(county: County, label: str, attached: str | None = None, **more: Any) -> Family:
    return county.family(label, attached=attached, **more).adult("mum", "1975-01-01").child("kid", "2008-05-01")


# -- which plan ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attached", "as_at", "plan"),
    [
        ("2012-03-31", "2013-06-30", "national-2012"),
        ("2012-04-01", "2013-06-30", "national-2012"),
        ("2015-03-31", "2016-06-30", "national-2012"),
        ("2015-04-01", "2016-06-30", "national-2015"),
        ("2020-03-31", "2021-06-30", "national-2015"),
        ("2020-04-01", "2021-06-30", "national-2020"),
        ("2022-03-31", "2022-06-30", "national-2020"),
        ("2022-04-01", "2022-06-30", "national-2022"),
        ("2025-04-01", "2025-06-30", "national-2022"),
        (None, "2015-03-31", "national-2012"),
        (None, "2015-04-01", "national-2015"),
        (None, "2020-03-31", "national-2015"),
        (None, "2020-04-01", "national-2020"),
        (None, "2022-03-31", "national-2020"),
        (None, "2022-04-01", "national-2022"),
    ],
)
def test_which_of_the_shipped_plans_judges(judge: Judge, attached: str | None, as_at: str, plan: str) -> None:
    county = County(as_at)
    family = household(county, plan, attached)
    assert judge(county)[family].plan_id == plan


def test_several_are_live_at_once_each_family_under_its_own(conn: Connection) -> None:
    county = County("2022-06-30")
    days = ("2015-03-31", "2015-04-01", "2020-04-01", "2022-04-01", None)
    families = {household(county, str(day), day): day for day in days}
    load(conn, county.world)
    assess(conn, county.as_at, full=True)
    found: dict[int, set[str]] = {}
    for row in conn.execute(sa.text("SELECT household_id, problem, plan_id FROM assess.problem_verdict")):
        found.setdefault(row.household_id, set()).add(f"{row.plan_id}.{row.problem}")
    plans = shipped()
    judged = ["national-2012", "national-2015", "national-2020", "national-2022", "national-2022"]
    for family, plan in zip(families, judged, strict=True):
        assert found[family.household_id] == {f"{plan}.{problem}" for problem in plans[plan].problems}


# -- phase 1 ---------------------------------------------------------------------------------------------------------


def test_phase_1_takes_all_three_or_two_and_a_local_concern(judge: Judge) -> None:
    county = County("2014-06-30")

    def family(
        label: str, crime: bool = False, school: bool = False, work: bool = False, local: bool = False
    ) -> Family:
        made = household(county, label)
        if crime:
            made.fact("asb_intervention", "mum", "2014-03-01", ref=f"a{label}")
        if school:
            made.fact("permanent_exclusion", "kid", "2014-02-01", place=SCHOOL)
        if work:
            made.benefit("mum", "ESA", "2014-01-01")
        if local:
            made.fact("call_out", "mum", "2014-02-01", ref=f"c{label}")
        return made

    wanted = {
        family("all three", True, True, True): "eligible",
        family("two and local", True, True, False, True): "eligible",
        family("two", True, True): "not_eligible",
        family("one and local", False, False, True, True): "not_eligible",
        family("all four", True, True, True, True): "eligible",
    }
    answers = judge(county)
    assert {f.label: answers[f].status for f in wanted} == {f.label: status for f, status in wanted.items()}


@pytest.mark.parametrize(("unauthorised", "verdict"), [(15, "met"), (14, "not_met")])
def test_phase_1_asks_for_15_percent_unauthorised(conn: Connection, unauthorised: int, verdict: str) -> None:
    county = County("2014-06-30")
    family = household(county, "absent").absent("kid", 100 - unauthorised - 20, 20, unauthorised)
    assert verdicts(conn, county, "identified", "unauthorised_absence")[family] == verdict
    improved = {"met": "not_met", "not_met": "met"}[verdict]
    assert verdicts(conn, county, "improved", "attends")[family] == improved


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [(3, 2, "met"), (3, 3, "not_met"), (2, 2, "not_met"), (6, 4, "met"), (0, 0, "met"), (0, 1, "not_met")],
)
def test_phase_1_asks_for_a_third_fewer_offences_of_children(
    conn: Connection, before: int, now: int, verdict: str
) -> None:
    county = County("2014-06-30")
    family, adults = household(county, "a child's", "2013-05-01"), household(county, "an adult's", "2013-05-01")
    for who, made in (("kid", family), ("mum", adults)):
        for n in range(before):
            made.fact("proven_offence", who, date(2013, 3, 1 + n), happened_on=date(2013, 2, 1 + n))
        for n in range(now):
            made.fact("proven_offence", who, date(2014, 3, 1 + n), happened_on=date(2014, 2, 1 + n))
    assert verdicts(conn, county, "improved", "less_offending") == {family: verdict, adults: "met"}


def test_an_unknown_age_makes_a_comparison_unknown_where_it_decides(conn: Connection) -> None:
    county = County("2014-06-30")
    made = {}
    for label, before, now in (("decides", 1, 1), ("does not: none now", 2, 0)):
        family = county.family(label, attached="2013-05-01").adult("mum", "1975-01-01").member("kid", None)
        for n in range(before):
            family.fact("proven_offence", "kid", date(2013, 3, 1 + n), happened_on=date(2013, 2, 1 + n))
        for n in range(now):
            family.fact("proven_offence", "kid", date(2014, 3, 1 + n), happened_on=date(2014, 2, 1 + n))
        made[label] = family
    told = verdicts(conn, county, "improved", "less_offending")
    assert {label: told[f] for label, f in made.items()} == {"decides": "not_known", "does not: none now": "met"}


def phase_1_success(county: County, label: str, attached: str, goal: str | None = None) -> Family:
    """Crime and school put right; mum still on benefit, a child still in need."""
    family = household(county, label, attached, principles=False)
    family.fact("asb_intervention", "mum", attached, ref=f"a{label}").benefit("mum", "ESA", "2012-01-01").fact(
        "cin", "kid", "2012-02-01"
    )
    return family.milestone("goal_met", goal, code="work_finance") if goal else family


def test_phase_1_pays_by_year_and_route_and_asks_nothing_of_work(judge: Judge) -> None:
    county = County("2015-03-20")
    pounds = {
        phase_1_success(county, "2012", "2013-03-31"): 700,
        phase_1_success(county, "2013", "2013-04-01"): 1500,
        phase_1_success(county, "2014", "2014-04-01"): 2300,
        phase_1_success(county, "with progress to work", "2013-04-01", "2014-01-01"): 1600,
        phase_1_success(county, "progress before attachment", "2013-04-01", "2013-03-01"): 1500,
    }
    worker = household(county, "by work", "2013-04-01", principles=False).fact("cin", "kid", "2012-02-01")
    worker.fact("asb_intervention", "mum", "2013-04-01", ref="w").fact("asb", "mum", "2015-03-01", ref="again")
    worker.benefit("mum", "ESA", "2012-01-01", "2014-06-01").works("mum", "2014-06-01")
    answers = judge(county)
    told = {f.label: (answers[f].status, answers[f].result, float(answers[f].value_pounds)) for f in (*pounds, worker)}
    assert told == {
        **{f.label: ("ready", "sustained", n) for f, n in pounds.items()},
        "by work": ("ready", "employment", 1600),
    }
    assert not answers[worker].has_plan, "the principles are shown, and not asked"


# -- 2020 ------------------------------------------------------------------------------------------------------------


def test_the_headings_of_2020_add_homelessness(judge: Judge) -> None:
    made = {}
    for as_at, plan in (("2020-03-31", "national-2015"), ("2020-04-01", "national-2020")):
        county = County(as_at)
        family = (
            household(county, plan).fact("homeless_duty", "mum", "2020-01-01", ref="h").fact("cin", "kid", "2020-01-01")
        )
        made[plan] = judge(county)[family].status
    assert made == {"national-2015": "not_eligible", "national-2020": "eligible"}


# -- 2022 ------------------------------------------------------------------------------------------------------------


def needy(county: County, label: str, needs: int, attached: str | None = None, **more: Any) -> Family:
    """So many needs, all under one heading, all over by the autumn of 2022."""
    family = household(county, label, attached, **more)
    for kind, ref in list({"s47": "s", "missing": "m", "cse": "c"}.items())[:needs]:
        family.fact(kind, "kid", "2022-04-20", ref=f"{ref}{label}")
    return family


def test_2022_counts_needs_and_a_council_may_count_headings(judge: Judge) -> None:
    county = County("2022-06-30")
    three, two = needy(county, "three", 3), needy(county, "two", 2)
    answers = judge(county)
    assert (answers[three].status, answers[two].status) == ("eligible", "not_eligible")
    assert answers[two].why_not == "2 of 3 needs present"
    headings = shipped()["national-2022"].model_copy(update={"counts": "problems"})
    assert judge(county, [headings])[three].status == "not_eligible"


def test_2022_cannot_tell_while_an_unknown_need_could_be_the_third(judge: Judge) -> None:
    county = County("2022-06-30").covers("health_contacts", "2012-01-01", "2022-03-01")
    family = needy(county, "two", 2)
    assert judge(county)[family].status == "cannot_tell"


def test_2022_asks_for_six_months_since_closure(judge: Judge) -> None:
    county = County("2023-06-30")
    made = {}
    for label, closed in (
        ("six months ago", "2022-12-30"),
        ("a day less", "2022-12-31"),
        ("open", None),
        ("before attachment", "2022-04-05"),
    ):
        made[label] = needy(county, label, 3, "2022-04-10").milestone("referred", "2022-04-01")
        if closed:
            made[label].milestone("closed", closed)
    answers = judge(county)
    assert {label: answers[f].status for label, f in made.items()} == {
        "six months ago": "ready",
        "a day less": "in_progress",
        "open": "in_progress",
        "before attachment": "in_progress",
    }
    assert answers[made["a day less"]].earliest_on == date(2023, 7, 1)
    assert answers[made["open"]].earliest_on is None
    assert "closure" in answers[made["open"]].why_not


@pytest.mark.parametrize(("attended", "verdict"), [(80, "met"), (81, "not_met")])
def test_2022_leaves_authorised_absence_out_over_two_terms(conn: Connection, attended: int, verdict: str) -> None:
    """81 of the 90 sessions that were not authorised as absence are 90%; a bad third term does not count."""
    county = County("2023-01-10")
    family = household(county, "absent").absent("kid", attended, 10, 90 - attended)
    family.attends("kid", "2022-02-22", "2022-03-31", 0, 0, 100)
    assert verdicts(conn, county, "identified", "low_attendance")[family] == verdict
    assert verdicts(conn, county, "improved", "attends")[family] == {"met": "not_met", "not_met": "met"}[verdict]


def test_2022_takes_expectant_parents_for_a_family(judge: Judge) -> None:
    county = County("2023-06-30")
    made = {}
    for label, accepted, discharged in (
        ("expecting", "2022-04-10", "2022-10-01"),
        ("a day late", "2022-04-11", "2022-10-01"),
    ):
        family = county.family(label, attached="2022-04-10").adult("mum", "1990-01-01").adult("dad", "1990-01-01")
        family.milestone("closed", "2022-11-01").health(
            "mum", "new_mother", "2022-04-01", accepted, discharged, "completed"
        )
        family.fact("temporary_accommodation", "mum", "2022-04-01", ref="t").fact(
            "arrears", "mum", "2022-04-01", ref="a"
        )
        family.fact("call_out", "mum", "2022-04-01", ref="c", role="victim")
        made[label] = family
    answers = judge(county)
    assert {label: answers[f].status for label, f in made.items()} == {
        "expecting": "ready",
        "a day late": "in_progress",
    }
    assert "dependent child" in answers[made["a day late"]].why_not


def test_2022_ends_the_result_by_work_on_its_day(conn: Connection) -> None:
    made = {}
    for as_at in ("2022-09-30", "2022-10-01"):
        county = County(as_at)
        family = (
            needy(county, as_at, 3, "2022-04-10")
            .benefit("mum", "ESA", "2022-01-01", "2022-05-01")
            .works("mum", "2022-05-01")
        )
        made[as_at] = verdicts(conn, county, "result", "employment")[family]
    assert made == {"2022-09-30": "met", "2022-10-01": "not_met"}


def test_2022_tells_nominated_needs_apart(judge: Judge) -> None:
    """Two nominations for needs with a line of their own are two; three without one are a single need."""
    county = County("2022-06-30")
    apart, alike = needy(county, "apart", 1), needy(county, "alike", 1)
    for criterion in ("sen_unmet", "not_on_roll"):
        apart.fact("nomination", "kid", "2022-05-01", code="education", outcome=criterion, ref=criterion)
    for n, criterion in enumerate((None, "something_else", None)):
        alike.fact("nomination", "kid", "2022-05-01", code="education", outcome=criterion, ref=f"n{n}")
    answers = judge(county)
    assert (answers[apart].status, answers[alike].why_not) == ("eligible", "2 of 3 needs present")


def test_a_count_in_months_is_made_per_person_and_decides(judge: Judge) -> None:
    """A council's own: three times missing in 12 months, by one child; what is found decides, whatever the coverage."""
    plan = shipped()["national-2015"]
    rule = plan.problems["children_need_help"].identified["missing_or_exploited"]
    counted = rule.tests[0].model_copy(update={"every": True, "at_least": 3, "once_per": None})
    problem = plan.problems["children_need_help"]
    changed = problem.model_copy(
        update={"identified": {"missing_or_exploited": rule.model_copy(update={"tests": (counted,)})}}
    )
    plan = plan.model_copy(update={"problems": {"children_need_help": changed}, "needs": 1})
    county = County("2018-06-30").covers("police_incidents")
    made = {}
    for label, kids in (("three", "aaa"), ("two", "aa"), ("three of two children", "aab"), ("none", "")):
        family = county.family(label).adult("mum").child("a").child("b", "2009-01-01")
        for n, kid in enumerate(kids):
            family.fact("missing", kid, date(2018, 1, 1 + n), ref=f"{label}{n}")
        made[label] = family
    answers = judge(county, [plan])
    assert {label: answers[f].status for label, f in made.items()} == {
        "three": "eligible",
        "two": "not_eligible",
        "three of two children": "not_eligible",
        "none": "cannot_tell",
    }


@pytest.mark.parametrize("feed", ["nominations", "early_help_milestones"])
def test_the_contracts_know_every_problem_of_the_shipped_plans(feed: str) -> None:
    plans = [*shipped().values(), *shipped(PLANS / "local").values()]
    assert set(load_feeds()[feed].column("problem").codes) == {code for plan in plans for code in plan.problems}
