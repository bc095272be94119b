"""Random worlds, drawn so that most dates fall a day either side of something that a rule turns on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from reference.meanings import RULES, add_months, birthday
from reference.settings import DAY, SCHOOLS, Setting, edges, half_terms, near, whole_terms
from reference.world import Claim, Fact, Membership, Person, Ref, World

PLAN_FROM = date(2015, 4, 1)
PROBLEMS = ("crime_asb", "education", "children_need_help", "work_finance", "domestic_abuse", "health")
NEEDS = ("mental_health", "drugs", "alcohol", "new_mother", "physical")
TURNING_POINTS = ("release", "weeks_in_work", "off_benefit", "referred", "fewer", "nominated", "birthday", "school_age", "suspended",
                  "absent", "window", "spell_end")
DISCHARGES = ("completed", "improved", "dropped_out", "declined", "transferred", None)
BENEFITS = (("JSA", None), ("ESA", None), ("CA", None), ("UC", "search"), ("UC", "prepare"), ("UC", "none"), ("UC", "working"))
EVENTS = {
    "crime": ("proven_offence", "suspected_offence", "asb", "asb_intervention", "asb_involvement", "call_out", "community_resolution"),
    "care": ("missing", "cse", "social_care_referral", "s47"),
    "housing": ("arrears", "asb_complaint", "asb_action", "nosp_arrears", "nosp_asb", "possession", "eviction", "homeless_duty"),
}
SPELLS = ("custody", "licence", "community_order", "suspended_sentence", "cin", "cp", "lac")


class _Drawing:
    """One to three households that share people, with their facts, drawn piece by piece."""

    def __init__(self, draw: DrawFn, setting: Setting, modes: tuple[str, ...] = ("wild", "tidy", "nearly")) -> None:
        self.draw, self.as_at = draw, setting.as_at
        self.covered = {(c.place, c.first) for c in setting.coverage}
        # tidy: as a family that has done well would look; nearly: the same, and nothing is open for ever or unknown
        mode = draw(st.sampled_from(modes))
        self.tidy, self.nearly = mode != "wild", mode == "nearly"
        self.attached = self._attached()
        closes = [half[-1].ends_on for half in whole_terms(half_terms(self.as_at))[-4:]]
        opens = [half[0].starts_on for half in whole_terms(half_terms(self.as_at))[-4:]]
        self.edges = near(edges(self.as_at) + edges(self.attached or self.as_at)) + near(closes + opens)
        self.edges = sorted({d for d in self.edges if d <= self.as_at + 2 * DAY})
        self.facts: list[Fact] = []
        self.extras: list[Person] = []
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

    def school(self, person: int, start: date, usual: tuple[int, int, int] | None = None) -> None:
        place, flagged = self.pick(*SCHOOLS), self.one_in(12)
        steady = usual is not None
        left = self.draw(st.sampled_from(self.edges)) if not steady and self.one_in(5) else None
        self.facts.append(Fact("enrolment", start, person, left, place=place, is_flagged=flagged))
        if left and self.one_in(2):
            self.facts.append(Fact("enrolment", left, person, place=self.pick(*SCHOOLS), is_flagged=self.one_in(6)))
        usual = usual or ((60, 0, 0) if self.nearly else self.pick((60, 0, 0), (60, 0, 0), (54, 6, 0), (53, 7, 0), (54, 0, 6), (55, 0, 5), (54, 1, 5), (0, 0, 0)))
        for term in half_terms(self.as_at)[-10:]:
            if term.starts_on < start or (not steady and not self.nearly and self.one_in(14)):
                continue
            there, authorised, not_authorised = usual if steady or not self.one_in(8) else self.pick((30, 30, 0), (50, 0, 10), (0, 0, 0), (60, 0, 0))
            if (place, term.starts_on) not in self.covered:   # a row would itself be coverage
                continue
            shift = DAY * self.pick(0, 0, 0, 0, 0, 1, -1, 20)
            self.facts.append(Fact("attendance", term.starts_on + shift, person, term.ends_on + shift, quantity=there,
                                   out_of=there + authorised + not_authorised, authorised=authorised, unauthorised=not_authorised,
                                   place=place))

    # Turning points: one thing at, a day about, or some weeks inside the edge of a rule that is seldom met by chance.

    def turning_point(self, name: str) -> None:
        turns = {"release": self._release, "weeks_in_work": self._weeks_in_work, "off_benefit": self._off_benefit, "referred": self._referred,
                 "fewer": self._fewer, "nominated": self._nominated, "birthday": self._birthday, "school_age": self._school_age,
                 "suspended": self._suspended, "absent": self._absent, "window": self._window, "spell_end": self._spell_end}
        turns[name]()

    def extra(self, born: date) -> int:
        """One more member, always in the first household."""
        self.extras.append(Person(11 + len(self.extras), born))
        return self.extras[-1].person_id

    def adult(self) -> int:
        return self.extra(date(1981, 1, 31))

    def child(self, usual: tuple[int, int, int] = (60, 0, 0)) -> int:
        """A child of ten at school."""
        found = self.extra(self.as_at - 10 * 365 * DAY)
        self.school(found, date(2012, 9, 3), usual)
        return found

    def _about(self, day: date) -> date:
        return day + self.pick(-20, -1, 0, 1) * DAY

    def _release(self) -> None:
        self.child()
        end = add_months(self.as_at, 12) + self.pick(-1, 0, 1, 20) * DAY
        self.facts.append(Fact("custody", self.as_at - 100 * DAY, self.adult(), end, ref=self.ref()))

    def _weeks_in_work(self) -> None:
        adult, about = self.adult(), self.attached or self.as_at
        (code, regime), weeks, gap = self.pick(*[((("ESA", None)), n, 0) for n in (13, 14)],
                                               *[(searching, n, 0) for searching in (("JSA", None), ("UC", "search")) for n in (26, 27)],
                                               *[(("JSA", None), 31, n) for n in (4, 5)])
        start = self.as_at - (7 * weeks - self.pick(0, 1, 1, 2)) * DAY               # 1: the first day of the first week
        self.facts.append(Fact("benefit", about - 60 * DAY, adult, max(about + DAY, start), code=code, outcome=regime))
        out = start + 7 * 20 * DAY if gap else None
        self.facts.append(Fact("employment", start, adult, out, ref=self.ref()))
        if out:
            self.facts.append(Fact("employment", out + 7 * gap * DAY, adult, ref=self.ref()))

    def _off_benefit(self) -> None:
        end = self.as_at - (91 - self.pick(-1, 0, 1, 2, 3)) * DAY
        self.facts.append(Fact("benefit", self.as_at - 400 * DAY, self.adult(), end, code="ESA"))

    def _referred(self) -> None:
        day, adult, ref = self._about(add_months(self.as_at, -3)), self.adult(), self.ref()
        accepted = self.one_in(2)
        self.facts.append(Fact("health_referral", day - 40 * DAY if accepted else day, adult, code="alcohol", ref=ref))
        if accepted:
            self.facts.append(Fact("health_support", day, adult, happened_on=day - 40 * DAY, code="alcohol", ref=ref))

    def _fewer(self) -> None:
        (before, now), adult = self.pick((2, 1), (5, 2), (5, 3), (3, 1)), self.adult()
        starts = [add_months(self.attached or self.as_at, -6), add_months(self.as_at, -6)]
        for day, n in zip(starts, (before, now), strict=True):
            kinds = [self.pick("asb", "asb_complaint", "nosp_asb") for _ in range(n)]
            self.facts += [Fact(kind, day + self.pick(-20, 0, 1, 60) * DAY, adult, ref=self.ref()) for kind in kinds]

    def _nominated(self) -> None:
        start = (self.attached or self.as_at) - 10 * DAY
        end = max(start, self._about(add_months(self.as_at, -3)))
        self.facts.append(Fact("nomination", start, self.adult(), end, code=self.pick(*PROBLEMS), ref=self.ref()))

    def _birthday(self) -> None:
        day = self.as_at - self.pick(0, 60, 200) * DAY
        young = self.extra(birthday(day, -RULES["adult_at"]) + self.pick(-1, 0, 1, 2) * DAY)
        self.facts.append(Fact(self.pick("proven_offence", "s47", "missing", "cse"), day, young, ref=self.ref()))

    def _school_age(self) -> None:
        age = self.pick(RULES["school_from"], RULES["school_until"])
        young = self.extra(birthday(self.as_at, -age) + self.pick(-1, 0, 1) * DAY)
        if self.one_in(2):
            self.school(young, date(2012, 9, 3), (50, 0, 10))

    def _suspended(self) -> None:
        child, first = self.child(), whole_terms(half_terms(self.as_at))[-3][0].starts_on
        n, sessions, phase = self.pick((1, 9, "PRI"), (1, 10, "PRI"), (1, 19, "SEC"), (1, 20, "SEC"), (2, 1, "SEC"), (3, 1, "SEC"), (4, 1, "SEC"))
        days = [first + self.pick(-1, 0, 1, 60, 70, 80) * DAY for _ in range(n)]
        self.facts += [Fact("suspension", day, child, quantity=sessions, code=phase, place=SCHOOLS[0]) for day in days]

    def _absent(self) -> None:
        self.child(self.pick((54, 6, 0), (53, 7, 0), (54, 0, 6), (55, 0, 5)))

    def _window(self) -> None:
        months = self.pick(6, 12)
        day = add_months(self.pick(self.as_at, self.attached or self.as_at), -months) + self.pick(-20, -1, 0, 0, 1) * DAY
        kind = self.pick("call_out", "nosp_arrears", "asb_action", "proven_offence", "social_care_referral")
        self.facts.append(Fact(kind, day, self.adult(), ref=self.ref()))

    def _spell_end(self) -> None:
        ends = [self.as_at, add_months(self.as_at, -6), self.attached or self.as_at]
        kind, who = self.pick(("cin", self.child), ("lac", self.child), ("benefit", self.adult), ("licence", self.adult))
        end = self.pick(self.as_at, self.as_at, self.as_at, *near(ends))
        self.facts.append(Fact(kind, end - 200 * DAY, who(), end, code="IS" if kind == "benefit" else None, ref=self.ref()))

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
        _turn(d, world)
    for household in range(1, n_households + 1):
        world.refs.append(Ref(household, f"F{household}"))
        if household == 1 or d.one_in(2):
            d.milestones(f"F{household}")
    world.facts = [f for f in d.facts if not (f.ends_on and f.starts_on and f.ends_on < f.starts_on)]
    if not any(m.household_id == n_households for m in world.memberships):
        world.refs = [r for r in world.refs if any(m.household_id == r.household_id for m in world.memberships)]
    if d.one_in(6):
        world.claims = _claims(d, world)
    return world


def _claims(d: _Drawing, world: World) -> list[Claim]:
    """Earlier claims for some of the people: of every plan and state, dated near the as-at day and near 18th birthdays."""
    days = near([d.as_at, d.as_at - 400 * DAY] + [birthday(p.date_of_birth, RULES["adult_at"]) for p in world.persons if p.date_of_birth])
    people = [p.person_id for p in world.persons]
    found: list[Claim] = []
    for n in range(d.pick(1, 1, 2)):
        named = {person for claim in found for person in claim.people}      # a child is claimed for once
        some = tuple(p for p in people if p not in named and d.one_in(3)) or tuple(p for p in people[-1:] if p not in named)
        found.append(Claim(f"C{n}", some, d.pick(*days), d.pick("paid", "paid", "submitted", "withdrawn", "clawed_back"),
                           d.pick("national-2012", "national-2015", "national-2015", "national-2020", "national-2022"),
                           d.pick("elsewhere", "elsewhere", "F1")))
    return found


def _turn(d: _Drawing, world: World) -> None:
    d.turning_point(d.pick(*TURNING_POINTS))
    world.persons += d.extras
    world.memberships += [Membership(1, p.person_id) for p in d.extras]
    d.extras = []


@st.composite
def pointed_families(draw: DrawFn, setting: Setting, turning_point: str) -> World:
    """A parent and child with one turning point and little else: small, and near an edge."""
    d = _Drawing(draw, setting, ("nearly",))
    world = World(terms=list(setting.terms), coverage=list(setting.coverage), refs=[Ref(1, "F1")])
    d.adult()
    d.child()
    if not d.one_in(3):                                       # one problem more, surely present and improved
        d.facts.append(Fact("call_out", (d.attached or d.as_at) - 20 * DAY, 11, ref=d.ref()))
    d.turning_point(turning_point)
    d.milestones("F1")
    world.persons = d.extras
    world.memberships = [Membership(1, p.person_id) for p in d.extras]
    world.facts = d.facts
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
