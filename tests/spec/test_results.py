"""A result: `sustained` or `employment`, with the four principles and a dependent child."""

from __future__ import annotations

import pytest
from reference.evaluator import MET, NOT_KNOWN, NOT_MET

from spec.conftest import Judge
from spec.families import County, Family, after, expect

D = "2018-06-30"
A = "2017-01-10"
# The assessment that the principles ask for is itself a criterion of children_need_help.
TROUBLES = ("children_need_help", "domestic_abuse", "work_finance")
PRINCIPLES = ("assessment", "plan", "lead_worker", "tfop_agreed")


def troubled(county: County, label: str = "", attached: str = A, principles: bool = True) -> Family:
    """Two problems at attachment (a call-out and a debt), both long since improved by D."""
    family = county.family(label, attached=attached, principles=principles).adult("mum").child("kid")
    return family.fact("call_out", "mum", "2016-10-01", ref="c").fact("nosp_arrears", "mum", "2016-10-01", ref="d")


# -- sustained ------------------------------------------------------------------------------------------------------


def test_every_problem_present_at_attachment_is_improved(judge: Judge) -> None:
    """`sustained`: "every problem present at attachment ... is improved as at D";
    "`ready`: attached; a result as at D, principles met, never claimed".
    """
    county = County(D)
    good = troubled(county, "both improved")
    relapse = troubled(county, "one not improved").fact("call_out", "mum", "2018-06-01", ref="e")
    answers = judge(county)
    expect(answers, "sustained", {good: MET, relapse: NOT_MET})
    expect(answers, "status", {good: "ready", relapse: "in_progress"})
    expect(answers, "result", {good: "sustained"})
    expect(answers, "problems_present", dict.fromkeys((good, relapse), TROUBLES))
    expect(answers, "problems_improved", {good: TROUBLES, relapse: ("children_need_help", "work_finance")})


def test_and_every_problem_that_became_present_since(judge: Judge) -> None:
    """"and every problem that became present at any time since": a new problem by another member."""
    county = County(D)
    new = troubled(county, "a brother's new problem").child("brother", "2009-01-01").fact("cin", "brother", "2018-01-01", "2018-05-01")
    over = troubled(county, "and over for 6 months").child("brother", "2009-01-01")
    over.fact("cin", "brother", "2017-03-01", "2017-12-31")
    joined = troubled(county, "a member who joined since").adult("dad", joined="2018-01-01").benefit("dad", "JSA", "2017-01-01")
    before = troubled(county, "who left before attachment").adult("dad", left=A).fact("licence", "dad", "2016-01-01")
    answers = judge(county)
    expect(answers, "sustained", {new: NOT_MET, over: MET, joined: NOT_MET, before: MET})
    expect(answers, "present_since.children_need_help", {new: MET, over: MET})
    expect(answers, "present_since.crime_asb", {before: NOT_MET})


def test_a_relapse_restarts_its_clock(judge: Judge) -> None:
    """"A relapse restarts its clock by itself, since the windows end at D"."""
    county = County(D)
    expect(judge(county), "sustained", {
        troubled(county, "relapse 6 months ago").fact("call_out", "mum", "2017-12-30", ref="e"): MET,
        troubled(county, "relapse inside").fact("call_out", "mum", "2017-12-31", ref="e"): NOT_MET})


def test_present_at_any_time_since_attachment(judge: Judge) -> None:
    """"`identified_when` met on any day from attachment to D, with what is known now"."""
    county = County(D)
    wanted = {}
    for label, start, end, verdict in [("ended on attachment day", "2016-01-01", A, NOT_MET), ("open on it", "2016-01-01", after(A, 1), MET),
                                       ("a single day since", "2017-09-01", "2017-09-02", MET), ("from D", D, None, MET)]:
        wanted[troubled(county, label).fact("cp", "kid", start, end)] = verdict
    for label, on, verdict in [("a year before attachment", "2016-01-10", NOT_MET), ("a day less", "2016-01-11", MET)]:
        wanted[troubled(county, label).fact("s47", "kid", on)] = verdict
    for label, born, verdict in [("18 on attachment day", "1999-01-10", NOT_MET), ("18 the day after", "1999-01-11", MET)]:
        wanted[troubled(county, label).child("sis", born, school=False).fact("cin", "sis", "2016-06-01")] = verdict
    # the assessment of the principles would make early help present: move it out of the way
    for family in wanted:
        family.facts = [f for f in family.facts if f.kind != "family_assessment"]
    expect(judge(county), "present_since.children_need_help", wanted)


