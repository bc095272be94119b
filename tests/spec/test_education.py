"""`education`: attendance and exclusions, identified and improved."""

from __future__ import annotations

import pytest
from reference.evaluator import MET, NOT_KNOWN, NOT_MET
from reference.world import World

from spec.conftest import Judge
from spec.families import SCHOOL, County, Family, after, expect

# As at 30 June 2018 the last three whole terms are summer 2017, autumn 2017 and spring 2018.
D = "2018-06-30"
FIRST_DAY, LAST_DAY = "2017-04-16", "2018-03-31"
ABSENCE = "education.persistent_absence"
RULES = ("fixed_exclusions", "exclusion_days", "permanent_exclusion")


def household(county: County, label: str = "", born: str = "2008-05-01") -> Family:
    return county.family(label).adult("mum").child("kid", born)


def suspended(family: Family, *days: str, sessions: int = 1, phase: str = "SEC", who: str = "kid") -> Family:
    for day in days:
        family.fact("suspension", who, day, quantity=sessions, code=phase, place=SCHOOL)
    return family


def test_a_child_whose_attendance_is_below_90_percent(judge: Judge) -> None:
    """`persistent_absence`: "a child whose attendance is below 90% over the last 3 terms": 89.9% is below, 90.0% is not."""
    county = County(D)
    low = household(county, "89.9%").absent("kid", attended=899, authorised=101)
    edge = household(county, "90.0%").absent("kid", attended=900, authorised=100)
    adult = county.family("a lodger of 18").adult("mum").child("kid", "1998-05-01").absent("kid", 10, 90)
    expect(judge(county), ABSENCE, {low: MET, edge: NOT_MET, adult: NOT_MET})


def test_sums_come_before_ratios(judge: Judge) -> None:
    """"Sums come before ratios: three terms of attendance are a sum over a sum", never the mean of the terms' rates."""
    county = County(D)
    sum_below = household(county, "sum 88.3%, mean 92%")
    mean_below = household(county, "sum 91.7%, mean 88%")
    halves = [t for t in World().terms if FIRST_DAY <= str(t.starts_on) <= LAST_DAY]
    for n, term in enumerate(halves):
        sum_below.attends("kid", term.starts_on, term.ends_on, *((850, 150) if n == 0 else (28, 2)))
        mean_below.attends("kid", term.starts_on, term.ends_on, *((950, 50) if n == 0 else (26, 4)))
    expect(judge(county), ABSENCE, {sum_below: MET, mean_below: NOT_MET})


def test_sums_run_across_schools(judge: Judge) -> None:
    """"three terms of attendance are a sum over a sum", across the child's schools."""
    county = County(D)
    moved = household(county, "moved school").absent("kid", 95, 5)
    moved.fact("enrolment", "kid", "2018-01-04", place="8812002", is_flagged=False)
    moved.attends("kid", "2018-01-04", "2018-02-14", 0, 100, place="8812002")
    expect(judge(county), ABSENCE, {moved: MET})          # 570 of 700


@pytest.mark.parametrize(("as_at", "first", "last"), [
    ("2018-03-30", "2017-01-04", "2017-12-20"), ("2018-03-31", FIRST_DAY, LAST_DAY), ("2018-07-19", FIRST_DAY, LAST_DAY)])
def test_the_last_3_terms_are_whole_terms_that_have_closed(judge: Judge, as_at: str, first: str, last: str) -> None:
    """"the last n consecutive whole terms that closed on or before D"."""
    county = County(as_at)
    wanted = {}
    for term in World().terms:
        if str(term.starts_on) > "2016-09-01" and str(term.ends_on) <= as_at:
            family = household(county, f"absent from {term.starts_on}")
            wanted[family.attends("kid", term.starts_on, term.ends_on, 0, 60)] = (
                MET if first <= str(term.starts_on) and str(term.ends_on) <= last else NOT_MET)
    expect(judge(county), ABSENCE, wanted)


def test_rates_of_attendance_use_whole_terms_only(judge: Judge) -> None:
    """"Rates of attendance use whole terms only": the running summer term does not count."""
    county = County(D)
    running = household(county).attends("kid", "2018-04-16", "2018-05-24", 0, 600)
    expect(judge(county), ABSENCE, {running: NOT_MET})


