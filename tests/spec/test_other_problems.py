"""`children_need_help`, `work_finance`, `domestic_abuse` and `health`, identified and improved."""

from __future__ import annotations

import pytest
from reference.evaluator import MET, NOT_KNOWN, NOT_MET

from spec.conftest import Judge
from spec.families import County, Family, after, expect

D = "2018-06-30"
YEAR_AGO, INSIDE_YEAR = "2017-06-30", "2017-07-01"
HALF_AGO, INSIDE_HALF = "2017-12-30", "2017-12-31"


def household(county: County, label: str = "") -> Family:
    return county.family(label).adult("mum").child("kid", "2008-05-01")


# -- children who need help ---------------------------------------------------------------------------------------


def test_an_early_help_assessment_in_the_last_12_months(judge: Judge) -> None:
    """`early_help`: "an early help `assessment` in the last 12 months for the family", whole-family or not;
    "`early_help` early_help_milestones", nightly, so 14 days.
    """
    county = County(D)
    expect(judge(county), "children_need_help.early_help", {
        household(county, "inside").milestone("assessment", INSIDE_YEAR, is_flagged=False): MET,
        household(county, "a year ago").milestone("assessment", YEAR_AGO, is_flagged=True): NOT_MET,
        household(county, "a plan").milestone("plan", "2018-01-01", is_flagged=True): NOT_MET})
    for lag, verdict in [(14, NOT_MET), (15, NOT_KNOWN)]:
        county = County(D).covers("early_help_milestones", "2012-01-01", after(D, -lag))
        expect(judge(county), "children_need_help.early_help", {household(county): verdict})


@pytest.mark.parametrize("kind", ["cin", "cp", "lac"])
def test_a_child_with_cin_cp_or_lac_open_on_D(judge: Judge, kind: str) -> None:
    """`child_in_need`: "a child with `cin`, `cp` or `lac` open on D"."""
    county = County(D)
    wanted = {}
    for label, who, start, end, verdict in [
            ("open", "kid", "2017-01-01", None, MET), ("ends tomorrow", "kid", "2017-01-01", after(D, 1), MET),
            ("ended today", "kid", "2017-01-01", D, NOT_MET), ("from tomorrow", "kid", after(D, 1), None, NOT_MET),
            ("an adult", "mum", "2017-01-01", None, NOT_MET)]:
        wanted[household(county, label).fact(kind, who, start, end)] = verdict
    grown = county.family("18 today").adult("mum").child("kid", "2000-06-30", school=False).fact(kind, "kid", "2017-01-01")
    expect(judge(county), "children_need_help.child_in_need", wanted | {grown: NOT_MET})


def test_an_enquiry_started_in_the_last_12_months(judge: Judge) -> None:
    """`enquiry`: "a child with an `s47` started in the last 12 months"."""
    county = County(D)
    expect(judge(county), "children_need_help.enquiry", {
        household(county, "inside, since ended").fact("s47", "kid", INSIDE_YEAR, "2017-08-01"): MET,
        household(county, "a year ago, still open").fact("s47", "kid", YEAR_AGO): NOT_MET,
        household(county, "an adult").fact("s47", "mum", "2018-01-01"): NOT_MET})


@pytest.mark.parametrize(("kind", "feed"), [("missing", "police_incidents"), ("missing", "social_care_episodes"),
                                            ("cse", "social_care_episodes")])
def test_a_child_missing_or_exploited(judge: Judge, kind: str, feed: str) -> None:
    """`missing_or_exploited`: "a child with `missing` (police or social care) or `cse` in the last 12 months", in any role."""
    county = County(D)
    what = "children_need_help.missing_or_exploited"
    expect(judge(county), what, {
        household(county, "inside").fact(kind, "kid", INSIDE_YEAR, feed=feed, role="victim"): MET,
        household(county, "a year ago").fact(kind, "kid", YEAR_AGO, feed=feed): NOT_MET,
        household(county, "an adult").fact(kind, "mum", "2018-01-01", feed=feed): NOT_MET})
    county = County(D).covers(feed)
    expect(judge(county), what, {household(county, f"without {feed}"): NOT_KNOWN})


def test_social_care_could_have_told(judge: Judge) -> None:
    """"`child_in_need`, `enquiry` social_care"; nobody who could be a child: not met, "whatever the coverage"."""
    county = County(D).covers("social_care_episodes")
    child = household(county, "a child")
    adults = county.family("adults").adult("mum")
    unknown = county.family("unknown birth date").adult("mum").member("kid", None)
    answers = judge(county)
    for rule in ("child_in_need", "enquiry", "missing_or_exploited"):
        expect(answers, f"children_need_help.{rule}", {child: NOT_KNOWN, adults: NOT_MET, unknown: NOT_KNOWN})