def test_a_result_needs_the_plans_number_of_problems(judge: Judge) -> None:
    """"Not vacuous: a result needs at least the plan's number of problems present at attachment or since"."""
    county = County(D)
    one = county.family("one problem", attached=A, principles=False).adult("mum").child("kid").fact("call_out", "mum", "2016-10-01")
    none = county.family("none", attached=A, principles=False).adult("mum").child("kid")
    for family in (one, none):
        family.milestone("assessment", "2017-01-10", is_flagged=True)   # early help is then present: one more
    two = county.family("one and early help", attached=A).adult("mum").child("kid").fact("call_out", "mum", "2016-10-01")
    answers = judge(county)
    expect(answers, "sustained", {one: MET, two: MET, none: NOT_MET})
    expect(answers, "problems_present", {none: ("children_need_help",), two: ("children_need_help", "domestic_abuse")})


def test_sustained_is_not_known_when_a_problem_may_have_been_present(judge: Judge) -> None:
    """"all: not met if one is not met, not known if none is not met and one is not known"."""
    county = County(D).covers("housing_actions", "2017-06-01", D)
    maybe = troubled(county, "debt unknown, improved")
    county2 = County(D).covers("health_contacts", "2012-01-01", "2018-06-15")
    health = troubled(county2, "health feed stale")
    expect(judge(county), "sustained", {maybe: MET})
    expect(judge(county2), "sustained", {health: NOT_KNOWN})


# -- employment -----------------------------------------------------------------------------------------------------


def worker(county: County, label: str, code: str = "ESA", regime: str | None = None, off: str = "2017-06-01",
           jobs: tuple[tuple[str, str | None], ...] = (("2017-06-01", None),), attached: str = A) -> Family:
    """On benefit at attachment, then in work; a call-out on D keeps `sustained` from holding."""
    family = troubled(county, label, attached).benefit("mum", code, "2016-01-01", off, regime=regime)
    for start, end in jobs:
        family.works("mum", start, end)
    return family.fact("call_out", "mum", D, ref="now")


def test_13_consecutive_weeks_for_every_other_benefit(judge: Judge) -> None:
    """"13 consecutive weeks up to D for every other": 91 days, thirteen weeks less a day are not enough.
    "Spells are `[start_on, end_on)`".
    """
    county = County(D)
    expect(judge(county), "employment", {
        worker(county, "since 91 days", jobs=(("2018-04-01", None),)): MET,
        worker(county, "since 90 days", jobs=(("2018-04-02", None),)): NOT_MET,
        worker(county, "off benefit for 91 days", off="2018-04-01"): MET,
        worker(county, "off benefit for 90 days", off="2018-04-02"): NOT_MET,
        worker(county, "a gap of a day", jobs=(("2017-06-01", "2018-05-01"), ("2018-05-02", None))): NOT_MET,
        worker(county, "two spells that touch", jobs=(("2017-06-01", "2018-05-01"), ("2018-05-01", None))): MET,
        worker(county, "two jobs that overlap", jobs=(("2017-06-01", "2018-05-09"), ("2018-05-01", None))): MET,
        worker(county, "ended on D", jobs=(("2017-06-01", D),)): NOT_MET,
        worker(county, "ends the day after D", jobs=(("2017-06-01", after(D, 1)),)): MET,
        worker(county, "never in work", jobs=()): NOT_MET})


def test_weeks_count_after_attachment(judge: Judge) -> None:
    """"it counts when every day of it is in work, off every out-of-work benefit and after attachment"."""
    county = County(D)
    jobs = (("2018-01-01", None),)
    expect(judge(county), "employment", {
        worker(county, "attached the day before the weeks", attached="2018-03-31", off="2018-04-01", jobs=jobs): MET,
        worker(county, "attached on their first day", attached="2018-04-01", off="2018-04-02", jobs=jobs): NOT_MET})


WEEK = 7


