"""`crime_asb`: crime and anti-social behaviour, identified and improved."""

from __future__ import annotations

from datetime import date

import pytest
from reference.evaluator import MET, NOT_KNOWN, NOT_MET

from spec.conftest import Judge
from spec.families import County, Family, after, expect

D = "2018-06-30"
OFFENCE = "crime_asb.child_offence"


def household(county: County, label: str = "") -> Family:
    return county.family(label).adult("mum").child("kid", "2004-01-01")


def test_a_child_with_a_proven_offence_in_the_last_12_months(judge: Judge) -> None:
    """`child_offence`: "a child with a proven offence in the last 12 months", the start of the window exclusive."""
    county = County(D)
    wanted = {}
    for label, on, verdict in [("12 months ago to the day", "2017-06-30", NOT_MET), ("a day inside", "2017-07-01", MET),
                               ("on the day", D, MET)]:
        wanted[household(county, label).fact("proven_offence", "kid", on, happened_on="2017-06-01")] = verdict
    wanted[household(county, "an adult's").fact("proven_offence", "mum", "2018-01-01")] = NOT_MET
    wanted[household(county, "none")] = NOT_MET
    expect(judge(county), OFFENCE, wanted)


def test_an_18th_birthday_is_the_first_adult_day(judge: Judge) -> None:
    """"An 18th birthday is the first adult day", tested "on the day of the fact for something that happened"."""
    county = County(D)
    day_before = county.family().child("kid", "2000-01-01", school=False).fact("proven_offence", "kid", "2017-12-31")
    on_birthday = county.family().child("kid", "2000-01-01", school=False).fact("proven_offence", "kid", "2018-01-01")
    expect(judge(county), OFFENCE, {day_before: MET, on_birthday: NOT_MET})


def test_29_february_comes_of_age_on_1_march(judge: Judge) -> None:
    """"29 February comes of age on 1 March": on 28 February 2018 still a child."""
    county = County(D)
    born = "2000-02-29"
    last = county.family().child("kid", born, school=False).fact("proven_offence", "kid", "2018-02-28")
    first = county.family().child("kid", born, school=False).fact("proven_offence", "kid", "2018-03-01")
    expect(judge(county), OFFENCE, {last: MET, first: NOT_MET})


def test_a_suspect_is_never_proven(judge: Judge) -> None:
    """"A `suspect` is never proven"; a community resolution is not proof."""
    county = County(D)
    suspect = household(county).fact("suspected_offence", "kid", "2018-01-01", role="suspect")
    resolution = household(county).fact("community_resolution", "kid", "2018-01-01", code="COMRES")
    expect(judge(county), OFFENCE, {suspect: NOT_MET, resolution: NOT_MET})


def test_a_joint_report_takes_the_earlier_proof(judge: Judge) -> None:
    """"a joint report merges on (person, day of the offence), taking the earlier proof": the later report adds nothing."""
    county = County(D)
    early, late = "2017-06-30", "2017-09-01"
    joint = household(county, "both report one offence")
    joint.fact("proven_offence", "kid", early, happened_on="2017-05-01", feed="police_incidents")
    joint.fact("proven_offence", "kid", late, happened_on="2017-05-01")
    two = household(county, "two offences")
    two.fact("proven_offence", "kid", early, happened_on="2017-05-01", feed="police_incidents")
    two.fact("proven_offence", "kid", late, happened_on="2017-05-02")
    siblings = household(county, "two children, one day").child("sis", "2005-01-01")
    siblings.fact("proven_offence", "kid", early, happened_on="2017-05-01")
    siblings.fact("proven_offence", "sis", late, happened_on="2017-05-01")
    expect(judge(county), OFFENCE, {joint: NOT_MET, two: MET, siblings: MET})


@pytest.mark.parametrize("missing", ["youth_justice_disposals", "police_incidents"])
def test_no_row_is_not_no_problem(judge: Judge, missing: str) -> None:
    """"a rule that found none is not met only if every feed that could have told was covered, otherwise not known":
    for "`child_offence` youth_justice and police".
    """
    county = County(D).covers(missing)
    none = household(county, "none found")
    found = household(county, "found").fact("proven_offence", "kid", "2018-01-01")
    answers = judge(county)
    expect(answers, OFFENCE, {none: NOT_KNOWN, found: MET})


