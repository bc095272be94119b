"""`national-2022` stated a second time: ten outcomes, three needs of any of them, six months since closure.

A need is a criterion that is met. Needs that no feed tells come by nomination, which names the heading and the need.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from reference.evaluator import Judgement
from reference.meanings import (
    MET,
    NOT_KNOWN,
    NOT_MET,
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
    is_open,
    not_known,
    window_start,
)
from reference.world import Fact, HalfTerm

NEEDS, TERMS, CLOSED_MONTHS = 3, 2, 6
ATTENDS_PERCENT, SEVERE_PERCENT, OFFENCES_PERCENT = 90, 50, 67
WORK_UNTIL = date(2022, 9, 30)
DEBT = ("homeless_duty", "nosp_arrears", "nosp_asb", "possession", "eviction")
# The needs that a professional names, by heading; and the headings of earlier plans that stand for one of these.
NAMED = {
    "education": ("not_on_roll", "sen_unmet"), "early_years": (), "health": ("neurodiversity",), "substance": (),
    "family_relationships": ("parental_conflict", "child_violence", "young_carer"),
    "abuse_exploitation": ("criminal_exploitation", "radicalisation"), "crime_asb": ("child_at_risk",),
    "domestic_abuse": ("child_affected",), "secure_housing": ("young_person_excluded",), "financial_stability": ("young_person_neet",),
}
EARLIER = {"family_relationships": ("children_need_help",), "financial_stability": ("work_finance",)}
SETTLES = {
    "early_years": ("new_mother", "development", "physical"), "health": ("mental_health", "physical"), "substance": ("drugs", "alcohol"),
    "family_relationships": ("parenting",),
}
Rule = Callable[[date], Verdict]


class TenOutcomes(Judgement):
    """A household under `national-2022`."""

    problems = tuple(NAMED)
    asked = tuple(NAMED)
    asked_principles = ("assessment", "plan", "lead_worker", "tfop_agreed", "closed", "dependent_child")
    work_until = WORK_UNTIL

    @property
    def needs(self) -> int:
        return NEEDS

    @property
    def n_terms(self) -> int:
        return TERMS

    # -- identified ---------------------------------------------------------------------------------------------------

    def _criteria(self) -> dict[str, dict[str, Rule]]:
        def seen(kinds: tuple[str, ...], age: str, *feeds: str) -> Rule:
            return lambda d: self._seen(kinds, window_start(d, RULES["identified_months"]), d, age, feeds)

        def helped(age: str, *needs: str) -> Rule:
            return lambda d: self._open(("health_support",), d, age, "health_contacts", lambda f: f.code in needs)

        def called_out(age: str, *roles: str) -> Rule:
            return lambda d: self._called_out(d, age, roles)

        found: dict[str, dict[str, Rule]] = {
            "education": {
                "low_attendance": lambda d: any_of(self._rate(w, d, "authorised left out", ATTENDS_PERCENT) for w in self.people),
                "severe_absence": lambda d: any_of(self._rate(w, d, "all", SEVERE_PERCENT) for w in self.people),
                "exclusions": lambda d: any_of(
                    v for w in self.people for v in (self._suspended(w, d, self._three_suspensions), self._excluded(w, d))),
            },
            "early_years": {"new_parent": helped("anyone", "new_mother"), "child_development": helped("child", "development"),
                            "child_health": helped("child", "physical")},
            "health": {"child_mental_health": helped("child", "mental_health"), "adult_mental_health": helped("adult", "mental_health"),
                       "adult_physical_health": helped("adult", "physical")},
            "substance": {"adult_substance": helped("adult", "drugs", "alcohol"), "child_substance": helped("child", "drugs", "alcohol")},
            "family_relationships": {"parenting": helped("anyone", "parenting")},
            "abuse_exploitation": {
                "enquiry": seen(("s47",), "child", "social_care_episodes"),
                "protection": lambda d: self._open(PROTECTED, d, "child", "social_care_episodes", lambda f: True),
                "missing": seen(("missing",), "child", "social_care_episodes", "police_incidents"),
                "sexual_exploitation": seen(("cse",), "child", "social_care_episodes"),
            },
            "crime_asb": {
                "adult_offence": seen(("proven_offence",), "adult", "police_incidents"),
                "child_offence": seen(("proven_offence",), "child", "youth_justice_disposals", "police_incidents"),
                "asb_intervention": seen(("asb_intervention", "asb_action", "nosp_asb"), "anyone", "police_incidents", "housing_actions"),
            },
            "domestic_abuse": {"victim": called_out("anyone", "victim", "witness"), "adult_perpetrator": called_out("adult", "suspect", "offender")},
            "secure_housing": {"temporary_accommodation": seen(("temporary_accommodation",), "anyone", "housing_actions"),
                               "threatened": seen(DEBT, "anyone", "housing_actions")},
            "financial_stability": {"out_of_work": self._out_of_work, "debt": seen(("arrears",), "anyone", "housing_actions")},
        }
        for problem, names in NAMED.items():
            for name in (*names, "nominated"):
                found[problem][name] = self._nominated(problem, name)
        return found

    def _nominated(self, problem: str, name: str) -> Rule:
        return lambda d: self._open(("nomination",), d, "anyone", "nominations", lambda f: _names(f, problem) == name)

    def _called_out(self, day: date, age: str, roles: tuple[str, ...]) -> Verdict:
        """A call-out in which a member of that age had one of these parts."""
        first, doubt = window_start(day, RULES["identified_months"]), False
        for who, fact in self._facts(("call_out",)):
            if fact.role in roles and first <= fact.starts_on <= day and who.member(fact.starts_on):
                fits = who.is_(age, fact.starts_on)
                if fits:
                    return Met
                doubt = doubt or fits is None
        uncovered = self._uncovered(["police_incidents"], first, day)
        if doubt:
            return not_known(uncovered)
        return not_known(uncovered) if uncovered and not self._nobody(first, day, age) else NotMet

    # -- school: two terms, and what was authorised left out of the sum -----------------------------------------------

    def _sums(self, who: Who, day: date) -> tuple[int, int, int]:
        """Attended, authorised as absence and possible, over the half-terms that count."""
        counting: list[HalfTerm] = self._counting(who, day)
        found = [f for f in who.of("attendance") if self.terms.of(f) in counting] if counting else []
        return sum(f.quantity or 0 for f in found), sum(f.authorised or 0 for f in found), sum(f.out_of or 0 for f in found)

    def _whole(self, who: Who, day: date, measure: str) -> tuple[int, int]:
        attended, authorised, possible = self._sums(who, day)
        return attended, possible - authorised if measure == "authorised left out" else possible

    def _rate(self, who: Who, day: date, measure: str, percent: int) -> Verdict:
        if not self._counting(who, day) and not (who.member(day) and who.is_("child", day) is not False):
            return NotMet
        attended, whole = self._whole(who, day, measure)
        if whole > 0:
            return NotMet if 100 * attended >= percent * whole else Met if who.born else Unknown
        if who.school_age(day) or who.born is None or self._schools_uncovered(who, day):
            return not_known(["schools_attendance", "schools_pupils"])
        return NotMet

    def _attends(self, who: Who, day: date) -> Verdict:
        attended, whole = self._whole(who, day, "authorised left out")
        if not whole:
            return not_known(["schools_attendance", "schools_pupils"])
        return Met if 100 * attended >= ATTENDS_PERCENT * whole else NotMet

    # -- improved ------------------------------------------------------------------------------------------------------

    def improvements(self) -> dict[str, Rule]:
        def clear(kinds: tuple[str, ...], *feeds: str) -> Rule:
            return lambda d: self._clear(kinds, window_start(d, RULES["improved_months"]), d, feeds)

        def settled(problem: str) -> Rule:
            return lambda d: self._settled(d, SETTLES[problem])

        return {
            "education": self._education_improved, "abuse_exploitation": self._safe, "crime_asb": self._less_crime,
            "domestic_abuse": clear(("call_out",), "police_incidents"),
            "secure_housing": clear(("temporary_accommodation", *DEBT), "housing_actions"), "financial_stability": self._solvent,
            **{problem: settled(problem) for problem in SETTLES},
        }

    def _settled(self, day: date, needs: tuple[str, ...]) -> Verdict:
        """Every referral that was open at any time since attachment is well discharged, or has been open for three months."""
        made = [f for w in self.people for f in w.of("health_support") if f.code in needs and w.within(self.start, day, "anyone", f)]
        limit = add_months(day, -RULES["health_open_months"])
        for fact in made:
            if not (fact.outcome in ("completed", "improved") if fact.ends_on and fact.ends_on <= day else fact.starts_on <= limit):
                return NotMet
        return Met if made or self.know.touches("health_contacts", day) else not_known(["health_contacts"])

    def _safe(self, day: date) -> Verdict:
        first = window_start(day, RULES["improved_months"])
        if any(w.within(first, day, "anyone", f) for w in self.people for f in w.of(*PROTECTED)):
            return NotMet
        concerns = self._clear(("s47", "missing", "cse"), first, day, ("social_care_episodes", "police_incidents"))
        return all_of([self._clear((), first, day, ("social_care_episodes",)), concerns])

    def _less_crime(self, day: date) -> Verdict:
        offences = self._fewer(("proven_offence",), OFFENCES_PERCENT, day, ("youth_justice_disposals", "police_incidents"))
        behaviour = ("asb", "asb_intervention", "asb_complaint", "asb_action", "nosp_asb")
        return all_of([offences, self._fewer(behaviour, RULES["fewer_percent"], day, ("police_incidents", "housing_actions"))])

    def _fewer(self, kinds: tuple[str, ...], percent: int, day: date, feeds: tuple[str, ...]) -> Verdict:
        first = window_start(day, RULES["improved_months"])
        now = self._occurrences(kinds, first, day)
        before = self._occurrences(kinds, window_start(self.start, RULES["before_months"]), self.start)
        if now:
            return Met if 100 * now <= percent * before else NotMet
        return self._clear(kinds, first, day, feeds)

    def _solvent(self, day: date) -> Verdict:
        paid = self._clear(("arrears",), window_start(day, RULES["improved_months"]), day, ("housing_actions",))
        return all_of([self._off_benefit(day), paid])

    # -- a problem that only nominations made present --------------------------------------------------------------------

    def improved(self, problem: str, day: date) -> Verdict:
        named = (*NAMED[problem], "nominated")
        test = self.improvements()[problem]
        if not any(self.ever(problem, name, day).is_ == MET for name in named):
            return test(day)
        others = any_of(self.ever(problem, c, day) for c in self.criteria[problem] if c not in named)
        if others.is_ == MET:
            return test(day)
        over = self._nomination_over(problem, day)
        if others.is_ == NOT_MET:
            return over
        both = [over, test(day)]
        return Met if all_of(both).is_ == MET else NotMet if any_of(both).is_ == NOT_MET else not_known(others.feeds | both[1].feeds)

    def nominates(self, fact: Fact, problem: str) -> bool:
        return _names(fact, problem) is not None

    # -- results ---------------------------------------------------------------------------------------------------------

    def _enough_problems(self, day: date) -> Verdict:
        """Three needs since attachment, of whichever headings."""
        since = [self.ever(p, c, day) for p in self.problems for c in self.criteria[p]]
        met, unknown = sum(v.is_ == MET for v in since), [v for v in since if v.is_ == NOT_KNOWN]
        if met >= self.needs:
            return Met
        return not_known(f for v in unknown for f in v.feeds) if met + len(unknown) >= self.needs else NotMet

    def employment(self, day: date) -> Verdict:
        return super().employment(day) if day <= self.work_until else NotMet

    def principles(self, day: date) -> dict[str, Verdict]:
        limit = add_months(day, -CLOSED_MONTHS)
        closed = any(self.start <= f.starts_on <= limit for f in self.family.get("family_closed", ()))
        uncovered = self._uncovered(["early_help_milestones"], self.referred_on, day)
        found = super().principles(day)
        if any(is_open(f, self.start) and f.code == "new_mother" and w.member(self.start) for w in self.people for f in w.of("health_support")):
            found["dependent_child"] = Met
        return found | {"closed": Met if closed else not_known(uncovered) if uncovered else NotMet}

    def status(self, day: date) -> tuple[str, frozenset[str]]:
        if self.attached_on is not None:
            return super().status(day)
        needs = [rule(day).is_ for p in self.problems for rule in self.criteria[p].values()]
        if needs.count(MET) >= self.needs:
            return "eligible", frozenset()
        return ("cannot_tell" if needs.count(MET) + needs.count(NOT_KNOWN) >= self.needs else "not_eligible"), frozenset()


def _names(fact: Fact, problem: str) -> str | None:
    """Which need under this heading a nomination is for: one that has a line of its own, or `nominated`."""
    if fact.code == problem and fact.outcome in NAMED[problem]:
        return fact.outcome
    if fact.code in (problem, *EARLIER.get(problem, ())) and fact.outcome not in NAMED[problem]:
        return "nominated"
    return None