@pytest.mark.parametrize("kind", ["cin", "cp", "lac"])
def test_no_protection_at_any_time_in_the_last_6_months(judge: Judge, kind: str) -> None:
    """"no `cin`, `cp` or `lac` open on D or at any time in the last 6 months"."""
    county = County(D)
    wanted = {}
    for label, end, verdict in [("open", None, NOT_MET), ("last day 6 months ago", INSIDE_HALF, MET),
                                ("open on the first day of the window", after(INSIDE_HALF, 1), NOT_MET)]:
        wanted[household(county, label).fact(kind, "kid", "2016-01-01", end)] = verdict
    left = county.family("left before").adult("mum").child("kid", left=INSIDE_HALF).fact(kind, "kid", "2016-01-01")
    stayed = county.family("left within").adult("mum").child("kid", left=after(INSIDE_HALF, 1)).fact(kind, "kid", "2016-01-01")
    expect(judge(county), "improved.children_need_help", wanted | {left: MET, stayed: NOT_MET})


@pytest.mark.parametrize("kind", ["social_care_referral", "s47", "missing", "cse"])
def test_no_concern_in_the_last_6_months(judge: Judge, kind: str) -> None:
    """"no `referral`, `s47`, `missing` or `cse` in the last 6 months"."""
    county = County(D)
    expect(judge(county), "improved.children_need_help", {
        household(county, "6 months ago").fact(kind, "kid", HALF_AGO): MET,
        household(county, "inside").fact(kind, "kid", INSIDE_HALF): NOT_MET})


@pytest.mark.parametrize("feed", ["social_care_episodes", "police_incidents"])
def test_improvement_in_help_needs_social_care_and_police(judge: Judge, feed: str) -> None:
    """"`missing_or_exploited` social_care and police", and so the improvement."""
    county = County(D).covers(feed, "2018-01-01", D)          # the window starts a day earlier
    expect(judge(county), "improved.children_need_help", {household(county): NOT_KNOWN})


# -- work and money -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "regime", "verdict"), [
    ("JSA", None, MET), ("ESA", None, MET), ("IS", None, MET), ("IB", None, MET), ("CA", None, MET), ("SDA", None, MET),
    ("UC", "search", MET), ("UC", "prepare", MET), ("UC", "plan", MET), ("UC", "none", MET), ("UC", "working", NOT_MET)])
def test_which_benefits_are_out_of_work(judge: Judge, code: str, regime: str | None, verdict: str) -> None:
    """"`JSA ESA IS IB CA SDA`, and `UC` with regime `search prepare plan none`. `UC working` is not out of work"."""
    county = County(D)
    expect(judge(county), "work_finance.out_of_work", {household(county).benefit("mum", code, "2018-01-01", regime=regime): verdict})


def test_an_adult_on_out_of_work_benefit_open_on_D(judge: Judge) -> None:
    """`out_of_work`: "an adult on out-of-work benefit open on D"."""
    county = County(D)
    young = county.family("17").adult("mum").child("kid", "2000-07-01", school=False).benefit("kid", "ESA", "2018-01-01")
    grown = county.family("18 today").adult("mum").child("kid", "2000-06-30", school=False).benefit("kid", "ESA", "2018-01-01")
    unknown = county.family("unknown").adult("mum").member("dad", None).benefit("dad", "ESA", "2018-01-01")
    expect(judge(county), "work_finance.out_of_work", {
        household(county, "ends tomorrow").benefit("mum", "JSA", "2018-01-01", after(D, 1)): MET,
        household(county, "ended today").benefit("mum", "JSA", "2018-01-01", D): NOT_MET,
        household(county, "from today").benefit("mum", "JSA", D): MET,
        young: NOT_MET, grown: MET, unknown: NOT_KNOWN})


def test_an_adult_not_matched_by_dwp_is_not_known(judge: Judge) -> None:
    """"`none` ... makes that adult's benefit *not known*, not absent"."""
    county = County(D)
    none = household(county, "not matched").fact("benefit_not_matched", "mum", "2018-01-01")
    matched = household(county, "matched since").fact("benefit_not_matched", "mum", "2017-01-01", "2018-01-01")
    child = household(county, "a child").fact("benefit_not_matched", "kid", "2018-01-01")
    other = household(county, "another claims").fact("benefit_not_matched", "mum", "2018-01-01").adult("dad")
    other.benefit("dad", "JSA", "2018-01-01")
    answers = judge(county)
    expect(answers, "work_finance.out_of_work", {none: NOT_KNOWN, matched: NOT_MET, child: NOT_MET, other: MET})
    expect(answers, "improved.work_finance", {none: NOT_KNOWN, matched: MET, child: MET, other: NOT_MET})


