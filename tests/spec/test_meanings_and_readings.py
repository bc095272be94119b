"""What the plan's words mean, and the numbered readings that other pages do not already show."""

from __future__ import annotations

from datetime import date

import pytest
from reference.evaluator import MET, NOT_KNOWN, NOT_MET
from reference.world import Fact, Ref

from spec.conftest import Judge
from spec.families import County, Family, after, expect
from spec.test_results import troubled

D = "2018-06-30"


def household(county: County, label: str = "") -> Family:
    return county.family(label).adult("mum").child("kid", "2008-05-01")


def test_as_at_d_is_everything_about_days_up_to_d(judge: Judge) -> None:
    """"as at D: everything known to the warehouse about days up to and including D"."""
    for as_at, verdict in [("2018-06-29", NOT_MET), (D, MET)]:
        county = County(as_at)
        expect(judge(county), "domestic_abuse.call_out", {household(county, as_at).fact("call_out", "mum", D): verdict})


@pytest.mark.parametrize(("as_at", "outside"), [("2018-06-30", "2017-06-30"), ("2016-02-29", "2015-02-28"), ("2017-02-28", "2016-02-28"),
                                                ("2018-03-31", "2017-03-31")])
def test_the_last_months_are_calendar_months(judge: Judge, as_at: str, outside: str) -> None:
    """"the half-open interval from D less n calendar months (or 7n days), exclusive, to D, inclusive"."""
    county = County(as_at)
    expect(judge(county), "domestic_abuse.call_out", {
        household(county, "outside").fact("call_out", "mum", outside): NOT_MET,
        household(county, "inside").fact("call_out", "mum", after(outside, 1)): MET})


def test_an_unknown_birth_date_is_neither_child_nor_adult(judge: Judge) -> None:
    """"Unknown date of birth: neither, and the rule is *not known* for that person unless another member meets it"."""
    county = County(D)
    what = "crime_asb.child_offence"
    unknown = county.family("unknown").adult("mum").member("kid", None).fact("proven_offence", "kid", "2018-01-01")
    other = county.family("another meets it").adult("mum").member("kid", None).fact("proven_offence", "kid", "2018-01-01")
    other.child("sis").fact("proven_offence", "sis", "2018-02-01")
    nothing = county.family("unknown, nothing found").adult("mum").member("kid", None)
    adult = county.family("unknown, out of work").child("kid").member("dad", None).benefit("dad", "JSA", "2018-01-01")
    answers = judge(county)
    expect(answers, what, {unknown: NOT_KNOWN, other: MET, nothing: NOT_MET})
    expect(answers, "work_finance.out_of_work", {adult: NOT_KNOWN})
    county = County(D).covers("police_incidents")
    bare = county.family("unknown, not covered").adult("mum").member("kid", None)
    nobody = county.family("adults only, not covered").adult("mum")
    expect(judge(county), what, {bare: NOT_KNOWN, nobody: NOT_MET})


def test_a_member_is_one_whose_membership_covers_the_day(judge: Judge) -> None:
    """"a person whose dated membership of the household covers the day of the fact (something that happened) or D (something open)"."""
    county = County(D)
    wanted = {}
    for label, joined, left, verdict in [("left today", None, D, NOT_MET), ("leaves tomorrow", None, after(D, 1), MET),
                                         ("joined today", D, None, MET), ("joins tomorrow", after(D, 1), None, NOT_MET)]:
        family = county.family(label).adult("mum").child("kid", joined=joined, left=left)
        wanted[family.fact("cin", "kid", "2017-01-01")] = verdict
    expect(judge(county), "children_need_help.child_in_need", wanted)


def test_two_spells_of_membership_count_for_their_days(judge: Judge) -> None:
    """"Membership is `[joined_on, left_on)`, a blank start being always": a person may leave and come back."""
    county = County(D)
    wanted = {}
    for on, verdict in [("2017-12-31", MET), ("2018-01-01", NOT_MET), ("2018-01-31", NOT_MET), ("2018-02-01", MET)]:
        family = county.family(on).adult("mum").child("kid", left="2018-01-01").member("kid", None, joined="2018-02-01")
        wanted[family.fact("s47", "kid", on)] = verdict
    expect(judge(county), "children_need_help.enquiry", wanted)


def test_a_person_may_be_in_two_households_at_once(judge: Judge) -> None:
    """"A person may be in two households at once", and counts in both."""
    county = County(D)
    mothers, fathers = household(county, "mother's"), county.family("father's").adult("dad")
    mothers.fact("cin", "kid", "2018-01-01")
    fathers.names["kid"] = mothers.names["kid"]
    fathers.member("kid", None)
    expect(judge(county), "children_need_help.child_in_need", {mothers: MET, fathers: MET})


