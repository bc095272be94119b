"""What the schools report: the roll, and the sessions of each half-term."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from tf_integration.county.family import DAY, Enrolment, Family, Person

# Authorised and unauthorised absence of a child who comes to school: at least, and at most so much more.
_GOOD = (0.01, 0.045, 0.0, 0.018)
_YEARS = ("R", *map(str, range(1, 15)))


def report(fam: Family) -> None:
    """What the schools say of the family's pupils: the roll, and the sessions of each half-term."""
    for child in fam.people:
        for at in child.schooling:
            if at.leaving_on is None or at.leaving_on > fam.world.history_on:
                _roll(fam, child, at)
            if at.school != fam.world.school("SILENT", 0, 0):
                for known_on, values in _attendance(fam, child, at):
                    fam.send(
                        "schools_attendance",
                        child,
                        known_on,
                        seen_on=values["period_end"],
                        establishment=at.school,
                        **values,
                    )


def _roll(fam: Family, child: Person, at: Enrolment) -> None:
    last = min(at.leaving_on - DAY, fam.world.as_at) if at.leaving_on else fam.world.as_at
    year = last.year - (last.month < 9) - child.schooling[0].entry_on.year
    changed = child.upn_changed_on is not None and at.entry_on >= child.upn_changed_on
    fam.send(
        "schools_pupils",
        child,
        at.entry_on,
        seen_on=last,
        establishment=at.school,
        entry_on=at.entry_on,
        leaving_on=at.leaving_on,
        nc_year=_YEARS[max(0, min(14, year))],
        sen="K" if child.number % 6 == 0 else "E" if child.number % 11 == 5 else "N",
        alternative_provision="Y" if at.elsewhere else "N",
        former_upn=child.old_upn if changed else "",
    )


@lru_cache(maxsize=4096)
def sessions_between(start: date, end: date) -> int:
    """Two sessions each weekday, both days inclusive."""
    days = (end - start).days + 1
    weeks, rest = divmod(days, 7)
    first = start.weekday()
    return 2 * (weeks * 5 + sum((first + n) % 7 < 5 for n in range(rest)))


def _attendance(fam: Family, child: Person, at: Enrolment) -> Iterator[tuple[date, dict[str, Any]]]:
    halves, ready, draw = (
        fam.world.closed,
        timedelta(days=fam.world.life["attendance_after_days"]),
        fam.rng.random,
    )
    for half in halves[bisect_left(halves, at.entry_on, key=lambda h: h.ends_on) :]:
        if at.leaving_on and at.leaving_on <= half.starts_on:
            return
        possible = sessions_between(
            max(half.starts_on, at.entry_on),
            min(half.ends_on, at.leaving_on - DAY if at.leaving_on else half.ends_on),
        )
        low, more, low_un, more_un = _GOOD
        authorised, unauthorised = low + draw() * more, low_un + draw() * more_un
        for since, until, bad, worse in child.absence:
            if since <= half.ends_on <= until:
                authorised, unauthorised = bad * (0.85 + 0.3 * draw()), worse * (0.85 + 0.3 * draw())
        with_leave, without = round(possible * authorised), round(possible * unauthorised)
        yield (
            half.ends_on + ready,
            {
                "period_start": half.starts_on,
                "period_end": half.ends_on,
                "sessions_possible": possible,
                "sessions_attended": possible - with_leave - without,
                "sessions_authorised": with_leave,
                "sessions_unauthorised": without,
            },
        )
