"""Families on either side of the edges of `national-2015`, as at 18 November 2019, as partners' rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from partners_rows import Family, Person, Town

AS_AT = date(2019, 11, 18)
TOMORROW = date(2019, 11, 19)
DAYS = ((9, 3, 10, 19), (10, 29, 12, 20), (1, 4, 2, 14), (2, 22, 3, 31), (4, 16, 5, 24), (6, 3, 7, 20))
HALF_TERMS = [(date(year + (m < 9), m, d), date(year + (n < 9), n, e)) for year in range(2015, 2020)
              for m, d, n, e in DAYS if date(year + (n < 9), n, e) < AS_AT]
LAST_THREE_TERMS = [first for first, last in HALF_TERMS if date(2018, 9, 1) <= first and last <= date(2019, 7, 20)]


def county() -> tuple[Town, list[Family]]:
    """The town with every family's rows in it, and the families."""
    town = Town(AS_AT)
    families: list[Family] = []

    def family(says: str, **expected: Any) -> Family:
        families.append(Family(town, says, len(families) + 1, **expected))
        return families[-1]

    for group in (_results, _money, _school, _crime, _members, _silence):
        for _ in group(family):
            pass
    for person in (p for f in families for p in [f.mum, f.kid]):
        if person.at_school:
            person.goes_to_school(HALF_TERMS)
    return town, families


def debt(family: Family, on: str) -> None:
    family.mum.says("housing_tenancies", tenancy_ref=f"T{family.number}", role="tenant", start_on="2015-01-01", tenure="LA")
    family.mum.says("housing_actions", tenancy_ref=f"T{family.number}", action="nosp_arrears", action_on=on)


def call_out(person: Person, on: str, role: str = "victim") -> None:
    person.says("police_incidents", role=role, incident="domestic_abuse", occurred_on=on, recorded_on=on)


def crime(person: Person, on: str, **columns: str) -> None:
    person.says("police_incidents", incident="crime", occurred_on=on, recorded_on=on, **columns)


def suspension(child: Person, *days: str, sessions: str = "1", phase: str = "PRI") -> None:
    for day in days:
        child.says("schools_exclusions", establishment="8731111", category="SUSP", start_on=day, sessions=sessions,
                   reason="DB", phase=phase)


def _results(family: Any) -> Iterator[None]:
    def two_problems(f: Family, call: str = "2018-08-01") -> None:
        debt(f, "2018-06-01")
        call_out(f.mum, call)

    yield two_problems(family("every problem long past", status="ready", result="sustained").attached())
    yield two_problems(family("a call-out on the day on which the six months open", status="ready").attached(), "2019-05-18")
    yield two_problems(family("a call-out a day later", status="in_progress", earliest_on=TOMORROW).attached(), "2019-05-19")
    names = "assessment", "plan", "lead_worker", "tfop_agreed"
    for missing in names:
        kept = " ".join(n for n in names if n != missing)
        yield two_problems(family(f"no {missing}", status="in_progress").attached(principles=kept))
    f = family("a lead worker who left before the closure", status="in_progress").attached(principles="assessment plan tfop_agreed")
    yield two_problems(f.milestone("lead_worker", "2018-11-05", ended_on="2019-06-01"))
    f = family("a lead worker up to the closure", status="ready").attached(principles="assessment plan tfop_agreed")
    f.milestone("lead_worker", "2018-11-05", ended_on="2019-06-01").milestone("closed", "2019-06-01")
    yield two_problems(f)
    f = family("a new problem of another member", status="in_progress", earliest_on=date(2020, 1, 1)).attached()
    f.kid.says("health_contacts", service="CAMHS", need="mental_health", referred_on="2019-09-20", accepted_on="2019-10-01",
               basis="consent")
    yield two_problems(f)
    for last, status in (("2019-05-18", "ready"), ("2019-05-20", "in_progress")):
        f = family(f"a child in need until {last}", status=status).attached()
        f.kid.says("social_care_episodes", episode="cin", start_on="2018-01-01", end_on=last)
        yield call_out(f.mum, "2018-08-01")
    for after, status in ((2, "ready"), (3, "in_progress")):
        f = family(f"anti-social behaviour five times before, {after} now", status=status).attached()
        call_out(f.mum, "2018-08-01")
        for month in range(6, 11):
            f.kid.says("police_incidents", role="suspect", incident="asb_intervention", occurred_on=f"2018-{month:02d}-02")
        for month in range(7, 7 + after):
            f.kid.says("police_incidents", role="suspect", incident="asb", occurred_on=f"2019-{month:02d}-02")
        yield