def test_a_stale_feed_at_the_end_of_a_window(judge: Judge) -> None:
    """"the union of `covers_from`..`covers_to` of the feed's accepted deliveries spans the window"."""
    county = County(D).covers("police_incidents", "2017-07-01", "2017-12-31").also_covers("police_incidents", "2018-01-01", "2018-06-16")
    expect(judge(county), "domestic_abuse.call_out", {household(county): NOT_MET})
    county = County(D).covers("police_incidents", "2017-07-01", "2017-12-30").also_covers("police_incidents", "2018-01-01", "2018-06-16")
    expect(judge(county), "domestic_abuse.call_out", {household(county): NOT_KNOWN})


@pytest.mark.parametrize(("attached", "as_at", "plan"), [
    ("2015-03-31", "2016-06-30", "national-2012"), ("2015-04-01", "2016-06-30", "national-2015"),
    ("2020-03-31", "2021-06-30", "national-2015"), ("2020-04-01", "2021-06-30", "national-2020"),
    ("2022-03-31", "2022-06-30", "national-2020"), ("2022-04-01", "2022-06-30", "national-2022"),
    (None, "2015-03-31", "national-2012"), (None, "2015-04-01", "national-2015"), (None, "2020-03-31", "national-2015"),
    (None, "2020-04-01", "national-2020"), (None, "2022-04-01", "national-2022")])
def test_which_plan_judges(judge: Judge, attached: str | None, as_at: str, plan: str) -> None:
    """"Which plan judges: the one in force on the family's attachment day (its last `attached` on or before D), else on D"."""
    county = County(as_at)
    family = county.family(attached=attached).adult("mum").child("kid")
    expect(judge(county), "plan_id", {family: plan})


def test_with_what_is_known_now(judge: Judge) -> None:
    """"`identified_when` met on any day from attachment to D, with what is known now": a gap in the past stays a gap."""
    county = County(D).covers("police_incidents", "2016-06-01", D)
    family = county.family("covered from the year before attachment", attached="2017-05-31").adult("mum").child("kid")
    early = county.family("not covered for a part of it", attached="2017-05-30").adult("mum").child("kid")
    expect(judge(county), "present_since.domestic_abuse", {family: NOT_MET, early: NOT_KNOWN})


def test_a_half_term_belongs_where_its_period_ends(judge: Judge) -> None:
    """"A half-term counts on its last day": a row whose dates run over belongs to the half-term that holds its end."""
    county = County(D)
    inside = household(county, "ends in the spring").attends("kid", "2018-02-10", "2018-03-29", 0, 300)
    outside = household(county, "ends in the summer").attends("kid", "2018-03-01", "2018-04-20", 0, 300)
    expect(judge(county), "education.persistent_absence", {inside: MET, outside: NOT_MET})


def test_one_household_under_two_family_refs(judge: Judge) -> None:
    """"One household under two `family_ref`s with the same people is one household": the milestones of both count."""
    county = County(D)
    family = troubled(county)
    family.facts = [f for f in family.facts if f.kind != "family_plan"]
    family.refs.append(Ref(family.household_id, "EH-second"))
    family.facts.append(Fact("family_plan", date(2017, 3, 1), None, is_flagged=True, family_ref="EH-second"))
    answers = judge(county)
    expect(answers, "principles.plan", {family: MET})
    expect(answers, "status", {family: "ready"})


def test_a_call_out_counts_for_each_household_of_its_people(judge: Judge) -> None:
    """"once per `occurrence_ref` per household"."""
    county = County(D)
    one, other = household(county, "one"), household(county, "other")
    one.fact("call_out", "mum", "2018-01-01", ref="same", role="victim")
    other.fact("call_out", "mum", "2018-01-01", ref="same", role="suspect")
    expect(judge(county), "domestic_abuse.call_out", {one: MET, other: MET})


@pytest.mark.parametrize("rule", ["persistent_absence", "fixed_exclusions", "exclusion_days", "permanent_exclusion",
                                  "alternative_provision"])
def test_nobody_of_the_age_is_not_met_whatever_the_coverage(judge: Judge, rule: str) -> None:
    """"If nobody could meet a rule because a known half fails for everyone (no dependent child, nobody of the age), it is not met"."""
    county = County(D, schools_covered=False).covers("schools_exclusions").covers("schools_pupils")
    adults = county.family("adults").adult("mum").member("son", "1999-01-01").fact("enrolment", "son", "2012-09-01", place="8812001")
    child = county.family("a child").adult("mum").child("kid", "2002-01-01", school=False).fact("enrolment", "kid", "2012-09-01", place="8812001")
    expect(judge(county), f"education.{rule}", {adults: NOT_MET, child: NOT_KNOWN})