def test_a_half_term_counts_on_its_last_day(judge: Judge) -> None:
    """"A half-term counts on its last day (membership and age are tested then)"."""
    county = County(D)
    bad = ("2017-10-29", "2017-12-20", 0, 200)            # 300 of 500 without it, below 90% with it
    wanted = {}
    for label, joined, left, verdict in [
            ("joined on its last day", "2017-12-20", None, MET), ("joined the day after", "2017-12-21", None, NOT_MET),
            ("left on its last day", None, "2017-12-20", NOT_MET), ("left the day after", None, "2017-12-21", MET)]:
        family = county.family(label).adult("mum").child("kid", joined=joined, left=left)
        wanted[family.attends("kid", *bad)] = verdict
    for label, born, verdict in [("18 on its last day", "1999-12-20", NOT_MET), ("18 the day after", "1999-12-21", MET)]:
        family = county.family(label).adult("mum").child("kid", born)
        wanted[family.attends("kid", *bad)] = verdict
    expect(judge(county), ABSENCE, wanted)


def test_a_child_of_school_age_without_a_school_is_not_known(judge: Judge) -> None:
    """"no enrolment and not 5 to 15 on D: not met. 5 to 15 and never enrolled in the window: not known."""
    county = County(D)
    wanted = {}
    for label, born, verdict in [("5 today", "2013-06-30", NOT_KNOWN), ("5 tomorrow", "2013-07-01", NOT_MET),
                                 ("15 until tomorrow", "2002-07-01", NOT_KNOWN), ("16 today", "2002-06-30", NOT_MET)]:
        wanted[county.family(label).adult("mum").child("kid", born, school=False)] = verdict
    answers = judge(county)
    for rule in ("persistent_absence", *RULES):
        expect(answers, f"education.{rule}", wanted)
    expect(answers, "education.alternative_provision", dict.fromkeys(wanted, NOT_MET))


def test_a_roll_counts_from_its_first_day_on(judge: Judge) -> None:
    """"never enrolled in the window: not known", of each day "from attachment to D": a roll that begins later says nothing of it."""
    county = County(D)
    wanted = {}
    for begins, verdict in [("2018-01-10", NOT_MET), ("2018-01-11", NOT_KNOWN)]:
        family = county.family(begins, attached="2018-01-10").adult("mum").child("kid", school=False).absent("kid", 60)
        wanted[family.fact("enrolment", "kid", begins, place="8812001", is_flagged=False)] = verdict
    expect(judge(county), "present_since.education", wanted)


def test_no_possible_sessions_for_a_child_of_school_age_is_not_known(judge: Judge) -> None:
    """"No possible sessions for a child of school age: not known"."""
    county = County(D)
    none = household(county, "0 of 0").absent("kid", 0, 0, 0)
    sixteen = household(county, "0 of 0, 16", "2002-05-01").absent("kid", 0, 0, 0)
    expect(judge(county), ABSENCE, {none: NOT_KNOWN, sixteen: NOT_MET})


@pytest.mark.parametrize(("kinds", "verdict"), [(2, NOT_MET), (3, MET)])
def test_a_child_with_3_or_more_suspensions(judge: Judge, kinds: int, verdict: str) -> None:
    """`fixed_exclusions`: "a child with 3 or more `SUSP` in the last 3 terms"."""
    county = County(D)
    days = ["2017-09-11", "2017-11-06", "2018-02-26"][:kinds]
    one = suspended(household(county, "one child"), *days)
    shared = suspended(suspended(household(county, "two children").child("sis"), *days[:1]), *days[1:], who="sis")
    expect(judge(county), "education.fixed_exclusions", {one: verdict, shared: NOT_MET})


def test_lunchtime_exclusions_are_not_suspensions(judge: Judge) -> None:
    """"3 or more `SUSP`": `LNCH` rows are none."""
    county = County(D)
    family = household(county)
    for day in ("2018-01-08", "2018-01-09", "2018-01-10"):
        family.fact("lunchtime_exclusion", "kid", day, quantity=30, code="PRI", place=SCHOOL)
    answers = judge(county)
    for rule in RULES:
        expect(answers, f"education.{rule}", {family: NOT_MET})


