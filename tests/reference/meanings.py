"""The plan's figures and words: verdicts, windows, ages, membership, coverage and terms, in plain day arithmetic."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from reference.world import Fact, HalfTerm, World

# The figures of national-2015 as the text gives them: the tests' own statement of the plan.
RULES = {
    "needs": 2,
    "identified_months": 12, "release_months": 12, "terms": 3,
    "absence_below_percent": 90, "suspensions": 3, "suspended_sessions": 20, "suspended_sessions_primary": 10,
    "improved_months": 6, "before_months": 6, "fewer_percent": 40, "unauthorised_below_percent": 10,
    "off_benefit_weeks": 13, "health_open_months": 3, "health_further_months": 3, "nomination_months": 3,
    "search_weeks": 26, "search_weeks_of": 30, "work_weeks": 13,
    "adult_at": 18, "school_from": 5, "school_until": 16,
    "earliest_within_years": 3, "attendance_stale_days": 14,
}
STALE_DAYS = {
    "schools_pupils": 14, "schools_exclusions": 14, "police_incidents": 14, "youth_justice_disposals": 45,
    "probation_orders": 45, "dwp_benefits": 45, "jcp_employment": 14, "health_contacts": 14, "housing_tenancies": 45,
    "housing_actions": 14, "social_care_episodes": 14, "early_help_members": 14, "early_help_milestones": 14, "nominations": 14,
}
IN_FORCE = (("national-2012", date(2012, 4, 1), date(2015, 3, 31)), ("national-2015", date(2015, 4, 1), date(2020, 3, 31)),
            ("national-2020", date(2020, 4, 1), date(2022, 3, 31)), ("national-2022", date(2022, 4, 1), date.max))
PROBLEMS = ("crime_asb", "education", "children_need_help", "work_finance", "domestic_abuse", "health")
OUT_OF_WORK = {"JSA", "ESA", "IS", "IB", "CA", "SDA"}
OUT_OF_WORK_REGIMES = {"search", "prepare", "plan", "none"}
HEALTH_NEEDS = {"mental_health", "drugs", "alcohol", "new_mother"}
PROTECTED = ("cin", "cp", "lac")
ASB_FACTS = ("asb", "asb_intervention", "asb_complaint", "asb_action", "nosp_asb")
HOUSING_DEBT = ("nosp_arrears", "possession", "eviction")

MET, NOT_MET, NOT_KNOWN = "met", "not_met", "not_known"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Verdict:
    """One of met, not met, not known; when not known, the feeds that would answer."""

    is_: str
    feeds: frozenset[str] = frozenset()


Met, NotMet, Unknown = Verdict(MET), Verdict(NOT_MET), Verdict(NOT_KNOWN)


def not_known(feeds: Iterable[str]) -> Verdict:
    return Verdict(NOT_KNOWN, frozenset(feeds))


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Met if one is met; not known if none is met and one is not known."""
    unknown = []
    for verdict in verdicts:
        if verdict.is_ == MET:
            return Met
        if verdict.is_ == NOT_KNOWN:
            unknown.append(verdict)
    return not_known(f for v in unknown for f in v.feeds) if unknown else NotMet


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Not met if one is not met; not known if none is not met and one is not known."""
    unknown = []
    for verdict in verdicts:
        if verdict.is_ == NOT_MET:
            return NotMet
        if verdict.is_ == NOT_KNOWN:
            unknown.append(verdict)
    return not_known(f for v in unknown for f in v.feeds) if unknown else Met


def opposite(verdict: Verdict) -> Verdict:
    return {MET: NotMet, NOT_MET: Met, NOT_KNOWN: verdict}[verdict.is_]


@cache
def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later (or earlier), or that month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@cache
def window_start(day: date, months: int) -> date:
    """The first day inside the last `months` months: the day after `day` less the months."""
    return add_months(day, -months) + DAY


def birthday(born: date, age: int) -> date:
    """The first day at that age; 29 February comes of age on 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def days(first: date, last: date) -> Iterable[date]:
    while first <= last:
        yield first
        first += DAY


def plan_for(day: date) -> str | None:
    """The plan in force on a day (Reading 1)."""
    return next((plan for plan, first, last in IN_FORCE if first <= day <= last), None)


def out_of_work(fact: Fact) -> bool:
    return fact.code in OUT_OF_WORK or (fact.code == "UC" and fact.outcome in OUT_OF_WORK_REGIMES)


def is_open(fact: Fact, day: date) -> bool:
    """Started on or before the day and not ended before or on it."""
    return fact.starts_on <= day and (fact.ends_on is None or fact.ends_on > day)


