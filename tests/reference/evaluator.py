"""The plain reference evaluator of `national-2015`: slow, day by day, written from the text of the plans.

It shares no code with the platform. Everything is asked of one household, one as-at day and one state of knowledge.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property

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


@dataclass
class Answer:
    """What the plan says of a household as at a day."""

    plan_id: str | None
    attached_on: date | None
    criteria: dict[tuple[str, str], str]
    present: dict[str, str]
    improved: dict[str, str]
    present_since: dict[str, str]
    principles: dict[str, str]
    sustained: str
    employment: str
    status: str
    result: str | None
    problems_present: tuple[str, ...]
    problems_improved: tuple[str, ...]
    blocking: frozenset[str]
    find_earliest: Callable[[], date | None]          # asked only when wanted: it is the slow part

    @cached_property
    def earliest_on(self) -> date | None:
        """The first day after the as-at day on which the household would be ready."""
        return self.find_earliest()


def evaluate(world: World, household_id: int, as_at: date) -> Answer:
    """The whole answer for one household on one day, with what the world knows."""
    world = world.only(household_id)
    house = Household(world, household_id, as_at)
    attached = house.attached_on
    since = {p: house.present_since(p, as_at) for p in PROBLEMS}
    present = {p: house.present(p, as_at) for p in PROBLEMS}
    improved = {p: house.improved(p, as_at) for p in PROBLEMS}
    principles = house.principles(as_at)
    sustained, employment = house.sustained(as_at), house.employment(as_at)
    status, blocking = house.status(as_at)
    problems = tuple(sorted(p for p in PROBLEMS if since[p].is_ == MET))
    result = "sustained" if sustained.is_ == MET else "employment" if employment.is_ == MET else None
    return Answer(
        plan_for(attached or as_at), attached,
        {(p, c): rule(as_at).is_ for p in PROBLEMS for c, rule in house.criteria[p].items()},
        {p: v.is_ for p, v in present.items()}, {p: v.is_ for p, v in improved.items()}, {p: v.is_ for p, v in since.items()},
        {name: v.is_ for name, v in principles.items()}, sustained.is_, employment.is_, status,
        result if status == "ready" else None, problems, tuple(p for p in problems if improved[p].is_ == MET), blocking,
        lambda: earliest(world, household_id, as_at) if status == "in_progress" else None)


def earliest(world: World, household_id: int, as_at: date) -> date | None:
    """The first day after `as_at` on which the household would be ready, with today's facts and every feed covered."""
    house = Household(world, household_id, as_at, complete=True)
    for day in days(as_at + DAY, add_months(as_at, 12 * RULES["earliest_within_years"])):
        if house.ready(day):
            return day
    return None


