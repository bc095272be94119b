"""Claim readiness: one status per household, and the first day it would be ready."""

from __future__ import annotations

from datetime import date

import pytest
from reference.evaluator import MET, NOT_KNOWN, NOT_MET

from spec.conftest import Judge
from spec.families import County, Family, after, expect
from spec.test_results import TROUBLES, A, D, troubled, worker


def free(county: County, label: str = "", problems: int = 0) -> Family:
    """Not attached, with so many problems."""
    family = county.family(label).adult("mum").child("kid")
    for kind in ("call_out", "nosp_arrears", "asb_action")[:problems]:
        family.fact(kind, "mum", "2018-05-01", ref=kind)
    return family


@pytest.mark.parametrize(("problems", "status"), [(0, "not_eligible"), (1, "not_eligible"), (2, "eligible"), (3, "eligible")])
def test_at_least_2_problems_present(judge: Judge, problems: int, status: str) -> None:
    """"eligible: at least 2 problems present"; "`not_eligible`: not attached, and fewer problems present than the plan
    needs"; "`eligible`: not attached, and eligible as at D: the families to find".
    """
    county = County(D)
    family = free(county, problems=problems)
    answers = judge(county)
    expect(answers, "status", {family: status})
    expect(answers, "attached_on", {family: None})
    expect(answers, "earliest_on", {family: None})


def test_criteria_of_one_problem_are_one_problem(judge: Judge) -> None:
    """"problem present: its `identified_when` is met": any of its criteria, and problems are counted, not criteria."""
    county = County(D)
    family = free(county).fact("cin", "kid", "2018-01-01").fact("s47", "kid", "2018-01-01").fact("cse", "kid", "2018-01-01")
    answers = judge(county)
    expect(answers, "present.children_need_help", {family: MET})
    expect(answers, "status", {family: "not_eligible"})
    expect(answers, "problems_present", {family: ("children_need_help",)})


def test_cannot_tell_when_the_not_known_could_make_it_eligible(judge: Judge) -> None:
    """"`cannot_tell`: not attached, and the *not known* problems could make it eligible"; else "not enough *not known* to reach it"."""
    county = County(D).covers("housing_actions")
    one = free(county, "one met, two not known").fact("call_out", "mum", "2018-05-01")
    none = free(county, "none met, two not known")
    two = free(county, "two met").fact("call_out", "mum", "2018-05-01").fact("cin", "kid", "2018-01-01")
    expect(judge(county), "status", {one: "cannot_tell", none: "cannot_tell", two: "eligible"})
    county = County(D).covers("health_contacts")
    expect(judge(county), "status", {free(county, "none met, one not known"): "not_eligible"})


def test_any_is_met_if_one_is_met(judge: Judge) -> None:
    """"any: met if one is met, not known if none is met and one is not known"."""
    county = County(D).covers("housing_actions")
    met = free(county, "one met, one not known").benefit("mum", "ESA", "2018-01-01")
    unknown = free(county, "none met, one not known")
    answers = judge(county)
    expect(answers, "work_finance.housing_debt", {met: NOT_KNOWN, unknown: NOT_KNOWN})
    expect(answers, "present.work_finance", {met: MET, unknown: NOT_KNOWN})


def test_all_is_not_met_if_one_is_not_met(judge: Judge) -> None:
    """"all: not met if one is not met, not known if none is not met and one is not known"."""
    county = County(D).covers("housing_actions")
    failed = free(county, "one fails, one not known").benefit("mum", "ESA", "2018-01-01")
    unknown = free(county, "one met, one not known")
    expect(judge(county), "improved.work_finance", {failed: NOT_MET, unknown: NOT_KNOWN})


def test_problems_are_those_since_attachment_or_on_D_where_unattached(judge: Judge) -> None:
    """"`problems_present` ... since attachment (or on D where unattached)"."""
    county = County(D)
    attached = troubled(county, "attached, over since")
    unattached = county.family("unattached, over since").adult("mum").child("kid")
    unattached.fact("call_out", "mum", "2016-10-01").fact("nosp_arrears", "mum", "2016-10-01")
    answers = judge(county)
    expect(answers, "problems_present", {attached: TROUBLES, unattached: ()})
    expect(answers, "present.domestic_abuse", {attached: NOT_MET, unattached: NOT_MET})


def test_the_last_attachment_on_or_before_D(judge: Judge) -> None:
    """"the family's attachment day (its last `attached` on or before D)"."""
    county = County(D)
    twice = troubled(county, "attached twice").milestone("attached", "2018-02-01")
    future = free(county, "attached tomorrow", problems=2).milestone("attached", after(D, 1))
    today = free(county, "attached today", problems=2).milestone("attached", D)
    answers = judge(county)
    expect(answers, "attached_on", {twice: date(2018, 2, 1), future: None, today: date.fromisoformat(D)})
    expect(answers, "status", {future: "eligible", today: "in_progress"})
    expect(answers, "problems_present", {twice: ()})


