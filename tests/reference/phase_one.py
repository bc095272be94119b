"""`national-2012` stated a second time, over the same words: three of four, and results that ask of two.

Figures as the text of the 2012 framework gives them: 15% unauthorised, 3 fixed exclusions, a third fewer offences of children.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from reference.evaluator import Judgement
from reference.meanings import (
    ASB_FACTS,
    MET,
    PROTECTED,
    RULES,
    Met,
    NotMet,
    Unknown,
    Verdict,
    Who,
    all_of,
    any_of,
    not_known,
    opposite,
    window_start,
)
from reference.world import Fact, World

ABSENCE_PERCENT, ALLOWED_OFFENCES_PERCENT = 15, 67
CONCERNS = ("local_concern", "children_need_help", "domestic_abuse", "health", "crime_asb", "work_finance")


def without_universal_credit(world: World) -> World:
    """The framework of 2012 lists no universal credit among its benefits."""
    return replace(world, facts=[f for f in world.facts if not (f.kind == "benefit" and f.code == "UC")])


class PhaseOne(Judgement):
    """A household under `national-2012`."""

    problems = ("crime_asb", "education", "work_finance", "local_concern")
    asked = ("crime_asb", "education")
    nominations = {"education": "not_on_roll", "local_concern": "nominated"}  # noqa: RUF012
    asked_principles = ("dependent_child",)

    @property
    def needs(self) -> int:
        return 3

    def nominates(self, fact: Fact, problem: str) -> bool:
        if problem == "education":
            return fact.code == "education" and fact.outcome == "not_on_roll"
        return fact.code in CONCERNS

    def _criteria(self) -> dict[str, dict[str, Callable[[date], Verdict]]]:
        def seen(kinds: tuple[str, ...], age: str, *feeds: str) -> Callable[[date], Verdict]:
            return lambda d: self._seen(kinds, window_start(d, RULES["identified_months"]), d, age, feeds)

        def nominated(problem: str) -> Callable[[date], Verdict]:
            return lambda d: self._open(("nomination",), d, "anyone", "nominations", lambda f: self.nominates(f, problem))

        def open_child(*kinds: str) -> Callable[[date], Verdict]:
            return lambda d: self._open(kinds, d, "child", "social_care_episodes", lambda f: True)

        return {
            "crime_asb": {
                "child_offence": seen(("proven_offence",), "child", "youth_justice_disposals", "police_incidents"),
                "asb_intervention": seen(("asb_intervention", "asb_action", "nosp_asb"), "anyone", "police_incidents", "housing_actions"),
            },
            "education": {
                "permanent_exclusion": lambda d: any_of(self._excluded(w, d) for w in self.people),
                "fixed_exclusions": lambda d: any_of(self._suspended(w, d, self._three_suspensions) for w in self.people),
                "alternative_provision": lambda d: self._open(("enrolment",), d, "child", "schools_pupils", lambda f: f.is_flagged is True),
                "not_on_roll": nominated("education"),
                "unauthorised_absence": lambda d: any_of(self._unauthorised(w, d) for w in self.people),
            },
            "work_finance": {"out_of_work": self._out_of_work},
            "local_concern": {
                "child_protection": open_child("cp", "lac"),
                "child_in_need": open_child("cin"),
                "call_out": seen(("call_out",), "anyone", "police_incidents"),
                "health": lambda d: self._open(("health_support",), d, "anyone", "health_contacts",
                                               lambda f: f.code in ("mental_health", "drugs", "alcohol")),
                "nominated": nominated("local_concern"),
            },
        }

    def _unauthorised(self, who: Who, day: date) -> Verdict:
        """As attendance under 90% is asked, of unauthorised absence at or above the share."""
        counting = self._counting(who, day)
        if not counting and not (who.member(day) and who.is_("child", day) is not False):
            return NotMet
        _, unauthorised, possible = self._sessions(who, day)
        if possible:
            reached = 100 * unauthorised >= ABSENCE_PERCENT * possible
            return NotMet if not reached else Met if who.born else Unknown
        if who.school_age(day) or who.born is None or self._schools_uncovered(who, day):
            return not_known(["schools_attendance", "schools_pupils"])
        return NotMet

    def improvements(self) -> dict[str, Callable[[date], Verdict]]:
        return {"crime_asb": self._less_crime, "education": self._better_school, "work_finance": self._off_benefit,
                "local_concern": self._safe}

    def _less_crime(self, day: date) -> Verdict:
        return all_of([self._asb_down(day), self._offences_down(day)])

    def _asb_down(self, day: date) -> Verdict:
        first = window_start(day, RULES["improved_months"])
        now = self._occurrences(ASB_FACTS, first, day)
        before = self._occurrences(ASB_FACTS, window_start(self.start, RULES["before_months"]), self.start)
        if now:
            return Met if 100 * now <= RULES["fewer_percent"] * before else NotMet
        return self._clear(ASB_FACTS, first, day, ("police_incidents", "housing_actions"))

    def _offences_down(self, day: date) -> Verdict:
        """A third fewer of children; an unknown age makes it not known where it could decide."""
        first = window_start(day, RULES["improved_months"])
        now, maybe_now = self._offences(first, day)
        before, maybe_before = self._offences(window_start(self.start, RULES["before_months"]), self.start)
        if not maybe_now:
            return opposite(self._seen(("proven_offence",), first, day, "child", ("youth_justice_disposals", "police_incidents")))
        if now and 100 * now > ALLOWED_OFFENCES_PERCENT * maybe_before:
            return NotMet
        return Unknown if 100 * maybe_now > ALLOWED_OFFENCES_PERCENT * before else Met

    def _offences(self, first: date, last: date) -> tuple[int, int]:
        """Proven offences of children, and of those who may be: each counted once, by its reference where it has one."""
        sure, maybe = set(), set()
        for who in self.people:
            for n, fact in enumerate(who.of("proven_offence")):
                child = who.is_("child", fact.starts_on)
                if first <= fact.starts_on <= last and who.member(fact.starts_on) and child is not False:
                    key = fact.ref or (who.person_id, n)
                    maybe.add(key)
                    if child:
                        sure.add(key)
        return len(sure), len(maybe)

    def _better_school(self, day: date) -> Verdict:
        verdicts = []
        for who in self.people:
            if not who.member(day):
                continue
            if who.born is None:
                verdicts.append(Unknown)
            elif who.school_age(day):
                _, unauthorised, possible = self._sessions(who, day)
                attends = Met if 100 * unauthorised < ABSENCE_PERCENT * possible else NotMet
                verdicts.append(attends if possible else not_known(["schools_attendance", "schools_pupils"]))
                verdicts.append(opposite(self._suspended(who, day, self._three_suspensions)))
        return all_of(verdicts)

    def _safe(self, day: date) -> Verdict:
        first = window_start(day, RULES["improved_months"])
        if any(w.within(first, day, "anyone", f) for w in self.people for f in w.of(*PROTECTED)):
            return NotMet
        care = self._clear((), first, day, ("social_care_episodes",))
        return all_of([care, self._clear(("call_out",), first, day, ("police_incidents",))])


__all__ = ["MET", "PhaseOne", "without_universal_credit"]
