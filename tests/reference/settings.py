"""What a drawn warehouse is: the day asked about, the calendar, and which days each feed covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from reference.meanings import STALE_DAYS, add_months
from reference.world import TERMS, Coverage, HalfTerm

DAY = timedelta(days=1)
FIRST_D, LAST_D = date(2016, 9, 1), date(2020, 3, 1)
EARLY = date(2010, 1, 1)
SCHOOLS = ("8810001", "8810002", "8810003")


@dataclass(frozen=True)
class Setting:
    """What every household of one warehouse shares: the day, the calendar and what the feeds cover."""

    as_at: date
    coverage: tuple[Coverage, ...]
    terms: tuple[HalfTerm, ...] = TERMS


def half_terms(as_at: date) -> list[HalfTerm]:
    return [t for t in TERMS if date(2014, 9, 1) <= t.starts_on and t.ends_on <= as_at]


def whole_terms(found: list[HalfTerm]) -> list[list[HalfTerm]]:
    """Whole terms: the half-terms two by two."""
    return [[a, b] for a, b in zip(found[::2], found[1::2], strict=False)]


def edges(day: date) -> list[date]:
    """The days on which a window that ends on `day` begins."""
    found = [day, day - timedelta(days=7 * 13), day - timedelta(days=7 * 30)]
    return found + [add_months(day, -n) for n in (3, 6, 12, 18)]


def near(days: list[date]) -> list[date]:
    return [d + n * DAY for d in days for n in (-1, 0, 1)]


def covered_throughout(as_at: date, but_for: int = 0) -> Setting:
    """Every feed covers every day up to so many days before its staleness would tell."""
    lags = {feed: (stale + but_for if but_for else 0) for feed, stale in STALE_DAYS.items()}
    coverage = [Coverage(feed, EARLY, as_at - lag * DAY) for feed, lag in lags.items()]
    coverage += [Coverage("schools_attendance", t.starts_on, t.ends_on, place) for place in SCHOOLS for t in half_terms(as_at)]
    return Setting(as_at, tuple(coverage))


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