def test_blocked_by_data_when_everything_else_is_met(judge: Judge) -> None:
    """"`blocked_by_data`: attached; everything else is met and at least one test is *not known*. Carries which feed would answer"."""
    county = County(D).covers("police_incidents", "2012-01-01", "2018-06-15")
    blocked = troubled(county, "police lapsed")
    missing = troubled(county, "police lapsed, and no plan")
    missing.facts = [f for f in missing.facts if f.kind != "family_plan"]
    answers = judge(county)
    expect(answers, "status", {blocked: "blocked_by_data", missing: "in_progress"})
    expect(answers, "blocking", {blocked: frozenset({"police_incidents"})})
    expect(answers, "earliest_on", {blocked: None})


def test_a_principle_not_known_blocks(judge: Judge) -> None:
    """"everything else is met and at least one test is *not known*": a principle of which the feed has not told."""
    county = County(D).covers("early_help_milestones", "2012-01-01", "2018-06-15")
    family = troubled(county)
    family.facts = [f for f in family.facts if f.kind != "family_tfop_agreed"]
    answers = judge(county)
    expect(answers, "principles.tfop_agreed", {family: NOT_KNOWN})
    expect(answers, "status", {family: "blocked_by_data"})
    expect(answers, "blocking", {family: frozenset({"early_help_milestones"})})


def test_a_family_that_could_have_no_result_yet_is_in_progress(judge: Judge) -> None:
    """"`in_progress`: attached; no result yet", even while something else is not known."""
    county = County(D).covers("health_contacts")
    family = troubled(county).fact("call_out", "mum", "2018-06-01", ref="again")
    expect(judge(county), "status", {family: "in_progress"})


# -- earliest_on ----------------------------------------------------------------------------------------------------


def test_earliest_on_is_the_day_after_the_window_has_passed(judge: Judge) -> None:
    """"the first day after D on which the same rules hold with today's facts"."""
    county = County(D)
    expect(judge(county), "earliest_on", {
        troubled(county, "ready").milestone("referred", A): None,
        troubled(county, "call-out on D").fact("call_out", "mum", D, ref="n"): date(2018, 12, 30),
        troubled(county, "yesterday's").fact("call_out", "mum", after(D, -1), ref="n"): date(2018, 12, 29),
        troubled(county, "on 31 December").fact("call_out", "mum", "2017-12-31", ref="n"): date(2018, 7, 1)})


def test_the_latest_of_several_binding_tests(judge: Judge) -> None:
    """"the first day it would be ready if nothing new happened ..., with the tests that bind": all must hold on one day."""
    county = County(D)
    several = troubled(county, "three tests").fact("call_out", "mum", "2018-02-01", ref="n")
    several.fact("nosp_arrears", "mum", "2018-03-15", ref="m").health("mum", "drugs", "2018-06-01", "2018-06-10")
    benefit = troubled(county, "a benefit that ends").benefit("mum", "ESA", "2018-01-01", "2018-09-01")
    answers = judge(county)
    expect(answers, "earliest_on", {several: date(2018, 9, 15), benefit: date(2018, 11, 30)})


def test_known_future_ends_and_birthdays_count(judge: Judge) -> None:
    """"(known future ends and birthdays included)"."""
    county = County(D)
    cin = troubled(county, "a plan that ends").fact("cin", "kid", "2018-01-01", "2018-08-01")
    absent = county.family("16 in September", attached=A).adult("mum").child("kid", "2002-09-10").absent("kid", 50, 0, 50)
    absent.fact("call_out", "mum", "2016-10-01").fact("nosp_arrears", "mum", "2016-10-01")
    lead = troubled(county, "a lead worker who leaves").fact("call_out", "mum", "2018-06-01", ref="n")
    lead.facts = [f for f in lead.facts if f.kind != "family_lead_worker"]
    lead.milestone("lead_worker", A, "2018-10-01")
    stays = troubled(county, "and one who stays long enough").fact("call_out", "mum", "2018-06-01", ref="n")
    stays.facts = [f for f in stays.facts if f.kind != "family_lead_worker"]
    stays.milestone("lead_worker", A, "2018-12-02")
    expect(judge(county), "earliest_on", {
        cin: date(2019, 1, 31), absent: date(2018, 9, 10), lead: None, stays: date(2018, 12, 1)})