@pytest.mark.parametrize(("feed", "stale"), [("police_incidents", 14), ("youth_justice_disposals", 45)])
def test_coverage_may_lag_by_the_feeds_stale_after(judge: Judge, feed: str, stale: int) -> None:
    """"its end being allowed to lag D by the feed's `stale_after` days (14 weekly and nightly, 45 monthly)"."""
    for lag, verdict in [(stale, NOT_MET), (stale + 1, NOT_KNOWN)]:
        county = County(D).covers(feed, "2012-01-01", after(D, -lag))
        expect(judge(county), OFFENCE, {household(county, f"lags {lag} days"): verdict})


def test_coverage_must_reach_the_first_day_of_the_window_without_a_gap(judge: Judge) -> None:
    """"Coverage must span [window start, min(window end, D - stale_after)]"; it is a union of deliveries."""
    for first, verdict in [("2017-07-01", NOT_MET), ("2017-07-02", NOT_KNOWN)]:
        county = County(D).covers("police_incidents", first, D)
        expect(judge(county), OFFENCE, {household(county, first): verdict})
    for second, verdict in [("2018-01-01", NOT_MET), ("2018-01-02", NOT_KNOWN)]:
        county = County(D).covers("police_incidents", "2017-01-01", "2017-12-31").also_covers("police_incidents", second, D)
        expect(judge(county), OFFENCE, {household(county, second): verdict})


@pytest.mark.parametrize("kind", ["asb_intervention", "asb_action", "nosp_asb"])
def test_any_member_with_an_intervention_or_action(judge: Judge, kind: str) -> None:
    """`asb_intervention`: "any member with police `asb_intervention`, or housing `asb_action` or `nosp_asb`, in the last 12 months"."""
    county = County(D)
    wanted = {}
    for label, who, on, verdict in [("adult, inside", "mum", "2017-07-01", MET), ("child, inside", "kid", D, MET),
                                    ("a year ago", "mum", "2017-06-30", NOT_MET)]:
        wanted[household(county, label).fact(kind, who, on, ref=label)] = verdict
    expect(judge(county), "crime_asb.asb_intervention", wanted)


@pytest.mark.parametrize("kind", ["asb", "asb_complaint", "asb_involvement", "nosp_arrears"])
def test_other_behaviour_facts_do_not_identify(judge: Judge, kind: str) -> None:
    """"`asb` and `asb_intervention` count for a `suspect` or `offender`", and a complaint or an arrears notice is neither."""
    county = County(D)
    expect(judge(county), "crime_asb.asb_intervention", {household(county).fact(kind, "mum", "2018-01-01"): NOT_MET})


@pytest.mark.parametrize("feed", ["police_incidents", "housing_actions"])
def test_interventions_need_police_and_housing(judge: Judge, feed: str) -> None:
    """"`asb_*` police and housing_actions"."""
    county = County(D).covers(feed)
    expect(judge(county), "crime_asb.asb_intervention", {household(county): NOT_KNOWN})


def test_release_within_12_months_after_D(judge: Judge) -> None:
    """`adult_release`: "an adult member in custody on D whose `end_on` is within 12 months after D, in a household with a dependent child"."""
    county = County(D)
    wanted = {}
    for label, start, end, verdict in [
            ("out on the day", "2017-01-01", D, NOT_MET), ("out tomorrow", "2017-01-01", after(D, 1), MET),
            ("in 12 months", "2017-01-01", "2019-06-30", MET), ("in 12 months and a day", "2017-01-01", "2019-07-01", NOT_MET),
            ("no release date", "2017-01-01", None, NOT_MET), ("in from today", D, "2018-12-01", MET),
            ("in from tomorrow", after(D, 1), "2018-12-01", NOT_MET)]:
        wanted[household(county, label).fact("custody", "mum", start, end)] = verdict
    wanted[household(county, "a child in custody").fact("custody", "kid", "2017-01-01", "2018-12-01")] = NOT_MET
    expect(judge(county), "crime_asb.adult_release", wanted)


def test_release_months_clamp(judge: Judge) -> None:
    """"Months clamp to the last day": twelve months after 29 February is 28 February."""
    county = County("2016-02-29")
    inside = household(county).fact("custody", "mum", "2015-01-01", "2017-02-28")
    outside = household(county).fact("custody", "mum", "2015-01-01", "2017-03-01")
    expect(judge(county), "crime_asb.adult_release", {inside: MET, outside: NOT_MET})


