"""`national-2020` stated a second time: the rules of 2015 under other headings, with homelessness among living standards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from reference.evaluator import Judgement
from reference.meanings import RULES, Verdict, all_of, window_start

HOMELESS = ("homeless_duty", "temporary_accommodation")


class Relabelled(Judgement):
    """A household under `national-2020`."""

    def _criteria(self) -> dict[str, dict[str, Callable[[date], Verdict]]]:
        found = super()._criteria()
        found["work_finance"]["homelessness"] = lambda d: self._seen(
            HOMELESS, window_start(d, RULES["identified_months"]), d, "anyone", ("housing_actions",))
        return found

    def _work_improved(self, day: date) -> Verdict:
        homed = self._clear(HOMELESS, window_start(day, RULES["improved_months"]), day, ("housing_actions",))
        return all_of([super()._work_improved(day), homed])
