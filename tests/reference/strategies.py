"""Random worlds, drawn so that most dates fall a day either side of something that a rule turns on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from reference.meanings import RULES, STALE_DAYS, add_months, birthday
from reference.world import TERMS, Coverage, Fact, HalfTerm, Membership, Person, Ref, World

DAY = timedelta(days=1)
FIRST_D, LAST_D = date(2016, 9, 1), date(2020, 3, 1)
PLAN_FROM = date(2015, 4, 1)
EARLY = date(2010, 1, 1)
SCHOOLS = ("8810001", "8810002", "8810003")
PROBLEMS = ("crime_asb", "education", "children_need_help", "work_finance", "domestic_abuse", "health")
NEEDS = ("mental_health", "drugs", "alcohol", "new_mother", "physical")
DISCHARGES = ("completed", "improved", "dropped_out", "declined", "transferred", None)
BENEFITS = (("JSA", None), ("ESA", None), ("CA", None), ("UC", "search"), ("UC", "prepare"), ("UC", "none"), ("UC", "working"))
EVENTS = {
    "crime": ("proven_offence", "suspected_offence", "asb", "asb_intervention", "asb_involvement", "call_out", "community_resolution"),
    "care": ("missing", "cse", "social_care_referral", "s47"),
    "housing": ("arrears", "asb_complaint", "asb_action", "nosp_arrears", "nosp_asb", "possession", "eviction", "homeless_duty"),
}
SPELLS = ("custody", "licence", "community_order", "suspended_sentence", "cin", "cp", "lac")


@dataclass(frozen=True)
class Setting:
    """What every household of one warehouse shares: the day, the calendar and what the feeds cover."""

    as_at: date
    coverage: tuple[Coverage, ...]
    terms: tuple[HalfTerm, ...] = TERMS


def half_terms(as_at: date) -> list[HalfTerm]:
    return [t for t in TERMS if date(2014, 9, 1) <= t.starts_on and t.ends_on <= as_at]


def edges(day: date) -> list[date]:
    """The days on which a window that ends on `day` begins."""
    found = [day, day - timedelta(days=7 * 13), day - timedelta(days=7 * 30)]
    return found + [add_months(day, -n) for n in (3, 6, 12, 18)]


def near(days: list[date]) -> list[date]:
    return [d + n * DAY for d in days for n in (-1, 0, 1)]


@st.composite
def settings_of_a_county(draw: DrawFn) -> Setting:
    """A day and what the feeds cover: everything in half of the draws, else with holes near the edges."""
    special = [date(2016, 9, 1), date(2018, 8, 31), date(2020, 2, 29), date(2017, 2, 28), date(2019, 3, 31), date(2018, 12, 20)]
    as_at = draw(st.one_of(st.sampled_from(special), st.dates(FIRST_D, LAST_D)))
    spans = {feed: [(EARLY, as_at)] for feed in STALE_DAYS}
    faulty = draw(st.booleans())
    for feed in draw(st.lists(st.sampled_from(sorted(STALE_DAYS)), min_size=1, max_size=5, unique=True)) if faulty else []:
        spans[feed] = draw(_coverage(as_at, STALE_DAYS[feed]))
    coverage = [Coverage(feed, a, b) for feed, found in spans.items() for a, b in found if a <= b]
    for place in SCHOOLS:
        for term in half_terms(as_at):
            if not faulty or draw(st.integers(0, 9)):
                coverage.append(Coverage("schools_attendance", term.starts_on, term.ends_on, place))
    return Setting(as_at, tuple(coverage))


def _coverage(as_at: date, stale: int) -> SearchStrategy[list[tuple[date, date]]]:
    starts = near([add_months(as_at, -n) for n in (6, 12, 15, 24)] + [as_at - timedelta(days=91), as_at - timedelta(days=stale)])
    gaps = near([add_months(as_at, -n) for n in (5, 9, 14)])
    return st.one_of(
        st.just([]),
        st.sampled_from([stale - 1, stale, stale + 1, stale + 60]).map(lambda n: [(EARLY, as_at - timedelta(days=n))]),
        st.sampled_from(starts).map(lambda d: [(d, as_at)]),
        st.tuples(st.sampled_from(gaps), st.integers(1, 3)).map(lambda g: [(EARLY, g[0]), (g[0] + g[1] * DAY, as_at)]))


class _Drawing:
    """One to three households that share people, with their facts, drawn piece by piece."""

    def __init__(self, draw: DrawFn, setting: Setting) -> None:
        self.draw, self.as_at = draw, setting.as_at
        self.covered = {(c.place, c.first) for c in setting.coverage}
        # tidy: as a family that has done well would look; nearly: the same, and nothing is open for ever or unknown
        mode = draw(st.sampled_from(("wild", "tidy", "nearly")))
        self.tidy, self.nearly = mode != "wild", mode == "nearly"
        self.attached = self._attached()
        closes = [half[-1].ends_on for half in _pairs(half_terms(self.as_at))[-4:]]
        opens = [half[0].starts_on for half in _pairs(half_terms(self.as_at))[-4:]]
        self.edges = near(edges(self.as_at) + edges(self.attached or self.as_at)) + near(closes + opens)
        self.edges = sorted({d for d in self.edges if d <= self.as_at + 2 * DAY})
        self.facts: list[Fact] = []
        self.n = 0

    def one_in(self, n: int) -> bool:
        return self.draw(st.integers(1, n)) == 1

    def pick(self, *options):  # type: ignore[no-untyped-def]
        return self.draw(st.sampled_from(options))

    def day(self) -> date:
        """Mostly near an edge; in a tidy family mostly about attachment, long enough ago."""
        if self.tidy and not self.one_in(4):
            about = self.attached or self.as_at
            return min(about - self.draw(st.integers(-20, 400)) * DAY, self.as_at)
        if self.nearly:
            return self.as_at - self.draw(st.integers(0, 200)) * DAY
        return self.draw(st.one_of(st.sampled_from(self.edges), st.dates(date(2015, 1, 1), self.as_at)))

    def end(self, start: date) -> date | None:
        """The end of a spell: none, an edge after its start, or a day soon after D."""
        later = [d for d in self.edges if d > start] + [self.as_at + n * DAY for n in (1, 40, 200, 365, 366)]
        if self.nearly:
            return min(start + self.draw(st.integers(1, 120)) * DAY, self.as_at + 60 * DAY)
        return None if self.one_in(4) else self.draw(st.sampled_from(later))

    def _attached(self) -> date | None:
        if self.one_in(4):
            return None
        if self.tidy:
            found = add_months(self.as_at, -self.draw(st.integers(7, 20))) + self.draw(st.integers(-1, 1)) * DAY
        else:
            found = self.draw(st.one_of(st.sampled_from(near(edges(self.as_at))),
                                        st.dates(max(PLAN_FROM, self.as_at - 800 * DAY), self.as_at)))
        return min(max(found, PLAN_FROM), self.as_at)

    def ref(self, prefix: str = "r") -> str:
        self.n += 1
        return f"{prefix}{self.n}"

    def born(self) -> date | None:
        kind = self.draw(st.integers(0, 9))
        if kind == 0:
            return date(2012, 2, 29) if self.nearly else None
        if kind <= 3:
            return date(1980, 5, 17)
        if kind <= 5 or (self.nearly and kind <= 8):
            return self.as_at - self.draw(st.integers(6, 14)) * 365 * DAY
        if kind == 6:
            return self.pick(date(2000, 2, 29), date(2000, 3, 1), date(1999, 8, 31))
        age = self.pick(RULES["adult_at"], RULES["adult_at"], RULES["school_until"], RULES["school_from"])
        return birthday(self.draw(st.sampled_from(self.edges)), -age)

    def person(self, person: int, born: date | None) -> None:
        """A person's own facts: school first, then whatever else happened."""
        turns_five = birthday(born, 5) if born else date(2014, 1, 1)
        if (born is None or born > date(1996, 1, 1)) and (self.nearly or not self.one_in(6)):
            self.school(person, max(turns_five, date(2012, 9, 3)))
        for _ in range(self.draw(st.integers(0, 2 if self.tidy else 5))):
            self.pick(self._event, self._event, self._spell, self._benefit, self._work, self._health, self._nomination,
                      self._suspensions, self._behaviour)(person)

    def _event(self, person: int) -> None:
        kind = self.pick(*EVENTS[self.pick(*EVENTS)])
        on = self.day()
        feed = self.pick("police_incidents", "") if kind in ("proven_offence", "missing") else ""
        happened = on - self.pick(0, 1, 30, 400) * DAY if kind == "proven_offence" and not self.one_in(5) else None
        self.facts.append(Fact(kind, on, person, happened_on=happened, ref=self.ref(), feed=feed,
                               role="suspect" if kind in ("asb", "asb_intervention", "suspected_offence") else None))
        if kind == "proven_offence" and self.one_in(2):       # the other partner tells of it too
            other = "youth_justice_disposals" if feed else "police_incidents"
            self.facts.append(replace(self.facts[-1], starts_on=self.day(), feed=other, partner="", ref=self.ref()))

    def _behaviour(self, person: int) -> None:
        about = self.attached or self.as_at
        days = [*(about - n * DAY for n in (0, 10, 30)), *near([add_months(about, -6), add_months(self.as_at, -6)]), self.as_at]
        kinds = st.sampled_from(("asb", "asb_intervention", "asb_complaint", "asb_action", "nosp_asb"))
        for _ in range(self.draw(st.integers(1, 6))):
            kind, on, ref = self.draw(kinds), self.draw(st.sampled_from(days)), self.ref()
            role = None if kind in ("asb_complaint", "asb_action", "nosp_asb") else "suspect"
            last = self.facts[-1] if self.facts else None
            if last and last.kind == kind and self.one_in(2):     # the same occurrence, of whomever
                on, ref = last.starts_on or on, last.ref or ref
            self.facts.append(Fact(kind, on, person, ref=ref, role=role))

    def _spell(self, person: int) -> None:
        kind, start = self.pick(*SPELLS), self.day()
        self.facts.append(Fact(kind, start, person, self.end(start), ref=self.ref()))

    def _benefit(self, person: int) -> None:
        start = self.day() - self.pick(0, 0, 200) * DAY
        if self.one_in(8):
            self.facts.append(Fact("benefit_not_matched", start, person, self.end(start)))
            return
        code, regime = self.pick(*BENEFITS)
        end = self.end(start)
        self.facts.append(Fact("benefit", start, person, end, code=code, outcome=regime))
        if end and end <= self.as_at and self.one_in(3):
            code, regime = self.pick(*BENEFITS)
            self.facts.append(Fact("benefit", end, person, self.end(end), code=code, outcome=regime))

    def _work(self, person: int) -> None:
        """Off benefit and in work, with gaps of none, a day or a week."""
        weeks = self.pick(12, 13, 14, 26, 27, 30, 40)
        start = self.as_at - (7 * weeks - self.pick(-1, 0, 1, 2)) * DAY
        if self.attached and not self.one_in(4):
            code, regime = self.pick(*BENEFITS)
            self.facts.append(Fact("benefit", self.attached - 60 * DAY, person, max(start, self.attached + DAY), code=code, outcome=regime))
        while start <= self.as_at:
            end = None if self.one_in(2) else start + self.draw(st.integers(5, 120)) * DAY
            self.facts.append(Fact("employment", start, person, end, ref=self.ref()))
            if end is None:
                break
            start = end + self.pick(0, 0, 1, 7) * DAY

    def _health(self, person: int) -> None:
        need, referred, ref = self.pick(*NEEDS), self.day(), self.ref()
        self.facts.append(Fact("health_referral", referred, person, code=need, ref=ref))
        if not self.one_in(5):
            accepted = referred + self.pick(0, 1, 30) * DAY
            end = self.end(accepted)
            self.facts.append(Fact("health_support", accepted, person, end, happened_on=referred, code=need, ref=ref,
                                   outcome=self.pick(*DISCHARGES[:2 if self.nearly else None]) if end else None))

    def _nomination(self, person: int) -> None:
        start = self.day()
        self.facts.append(Fact("nomination", start, person, self.end(start), code=self.pick(*PROBLEMS), ref=self.ref(),
                               partner=self.pick("schools", "police")))

    def _suspensions(self, person: int) -> None:
        for _ in range(self.draw(st.integers(1, 4))):
            kind = "suspension" if not self.one_in(6) else self.pick("permanent_exclusion", "lunchtime_exclusion")
            self.facts.append(Fact(kind, self.day(), person, quantity=self.pick(1, 4, 5, 9, 10, 19, 20), code=self.pick("PRI", "SEC"),
                                   place=self.pick(*SCHOOLS)))

    def school(self, person: int, start: date) -> None:
        place, flagged = self.pick(*SCHOOLS), self.one_in(12)
        left = self.draw(st.sampled_from(self.edges)) if self.one_in(5) else None
        self.facts.append(Fact("enrolment", start, person, left, place=place, is_flagged=flagged))
        if left and self.one_in(2):
            self.facts.append(Fact("enrolment", left, person, place=self.pick(*SCHOOLS), is_flagged=self.one_in(6)))
        usual = (60, 0, 0) if self.nearly else self.pick((60, 0, 0), (60, 0, 0), (54, 6, 0), (53, 7, 0), (54, 0, 6), (55, 0, 5), (54, 1, 5), (0, 0, 0))
        for term in half_terms(self.as_at)[-10:]:
            if term.starts_on < start or (not self.nearly and self.one_in(14)):
                continue
            there, authorised, not_authorised = usual if not self.one_in(8) else self.pick((30, 30, 0), (50, 0, 10), (0, 0, 0), (60, 0, 0))
            if (place, term.starts_on) not in self.covered:   # a row would itself be coverage
                continue
            shift = DAY * self.pick(0, 0, 0, 0, 0, 1, -1, 20)
            self.facts.append(Fact("attendance", term.starts_on + shift, person, term.ends_on + shift, quantity=there,
                                   out_of=there + authorised + not_authorised, authorised=authorised, unauthorised=not_authorised,
                                   place=place))

    def turning_point(self, adult: int) -> None:
        """One thing of an adult that lies at, a day about, or some weeks inside the edge of a window that is seldom met by chance."""
        self.pick(self._release, self._weeks_in_work, self._open_referral, self._further_referral, self._fewer, self._nominated)(adult)

    def _about(self, day: date) -> date:
        return day + self.pick(-20, -1, 0, 1) * DAY

    def _release(self, adult: int) -> None:
        end = add_months(self.as_at, 12) - (self._about(self.as_at) - self.as_at)
        self.facts.append(Fact("custody", self.as_at - 100 * DAY, adult, end, ref=self.ref()))

    def _weeks_in_work(self, adult: int) -> None:
        about, (code, regime) = self.attached or self.as_at, self.pick(*BENEFITS)
        start = self.as_at - (7 * self.pick(12, 13, 26, 26, 30) - self.pick(0, 1, 2)) * DAY
        self.facts.append(Fact("benefit", about - 60 * DAY, adult, max(about + DAY, start), code=code, outcome=regime))
        self.facts.append(Fact("employment", start, adult, None, ref=self.ref()))

    def _open_referral(self, adult: int) -> None:
        accepted, ref = self._about(add_months(self.as_at, -3)), self.ref()
        self.facts.append(Fact("health_referral", accepted - 40 * DAY, adult, code="alcohol", ref=ref))
        self.facts.append(Fact("health_support", accepted, adult, happened_on=accepted - 40 * DAY, code="alcohol", ref=ref))

    def _further_referral(self, adult: int) -> None:
        self.facts.append(Fact("health_referral", self._about(add_months(self.as_at, -3)), adult, code="drugs", ref=self.ref()))

    def _fewer(self, adult: int) -> None:
        before, now = self.pick((2, 1), (5, 2), (5, 3), (3, 1))
        about = self.attached or self.as_at
        for day, n in ((self._about(add_months(about, -5)), before), (self._about(add_months(self.as_at, -5)), now)):
            self.facts += [Fact("asb", day, adult, ref=self.ref(), role="suspect") for _ in range(n)]

    def _nominated(self, adult: int) -> None:
        start = min(self.attached or self.as_at, self.as_at) - 10 * DAY
        self.facts.append(Fact("nomination", start, adult, max(start, self._about(add_months(self.as_at, -3))),
                               code=self.pick(*PROBLEMS), ref=self.ref()))

    def milestones(self, family_ref: str) -> None:
        a = self.attached
        def add(name: str, on: date, end: date | None = None, **more: object) -> None:
            self.facts.append(Fact(f"family_{name}", on, None, end, family_ref=family_ref, **more))  # type: ignore[arg-type]

        if a:
            add("attached", a)
            if self.one_in(12):
                add("attached", a - 90 * DAY if a > PLAN_FROM + 90 * DAY else a)
        about = a or self.day()
        referred = about - self.pick(0, 1, 40) * DAY
        if not self.one_in(3):
            add("referred", referred)
        for name in ("assessment", "plan", "tfop_agreed"):
            if self.nearly or not self.one_in(8 if self.tidy else 4):
                on = about + self.pick(0, 0, 1, 14) * DAY if self.nearly or not self.one_in(6) else self.pick(referred - DAY, referred, self.as_at, self.day())
                add(name, on, is_flagged=self.nearly or not self.one_in(10))
        closed = self.draw(st.sampled_from(self.edges)) if not self.nearly and self.one_in(5) else None
        if closed:
            add("closed", closed)
        if self.nearly or not self.one_in(8):
            end = self.pick(closed, closed, closed and closed - DAY, closed and closed + DAY) if closed else self.end(about) if self.one_in(4) else None
            add("lead_worker", about, end)
        for _ in range(self.draw(st.integers(0, 1))):
            add("goal_met", self.day(), code=self.pick(*PROBLEMS))