def test_coming_terms_close_without_new_facts(judge: Judge) -> None:
    """"every feed covered to that day and coming terms closing without new facts"."""
    county = County(D)
    perm = troubled(county, "permanently excluded in autumn").fact("permanent_exclusion", "kid", "2017-10-01", place="8812001")
    summer = troubled(county, "in the running term").fact("permanent_exclusion", "kid", "2018-05-01", place="8812001")
    expect(judge(county), "earliest_on", {perm: date(2018, 12, 20), summer: None})


def test_employment_may_come_first(judge: Judge) -> None:
    """"`earliest_on`: the first day it would be ready", by either result."""
    county = County(D)
    new_job = worker(county, "a job since 1 June", jobs=(("2018-06-01", None),))
    expect(judge(county), "earliest_on", {new_job: date(2018, 8, 30)})


def test_nomination_clocks_run(judge: Judge) -> None:
    """"improves when the nomination has ended ..., at least 3 months ago": and so three months after its known end."""
    county = County(D)
    ended = troubled(county, "ended").nominated("health", "mum", "2018-01-01", "2018-05-31")
    ends = troubled(county, "will end").nominated("health", "mum", "2018-01-01", "2018-07-15")
    expect(judge(county), "earliest_on", {ended: date(2018, 8, 31), ends: date(2018, 10, 15)})


def test_null_when_there_is_none_within_three_years(judge: Judge) -> None:
    """"null when there is none within three years, and for every status but `in_progress`"."""
    county = County(D)
    never = troubled(county, "no plan").fact("call_out", "mum", D, ref="n")
    never.facts = [f for f in never.facts if f.kind != "family_plan"]
    nominated = troubled(county, "a nomination that stays open").nominated("health", "mum", "2018-01-01")
    last, late = (county.family(label, attached=A).adult("mum").child("kid", "2001-01-01").fact("call_out", "mum", "2016-10-01")
                  .fact("cin", "kid", "2018-01-01", end)
                  for label, end in [("a spell that ends just in time", "2020-12-31"), ("and one a day later", "2021-01-01")])
    alone = county.family("no dependent child", attached=A).adult("mum").fact("call_out", "mum", D).fact("nosp_arrears", "mum", D)
    answers = judge(county)
    expect(answers, "earliest_on", {never: None, nominated: None, last: date(2021, 6, 30), late: None, alone: None})
    expect(answers, "status", dict.fromkeys((never, nominated, last, late, alone), "in_progress"))


def test_earliest_on_takes_coverage_to_be_kept_up(judge: Judge) -> None:
    """"if nothing new happened and coverage kept up": what is not known for want of a feed is taken as covered."""
    county = County(D).covers("health_contacts").covers("jcp_employment")
    family = troubled(county).fact("call_out", "mum", D, ref="n")
    unknown = troubled(county, "a birth date stays unknown").fact("call_out", "mum", D, ref="n").member("lodger", None)
    unknown.absent("kid", 50, 0, 50)
    expect(judge(county), "earliest_on", {family: date(2018, 12, 30), unknown: None})


def test_the_feed_that_would_answer(judge: Judge) -> None:
    """"Carries which feed would answer": the school's own coverage for exclusions, none for a birth date that is missing."""
    county = County(D).school_covers("8812001", ("2012-01-01", "2017-07-20"))
    school = troubled(county, "the school lapsed")
    unknown = troubled(County(D), "x")                        # a county of its own
    unknown.member("lodger", None).fact("enrolment", "lodger", "2012-09-03", place="8812001").absent("lodger", 50, 10)
    expect(judge(county), "blocking", {school: frozenset({"schools_attendance"})})
    answers = judge(unknown.county)
    expect(answers, "status", {unknown: "blocked_by_data"})
    expect(answers, "blocking", {unknown: frozenset()})


def test_the_feed_that_would_say_whether_only_nominations_made_it_present(judge: Judge) -> None:
    """"Carries which feed would answer": the two ways to improve differ, and which is its own the police would tell."""
    county = County(D).covers("police_incidents", after(A, 1), D)
    family = troubled(county).nominated("crime_asb", "kid", after(A, 5))
    answers = judge(county)
    expect(answers, "improved.crime_asb", {family: NOT_KNOWN})
    expect(answers, "status", {family: "blocked_by_data"})
    expect(answers, "blocking", {family: frozenset({"police_incidents"})})


def test_a_family_of_nobody_is_not_eligible(judge: Judge) -> None:
    """"If nobody could meet a rule ..., it is not met, whatever the coverage": everybody left before the windows."""
    county = County(D).covers("police_incidents").covers("housing_actions").covers("nominations").covers("health_contacts")
    gone = county.family("all left").adult("mum", left="2016-01-01").child("kid", left="2016-01-01")
    expect(judge(county), "status", {gone: "not_eligible"})