def test_20_sessions_or_10_in_a_primary(judge: Judge) -> None:
    """`exclusion_days`: "a child with 20 or more sessions of `SUSP` in the last 3 terms, or 10 or more where `phase` is `PRI`"."""
    county = County(D)
    wanted = {}
    for label, sessions, phase, verdict in [("19, secondary", 19, "SEC", NOT_MET), ("20, secondary", 20, "SEC", MET),
                                            ("9, primary", 9, "PRI", NOT_MET), ("10, primary", 10, "PRI", MET),
                                            ("10, special", 10, "SPE", NOT_MET), ("20, unit", 20, "PRU", MET)]:
        wanted[suspended(household(county, label), "2018-01-08", sessions=sessions, phase=phase)] = verdict
    mixed = suspended(suspended(household(county, "9 primary, 10 secondary"), "2018-01-08", sessions=9, phase="PRI"),
                      "2018-01-22", sessions=10)
    twenty = suspended(suspended(household(county, "9 primary, 11 secondary"), "2018-01-08", sessions=9, phase="PRI"),
                       "2018-01-22", sessions=11)
    expect(judge(county), "education.exclusion_days", wanted | {mixed: NOT_MET, twenty: MET})


def test_a_child_permanently_excluded(judge: Judge) -> None:
    """`permanent_exclusion`: "a child with `PERM` in the last 3 terms"."""
    county = County(D)
    wanted = {}
    for label, on, verdict in [("the day before the window", after(FIRST_DAY, -1), NOT_MET), ("its first day", FIRST_DAY, MET),
                               ("on D", D, MET)]:
        wanted[household(county, label).fact("permanent_exclusion", "kid", on, place=SCHOOL)] = verdict
    expect(judge(county), "education.permanent_exclusion", wanted)


def test_counts_of_exclusions_include_the_running_term(judge: Judge) -> None:
    """"run from the first day of the last 3 whole terms up to D, the running term included"."""
    county = County(D)
    days = ["2018-04-30", "2018-06-04"]
    inside = suspended(household(county, "from the first day to D"), FIRST_DAY, *days)
    outside = suspended(household(county, "one a day too early"), str(after(FIRST_DAY, -1)), *days)
    future = suspended(household(county, "one after D"), *days, str(after(D, 1)))
    expect(judge(county), "education.fixed_exclusions", {inside: MET, outside: NOT_MET, future: NOT_MET})


def test_exclusions_need_the_exclusions_feed_and_the_childs_own_schools(judge: Judge) -> None:
    """"attendance and exclusions the child's own schools"; "for school facts, of that child's establishment"."""
    without_feed = County(D).covers("schools_exclusions")
    without_school = County(D, schools_covered=False)
    elsewhere = County(D).school_covers("8819999", (FIRST_DAY, LAST_DAY))
    for county, verdict in [(without_feed, NOT_KNOWN), (without_school, NOT_KNOWN), (elsewhere, NOT_MET)]:
        none = household(county, "none")
        found = suspended(household(county, "one found"), "2018-01-08").fact("permanent_exclusion", "kid", D, place=SCHOOL)
        answers = judge(county)
        for rule in RULES:
            expect(answers, f"education.{rule}", {none: verdict})
        expect(answers, "education.fixed_exclusions", {found: NOT_MET})
        expect(answers, "education.permanent_exclusion", {found: MET})


def test_a_child_needs_each_half_term_of_its_own_enrolments(judge: Judge) -> None:
    """"A child needs the (school, half-term) pairs of its own enrolments"."""
    spans = [(t.starts_on, t.ends_on) for t in World().terms if str(t.starts_on) >= FIRST_DAY and str(t.ends_on) <= LAST_DAY]
    county = County(D).school_covers(SCHOOL, *spans[1:])
    since = county.family("enrolled after it").adult("mum").child("kid", school=False)
    since.fact("enrolment", "kid", "2017-06-03", place=SCHOOL, is_flagged=False)
    before = household(county, "enrolled in it")
    expect(judge(county), "education.permanent_exclusion", {since: NOT_MET, before: NOT_KNOWN})


