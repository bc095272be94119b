"""The plain reference evaluator of `national-2015`: slow, day by day, written from the text of the plans.

It shares no code with the platform. Everything is asked of one household, one as-at day and one state of knowledge.
`meanings` has the words, `identified` the criteria; here are improvement, the results and the status.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from reference.claims import standing_claim
from reference.identified import Household
from reference.meanings import (
    ASB_FACTS,
    DAY,
    HEALTH_NEEDS,
    HOUSING_DEBT,
    MET,
    NOT_KNOWN,
    NOT_MET,
    PROBLEMS,
    PROTECTED,
    RULES,
    Met,
    NotMet,
    Unknown,
    Verdict,
    Who,
    add_months,
    all_of,
    any_of,
    days,
    is_open,
    not_known,
    opposite,
    out_of_work,
    plan_for,
    window_start,
)
from reference.world import Fact, World

__all__ = ["MET", "NOT_KNOWN", "NOT_MET", "PROBLEMS", "Answer", "evaluate"]


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
    claimed_as: str | None = None

    @cached_property
    def earliest_on(self) -> date | None:
        """The first day after the as-at day on which the household would be ready."""
        return self.find_earliest()


def evaluate(world: World, household_id: int, as_at: date, plan: type[Judgement] | None = None) -> Answer:
    """The whole answer for one household on one day, with what the world knows; under `plan` instead of `national-2015`."""
    plan = plan or Judgement
    world = world.only(household_id)
    house = plan(world, household_id, as_at)
    attached = house.attached_on
    since = {p: house.present_since(p, as_at) for p in plan.problems}
    present = {p: house.present(p, as_at) for p in plan.problems}
    improved = {p: house.improved(p, as_at) for p in plan.problems}
    principles = house.principles(as_at)
    sustained, employment = house.sustained(as_at), house.employment(as_at)
    status, blocking = house.status(as_at)
    problems = tuple(sorted(p for p in plan.problems if since[p].is_ == MET))
    claimed_as = standing_claim(world, household_id, plan_for(attached or as_at), as_at)
    if claimed_as:
        status, blocking = "claimed", frozenset()
    result = "sustained" if sustained.is_ == MET else "employment" if employment.is_ == MET else None
    return Answer(
        plan_for(attached or as_at), attached,
        {(p, c): rule(as_at).is_ for p in plan.problems for c, rule in house.criteria[p].items()},
        {p: v.is_ for p, v in present.items()}, {p: v.is_ for p, v in improved.items()}, {p: v.is_ for p, v in since.items()},
        {name: v.is_ for name, v in principles.items()}, sustained.is_, employment.is_, status,
        result if status == "ready" else None, problems, tuple(p for p in problems if improved[p].is_ == MET), blocking,
        lambda: earliest(world, household_id, as_at, plan) if status == "in_progress" else None, claimed_as)


def earliest(world: World, household_id: int, as_at: date, plan: type[Judgement]) -> date | None:
    """The first day after `as_at` on which the household would be ready, with today's facts and every feed covered."""
    house = plan(world, household_id, as_at, complete=True)
    for day in days(as_at + DAY, add_months(as_at, 12 * RULES["earliest_within_years"])):
        if house.ready(day):
            return day
    return None