@pytest.mark.parametrize(("code", "regime"), [("JSA", None), ("UC", "search")])
def test_26_of_the_last_30_weeks_for_jsa_and_uc_search(judge: Judge, code: str, regime: str | None) -> None:
    """"26 of the last 30 weeks for `JSA` and `UC search`"; "week i is the seven days ending at D - 7i"."""
    county = County(D)

    def since(weeks: int, days: int = 0) -> tuple[tuple[str, str | None], ...]:
        return ((str(after(D, 1 - WEEK * weeks + days)), None),)

    long_ago = "2017-06-01"
    four = (long_ago, str(after(D, 1 - WEEK * 4)))             # the last four weeks out of work
    four_and_a_day = (long_ago, str(after(D, -WEEK * 4)))

    def short_of_a_day_in(*weeks: int) -> tuple[tuple[str, str | None], ...]:
        starts = [after(D, 1 - WEEK * 30), *(after(D, 1 - WEEK * w) for w in weeks)]
        return tuple((str(a), str(after(D, -WEEK * w)) if w else None) for a, w in zip(starts, (*weeks, 0), strict=True))

    expect(judge(county), "employment", {
        worker(county, "26 weeks", code, regime, jobs=since(26)): MET,
        worker(county, "26 weeks less a day", code, regime, jobs=since(26, 1)): NOT_MET,
        worker(county, "the first 26 of 30", code, regime, jobs=(four,)): MET,
        worker(county, "a day less", code, regime, jobs=(four_and_a_day,)): NOT_MET,
        worker(county, "four weeks each a day short", code, regime, jobs=short_of_a_day_in(22, 15, 8, 3)): MET,
        worker(county, "five weeks each a day short", code, regime, jobs=short_of_a_day_in(25, 22, 15, 8, 3)): NOT_MET,
        worker(county, "13 weeks alone", code, regime, jobs=since(13)): NOT_MET})


@pytest.mark.parametrize(("code", "regime", "verdict"), [("ESA", None, MET), ("UC", "prepare", MET), ("UC", "none", MET), ("JSA", None, NOT_MET),
                                                         ("UC", "search", NOT_MET), ("UC", "working", NOT_MET)])
def test_which_benefit_was_open_at_attachment_decides(judge: Judge, code: str, regime: str | None, verdict: str) -> None:
    """"`JSA` or `UC search` open at attachment asks for 26 of the last 30, any other for the last 13, all"."""
    county = County(D)
    expect(judge(county), "employment", {worker(county, "13 weeks", code, regime, jobs=(("2018-04-01", None),)): verdict})


def test_on_benefit_at_attachment(judge: Judge) -> None:
    """"an adult who was on out-of-work benefit at attachment"."""
    county = County(D)

    def of(label: str, start: str, end: str, who: str = "mum", joined: str | None = None) -> Family:
        family = troubled(county, label).child("kid2", "1999-05-01", school=False).adult("dad", joined=joined)
        return family.benefit(who, "ESA", start, str(end)).works(who, "2017-03-01")

    expect(judge(county), "employment", {
        of("ended on attachment day", "2016-01-01", A): NOT_MET, of("open on it", "2016-01-01", str(after(A, 1))): MET,
        of("from it", A, "2017-03-01"): MET, of("from the day after", str(after(A, 1)), "2017-03-01"): NOT_MET,
        of("an adult since", "2016-01-01", "2017-03-01", "kid2"): MET, of("a child still", "2016-01-01", "2017-03-01", "kid"): NOT_MET,
        of("a member on the day", "2016-01-01", "2017-03-01", "dad", A): MET,
        of("joined later", "2016-01-01", "2017-03-01", "dad", str(after(A, 1))): NOT_MET})


def test_employment_waives_the_problems_not_the_principles(judge: Judge) -> None:
    """"It waives the problems, not the principles"."""
    county = County(D)
    ready = worker(county, "principles met")
    no_plan = worker(county, "no plan")
    no_plan.facts = [f for f in no_plan.facts if f.kind != "family_plan"]
    answers = judge(county)
    expect(answers, "sustained", {ready: NOT_MET})
    expect(answers, "status", {ready: "ready", no_plan: "in_progress"})
    expect(answers, "result", {ready: "employment", no_plan: None})


def test_both_results_hold_sustained(judge: Judge) -> None:
    """"Both results hold: `sustained`"."""
    county = County(D)
    family = worker(county, "both")
    family.facts = [f for f in family.facts if f.ref != "now"]
    answers = judge(county)
    expect(answers, "employment", {family: MET})
    expect(answers, "sustained", {family: MET})
    expect(answers, "result", {family: "sustained"})


