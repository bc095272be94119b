"""A claim that stands: one result per family, however it is formed again."""

from __future__ import annotations

from reference.world import Membership

from spec.conftest import Judge
from spec.families import County, Family, after, expect
from spec.test_readiness import free
from spec.test_results import D, troubled


def claimed(county: County, label: str, *who: str, **more: object) -> Family:
    """A family that would be ready, with an earlier claim for some of its people."""
    return troubled(county, label).claimed(f"C-{label}", *who, **more)


def test_a_claim_for_a_child_stands_for_its_family(judge: Judge) -> None:
    """"`claimed`: a claim stands for it under this plan or one that the plan says excludes it"; "Outranks every other status,
    attached or not".
    """
    county = County(D)
    ready = claimed(county, "ready", "kid")
    progress = claimed(county, "in progress", "kid").fact("call_out", "mum", D, ref="n")
    unattached = [free(county, f"free {n}", n).claimed(f"C-{n}", "kid") for n in (0, 2)]
    none = troubled(county, "never claimed")
    answers = judge(county)
    expect(answers, "status", dict.fromkeys((ready, progress, *unattached), "claimed") | {none: "ready"})
    expect(answers, "claimed_as", {ready: "C-ready", progress: "C-in progress", unattached[0]: "C-0", none: None})
    expect(answers, "earliest_on", {progress: None})


def test_the_guard_is_on_the_children(judge: Judge) -> None:
    """"the guard is on the children ... an adult in common alone does not block"."""
    county = County(D)
    adult = claimed(county, "the mother's", "mum")
    child = claimed(county, "the child's", "kid")
    both = claimed(county, "both", "mum", "kid")
    expect(judge(county), "status", {adult: "ready", child: "claimed", both: "claimed"})


def test_a_child_is_one_on_the_day_of_the_claim(judge: Judge) -> None:
    """"child / adult: under 18 / 18 or over, on the day of the fact for something that happened"."""
    county = County(D)
    grown = troubled(county, "18 the day after").member("son", "1999-06-02").claimed("C-1", "son", on="2017-06-01")
    adult = troubled(county, "18 on the day").member("son", "1999-06-01").claimed("C-2", "son", on="2017-06-01")
    unknown = troubled(county, "of unknown age").member("son", None).claimed("C-3", "son")
    expect(judge(county), "claimed_as", {grown: "C-1", adult: None, unknown: "C-3"})


def test_through_any_merge_split_or_move_of_its_people(judge: Judge) -> None:
    """"through any merge, split or move of its people": the claim goes where the child goes, and stays with its family."""
    county = County(D)
    left = troubled(county, "whom the child left").member("other", "2010-01-01", left="2018-01-01")
    left.claimed("C-moved", "other")
    joined = troubled(county, "which the child joined")
    joined.memberships.append(Membership(joined.household_id, left.names["other"], after(D, -100)))
    tomorrow = troubled(county, "which it will join tomorrow")
    tomorrow.memberships.append(Membership(tomorrow.household_id, left.names["other"], after(D, 1)))
    named = troubled(county, "named by the claim").member("gone", "2010-01-01", left="2018-01-01")
    named.claimed("C-named", "gone", family_ref=named.ref)
    expect(judge(county), "claimed_as", {left: None, joined: "C-moved", tomorrow: None, named: "C-named"})


def test_a_withdrawn_or_clawed_back_claim_does_not_stand(judge: Judge) -> None:
    """"a withdrawn or clawed-back claim does not stand"."""
    county = County(D)
    expect(judge(county), "status", {
        claimed(county, state, "kid", state=state): "ready" if state in ("withdrawn", "clawed_back") else "claimed"
        for state in ("frozen", "submitted", "paid", "withdrawn", "clawed_back")})


def test_only_the_plans_that_exclude_one_another(judge: Judge) -> None:
    """"One result per family, ever, in the phase (`one_result_across: [national-2012, national-2015, national-2020]`, the plan's to
    change)".
    """
    county = County(D)
    expect(judge(county), "status", {
        claimed(county, plan, "kid", plan_id=plan): "ready" if plan == "national-2022" else "claimed"
        for plan in ("national-2012", "national-2015", "national-2020", "national-2022")})


def test_a_claim_counts_from_its_day(judge: Judge) -> None:
    """"as at D: everything known to the warehouse about days up to and including D"; the earliest of several is named."""
    county = County(D)
    today, tomorrow = claimed(county, "today", "kid", on=D), claimed(county, "tomorrow", "kid", on=after(D, 1))
    twice = claimed(county, "2", "kid").child("tot", "2012-01-01", school=False).claimed("C-1", "tot", on="2017-01-01")
    expect(judge(county), "claimed_as", {today: "C-today", tomorrow: None, twice: "C-1"})