@pytest.mark.parametrize(("as_at", "verdict"), [("2018-05-21", NOT_MET), ("2018-05-22", NOT_KNOWN)])
def test_attendance_may_lag_by_a_half_term_and_14_days(judge: Judge, as_at: str, verdict: str) -> None:
    """"a half-term plus 14 days for attendance": a half-term of 38 days closed on 31 March is wanted from 52 days later."""
    county = County(as_at).school_covers(SCHOOL, ("2012-01-01", "2018-02-14"))
    family = county.family().adult("mum").child("kid", "2001-01-01")
    family.facts = [f for f in family.facts if f.kind != "attendance"]
    answers = judge(county)
    expect(answers, "education.permanent_exclusion", {family: verdict})
    expect(answers, ABSENCE, {family: verdict})


def test_a_child_on_roll_with_alternative_provision(judge: Judge) -> None:
    """`alternative_provision`: "a child on roll on D with `alternative_provision` = `Y`"."""
    county = County(D)
    wanted = {}
    for label, born, start, end, flag, verdict in [
            ("on roll", "2004-01-01", "2018-01-01", None, True, MET), ("from today", "2004-01-01", D, None, True, MET),
            ("left today", "2004-01-01", "2018-01-01", D, True, NOT_MET), ("N", "2004-01-01", "2018-01-01", None, False, NOT_MET),
            ("18 today", "2000-06-30", "2018-01-01", None, True, NOT_MET)]:
        family = county.family(label).adult("mum").child("kid", born, school=False)
        wanted[family.fact("enrolment", "kid", start, end, place=SCHOOL, is_flagged=flag)] = verdict
    expect(judge(county), "education.alternative_provision", wanted)


@pytest.mark.parametrize(("lag", "verdict"), [(14, NOT_MET), (15, NOT_KNOWN)])
def test_alternative_provision_needs_the_pupils_feed(judge: Judge, lag: int, verdict: str) -> None:
    """"`alternative_provision` schools_pupils", weekly, so 14 days."""
    county = County(D).covers("schools_pupils", "2012-01-01", after(D, -lag))
    expect(judge(county), "education.alternative_provision", {household(county): verdict})


IMPROVED = "improved.education"


def test_unauthorised_absence_below_10_percent(judge: Judge) -> None:
    """"every child of school age (5 to 15 on D): unauthorised absence below 10% over the last 3 terms"."""
    county = County(D)
    edge = household(county, "10.0%").absent("kid", 900, 0, 100)
    below = household(county, "9.9%").absent("kid", 901, 0, 99)
    authorised = household(county, "authorised absence is not").absent("kid", 500, 450, 50)
    one_of_two = household(county, "every child").child("sis").absent("sis", 900, 0, 100)
    expect(judge(county), IMPROVED, {edge: NOT_MET, below: MET, authorised: MET, one_of_two: NOT_MET})


def test_school_age_is_5_to_15_on_D(judge: Judge) -> None:
    """"every child of school age (5 to 15 on D)": others' absence does not count."""
    county = County(D)
    wanted = {}
    for label, born, verdict in [("16 today", "2002-06-30", MET), ("16 tomorrow", "2002-07-01", NOT_MET),
                                 ("5 today", "2013-06-30", NOT_MET), ("5 tomorrow", "2013-07-01", MET)]:
        wanted[household(county, label, born).absent("kid", 50, 0, 50)] = verdict
    expect(judge(county), IMPROVED, wanted)


def test_fewer_than_3_suspensions_and_no_permanent_exclusion(judge: Judge) -> None:
    """"fewer than 3 `SUSP` in them, no `PERM` in them"."""
    county = County(D)
    expect(judge(county), IMPROVED, {
        suspended(household(county, "two"), "2017-09-11", "2018-02-26"): MET,
        suspended(household(county, "three"), "2017-09-11", "2018-02-26", "2018-06-29"): NOT_MET,
        household(county, "PERM").fact("permanent_exclusion", "kid", "2018-06-29", place=SCHOOL): NOT_MET,
        household(county, "PERM before").fact("permanent_exclusion", "kid", after(FIRST_DAY, -1), place=SCHOOL): MET})