@pytest.mark.parametrize(("lag", "verdict"), [(45, NOT_MET), (46, NOT_KNOWN)])
def test_out_of_work_needs_dwp(judge: Judge, lag: int, verdict: str) -> None:
    """"`out_of_work` dwp", monthly, so 45 days."""
    county = County(D).covers("dwp_benefits", "2012-01-01", after(D, -lag))
    children = county.family("nobody adult").child("kid")
    expect(judge(county), "work_finance.out_of_work", {household(county): verdict, children: NOT_MET})


@pytest.mark.parametrize("kind", ["nosp_arrears", "possession", "eviction"])
def test_housing_debt_in_the_last_12_months(judge: Judge, kind: str) -> None:
    """`housing_debt`: "`nosp_arrears`, `possession` or `eviction` in the last 12 months"; improved:
    "no `nosp_arrears`, `possession` or `eviction` in the last 6 months".
    """
    county = County(D)
    old, inside = household(county, "a year ago").fact(kind, "mum", YEAR_AGO), household(county, "inside").fact(kind, "kid", INSIDE_YEAR)
    half, recent = household(county, "half").fact(kind, "mum", HALF_AGO), household(county, "recent").fact(kind, "mum", INSIDE_HALF)
    answers = judge(county)
    expect(answers, "work_finance.housing_debt", {old: NOT_MET, inside: MET, half: MET, recent: MET})
    expect(answers, "improved.work_finance", {old: MET, inside: MET, half: MET, recent: NOT_MET})


def test_arrears_alone_are_no_housing_debt(judge: Judge) -> None:
    """`housing_debt`: "`nosp_arrears`, `possession` or `eviction`", not the arrears themselves nor a homelessness duty."""
    county = County(D)
    family = household(county).fact("arrears", "mum", "2018-06-01", quantity=900).fact("homeless_duty", "mum", "2018-06-01")
    expect(judge(county), "work_finance.housing_debt", {family: NOT_MET})


def test_housing_debt_needs_housing_actions(judge: Judge) -> None:
    """"`housing_debt` housing_actions"."""
    county = County(D).covers("housing_actions")
    family = household(county)
    answers = judge(county)
    expect(answers, "work_finance.housing_debt", {family: NOT_KNOWN})
    expect(answers, "improved.work_finance", {family: NOT_KNOWN})


def test_thirteen_weeks_less_a_day_is_not_enough(judge: Judge) -> None:
    """"no adult on out-of-work benefit at any time in the last 13 weeks": 91 days, "exclusive, to D, inclusive"."""
    county = County(D)                                        # 91 days before: 31 March
    wanted = {}
    for label, end, verdict in [("off for 91 days", "2018-04-01", MET), ("off for 90 days", "2018-04-02", NOT_MET)]:
        wanted[household(county, label).benefit("mum", "ESA", "2016-01-01", end)] = verdict
    grown = county.family("17 in the window until 18").adult("mum").child("kid", "2000-06-01", school=False)
    grown.benefit("kid", "ESA", "2018-01-01", "2018-06-01")
    adult = county.family("18 for a day of it").adult("mum").child("kid", "2000-06-01", school=False)
    adult.benefit("kid", "ESA", "2018-01-01", "2018-06-02")
    left = county.family("left the household").adult("mum").adult("dad", left="2018-04-01").benefit("dad", "ESA", "2016-01-01")
    unknown = county.family("unknown").adult("mum").member("dad", None).benefit("dad", "ESA", "2016-01-01")
    expect(judge(county), "improved.work_finance", wanted | {grown: MET, adult: NOT_MET, left: MET, unknown: NOT_KNOWN})


def test_off_benefit_needs_dwp_for_the_13_weeks(judge: Judge) -> None:
    """"not met only if every feed that could have told was covered": from the first of the 91 days."""
    for first, verdict in [("2018-04-01", MET), ("2018-04-02", NOT_KNOWN)]:
        county = County(D).covers("dwp_benefits", first, D)
        expect(judge(county), "improved.work_finance", {household(county, first): verdict})