def test_employment_needs_jcp_and_dwp(judge: Judge) -> None:
    """"employment jcp and dwp"."""
    county = County(D).covers("jcp_employment")
    found, none = worker(county, "work found"), worker(county, "none found", jobs=())
    expect(judge(county), "employment", {found: MET, none: NOT_KNOWN})
    county = County(D).covers("jcp_employment", "2012-01-01", "2018-06-16")       # silent for as long as it may be
    left = worker(county, "a job of years ago", jobs=()).works("mum", "2010-01-01", "2011-01-01")
    recent = worker(county, "a job that ended in the weeks", jobs=()).works("mum", "2018-01-01", "2018-05-01")
    expect(judge(county), "employment", {left: NOT_MET, recent: NOT_MET})
    county = County(D).covers("jcp_employment", "2012-01-01", "2018-06-15")
    left = worker(county, "a job of years ago", jobs=()).works("mum", "2010-01-01", "2011-01-01")
    recent = worker(county, "a job that ended in the weeks", jobs=()).works("mum", "2018-01-01", "2018-05-01")
    expect(judge(county), "employment", {left: NOT_KNOWN, recent: NOT_MET})
    county = County(D).covers("dwp_benefits", "2012-01-01", "2018-05-15")
    lapsed = worker(county, "dwp lapsed 46 days ago")
    unknown = troubled(county, "never on benefit, covered at attachment").works("mum", "2017-03-01")
    expect(judge(county), "employment", {lapsed: NOT_KNOWN, unknown: NOT_MET})
    county = County(D).covers("dwp_benefits", after(A, 1), D)
    always = troubled(county, "dwp silent at attachment").works("mum", "2017-03-01")
    mostly = troubled(county, "dwp silent, and out of work this week").works("mum", "2017-03-01", "2018-06-25")
    hardly = troubled(county, "dwp silent, and in work for 25 weeks").works("mum", "2017-03-01", "2018-05-26")
    expect(judge(county), "employment", {always: NOT_KNOWN, mostly: NOT_KNOWN, hardly: NOT_MET})


def test_an_unknown_birth_date_makes_employment_not_known(judge: Judge) -> None:
    """"Unknown date of birth: neither, and the rule is *not known* for that person"."""
    county = County(D)
    family = troubled(county).member("dad", None).benefit("dad", "ESA", "2016-01-01", "2017-06-01").works("dad", "2017-06-01")
    expect(judge(county), "employment", {family: NOT_KNOWN})


# -- principles -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", PRINCIPLES)
def test_each_principle_is_needed(judge: Judge, missing: str) -> None:
    """"Either also needs the four principles"."""
    county = County(D)
    whole, without = troubled(county, "whole"), troubled(county, f"without {missing}")
    without.facts = [f for f in without.facts if f.kind != f"family_{missing}"]
    if missing == "assessment":
        without.milestone("assessment", A, is_flagged=False)
    answers = judge(county)
    expect(answers, f"principles.{missing}", {whole: MET, without: NOT_MET})
    expect(answers, "status", {whole: "ready", without: "in_progress"})


@pytest.mark.parametrize("kind", ["assessment", "plan"])
def test_assessment_and_plan_are_of_the_whole_family(judge: Judge, kind: str) -> None:
    """"`assessment` with `whole_family = Y`; `plan` with `whole_family = Y`"."""
    county = County(D)
    wanted = {}
    for label, flag, verdict in [("Y", True, MET), ("N", False, NOT_MET)]:
        wanted[troubled(county, label, principles=False).milestone(kind, "2017-02-01", is_flagged=flag)] = verdict
    expect(judge(county), f"principles.{kind}", wanted)


@pytest.mark.parametrize("kind", PRINCIPLES)
def test_each_is_dated_after_referral_and_on_or_before_D(judge: Judge, kind: str) -> None:
    """"each dated after referral and on or before D": "after the last `referred` on or before attachment (attachment itself if there is none)"."""
    county = County(D)
    wanted = {}
    cases: list[tuple[str, tuple[str, ...], str, str]] = [
        ("no referral, on attachment", (), A, MET), ("no referral, before attachment", (), str(after(A, -1)), NOT_MET),
        ("on referral", ("2016-11-01",), "2016-11-01", MET), ("before referral", ("2016-11-01",), "2016-10-31", NOT_MET),
        ("before the last of two", ("2016-01-01", "2016-11-01"), "2016-10-31", NOT_MET),
        ("a referral after attachment is not asked", ("2016-11-01", "2017-06-01"), "2017-02-01", MET),
        ("on D", (), D, MET), ("after D", (), str(after(D, 1)), NOT_MET)]
    for label, referrals, on, verdict in cases:
        family = troubled(county, label, principles=False)
        for referral in referrals:
            family.milestone("referred", referral)
        wanted[family.milestone(kind, on, is_flagged=True)] = verdict
    expect(judge(county), f"principles.{kind}", wanted)