def test_education_improved_with_no_child_of_school_age(judge: Judge) -> None:
    """"with no child of school age: met; a member of unknown birth date makes it not known"."""
    county = County(D).covers("schools_exclusions")
    grown = county.family("adults").adult("mum").member("son", "2002-06-30")
    unknown = county.family("unknown birth date").adult("mum").member("lodger", None)
    left = county.family("unknown, left today").adult("mum").member("lodger", None, left=D)
    failed = household(county, "one fails").member("lodger", None).absent("kid", 50, 0, 50)
    expect(judge(county), IMPROVED, {grown: MET, unknown: NOT_KNOWN, left: MET, failed: NOT_MET})


def test_education_improved_is_not_known_without_coverage(judge: Judge) -> None:
    """"all: not met if one is not met, not known if none is not met and one is not known"."""
    county = County(D).covers("schools_exclusions")
    none = household(county, "no exclusion found")
    absent = household(county, "absence fails").absent("kid", 50, 0, 50)
    found = suspended(household(county, "one suspension found"), "2018-01-08")
    unschooled = county.family("no school").adult("mum").child("kid", school=False)
    expect(judge(county), IMPROVED, {none: NOT_KNOWN, absent: NOT_MET, found: NOT_KNOWN, unschooled: NOT_KNOWN})


def test_an_unknown_birth_date_matters_only_where_the_rest_fits(judge: Judge) -> None:
    """"Unknown date of birth makes a rule not known only where nothing else about the person already fails it"."""
    county = County(D)
    low = county.family("low attendance").adult("mum").child("kid", None).absent("kid", 50, 50)
    high = county.family("good attendance").adult("mum").child("kid", None)
    other = household(county, "another meets it").absent("kid", 50, 50).child("sis", None).absent("sis", 50, 50)
    answers = judge(county)
    expect(answers, ABSENCE, {low: NOT_KNOWN, high: NOT_MET, other: MET})
    three = ["2017-09-11", "2018-02-26", "2018-06-29"]
    county = County(D)
    expect(judge(county), "education.fixed_exclusions", {
        suspended(county.family("three").adult("mum").child("kid", None), *three): NOT_KNOWN,
        suspended(county.family("two").adult("mum").child("kid", None), *three[:2]): NOT_MET})


def test_a_child_of_16_never_enrolled_needs_no_coverage(judge: Judge) -> None:
    """"no enrolment and not 5 to 15 on D: not met", whatever the exclusions feed covers."""
    county = County(D).covers("schools_exclusions")
    sixteen = county.family("16").adult("mum").child("kid", "2002-06-30", school=False)
    answers = judge(county)
    for rule in RULES:
        expect(answers, f"education.{rule}", {sixteen: NOT_MET})


def test_a_child_who_left_inside_a_half_term_needs_that_half_term(judge: Judge) -> None:
    """"for school facts, of that child's establishment": exclusions of its days as a member could stand in it."""
    spans = [(t.starts_on, t.ends_on) for t in World().terms if str(t.starts_on) >= FIRST_DAY and str(t.ends_on) <= LAST_DAY]
    county = County(D).school_covers(SCHOOL, *spans[1:])
    inside = county.family("left inside it").adult("mum").child("kid", left="2017-05-01")
    before = county.family("left before it").adult("mum").child("kid", left=FIRST_DAY)
    for family in (inside, before):
        family.facts = [f for f in family.facts if f.kind != "attendance"]
    expect(judge(county), "education.permanent_exclusion", {inside: NOT_KNOWN, before: NOT_MET})


def test_an_unknown_birth_date_leaves_improvement_not_known_whatever_is_found(judge: Judge) -> None:
    """"a member of unknown birth date makes it not known", excluded or not: it may not be of school age."""
    county = County(D)
    excluded = county.family().adult("mum").child("kid", None).fact("permanent_exclusion", "kid", "2018-06-01", place=SCHOOL)
    expect(judge(county), IMPROVED, {suspended(excluded, "2018-06-01", "2018-06-04", "2018-06-05"): NOT_KNOWN})