def test_benefit_not_known_on_some_days_of_the_13_weeks(judge: Judge) -> None:
    """"no adult on out-of-work benefit at any time in the last 13 weeks": not known of the days on which DWP could not match."""
    county = County(D)
    expect(judge(county), "improved.work_finance", {
        household(county, "matched again inside the weeks").fact("benefit_not_matched", "mum", "2018-01-01", "2018-05-01"): NOT_KNOWN,
        household(county, "matched again before them").fact("benefit_not_matched", "mum", "2018-01-01", "2018-04-01"): MET})


# -- domestic abuse -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["suspect", "offender", "victim", "witness"])
def test_a_call_out_involving_any_member(judge: Judge, role: str) -> None:
    """`call_out`: "a domestic abuse call-out involving any member in the last 12 months", "whatever the role";
    improved: "no call-out in the last 6 months".
    """
    county = County(D)
    old = household(county, "a year ago").fact("call_out", "mum", YEAR_AGO, role=role)
    inside = household(county, "inside").fact("call_out", "kid", INSIDE_YEAR, role=role)
    half = household(county, "half a year").fact("call_out", "mum", HALF_AGO, role=role)
    recent = household(county, "recent").fact("call_out", "mum", INSIDE_HALF, role=role)
    answers = judge(county)
    expect(answers, "domestic_abuse.call_out", {old: NOT_MET, inside: MET, half: MET, recent: MET})
    expect(answers, "improved.domestic_abuse", {old: MET, inside: MET, half: MET, recent: NOT_MET})


def test_call_outs_need_police(judge: Judge) -> None:
    """"`call_out` police"."""
    county = County(D).covers("police_incidents")
    family = household(county)
    answers = judge(county)
    expect(answers, "domestic_abuse.call_out", {family: NOT_KNOWN})
    expect(answers, "improved.domestic_abuse", {family: NOT_KNOWN})


# -- health ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("need", "criterion"), [("mental_health", "mental_health"), ("drugs", "substance"),
                                                 ("alcohol", "substance"), ("new_mother", "new_mother")])
def test_a_referral_accepted_and_not_discharged_on_D(judge: Judge, need: str, criterion: str) -> None:
    """`mental_health`: "a member with a `mental_health` referral accepted and not discharged on D"; "the same for" the others."""
    county = County(D)
    wanted = {
        household(county, "open").health("mum", need, "2018-01-01", "2018-02-01"): MET,
        household(county, "accepted today").health("kid", need, "2018-01-01", D): MET,
        household(county, "not accepted").health("mum", need, "2018-01-01"): NOT_MET,
        household(county, "accepted tomorrow").health("mum", need, "2018-01-01", after(D, 1)): NOT_MET,
        household(county, "discharged today").health("mum", need, "2018-01-01", "2018-02-01", D, "completed"): NOT_MET,
        household(county, "discharged tomorrow").health("mum", need, "2018-01-01", "2018-02-01", after(D, 1), "completed"): MET}
    answers = judge(county)
    expect(answers, f"health.{criterion}", wanted)
    for other in {"mental_health", "substance", "new_mother"} - {criterion}:
        expect(answers, f"health.{other}", dict.fromkeys(wanted, NOT_MET))


@pytest.mark.parametrize("need", ["physical", "development", "parenting"])
def test_other_needs_are_no_health_problem(judge: Judge, need: str) -> None:
    """"a member with a `mental_health` referral", or one for drugs, alcohol or a new mother, and for no other need."""
    county = County(D)
    expect(judge(county), "present.health", {household(county).health("mum", need, "2018-01-01", "2018-02-01"): NOT_MET})


@pytest.mark.parametrize(("lag", "verdict"), [(14, NOT_MET), (15, NOT_KNOWN)])
def test_health_needs_health_contacts(judge: Judge, lag: int, verdict: str) -> None:
    """"`health` health_contacts", weekly, so 14 days."""
    county = County(D).covers("health_contacts", "2012-01-01", after(D, -lag))
    family = household(county)
    answers = judge(county)
    for criterion in ("mental_health", "substance", "new_mother"):
        expect(answers, f"health.{criterion}", {family: verdict})
    expect(answers, "improved.health", {family: {NOT_MET: MET}.get(verdict, NOT_KNOWN)})


def attached(county: County, label: str) -> Family:
    return county.family(label, attached="2017-06-15").adult("mum").child("kid")


@pytest.mark.parametrize(("how", "verdict"), [("completed", MET), ("improved", MET), ("dropped_out", NOT_MET),
                                              ("declined", NOT_MET), ("transferred", NOT_MET), (None, NOT_MET)])