def test_a_lead_worker_open_on_D_or_up_to_closure(judge: Judge) -> None:
    """"A lead worker counts when `on` is on or before D and it has not ended, or ended after D, or the family closed and it lasted to the closure"."""
    county = County(D)
    wanted = {}
    for label, end, closed, verdict in [
            ("open", None, None, MET), ("ended on D", D, None, NOT_MET), ("ends after D", str(after(D, 1)), None, MET),
            ("ended", "2018-03-01", None, NOT_MET), ("to the closure", "2018-03-01", "2018-03-01", MET),
            ("a day short of closure", "2018-02-28", "2018-03-01", NOT_MET), ("past the closure", "2018-04-01", "2018-03-01", MET),
            ("closed before attachment", "2018-03-01", "2016-03-01", NOT_MET),
            ("to close after D", "2018-03-01", str(after(D, 1)), NOT_MET)]:
        family = troubled(county, label, principles=False).milestone("lead_worker", A, end)
        wanted[family.milestone("closed", closed) if closed else family] = verdict
    expect(judge(county), "principles.lead_worker", wanted)


def test_principles_not_found_need_coverage(judge: Judge) -> None:
    """"not met only if every feed that could have told was covered": early_help_milestones, from referral."""
    for first, verdict in [(A, NOT_MET), (str(after(A, 1)), NOT_KNOWN)]:
        county = County(D).covers("early_help_milestones", first, D)
        family = troubled(county, principles=False)
        answers = judge(county)
        for principle in PRINCIPLES:
            expect(answers, f"principles.{principle}", {family: verdict})


def test_a_dependent_child_in_the_family_at_attachment(judge: Judge) -> None:
    """"and a dependent child in the family at attachment": a member under 18 on that day."""
    county = County(D)

    def of(label: str, born: str | None, joined: str | None = None, left: str | None = None) -> Family:
        return county.family(label, attached=A).adult("mum").member("kid", born, joined, left)

    expect(judge(county), "principles.dependent_child", {
        of("18 that day", "1999-01-10"): NOT_MET, of("18 the day after", "1999-01-11"): MET,
        of("joined that day", "2010-01-01", joined=A): MET, of("joined the day after", "2010-01-01", joined=str(after(A, 1))): NOT_MET,
        of("left that day", "2010-01-01", left=A): NOT_MET, of("left the day after", "2010-01-01", left=str(after(A, 1))): MET,
        of("unknown birth date", None): NOT_KNOWN})


def test_a_lead_worker_who_left_may_have_a_successor_in_a_gap(judge: Judge) -> None:
    """"a rule that found none is not met only if every feed that could have told was covered": an ended spell is none open on D."""
    county = County(D).covers("early_help_milestones", "2012-01-01", "2018-05-01")
    left = troubled(county, "left", principles=False).milestone("lead_worker", A, "2018-03-01")
    stays = troubled(county, "stays", principles=False).milestone("lead_worker", A)
    expect(judge(county), "principles.lead_worker", {left: NOT_KNOWN, stays: MET})


def test_weeks_that_cannot_hold_are_not_met_whatever_the_coverage(judge: Judge) -> None:
    """"If nobody could meet a rule because a known half fails for everyone ..., it is not met, whatever the coverage"."""
    county = County(D).covers("jcp_employment").covers("dwp_benefits")
    recent = worker(county, "attached 13 weeks ago less a day", attached="2018-04-01", off="2018-04-02", jobs=())
    claiming = worker(county, "still on benefit", off=str(after(D, 1)), jobs=())
    children = county.family("no adult", attached=A).child("kid").fact("call_out", "kid", D).fact("nosp_arrears", "kid", D)
    could = worker(county, "off benefit for 13 weeks", off="2018-04-01", jobs=())
    expect(judge(county), "employment", {recent: NOT_MET, claiming: NOT_MET, children: NOT_MET, could: NOT_KNOWN})


def test_an_adult_not_matched_by_dwp_may_or_may_not_have_come_off_benefit(judge: Judge) -> None:
    """"makes that adult's benefit *not known*, not absent", at attachment and in the weeks of work."""
    county = County(D)
    weeks = worker(county, "in the weeks").fact("benefit_not_matched", "mum", "2018-05-01", "2018-05-15")
    start = troubled(county, "at attachment").fact("benefit_not_matched", "mum", "2016-01-01", "2017-06-01").works("mum", "2017-06-01")
    idle = troubled(county, "at attachment, and never in work").fact("benefit_not_matched", "mum", "2016-01-01", "2017-06-01")
    expect(judge(county), "employment", {weeks: NOT_KNOWN, start: NOT_KNOWN, idle: NOT_MET})