def _money(family: Any) -> Iterator[None]:
    def works(says: str, benefit: str, off: str, job: str, status: str, **expected: Any) -> None:
        f = family(says, status=status, **expected).attached()
        regime = {"uc_regime": "prepare", "uc_earnings_above_threshold": "N"} if benefit == "UC" else {}
        f.mum.says("dwp_benefits", benefit=benefit, start_on="2018-01-01", end_on=off, match="full", **regime)
        f.mum.says("jcp_employment", start_on=job, hours_per_week="30", proof="payslip")
        f.mum.says("nominations", problem="domestic_abuse", nominated_on="2018-10-01", agency="EH", nominated_by="W")

    yield works("thirteen weeks in work", "UC", "2019-08-20", "2019-08-20", "ready", result="employment")
    yield works("thirteen weeks less a day", "UC", "2019-08-20", "2019-08-21", "in_progress", earliest_on=TOMORROW)
    yield works("twenty-six of thirty weeks", "JSA", "2019-05-01", "2019-05-21", "ready", result="employment")
    yield works("twenty-six weeks less a day", "JSA", "2019-05-01", "2019-05-22", "in_progress", earliest_on=TOMORROW)
    for on, status in (("2018-11-18", "not_eligible"), ("2018-11-19", "eligible")):
        f = family(f"a notice for arrears on {on}", status=status)
        debt(f, on)
        yield call_out(f.mum, "2019-11-01")
    f = family("universal credit while working", status="not_eligible", problems_present=["domestic_abuse"])
    f.mum.says("dwp_benefits", benefit="UC", start_on="2019-01-01", match="full", uc_regime="working",
               uc_earnings_above_threshold="Y")
    yield call_out(f.mum, "2019-11-01")


def _school(family: Any) -> Iterator[None]:
    for missed, status in ((601, "eligible"), (600, "not_eligible")):
        f = family(f"{missed} of 6,000 sessions missed", status=status)
        f.kid.missed = {first: (1000, missed if first == LAST_THREE_TERMS[0] else 0, 0) for first in LAST_THREE_TERMS}
        yield debt(f, "2019-06-01")
    f = family("one short half-term wholly missed: the sum decides, not the mean", status="not_eligible")
    f.kid.missed = {LAST_THREE_TERMS[0]: (10, 10, 0)}
    yield debt(f, "2019-06-01")
    for opens, status in (("2018-09-03", "eligible"), ("2018-09-02", "not_eligible")):
        f = family(f"three suspensions, the first on {opens}", status=status)
        suspension(f.kid, opens, "2019-02-01", "2019-11-01")
        yield debt(f, "2019-06-01")
    for phase, status in (("PRI", "eligible"), ("SEC", "not_eligible")):
        f = family(f"ten sessions of suspension in {phase}", status=status)
        suspension(f.kid, "2019-11-01", sessions="10", phase=phase)
        yield debt(f, "2019-06-01")


def _crime(family: Any) -> Iterator[None]:
    f = family("a charge is no proof", status="not_eligible")
    crime(f.kid, "2019-09-01", role="suspect", outcome="1", outcome_on="2019-09-05")
    yield call_out(f.mum, "2019-11-01")
    for born, status in (("2001-09-05", "not_eligible"), ("2001-09-06", "eligible")):
        f = family(f"cautioned on 5 September 2019, born {born}", status=status)
        child = Person(f, born, "child", "M", at_school=False)
        crime(child, "2019-01-01", role="offender", outcome="2", outcome_on="2019-09-05")
        yield call_out(f.mum, "2019-11-01")
    for release, status in (("2020-11-18", "eligible"), ("2020-11-19", "not_eligible")):
        f = family(f"a mother to be released on {release}", status=status)
        f.mum.says("probation_orders", order="custody", start_on="2019-01-01", end_on=release)
        yield call_out(f.mum, "2019-11-01")


def _members(family: Any) -> Iterator[None]:
    for left, status in (("2019-08-01", "not_eligible"), ("2019-08-02", "eligible")):
        f = family(f"a call-out on 1 August of a partner who left on {left}", status=status)
        debt(f, "2019-06-01")
        yield call_out(Person(f, "1980-01-01", "partner", "M", left=left), "2019-08-01", role="offender")


def _silence(family: Any) -> Iterator[None]:
    f = family("a proven offence at an unknown age", status="cannot_tell", problems_present=["domestic_abuse"])
    crime(Person(f, "", "other", "M"), "2019-01-01", role="offender", outcome="2", outcome_on="2019-09-05")
    yield call_out(f.mum, "2019-11-01")
    f = family("an adult whom the benefits match did not find", status="cannot_tell")
    f.mum.says("dwp_benefits", match="none")
    yield call_out(f.mum, "2019-11-01")
    f = family("a child of ten who was never enrolled", status="cannot_tell")
    f.kid.at_school = False
    yield call_out(f.mum, "2019-11-01")