class Household:
    """One household's facts as known on `as_at`, and the rules of the plan over them."""

    def __init__(self, world: World, household_id: int, as_at: date, complete: bool = False) -> None:
        self.as_at = as_at
        self.know = Knowledge(world, as_at, complete)
        self.terms = Terms(world.terms)
        self.people = self._people(world, household_id)
        self.family = self._family_facts(world, household_id)
        attached = [f.starts_on for f in self.family.get("family_attached", ())]
        self.attached_on = max(attached, default=None)
        self.start = self.attached_on or as_at            # from when problems are looked back at
        referred = [f.starts_on for f in self.family.get("family_referred", ()) if f.starts_on <= self.start]
        self.referred_on = max(referred, default=self.start)
        self.criteria = self._criteria()
        self._ever: dict[tuple[str, str], tuple[Verdict, date]] = {}
        self._since: dict[tuple[str, date], Verdict] = {}
        self._by_kinds: dict[tuple[str, ...], list[tuple[Who, Fact]]] = {}
        self._rates: dict[tuple[int, date, date], tuple[int, int, int]] = {}
        self._uncovered_schools: dict[tuple[int, date], bool] = {}
        self._work: dict[tuple[int, date], tuple[bool, bool, bool]] = {}

    def _people(self, world: World, household_id: int) -> list[Who]:
        spans: dict[int, list[tuple[date, date]]] = {}
        for m in world.memberships:
            if m.household_id == household_id and (m.joined is None or m.joined <= self.as_at):
                spans.setdefault(m.person_id, []).append((m.joined or date.min, m.left or date.max))
        born = {p.person_id: p.date_of_birth for p in world.persons}
        people = {n: Who(n, born[n], spans[n]) for n in sorted(spans)}
        for fact in world.facts:
            if fact.person in people and fact.starts_on is not None and fact.starts_on <= self.as_at:
                people[fact.person].facts.setdefault(fact.kind, []).append(fact)
        for who in people.values():
            who.facts["proven_offence"] = _joint_offences(who.facts.get("proven_offence", []))
        return list(people.values())

    def _family_facts(self, world: World, household_id: int) -> dict[str, list[Fact]]:
        refs = {(r.partner, r.family_ref) for r in world.refs if r.household_id == household_id}
        found: dict[str, list[Fact]] = {}
        for fact in world.facts:
            if (fact.person is None and (fact.partner, fact.family_ref) in refs
                    and fact.starts_on is not None and fact.starts_on <= self.as_at):
                found.setdefault(fact.kind, []).append(fact)
        return found

    # -- the forms that rules take --------------------------------------------------------------------------------

    def _facts(self, kinds: tuple[str, ...]) -> list[tuple[Who, Fact]]:
        """Every person's facts of these kinds."""
        if kinds not in self._by_kinds:
            self._by_kinds[kinds] = [(w, f) for w in self.people for f in w.of(*kinds)]
        return self._by_kinds[kinds]

    def _uncovered(self, feeds: Iterable[str], first: date, last: date) -> list[str]:
        return [f for f in feeds if not self.know.spans(f, first, last)]

    def _nobody(self, first: date, last: date, age: str) -> bool:
        """Whether no member, on any day that counts, could be of the age."""
        return all(w.within(first, last, age) is False for w in self.people)

    def _seen(self, kinds: tuple[str, ...], first: date, last: date, age: str, feeds: tuple[str, ...]) -> Verdict:
        """A fact of these kinds happened to a member of that age in first..last."""
        doubt = False
        for who, fact in self._facts(kinds):
            if first <= fact.starts_on <= last and who.member(fact.starts_on):
                fits = who.is_(age, fact.starts_on)
                if fits:
                    return Met
                doubt = doubt or fits is None
        uncovered = self._uncovered(feeds, first, last)
        if doubt:
            return not_known(uncovered)
        if not uncovered or self._nobody(first, last, age):
            return NotMet
        return not_known(uncovered)

    def _clear(self, kinds: tuple[str, ...], first: date, last: date, feeds: tuple[str, ...]) -> Verdict:
        """No fact of these kinds happened to any member in first..last."""
        return _not(self._seen(kinds, first, last, "anyone", feeds))

    def _open(self, kinds: tuple[str, ...], day: date, age: str, feed: str, fits: Callable[[Fact], bool]) -> Verdict:
        """A member of that age has a fact of these kinds that fits, open on the day."""
        doubt = False
        for who, fact in self._facts(kinds):
            if is_open(fact, day) and fits(fact) and who.member(day):
                aged = who.is_(age, day)
                if aged:
                    return Met
                doubt = doubt or aged is None
        uncovered = [] if self.know.touches(feed, day) else [feed]
        if doubt:
            return not_known(uncovered)
        if not uncovered or self._nobody(day, day, age):
            return NotMet
        return not_known(uncovered)

    # -- identified when ------------------------------------------------------------------------------------------

    def _criteria(self) -> dict[str, dict[str, Callable[[date], Verdict]]]:
        year = RULES["identified_months"]

        def seen(kinds: tuple[str, ...], age: str, *feeds: str) -> Callable[[date], Verdict]:
            return lambda d: self._seen(kinds, window_start(d, year), d, age, feeds)

        def nominated(problem: str) -> Callable[[date], Verdict]:
            return lambda d: self._open(("nomination",), d, "anyone", "nominations", lambda f: f.code == problem)

        def referral(*needs: str) -> Callable[[date], Verdict]:
            return lambda d: self._open(("health_support",), d, "anyone", "health_contacts", lambda f: f.code in needs)

        found: dict[str, dict[str, Callable[[date], Verdict]]] = {
            "crime_asb": {
                "child_offence": seen(("proven_offence",), "child", "youth_justice_disposals", "police_incidents"),
                "asb_intervention": seen(("asb_intervention", "asb_action", "nosp_asb"), "anyone", "police_incidents", "housing_actions"),
                "adult_release": self._adult_release,
                "adult_order": self._adult_order,
            },
            "education": {
                "persistent_absence": lambda d: any_of(self._absence(w, d) for w in self.people),
                "fixed_exclusions": lambda d: any_of(self._suspended(w, d, self._three_suspensions) for w in self.people),
                "exclusion_days": lambda d: any_of(self._suspended(w, d, self._many_sessions) for w in self.people),
                "permanent_exclusion": lambda d: any_of(self._excluded(w, d) for w in self.people),
                "alternative_provision": lambda d: self._open(("enrolment",), d, "child", "schools_pupils", lambda f: f.is_flagged is True),
            },
            "children_need_help": {
                "early_help": self._early_help,
                "child_in_need": lambda d: self._open(PROTECTED, d, "child", "social_care_episodes", lambda f: True),
                "enquiry": seen(("s47",), "child", "social_care_episodes"),
                "missing_or_exploited": seen(("missing", "cse"), "child", "social_care_episodes", "police_incidents"),
            },
            "work_finance": {
                "out_of_work": self._out_of_work,
                "housing_debt": seen(HOUSING_DEBT, "anyone", "housing_actions"),
            },
            "domestic_abuse": {"call_out": seen(("call_out",), "anyone", "police_incidents")},
            "health": {"mental_health": referral("mental_health"), "substance": referral("drugs", "alcohol"),
                       "new_mother": referral("new_mother")},
        }
        for problem, criteria in found.items():
            criteria["nominated"] = nominated(problem)
        return found

    def _with_child(self, day: date, kinds: tuple[str, ...], fits: Callable[[Fact], bool]) -> Verdict:
        """An adult member with an open order, and another member under 18 on the day."""
        doubt, possible = False, False
        for who in self.people:
            if not who.member(day) or who.is_("adult", day) is False:
                continue
            others = [w.is_("child", day) for w in self.people if w is not who and w.member(day)]
            if all(child is False for child in others):
                continue
            possible = True
            if any(is_open(f, day) and fits(f) for f in who.of(*kinds)):
                if who.is_("adult", day) and True in others:
                    return Met
                doubt = True
        uncovered = [] if self.know.touches("probation_orders", day) else ["probation_orders"]
        if doubt or (uncovered and possible):
            return not_known(uncovered)
        return NotMet

    def _adult_release(self, day: date) -> Verdict:
        limit = add_months(day, RULES["release_months"])
        return self._with_child(day, ("custody",), lambda f: f.ends_on is not None and f.ends_on <= limit)

    def _adult_order(self, day: date) -> Verdict:
        return self._with_child(day, ("licence", "community_order", "suspended_sentence"), lambda f: True)

    def _early_help(self, day: date) -> Verdict:
        first = window_start(day, RULES["identified_months"])
        if any(first <= f.starts_on <= day for f in self.family.get("family_assessment", ())):
            return Met
        return not_known(["early_help_milestones"]) if self._uncovered(["early_help_milestones"], first, day) else NotMet

    def _out_of_work(self, day: date) -> Verdict:
        found = self._open(("benefit",), day, "adult", "dwp_benefits", out_of_work)
        if found.is_ == NOT_MET and any(w.member(day) and w.is_("adult", day) is not False and is_open(f, day)
                                        for w in self.people for f in w.of("benefit_not_matched")):
            return not_known(["dwp_benefits"])
        return found

    # -- school -----------------------------------------------------------------------------------------------------

    def _counting(self, who: Who, day: date) -> list[HalfTerm]:
        """The half-terms of the last three terms on whose last day the person was a member and not known to be adult."""
        return [h for h in self.terms.last(day, RULES["terms"])
                if who.member(h.ends_on) and who.is_("child", h.ends_on) is not False]

    def _sessions(self, who: Who, day: date) -> tuple[int, int, int]:
        """Attended, unauthorised and possible sessions, each summed over the half-terms that count."""
        counting = self._counting(who, day)
        if not counting:
            return 0, 0, 0
        key = (who.person_id, counting[0].ends_on, counting[-1].ends_on)
        if key not in self._rates:
            found = [f for f in who.of("attendance") if self.terms.of(f) in counting]
            self._rates[key] = (sum(f.quantity or 0 for f in found), sum(f.unauthorised or 0 for f in found),
                                sum(f.out_of or 0 for f in found))
        return self._rates[key]

    def _enrolments(self, who: Who, first: date, last: date) -> list[Fact]:
        return [f for f in who.of("enrolment") if f.starts_on <= last and (f.ends_on is None or f.ends_on > max(first, f.starts_on))]

    def _schools_uncovered(self, who: Who, day: date) -> bool:
        """Whether a half-term of the person's own schools in the last three terms is not covered."""
        if self.know.complete:
            return False
        halves = self.terms.last(day, RULES["terms"])
        key = (who.person_id, halves[-1].ends_on if halves else day)
        if key not in self._uncovered_schools:
            limit = self.as_at - timedelta(days=self.terms.stale_days(self.as_at))
            self._uncovered_schools[key] = any(not self.know.school(f.place, h) for h in halves if h.ends_on <= limit
                                               for f in self._enrolments(who, h.starts_on, h.ends_on))
        return self._uncovered_schools[key]

    def _absence(self, who: Who, day: date) -> Verdict:
        counting = self._counting(who, day)
        if not counting and not (who.member(day) and who.is_("child", day) is not False):
            return NotMet
        attended, _, possible = self._sessions(who, day)
        if possible:
            below = 100 * attended < RULES["absence_below_percent"] * possible
            return NotMet if not below else Met if who.born else Unknown
        if who.school_age(day) or who.born is None or self._schools_uncovered(who, day):
            return not_known(["schools_attendance", "schools_pupils"])
        return NotMet

    def _exclusions(self, who: Who, day: date, kind: str) -> tuple[list[Fact], Verdict]:
        """The child's exclusions since the first day of the last three terms, and what it means if there are none."""
        halves = self.terms.last(day, RULES["terms"])
        first = halves[0].starts_on if halves else day
        if who.within(first, day, "child") is False:
            return [], NotMet
        found = [f for f in who.of(kind) if first <= f.starts_on <= day and who.member(f.starts_on)
                 and who.is_("child", f.starts_on) is not False]
        if not self._enrolments(who, first, day):
            return found, (not_known(["schools_pupils", "schools_exclusions"])
                           if who.school_age(day) or who.born is None else NotMet)
        uncovered = self._uncovered(["schools_exclusions"], first, day)
        if self._schools_uncovered(who, day):
            uncovered.append("schools_attendance")
        return found, not_known(uncovered) if uncovered else NotMet

    def _three_suspensions(self, found: list[Fact]) -> bool:
        return len(found) >= RULES["suspensions"]

    def _many_sessions(self, found: list[Fact]) -> bool:
        return (sum(f.quantity or 0 for f in found) >= RULES["suspended_sessions"]
                or sum(f.quantity or 0 for f in found if f.code == "PRI") >= RULES["suspended_sessions_primary"])

    def _suspended(self, who: Who, day: date, enough: Callable[[list[Fact]], bool]) -> Verdict:
        found, none = self._exclusions(who, day, "suspension")
        if not found:
            return none
        return NotMet if not enough(found) else Met if who.born else Unknown

    def _excluded(self, who: Who, day: date) -> Verdict:
        found, none = self._exclusions(who, day, "permanent_exclusion")
        return none if not found else Met if who.born else Unknown

    # -- present ----------------------------------------------------------------------------------------------------

    def present(self, problem: str, day: date) -> Verdict:
        return any_of(rule(day) for rule in self.criteria[problem].values())

    def ever(self, problem: str, criterion: str, day: date) -> Verdict:
        """Met if met on any day from attachment to `day`; not known if on none, and not known on one."""
        rule = self.criteria[problem][criterion]
        so_far, done = self._ever.get((problem, criterion), (NotMet, self.start - DAY))
        if so_far.is_ == MET or done >= day:
            return so_far
        for d in days(done + DAY, day):
            if so_far.is_ == MET:
                break
            on_the_day = rule(d)
            if on_the_day.is_ != NOT_MET:
                so_far = any_of([so_far, on_the_day])
        self._ever[problem, criterion] = so_far, max(done, day)
        return so_far

    def present_since(self, problem: str, day: date) -> Verdict:
        if (problem, day) not in self._since:
            self._since[problem, day] = any_of([self.ever(problem, c, day) for c in self.criteria[problem]])
        return self._since[problem, day]

    # -- improved ---------------------------------------------------------------------------------------------------

    def improved(self, problem: str, day: date) -> Verdict:
        tests: dict[str, Callable[[date], Verdict]] = {
            "crime_asb": self._crime_improved, "education": self._education_improved,
            "children_need_help": self._help_improved, "work_finance": self._work_improved,
            "domestic_abuse": self._abuse_improved, "health": self._health_improved}
        if self.ever(problem, "nominated", day).is_ != MET:
            return tests[problem](day)
        others = any_of(self.ever(problem, c, day) for c in self.criteria[problem] if c != "nominated")
        if others.is_ == MET:
            return tests[problem](day)
        nomination = self._nomination_over(problem, day)
        if others.is_ == NOT_MET:
            return nomination
        both = [nomination, tests[problem](day)]
        return Met if all_of(both).is_ == MET else NotMet if any_of(both).is_ == NOT_MET else not_known(others.feeds | both[1].feeds)

    def _nomination_over(self, problem: str, day: date) -> Verdict:
        """Every nomination that made the problem present has ended, or its goal was met, at least three months ago."""
        limit = add_months(day, -RULES["nomination_months"])
        goals = [f.starts_on for f in self.family.get("family_goal_met", ()) if f.code == problem]
        made = [f for w in self.people for f in w.of("nomination") if f.code == problem and w.within(self.start, day, "anyone", f)]
        over = all((f.ends_on is not None and f.ends_on <= limit) or any(f.starts_on <= g <= limit for g in goals) for f in made)
        return Met if over else NotMet

    def _crime_improved(self, day: date) -> Verdict:
        first = window_start(day, RULES["improved_months"])
        no_offence = self._clear(("proven_offence",), first, day, ("youth_justice_disposals", "police_incidents"))
        now = self._occurrences(ASB_FACTS, first, day)
        before = self._occurrences(ASB_FACTS, window_start(self.start, RULES["before_months"]), self.start)
        if now:
            fewer = Met if 100 * now <= RULES["fewer_percent"] * before else NotMet
        else:
            fewer = self._clear(ASB_FACTS, first, day, ("police_incidents", "housing_actions"))
        return all_of([no_offence, fewer])

    def _occurrences(self, kinds: tuple[str, ...], first: date, last: date) -> int:
        """How many occurrences, each counted once however many members or rows it has."""
        found = set()
        for who in self.people:
            for n, fact in enumerate(who.of(*kinds)):
                if first <= fact.starts_on <= last and who.member(fact.starts_on):
                    found.add((fact.partner, fact.ref) if fact.ref else (who.person_id, n))
        return len(found)

    def _education_improved(self, day: date) -> Verdict:
        verdicts = []
        for who in self.people:
            if not who.member(day):
                continue
            if who.born is None:
                verdicts.append(Unknown)
            elif who.school_age(day):
                verdicts += [self._attends(who, day), _not(self._suspended(who, day, self._three_suspensions)),
                             _not(self._excluded(who, day))]
        return all_of(verdicts)

    def _attends(self, who: Who, day: date) -> Verdict:
        _, unauthorised, possible = self._sessions(who, day)
        if not possible:
            return not_known(["schools_attendance", "schools_pupils"])
        return Met if 100 * unauthorised < RULES["unauthorised_below_percent"] * possible else NotMet

    def _help_improved(self, day: date) -> Verdict:
        first = window_start(day, RULES["improved_months"])
        if any(w.within(first, day, "anyone", f) for w in self.people for f in w.of(*PROTECTED)):
            return NotMet
        protected = self._clear((), first, day, ("social_care_episodes",))
        return all_of([protected, self._clear(("social_care_referral", "s47", "missing", "cse"), first, day,
                                              ("social_care_episodes", "police_incidents"))])

    def _work_improved(self, day: date) -> Verdict:
        first = day - timedelta(days=7 * RULES["off_benefit_weeks"]) + DAY
        claims = [w.within(first, day, "adult", f) for w in self.people for f in w.of("benefit") if out_of_work(f)]
        unmatched = [w.within(first, day, "adult", f) is not False for w in self.people for f in w.of("benefit_not_matched")]
        uncovered = self._uncovered(["dwp_benefits"], first, day)
        if True in claims:
            off = NotMet
        elif None in claims or True in unmatched:
            off = not_known(["dwp_benefits"])
        elif not uncovered or self._nobody(first, day, "adult"):
            off = Met
        else:
            off = not_known(uncovered)
        return all_of([off, self._clear(HOUSING_DEBT, window_start(day, RULES["improved_months"]), day, ("housing_actions",))])

    def _abuse_improved(self, day: date) -> Verdict:
        return self._clear(("call_out",), window_start(day, RULES["improved_months"]), day, ("police_incidents",))

    def _health_improved(self, day: date) -> Verdict:
        made = [f for w in self.people for f in w.of("health_support")
                if f.code in HEALTH_NEEDS and w.within(self.start, day, "anyone", f)]
        limit = add_months(day, -RULES["health_open_months"])
        for fact in made:
            well = fact.outcome in ("completed", "improved") if fact.ends_on and fact.ends_on <= day else fact.starts_on <= limit
            if not well:
                return NotMet
        first = max(window_start(day, RULES["health_further_months"]), self.start + DAY)
        if any(f.code in HEALTH_NEEDS and first <= f.starts_on <= day and w.member(f.starts_on)
               for w in self.people for f in w.of("health_referral")):
            return NotMet
        return self._clear((), window_start(day, RULES["health_further_months"]), day, ("health_contacts",))

    # -- results ----------------------------------------------------------------------------------------------------

    def _enough_problems(self, day: date) -> Verdict:
        since = [self.present_since(p, day) for p in PROBLEMS]
        met = sum(v.is_ == MET for v in since)
        unknown = [v for v in since if v.is_ == NOT_KNOWN]
        if met >= RULES["needs"]:
            return Met
        return not_known(f for v in unknown for f in v.feeds) if met + len(unknown) >= RULES["needs"] else NotMet

    def sustained(self, day: date) -> Verdict:
        """Every problem present since attachment is improved, and there were enough of them."""
        verdicts = [self._enough_problems(day)]
        for problem in PROBLEMS:
            since = self.present_since(problem, day)
            if since.is_ == NOT_MET:
                continue
            improved = self.improved(problem, day)
            if since.is_ == MET:
                verdicts.append(improved)
            elif improved.is_ != MET:
                verdicts.append(not_known(since.feeds | improved.feeds))
        return all_of(verdicts)

    def employment(self, day: date) -> Verdict:
        """An adult on out-of-work benefit at attachment has been off it and in work for the weeks asked."""
        if self.attached_on is None:
            return NotMet
        a = self.attached_on
        adults = [w for w in self.people if w.member(a) and w.is_("adult", day) is not False]
        claiming = [w for w in adults if any(out_of_work(f) and is_open(f, a) for f in w.of("benefit"))]
        verdicts = [self._in_work(w, day, any(f.code == "JSA" or (f.code == "UC" and f.outcome == "search")
                                             for f in w.of("benefit") if out_of_work(f) and is_open(f, a))) for w in claiming]
        for who in adults:
            if who not in claiming and any(is_open(f, a) for f in who.of("benefit_not_matched")):
                either = any_of([self._in_work(who, day, True), self._in_work(who, day, False)])
                verdicts.append(NotMet if either.is_ == NOT_MET else not_known(["dwp_benefits"]))
        if adults and not claiming and not self.know.touches("dwp_benefits", a):
            possible = [any_of([self._in_work(w, day, True), self._in_work(w, day, False)]) for w in adults]
            if any(v.is_ != NOT_MET for v in possible):
                verdicts.append(not_known(["dwp_benefits"]))
        in_work = any_of(verdicts)
        return NotMet if in_work.is_ == NOT_MET else all_of([in_work, self._enough_problems(day)])

    def _in_work(self, who: Who, day: date, searching: bool) -> Verdict:
        """26 of the last 30 weeks, or each of the last 13, in work, off benefit and after attachment."""
        of = RULES["search_weeks_of"] if searching else RULES["work_weeks"]
        needed = RULES["search_weeks"] if searching else RULES["work_weeks"]
        first = day - timedelta(days=7 * of) + DAY
        jobs = [f for f in who.of("employment") if f.starts_on <= day and (f.ends_on is None or f.ends_on > max(first, f.starts_on))]
        sure = possible = could = 0                       # weeks; `could`: had every day been in work
        for i in range(of):
            week = list(days(day - timedelta(days=7 * i + 6), day - timedelta(days=7 * i)))
            found = [self._work_day(who, d) for d in week]
            free = week[0] > self.attached_on and not any(on_benefit for on_benefit, _, _ in found)
            worked = free and all(at_work for _, at_work, _ in found)
            doubted = any(unmatched for _, _, unmatched in found)
            could += free
            possible += worked
            sure += worked and not doubted
        if could < needed:
            return NotMet
        if possible < needed:
            return NotMet if jobs or self.know.spans("jcp_employment", first, day) else not_known(["jcp_employment"])
        if sure < needed or self._uncovered(["dwp_benefits"], first, day):
            return not_known(["dwp_benefits"])
        return Met if who.born else Unknown

    def _work_day(self, who: Who, day: date) -> tuple[bool, bool, bool]:
        """Whether on the day the person was on out-of-work benefit, was in work, was not matched by DWP."""
        key = (who.person_id, day)
        if key not in self._work:
            self._work[key] = (any(out_of_work(f) and is_open(f, day) for f in who.of("benefit")),
                               any(is_open(f, day) for f in who.of("employment")),
                               any(is_open(f, day) for f in who.of("benefit_not_matched")))
        return self._work[key]

    def principles(self, day: date) -> dict[str, Verdict]:
        closed = max((f.starts_on for f in self.family.get("family_closed", ()) if self.start <= f.starts_on <= day), default=None)

        def led(fact: Fact) -> bool:
            lasted = closed is not None and fact.ends_on is not None and fact.starts_on <= closed <= fact.ends_on
            return is_open(fact, day) or lasted

        a = self.start
        at_attachment = [w.is_("child", a) for w in self.people if w.member(a)]
        return {
            "assessment": self._milestone("family_assessment", day, lambda f: f.is_flagged is True),
            "plan": self._milestone("family_plan", day, lambda f: f.is_flagged is True),
            "lead_worker": self._milestone("family_lead_worker", day, led),
            "tfop_agreed": self._milestone("family_tfop_agreed", day, lambda f: True),
            "dependent_child": Met if True in at_attachment else Unknown if None in at_attachment else NotMet,
        }

    def _milestone(self, kind: str, day: date, fits: Callable[[Fact], bool]) -> Verdict:
        if any(self.referred_on <= f.starts_on <= day and fits(f) for f in self.family.get(kind, ())):
            return Met
        uncovered = self._uncovered(["early_help_milestones"], self.referred_on, day)
        return not_known(uncovered) if uncovered else NotMet

    def tests(self, day: date) -> list[Verdict]:
        return [any_of([self.sustained(day), self.employment(day)]), *self.principles(day).values()]

    def ready(self, day: date) -> bool:
        """Every test met on a day. What was present by the as-at day stays so: ask first whether it has improved."""
        if not all(v.is_ == MET for v in self.principles(day).values()):
            return False
        were = [p for p in PROBLEMS if self.present_since(p, self.as_at).is_ == MET]
        sustained = all(self.improved(p, day).is_ == MET for p in were) and self.sustained(day).is_ == MET
        return sustained or self.employment(day).is_ == MET

    def status(self, day: date) -> tuple[str, frozenset[str]]:
        """The status and the feeds that would answer what is not known."""
        if self.attached_on is None:
            present = [self.present(p, day).is_ for p in PROBLEMS]
            if present.count(MET) >= RULES["needs"]:
                return "eligible", frozenset()
            could = present.count(MET) + present.count(NOT_KNOWN) >= RULES["needs"]
            return ("cannot_tell" if could else "not_eligible"), frozenset()
        verdict = all_of(self.tests(day))
        return {MET: "ready", NOT_MET: "in_progress", NOT_KNOWN: "blocked_by_data"}[verdict.is_], verdict.feeds


def _not(verdict: Verdict) -> Verdict:
    return {MET: NotMet, NOT_MET: Met, NOT_KNOWN: verdict}[verdict.is_]


def _joint_offences(found: list[Fact]) -> list[Fact]:
    """Reports of one day's offence by one person are one offence, proven when first proven."""
    earliest_proof: dict[object, Fact] = {}
    for n, fact in enumerate(found):
        key = fact.happened_on or n
        if key not in earliest_proof or fact.starts_on < earliest_proof[key].starts_on:
            earliest_proof[key] = fact
    return list(earliest_proof.values())


__all__ = ["MET", "NOT_KNOWN", "NOT_MET", "PROBLEMS", "RULES", "Answer", "evaluate"]
