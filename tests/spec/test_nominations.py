"""Nominations: what they make present, and how a problem that was present only by them improves."""

from __future__ import annotations

import pytest
from reference.evaluator import MET, NOT_KNOWN, NOT_MET, PROBLEMS

from spec.conftest import Judge
from spec.families import County, Family, after, expect
from spec.test_other_problems import D, household


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_nomination_open_on_D(judge: Judge, problem: str) -> None:
    """`nominated`: "a nomination for `crime_asb` open on D"; "as above, for" the others."""
    county = County(D)
    wanted = {}
    for label, start, end, verdict in [("open", "2018-01-01", None, MET), ("ended today", "2018-01-01", D, NOT_MET),
                                       ("ends tomorrow", "2018-01-01", after(D, 1), MET), ("from tomorrow", after(D, 1), None, NOT_MET)]:
        wanted[household(county, label).nominated(problem, "kid", start, end)] = verdict
    answers = judge(county)
    expect(answers, f"{problem}.nominated", wanted)
    other = PROBLEMS[PROBLEMS.index(problem) - 1]
    expect(answers, f"{other}.nominated", dict.fromkeys(wanted, NOT_MET))


@pytest.mark.parametrize(("lag", "verdict"), [(14, NOT_MET), (15, NOT_KNOWN)])
def test_nominations_need_their_feed(judge: Judge, lag: int, verdict: str) -> None:
    """"`nominated` nominations"."""
    county = County(D).covers("nominations", "2012-01-01", after(D, -lag))
    family = household(county)
    answers = judge(county)
    for problem in PROBLEMS:
        expect(answers, f"{problem}.nominated", {family: verdict})


NOMINATED = "2017-06-20"


def nominee(county: County, label: str, ends: str | None) -> Family:
    """Attached, with a new debt that would fail the ordinary tests were the problem not by nomination alone."""
    family = county.family(label, attached="2017-06-15").adult("mum").child("kid")
    return family.nominated("domestic_abuse", "kid", NOMINATED, ends)


def test_a_problem_present_only_by_nomination(judge: Judge) -> None:
    """"improves when the nomination has ended or an early help `goal_met` names the problem, at least 3 months ago"."""
    county = County(D)
    goal = "goal_met"
    expect(judge(county), "improved.domestic_abuse", {
        nominee(county, "ended 3 months ago", "2018-03-30"): MET,
        nominee(county, "ended a day less ago", "2018-03-31"): NOT_MET,
        nominee(county, "open", None): NOT_MET,
        nominee(county, "goal met 3 months ago", None).milestone(goal, "2018-03-30", code="domestic_abuse"): MET,
        nominee(county, "goal met a day less ago", None).milestone(goal, "2018-03-31", code="domestic_abuse"): NOT_MET,
        nominee(county, "another goal met", None).milestone(goal, "2018-01-01", code="health"): NOT_MET,
        nominee(county, "goal met before it", None).milestone(goal, after(NOMINATED, -1), code="domestic_abuse"): NOT_MET,
        nominee(county, "two, one open", "2018-01-01").nominated("domestic_abuse", "mum", "2018-02-01"): NOT_MET})


def test_present_by_nomination_and_more_takes_the_ordinary_tests(judge: Judge) -> None:
    """"A problem that was present only by nomination": with a call-out as well, it improves by its own tests."""
    county = County(D)
    both = nominee(county, "and a call-out", None).fact("call_out", "mum", "2017-07-01")
    recent = nominee(county, "ended, and a recent call-out", "2018-01-01").fact("call_out", "mum", "2018-06-01")
    before = nominee(county, "a call-out over a year before attachment", None).fact("call_out", "mum", "2016-06-15")
    within = nominee(county, "a call-out within the year before", None).fact("call_out", "mum", "2016-06-16")
    expect(judge(county), "improved.domestic_abuse", {both: MET, recent: NOT_MET, before: NOT_MET, within: MET})


def test_whether_only_by_nomination_may_be_not_known(judge: Judge) -> None:
    """"not known if none is met and one is not known": both ways must agree when the other criteria are not known."""
    county = County(D).covers("police_incidents", "2017-06-16", D)
    ended = nominee(county, "both ways met", "2018-01-01")
    still = nominee(county, "only the ordinary tests met", None)
    expect(judge(county), "improved.domestic_abuse", {ended: MET, still: NOT_KNOWN})