def _pairs(found: list[HalfTerm]) -> list[list[HalfTerm]]:
    """Whole terms: the half-terms two by two."""
    return [[a, b] for a, b in zip(found[::2], found[1::2], strict=False)]


@st.composite
def families(draw: DrawFn, setting: Setting) -> World:
    """One to three households of one to five members, with ids from 1; `combine` gives them room among others."""
    d = _Drawing(draw, setting)
    world = World(terms=list(setting.terms), coverage=list(setting.coverage))
    n_households = d.pick(1, 1, 1, 2, 3)
    for person in range(1, d.draw(st.integers(1, 5)) + 1):
        born = d.born()
        world.persons.append(Person(person, born))
        d.person(person, born)
        for household in range(1, n_households + 1):
            if household == 1 or d.one_in(2):
                world.memberships += _memberships(d, household, person)
    if d.one_in(2):
        adult, child = 11, 12
        world.persons += [Person(adult, date(1981, 1, 31)), Person(child, d.as_at - 10 * 365 * DAY)]
        world.memberships += [Membership(1, adult), Membership(1, child)]
        d.school(child, date(2012, 9, 3))
        d.turning_point(adult)
    for household in range(1, n_households + 1):
        world.refs.append(Ref(household, f"F{household}"))
        if household == 1 or d.one_in(2):
            d.milestones(f"F{household}")
    world.facts = [f for f in d.facts if not (f.ends_on and f.starts_on and f.ends_on < f.starts_on)]
    if not any(m.household_id == n_households for m in world.memberships):
        world.refs = [r for r in world.refs if any(m.household_id == r.household_id for m in world.memberships)]
    return world