def test_discharged_completed_or_improved(judge: Judge, how: str | None, verdict: str) -> None:
    """"every referral that made the problem present is discharged `completed` or `improved`"."""
    county = County(D)
    family = attached(county, str(how)).health("mum", "alcohol", "2017-05-01", "2017-06-01", "2018-06-30", how)
    two = attached(county, "two").health("mum", "alcohol", "2017-05-01", "2017-06-01", "2018-06-01", "completed")
    two.health("kid", "drugs", "2017-05-01", "2017-06-01", "2018-06-01", how)
    expect(judge(county), "improved.health", {family: verdict, two: verdict})


def test_or_accepted_and_open_for_at_least_3_months(judge: Judge) -> None:
    """"or has been accepted and open for at least 3 months"."""
    county = County(D)
    expect(judge(county), "improved.health", {
        attached(county, "3 months").health("mum", "alcohol", "2018-03-01", "2018-03-30"): MET,
        attached(county, "3 months less a day").health("mum", "alcohol", "2018-03-01", "2018-03-31"): NOT_MET,
        attached(county, "and was discharged").health("mum", "alcohol", "2017-03-01", "2017-03-30", "2018-06-01", "dropped_out"): NOT_MET,
        attached(county, "to be discharged").health("mum", "alcohol", "2018-03-01", "2018-03-30", "2018-07-01", "dropped_out"): MET})


def test_which_referrals_made_the_problem_present(judge: Judge) -> None:
    """"made it present = accepted and open on some day since attachment"."""
    county = County(D)
    bad = ("dropped_out",)
    expect(judge(county), "improved.health", {
        attached(county, "over on attachment day").health("mum", "drugs", "2016-01-01", "2016-02-01", "2017-06-15", *bad): MET,
        attached(county, "open on attachment day").health("mum", "drugs", "2016-01-01", "2016-02-01", "2017-06-16", *bad): NOT_MET,
        attached(county, "of a need that is none").health("mum", "physical", "2016-01-01", "2016-02-01", "2018-06-16", *bad): MET})


@pytest.mark.parametrize(("first", "verdict"), [("2017-06-15", MET), ("2017-06-16", NOT_KNOWN), ("2018-03-01", NOT_KNOWN)])
def test_referrals_on_some_day_since_attachment_need_coverage_since_then(judge: Judge, first: str, verdict: str) -> None:
    """"accepted and open on some day since attachment"; "a rule that found none is not met only if every feed ... was covered"; and
    "a rule that found its facts is met (or failed) by them, whatever the coverage".
    """
    county = County(D).covers("health_contacts", first, D)
    none = attached(county, "none known")
    well = attached(county, "found, and well").health("mum", "drugs", "2017-08-01", "2017-09-01", "2017-12-01", "completed")
    ill = attached(county, "found, and not well").health("mum", "drugs", "2017-08-01", "2017-09-01", "2017-12-01", "dropped_out")
    before = attached(county, "over before").health("mum", "drugs", "2016-01-01", "2016-02-01", "2017-06-15", "dropped_out")
    later = attached(county, "a member since last week").adult("dad", joined="2018-06-24")
    expect(judge(county), "improved.health", {none: verdict, well: MET, ill: NOT_MET, before: verdict, later: verdict})


def test_a_gap_since_attachment_leaves_health_unknown_and_the_family_not_ready(judge: Judge) -> None:
    """"sustained" asks of "every problem that became present at any time since": in three silent months it may have been."""
    county = County(D).covers("health_contacts", "2012-01-01", "2017-08-01").also_covers("health_contacts", "2017-11-01", D)
    family = attached(county, "a silence").fact("call_out", "mum", "2017-05-01", ref="c").fact("nosp_arrears", "mum", "2017-05-01", ref="d")
    answers = judge(county)
    expect(answers, "improved.health", {family: NOT_KNOWN})
    expect(answers, "status", {family: "blocked_by_data"})


def test_no_further_referral_in_the_last_3_months(judge: Judge) -> None:
    """"no further such referral in the last 3 months": "`referred_on` after attachment and in the last 3 months, accepted or not"."""
    county = County(D)
    recent = county.family("on attachment day", attached="2018-05-01").adult("mum").health("mum", "drugs", "2018-05-01")
    later = county.family("the day after", attached="2018-05-01").adult("mum").health("mum", "drugs", "2018-05-02")
    expect(judge(county), "improved.health", {
        attached(county, "3 months ago").health("mum", "drugs", "2018-03-30"): MET,
        attached(county, "inside").health("mum", "drugs", "2018-03-31"): NOT_MET,
        attached(county, "parenting").health("mum", "parenting", "2018-06-01"): MET,
        recent: MET, later: NOT_MET})