@pytest.mark.parametrize("kind", ["licence", "community_order", "suspended_sentence"])
def test_an_adult_with_an_order_open_on_D(judge: Judge, kind: str) -> None:
    """`adult_order`: "an adult with `licence`, `community_order` or `suspended_sentence` open on D, in a household
    with a dependent child"; open is "started on or before D and not ended before or on D".
    """
    county = County(D)
    wanted = {}
    for label, start, end, verdict in [("open", "2018-01-01", None, MET), ("from today", D, None, MET),
                                       ("ends today", "2018-01-01", D, NOT_MET), ("ends tomorrow", "2018-01-01", after(D, 1), MET),
                                       ("from tomorrow", after(D, 1), None, NOT_MET)]:
        wanted[household(county, label).fact(kind, "mum", start, end)] = verdict
    wanted[household(county, "a child's").fact(kind, "kid", "2018-01-01")] = NOT_MET
    expect(judge(county), "crime_asb.adult_order", wanted)


def test_an_order_needs_a_dependent_child_in_the_household(judge: Judge) -> None:
    """"If nobody could meet a rule because a known half fails for everyone (no dependent child ...), it is not met, whatever the coverage"."""
    county = County(D).covers("probation_orders")
    alone = county.family("no child").adult("mum").adult("dad").fact("licence", "mum", "2018-01-01")
    left = county.family("the child left").adult("mum").child("kid", "2008-01-01", left=D).fact("licence", "mum", "2018-01-01")
    grown = county.family("18 today").adult("mum").member("kid", "2000-06-30").fact("licence", "mum", "2018-01-01")
    none = county.family("no order, child").adult("mum").child("kid", "2000-07-01", school=False)
    unknown = county.family("an age unknown").adult("mum").member("kid", None).fact("licence", "mum", "2018-01-01")
    answers = judge(county)
    for what in ("crime_asb.adult_order", "crime_asb.adult_release"):
        expect(answers, what, {alone: NOT_MET, left: NOT_MET, grown: NOT_MET, none: NOT_KNOWN})
    expect(answers, "crime_asb.adult_order", {unknown: NOT_KNOWN})


def test_something_open_needs_coverage_within_stale_after(judge: Judge) -> None:
    """"for something open, the day `D - stale_after` or later": "`adult_*` probation", monthly, so 45 days."""
    for lag, verdict in [(45, NOT_MET), (46, NOT_KNOWN)]:
        county = County(D).covers("probation_orders", after(D, -lag), after(D, -lag))
        expect(judge(county), "crime_asb.adult_order", {household(county, f"{lag} days"): verdict})


def test_no_proven_offence_by_any_member_in_the_last_6_months(judge: Judge) -> None:
    """Improved: "no proven offence by any member in the last 6 months"."""
    county = County(D)
    wanted = {}
    for label, who, on, verdict in [("adult, 6 months ago to the day", "mum", "2017-12-30", MET), ("adult, inside", "mum", "2017-12-31", NOT_MET),
                                    ("child, inside", "kid", D, NOT_MET)]:
        wanted[household(county, label).fact("proven_offence", who, on)] = verdict
    expect(judge(county), "improved.crime_asb", wanted)


def test_31_august_less_6_months_is_28_or_29_february(judge: Judge) -> None:
    """"Months clamp to the last day (31 August less 6 months is 28 or 29 February)"."""
    for as_at, last_outside in [("2018-08-31", "2018-02-28"), ("2016-08-31", "2016-02-29")]:
        county = County(as_at)
        outside = household(county, "outside").fact("proven_offence", "mum", last_outside)
        inside = household(county, "inside").fact("proven_offence", "mum", after(last_outside, 1))
        expect(judge(county), "improved.crime_asb", {outside: MET, inside: NOT_MET})


ATTACHED = "2017-06-15"


def behaviour(county: County, label: str, before: int, now: int, kind: str = "asb") -> Family:
    family = county.family(label, attached=ATTACHED).adult("mum").child("kid", "2004-01-01")
    for n in range(before):
        family.fact(kind, "mum", "2017-03-01", ref=f"b{n}")
    for n in range(now):
        family.fact(kind, "mum", "2018-03-01", ref=f"n{n}")
    return family


def test_60_percent_fewer_is_at_most_two_fifths(judge: Judge) -> None:
    """"60% fewer: now is at most 0.4 of before, or nought"."""
    county = County(D)
    expect(judge(county), "improved.crime_asb", {
        behaviour(county, "2 of 5", 5, 2): MET, behaviour(county, "3 of 5", 5, 3): NOT_MET, behaviour(county, "1 of 2", 2, 1): NOT_MET,
        behaviour(county, "1 of 3", 3, 1): MET, behaviour(county, "none of none", 0, 0): MET, behaviour(county, "1 of none", 0, 1): NOT_MET})