def _memberships(d: _Drawing, household: int, person: int) -> list[Membership]:
    kind = d.draw(st.integers(0, 9))
    if kind <= 5 or (person == 1 and kind <= 8):
        return [Membership(household, person)]
    first, second = sorted([d.draw(st.sampled_from(d.edges)), d.draw(st.sampled_from(d.edges))])
    if kind == 6:
        return [Membership(household, person, joined=first)]
    if kind == 7:
        return [Membership(household, person, left=first)]
    if first == second:
        return [Membership(household, person)]
    if kind == 8:
        return [Membership(household, person, first, second)]
    return [Membership(household, person, left=first), Membership(household, person, joined=second)]


def combine(worlds: list[World]) -> World:
    """One world of many, each keeping its own people, households and family references."""
    whole = World(terms=worlds[0].terms, coverage=worlds[0].coverage)
    for n, world in enumerate(worlds, 1):
        base = n * 100
        whole.persons += [Person(p.person_id + base, p.date_of_birth) for p in world.persons]
        whole.memberships += [replace(m, household_id=m.household_id + base, person_id=m.person_id + base) for m in world.memberships]
        whole.refs += [replace(r, household_id=r.household_id + base, family_ref=f"{r.family_ref}/{n}") for r in world.refs]
        whole.facts += [replace(f, person=f.person and f.person + base, family_ref=f.family_ref and f"{f.family_ref}/{n}",
                                ref=f.ref and f"{f.ref}/{n}") for f in world.facts]
    return whole
