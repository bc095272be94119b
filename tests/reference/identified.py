"""One household's facts as known on a day, and when each problem is identified."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from reference.meanings import (
    DAY,
    HOUSING_DEBT,
    MET,
    NOT_MET,
    PROTECTED,
    RULES,
    Knowledge,
    Met,
    NotMet,
    Terms,
    Unknown,
    Verdict,
    Who,
    add_months,
    any_of,
    days,
    is_open,
    not_known,
    opposite,
    out_of_work,
    window_start,
)
from reference.world import Fact, HalfTerm, World


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

    @property
    def n_terms(self) -> int:
        """Over how many whole terms school is looked at."""
        return RULES["terms"]

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
        return opposite(self._seen(kinds, first, last, "anyone", feeds))

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
        return [h for h in self.terms.last(day, self.n_terms)
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
        halves = self.terms.last(day, self.n_terms)
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
        halves = self.terms.last(day, self.n_terms)
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


def _joint_offences(found: list[Fact]) -> list[Fact]:
    """Reports of one day's offence by one person are one offence, proven when first proven."""
    earliest_proof: dict[object, Fact] = {}
    for n, fact in enumerate(found):
        key = fact.happened_on or n
        if key not in earliest_proof or fact.starts_on < earliest_proof[key].starts_on:
            earliest_proof[key] = fact
    return list(earliest_proof.values())