@pytest.mark.parametrize("kind", ["asb", "asb_intervention", "asb_complaint", "asb_action", "nosp_asb"])
def test_every_kind_of_behaviour_fact_counts(judge: Judge, kind: str) -> None:
    """"anti-social behaviour facts (`asb`, `asb_intervention`, `asb_complaint`, `asb_action`, `nosp_asb`)"."""
    county = County(D)
    expect(judge(county), "improved.crime_asb", {behaviour(county, "now", 0, 1, kind): NOT_MET, behaviour(county, "fewer", 5, 2, kind): MET})


def test_before_is_the_6_months_up_to_and_including_attachment(judge: Judge) -> None:
    """"before is the 6 months up to and including attachment"; now is the last 6 months."""
    county = County(D)
    wanted = {}
    for label, edge, verdict in [("first day of before", "2016-12-16", MET), ("the day before it", "2016-12-15", NOT_MET),
                                 ("attachment day", ATTACHED, MET), ("the day after", after(ATTACHED, 1), NOT_MET)]:
        family = behaviour(county, label, 2, 1)                # 1 of 3 improves, 1 of 2 does not
        wanted[family.fact("asb", "mum", edge, ref="edge")] = verdict
    for label, edge, verdict in [("outside now", "2017-12-30", MET), ("inside now", "2017-12-31", NOT_MET)]:
        family = behaviour(county, label, 3, 1)
        wanted[family.fact("asb", "mum", edge, ref="edge")] = verdict
    expect(judge(county), "improved.crime_asb", wanted)


def test_occurrences_are_counted_once_per_household(judge: Judge) -> None:
    """"occurrences are counted once per household", however many members stand in them."""
    county = County(D)
    shared = behaviour(county, "one occurrence, two members", 3, 1)
    shared.fact("asb", "kid", "2018-03-01", ref="n0")
    two = behaviour(county, "two occurrences", 3, 1)
    two.fact("asb", "kid", "2018-03-01", ref="n1")
    partners = behaviour(county, "a police and a housing reference that happen to be equal", 0, 0)
    partners.fact("asb", "mum", "2017-03-01", ref="r1").fact("asb_complaint", "mum", "2018-03-01", ref="r1")
    expect(judge(county), "improved.crime_asb", {shared: MET, two: NOT_MET, partners: NOT_MET})


def test_improvement_in_crime_is_not_known_without_coverage(judge: Judge) -> None:
    """"a rule that found none is not met only if every feed that could have told was covered": the same for "no such fact"."""
    for feed in ("police_incidents", "youth_justice_disposals", "housing_actions"):
        county = County(D).covers(feed)
        none = household(county, f"without {feed}")
        failed = household(county, "an offence").fact("proven_offence", "mum", "2018-06-01")
        expect(judge(county), "improved.crime_asb", {none: NOT_KNOWN, failed: NOT_MET})


def test_facts_found_decide_whatever_the_coverage(judge: Judge) -> None:
    """"A rule that found its facts is met (or failed) by them, whatever the coverage"."""
    county = County(D).covers("housing_actions")
    expect(judge(county), "improved.crime_asb", {behaviour(county, "1 of 3", 3, 1): MET, behaviour(county, "1 of 2", 2, 1): NOT_MET})


def test_offences_of_days_before_joining_or_after_leaving_do_not_count(judge: Judge) -> None:
    """"those who joined or left inside the window count for their days"."""
    county = County(D)
    wanted = {}
    for label, joined, left, on, verdict in [
            ("the day of joining", "2018-02-01", None, "2018-02-01", MET), ("the day before", "2018-02-01", None, "2018-01-31", NOT_MET),
            ("the last day", None, "2018-02-01", "2018-01-31", MET), ("the day of leaving", None, "2018-02-01", "2018-02-01", NOT_MET)]:
        family = county.family(label).adult("mum").child("kid", "2004-01-01", joined=joined, left=left)
        wanted[family.fact("proven_offence", "kid", on)] = verdict
    expect(judge(county), OFFENCE, wanted)


def test_the_reference_of_a_window_is_calendar_months(judge: Judge) -> None:
    """"the half-open interval from D less n calendar months ..., exclusive, to D, inclusive": a fact after D is not yet known."""
    county = County(D)
    later = household(county).fact("proven_offence", "kid", date(2018, 7, 1))
    expect(judge(county), OFFENCE, {later: NOT_MET})