class Judgement(Household):
    """A household's improvements, results, principles and status."""

    problems: tuple[str, ...] = PROBLEMS
    asked: tuple[str, ...] = PROBLEMS                     # whose improvement a result asks for
    nominations: Mapping[str, str] = dict.fromkeys(PROBLEMS, "nominated")      # the criterion that is a nomination's
    asked_principles: tuple[str, ...] = ("assessment", "plan", "lead_worker", "tfop_agreed", "dependent_child")

    @property
    def needs(self) -> int:
        return RULES["needs"]

    def improvements(self) -> dict[str, Callable[[date], Verdict]]:
        """Each problem's tests of improvement."""
        return {
            "crime_asb": self._crime_improved, "education": self._education_improved,
            "children_need_help": self._help_improved, "work_finance": self._work_improved,
            "domestic_abuse": self._abuse_improved, "health": self._health_improved}

    def nominates(self, fact: Fact, problem: str) -> bool:
        """Whether a nomination is for the problem."""
        return fact.code == problem

    def improved(self, problem: str, day: date) -> Verdict:
        tests = self.improvements()
        by = self.nominations.get(problem)
        if by is None or self.ever(problem, by, day).is_ != MET:
            return tests[problem](day)
        others = any_of(self.ever(problem, c, day) for c in self.criteria[problem] if c != by)
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
        made = [f for w in self.people for f in w.of("nomination")
                if self.nominates(f, problem) and w.within(self.start, day, "anyone", f)]
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
                verdicts += [self._attends(who, day), opposite(self._suspended(who, day, self._three_suspensions)),
                             opposite(self._excluded(who, day))]
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
        debt = self._clear(HOUSING_DEBT, window_start(day, RULES["improved_months"]), day, ("housing_actions",))
        return all_of([self._off_benefit(day), debt])

    def _off_benefit(self, day: date) -> Verdict:
        """No adult on an out-of-work benefit in the last weeks."""
        first = day - timedelta(days=7 * RULES["off_benefit_weeks"]) + DAY
        claims = [w.within(first, day, "adult", f) for w in self.people for f in w.of("benefit") if out_of_work(f)]
        unmatched = [w.within(first, day, "adult", f) is not False for w in self.people for f in w.of("benefit_not_matched")]
        uncovered = self._uncovered(["dwp_benefits"], first, day)
        if True in claims:
            return NotMet
        if None in claims or True in unmatched:
            return not_known(["dwp_benefits"])
        return Met if not uncovered or self._nobody(first, day, "adult") else not_known(uncovered)

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
        silent = [] if made or self._nobody(self.start, day, "anyone") else self._uncovered(["health_contacts"], self.start, day)
        settled = not_known(silent) if silent else Met          # a referral that was found decides, whatever the coverage
        return all_of([settled, self._clear((), window_start(day, RULES["health_further_months"]), day, ("health_contacts",))])

    # -- results ----------------------------------------------------------------------------------------------------

    def _enough_problems(self, day: date) -> Verdict:
        since = [self.present_since(p, day) for p in self.problems]
        met = sum(v.is_ == MET for v in since)
        unknown = [v for v in since if v.is_ == NOT_KNOWN]
        if met >= self.needs:
            return Met
        return not_known(f for v in unknown for f in v.feeds) if met + len(unknown) >= self.needs else NotMet

    def sustained(self, day: date) -> Verdict:
        """Every problem present since attachment is improved, and there were enough of them."""
        verdicts = [self._enough_problems(day)]
        for problem in self.asked:
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
        return [any_of([self.sustained(day), self.employment(day)]), *self._principles_asked(day)]

    def _principles_asked(self, day: date) -> list[Verdict]:
        return [v for name, v in self.principles(day).items() if name in self.asked_principles]

    def ready(self, day: date) -> bool:
        """Every test met on a day. What was present by the as-at day stays so: ask first whether it has improved."""
        if not all(v.is_ == MET for v in self._principles_asked(day)):
            return False
        were = [p for p in self.asked if self.present_since(p, self.as_at).is_ == MET]
        sustained = all(self.improved(p, day).is_ == MET for p in were) and self.sustained(day).is_ == MET
        return sustained or self.employment(day).is_ == MET

    def status(self, day: date) -> tuple[str, frozenset[str]]:
        """The status and the feeds that would answer what is not known."""
        if self.attached_on is None:
            present = [self.present(p, day).is_ for p in self.problems]
            if present.count(MET) >= self.needs:
                return "eligible", frozenset()
            could = present.count(MET) + present.count(NOT_KNOWN) >= self.needs
            return ("cannot_tell" if could else "not_eligible"), frozenset()
        verdict = all_of(self.tests(day))
        return {MET: "ready", NOT_MET: "in_progress", NOT_KNOWN: "blocked_by_data"}[verdict.is_], verdict.feeds