@dataclass
class Who:
    """A member of the household: birth, the days of membership, and what is known of the person."""

    person_id: int
    born: date | None
    spans: list[tuple[date, date]]                       # [joined, left)
    facts: dict[str, list[Fact]] = field(default_factory=dict)
    adult_on: date = date.max
    school_on: date = date.max
    leaves_school_on: date = date.max

    def __post_init__(self) -> None:
        if self.born:
            self.adult_on = birthday(self.born, RULES["adult_at"])
            self.school_on = birthday(self.born, RULES["school_from"])
            self.leaves_school_on = birthday(self.born, RULES["school_until"])

    def of(self, *kinds: str) -> Iterable[Fact]:
        for kind in kinds:
            yield from self.facts.get(kind, ())

    def member(self, day: date) -> bool:
        return any(joined <= day < left for joined, left in self.spans)

    def is_(self, age: str, day: date) -> bool | None:
        """Whether the person is a child, an adult or anyone on that day; None when the birth date is unknown."""
        if age == "anyone":
            return True
        if self.born is None:
            return None
        return self.born <= day < self.adult_on if age == "child" else day >= self.adult_on

    def school_age(self, day: date) -> bool:
        """5 to 15 on the day; False also when the birth date is unknown."""
        return self.born is not None and self.school_on <= day < self.leaves_school_on

    def within(self, first: date, last: date, age: str, spell: Fact | None = None) -> bool | None:
        """Whether on some day of first..last (and of the spell) the person was a member of that age.

        None: was a member, the age is unknown.
        """
        if spell is not None:
            first = max(first, spell.starts_on)
            last = last if spell.ends_on is None else min(last, spell.ends_on - DAY)
        if age == "adult" and self.born:
            first = max(first, self.adult_on)
        if age == "child" and self.born:
            first = max(first, self.born)
            last = min(last, self.adult_on - DAY)
        here = any(max(first, joined) <= min(last, left - DAY) for joined, left in self.spans)
        if here and age != "anyone" and self.born is None:
            return None
        return here


class Knowledge:
    """What the accepted deliveries speak for, as at a day. `complete`: every feed, every day."""

    def __init__(self, world: World, as_at: date, complete: bool) -> None:
        self.as_at, self.complete = as_at, complete
        self._spans: dict[tuple[str, str], list[tuple[date, date]]] = {}
        for row in sorted(world.coverage, key=lambda c: c.first):
            spans = self._spans.setdefault((row.feed, row.place or ""), [])
            if spans and row.first <= spans[-1][1] + DAY:      # touches the one before: one span
                spans[-1] = spans[-1][0], max(spans[-1][1], row.last)
            else:
                spans.append((row.first, row.last))

    def spans(self, feed: str, first: date, last: date) -> bool:
        """Whether the feed covers every day of first..last; the end may lag the as-at day by the feed's staleness.

        A window that opens within the staleness asks for the day before which the feed may not lag.
        """
        last = min(last, self.as_at - timedelta(days=STALE_DAYS[feed]))
        first = min(first, last)
        return self.complete or any(a <= first and last <= b for a, b in self._spans.get((feed, ""), ()))

    def touches(self, feed: str, day: date) -> bool:
        """Whether the feed covers some day from `day` less its staleness to `day`."""
        first = day - timedelta(days=STALE_DAYS[feed])
        return self.complete or any(a <= day and b >= first for a, b in self._spans.get((feed, ""), ()))

    def school(self, place: str | None, half_term: HalfTerm) -> bool:
        """Whether an accepted attendance delivery of the school overlaps the half-term."""
        return self.complete or any(a <= half_term.ends_on and b >= half_term.starts_on
                                    for a, b in self._spans.get(("schools_attendance", place or ""), ()))


class Terms:
    """The council's whole terms, in order, each as its half-terms."""

    def __init__(self, half_terms: list[HalfTerm]) -> None:
        self.half_terms = sorted(half_terms, key=lambda h: h.starts_on)
        whole: dict[tuple[int, str], list[HalfTerm]] = {}
        for half_term in self.half_terms:
            whole.setdefault((half_term.school_year, half_term.term), []).append(half_term)
        self.whole = sorted(whole.values(), key=lambda halves: halves[0].starts_on)
        self._last: dict[tuple[date, int], list[HalfTerm]] = {}

    def last(self, day: date, n: int) -> list[HalfTerm]:
        """The half-terms of the last n whole terms that closed on or before the day."""
        if (day, n) not in self._last:
            closed = [halves for halves in self.whole if halves[-1].ends_on <= day]
            self._last[day, n] = [half_term for halves in closed[-n:] for half_term in halves]
        return self._last[day, n]

    def stale_days(self, day: date) -> int:
        """How far attendance may lag: 14 days and the length of the last half-term closed."""
        closed = [h for h in self.half_terms if h.ends_on <= day]
        return RULES["attendance_stale_days"] + ((closed[-1].ends_on - closed[-1].starts_on).days + 1 if closed else 0)

    def of(self, row: Fact) -> HalfTerm | None:
        """The half-term that a row of attendance belongs to."""
        if row.starts_on is None:
            return None
        ends = row.ends_on or row.starts_on
        for half_term in self.half_terms:
            if half_term.starts_on <= ends <= half_term.ends_on:
                return half_term
        def shared(h: HalfTerm) -> int:
            return (min(h.ends_on, ends) - max(h.starts_on, row.starts_on)).days + 1
        best = max(self.half_terms, key=shared, default=None)
        return best if best is not None and shared(best) > 0 else None
