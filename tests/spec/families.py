"""A short way to write families: who they are, what happened when, and what each feed covers.

    county = County("2018-06-30")
    family = county.family(attached="2017-01-10").adult("mum").child("kid", born="2008-05-01")
    family.fact("proven_offence", "kid", "2017-09-01")

Every feed covers every day unless a case says otherwise; a child of school age goes to school unless it says not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from reference.evaluator import Answer
from reference.world import FEEDS, Claim, Coverage, Fact, Membership, Person, Ref, World

FIRST = date(2012, 1, 1)
SCHOOL = "8812001"
Day = date | str | None


def day(text: Day) -> Any:
    return date.fromisoformat(text) if isinstance(text, str) else text


class County:
    """Families and coverage as at one day."""

    def __init__(self, as_at: Day, schools_covered: bool = True) -> None:
        self.as_at = day(as_at)
        self.families: list[Family] = []
        self._coverage = {feed: [(FIRST, self.as_at)] for feed in FEEDS if feed != "schools_attendance"}
        self._schools: dict[str, list[tuple[date, date]]] = {}
        self._schools_covered = schools_covered
        self._people = 0
        self.claims: list[Claim] = []

    def family(self, label: str = "", attached: Day = None, principles: bool = True) -> Family:
        """A family of nobody yet. Attached, it has its four principles unless told otherwise."""
        found = Family(self, len(self.families) + 1)
        found.label = label
        self.families.append(found)
        if attached:
            found.milestone("attached", attached)
            if principles:
                found.milestone("assessment", attached, is_flagged=True).milestone("plan", attached, is_flagged=True)
                found.milestone("lead_worker", attached).milestone("tfop_agreed", attached)
        return found

    def covers(self, feed: str, first: Day = None, last: Day = None) -> County:
        """The feed covers these days alone; with no days, none."""
        self._coverage[feed] = [(day(first), day(last))] if first else []
        return self

    def also_covers(self, feed: str, first: Day, last: Day) -> County:
        self._coverage[feed].append((day(first), day(last)))
        return self

    def school_covers(self, place: str, *spans: tuple[Day, Day]) -> County:
        """The school's attendance was accepted for these days alone."""
        self._schools[place] = [(day(a), day(b)) for a, b in spans]
        return self

    @property
    def key(self) -> tuple[Any, ...]:
        """What families must share to be judged in one warehouse: the day and the coverage."""
        schools = self._schools_covered, repr(sorted(self._schools.items()))
        return self.as_at, repr(sorted(self._coverage.items())), *schools

    @property
    def world(self) -> World:
        world = World()
        for family in self.families:
            world.persons += family.persons
            world.memberships += family.memberships
            world.facts += family.facts
            world.refs += family.refs
        world.claims = self.claims
        world.coverage = [Coverage(feed, a, b) for feed, spans in self._coverage.items() for a, b in spans]
        for place in sorted({f.place for f in world.facts if f.place}):
            spans = self._schools.get(place, [(FIRST, self.as_at)] if self._schools_covered else [])
            world.coverage += [Coverage("schools_attendance", a, b, place) for a, b in spans]
        return world

    def next_person(self) -> int:
        self._people += 1
        return self._people


class Family:
    """One household, answering to one early help reference."""

    def __init__(self, county: County, household_id: int) -> None:
        self.county, self.household_id, self.label = county, household_id, ""
        self.ref = f"EH{household_id}"
        self.names: dict[str, int] = {}
        self.persons: list[Person] = []
        self.memberships: list[Membership] = []
        self.facts: list[Fact] = []
        self.refs = [Ref(household_id, self.ref)]

    def member(self, name: str, born: Day, joined: Day = None, left: Day = None) -> Family:
        if name not in self.names:
            self.names[name] = self.county.next_person()
            self.persons.append(Person(self.names[name], day(born)))
        self.memberships.append(Membership(self.household_id, self.names[name], day(joined), day(left)))
        return self

    def adult(self, name: str = "mum", born: Day = "1985-03-03", joined: Day = None, left: Day = None) -> Family:
        return self.member(name, born, joined, left)

    def child(self, name: str = "kid", born: Day = "2008-05-01", joined: Day = None, left: Day = None, school: bool = True) -> Family:
        """A child at school since 2012, never absent, unless `school` is false."""
        self.member(name, born, joined, left)
        if school:
            self.fact("enrolment", name, "2012-09-03", place=SCHOOL, is_flagged=False)
            for term in World().terms:
                if term.ends_on <= self.county.as_at and term.school_year >= 2013:
                    self.attends(name, term.starts_on, term.ends_on)
        return self

    def claimed(self, claim_ref: str, *who: str, on: Day = "2017-06-01", **more: Any) -> Family:
        """An earlier claim for these members, made for a family elsewhere unless it says not."""
        self.county.claims.append(Claim(claim_ref, tuple(self.names[w] for w in who), day(on), **more))
        return self

    def attends(self, name: str, first: Day, last: Day, attended: int = 60, authorised: int = 0, unauthorised: int = 0,
                place: str = SCHOOL) -> Family:
        """A half-term's sessions; a second row for the same half-term and school takes the first one's place."""
        a, b = day(first), day(last)
        self.facts = [f for f in self.facts if not (f.kind == "attendance" and f.person == self.names[name]
                                                    and f.starts_on == a and f.place == place)]
        return self.fact("attendance", name, a, b, quantity=attended, out_of=attended + authorised + unauthorised,
                         authorised=authorised, unauthorised=unauthorised, place=place)

    def absent(self, name: str, attended: int, authorised: int = 0, unauthorised: int = 0) -> Family:
        """The same sessions in every half-term."""
        for term in World().terms:
            if term.ends_on <= self.county.as_at and term.school_year >= 2013:
                self.attends(name, term.starts_on, term.ends_on, attended, authorised, unauthorised)
        return self

    def fact(self, kind: str, who: str, starts: Day, ends: Day = None, **more: Any) -> Family:
        for name in ("happened_on",):
            if name in more:
                more[name] = day(more[name])
        self.facts.append(Fact(kind, day(starts), self.names[who], day(ends), **more))
        return self

    def milestone(self, name: str, on: Day, ends: Day = None, **more: Any) -> Family:
        self.facts.append(Fact(f"family_{name}", day(on), None, day(ends), family_ref=self.ref, **more))
        return self

    def nominated(self, problem: str, who: str, starts: Day, ends: Day = None) -> Family:
        return self.fact("nomination", who, starts, ends, code=problem, ref=f"N{len(self.facts)}-{self.household_id}")

    def benefit(self, who: str, code: str, starts: Day, ends: Day = None, regime: str | None = None) -> Family:
        return self.fact("benefit", who, starts, ends, code=code, outcome=regime)

    def works(self, who: str, starts: Day, ends: Day = None) -> Family:
        return self.fact("employment", who, starts, ends, ref=f"E{len(self.facts)}-{self.household_id}")

    def health(self, who: str, need: str, referred: Day, accepted: Day = None, discharged: Day = None, how: str | None = None) -> Family:
        """A referral and, when accepted, the spell of support."""
        ref = f"H{len(self.facts)}-{self.household_id}"
        self.fact("health_referral", who, referred, code=need, ref=ref)
        if accepted:
            self.fact("health_support", who, accepted, discharged, code=need, outcome=how, ref=ref, happened_on=referred)
        return self


def said(answer: Answer, what: str) -> Any:
    """One part of an answer: `status`, `earliest_on`, `present.<problem>`, `principles.<name>`, `<problem>.<criterion>` ..."""
    first, _, second = what.partition(".")
    if not second:
        return getattr(answer, first)
    if first in ("present", "improved", "present_since", "principles"):
        return getattr(answer, first)[second]
    return answer.criteria[first, second]


def expect(answers: Mapping[Family, Answer], what: str, wanted: dict[Family, Any]) -> None:
    """Every family's answer to one question, with all that differ in one message."""
    wrong = [f"{family.label or family.household_id}: {what} is {said(answers[family], what)}, wanted {value}"
             for family, value in wanted.items() if said(answers[family], what) != value]
    assert not wrong, "; ".join(wrong)


def after(text: Day, days: int) -> date:
    """So many days after (before, when negative)."""
    return day(text) + timedelta(days=days)
