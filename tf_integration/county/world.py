"""What stands before any family does: the county's data files, calendar, places, schools and nights."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import yaml

from tf_integration.county.identifiers import shuffled
from tf_integration.model.calendar import HalfTerm, load_terms
from tf_integration.model.errors import CallError

DATA = Path(__file__).resolve().parent / "data"
DWELLINGS_A_FAMILY = 8
_UNIT = "ABDEFGHJLNPQRSTUWXYZ"
_T = TypeVar("_T")


@lru_cache(maxsize=8)
def data(name: str) -> dict[str, Any]:
    """One of the county's data files, as read from YAML."""
    found: dict[str, Any] = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def pick(rng: Random, among: Sequence[_T]) -> _T:
    """One of them, evenly; several times quicker than `Random.choice`."""
    return among[int(rng.random() * len(among))]


class Weighted:
    """Things with weights, to draw from."""

    def __init__(self, things: Sequence[Any], weights: Sequence[float]) -> None:
        self.things, self.sums = list(things), list(accumulate(weights))

    def draw(self, rng: Random) -> Any:
        return self.things[min(bisect(self.sums, rng.random() * self.sums[-1]), len(self.things) - 1)]


@dataclass(frozen=True)
class Home:
    """One dwelling as it is written on an envelope."""

    number: int
    address: str
    postcode: str
    uprn: str
    town: int


@dataclass
class World:
    """The county that every family lives in. `nights`: business dates, oldest first; the last is `as_at`."""

    families: int
    seed: int
    as_at: date
    nights: list[date]
    terms: list[HalfTerm] = field(init=False)
    closed: list[HalfTerm] = field(init=False)  # half-terms that the schools report, oldest first
    window_on: date = field(init=False)  # first day of the last three whole terms
    history_on: date = field(init=False)  # where the partners' first files begin

    def __post_init__(self) -> None:
        self.life: dict[str, Any] = data("stories")["life"]
        self.places = data("places")
        self.schools = self.places["schools"]
        self.stories = Weighted(data("stories")["stories"], [s["share"] for s in data("stories")["stories"]])
        self.quirks: list[str] = data("stories")["quirks"]
        self.names = _names()
        self.nicknames: dict[str, list[str]] = data("names")["nicknames"]
        self.salt = self.seed % 997
        self.towns = min(len(self.places["towns"]), max(1, self.families // self.schools["families_a_town"]))
        self.dwellings = self.families * DWELLINGS_A_FAMILY
        self.communal = [self._communal(n) for n in range(max(1, min(4, self.families // 250)))]
        self.history_on = self.nights[0] - timedelta(days=self.life["history_days"])
        self._calendar()

    def _calendar(self) -> None:
        shared = [t for t in load_terms() if not t.place]
        ready = timedelta(days=self.life["attendance_after_days"])
        closed = [t for t in shared if t.ends_on + ready <= self.as_at]
        if not closed or self.as_at > shared[-1].ends_on or self.history_on < shared[0].starts_on:
            raise CallError(
                "the shipped calendar does not hold the years around that date.",
                where="--as-at",
                mend=f"Choose a date from {shared[0].starts_on.year + 4} to {shared[-1].ends_on.year}.",
            )
        self.terms = shared
        keep = self.life["half_terms"] + sum(t.ends_on + ready > self.nights[0] for t in closed)
        self.closed = closed[-keep:]
        self.window_on = last_three_terms(shared, self.as_at)

    def ago(self, days: int) -> date:
        return self.as_at - timedelta(days=days)

    def home(self, slot: int) -> Home:
        """The dwelling of a slot (family x 8 + k). Neighbours on a street and in a postcode are strangers."""
        number = shuffled(slot, self.dwellings, self.salt)
        street, door = divmod(number, self.places["dwellings_a_street"])
        town, name = street % self.towns, street // self.towns
        kinds, heads = self.places["street_kinds"], self.places["streets"]
        road = f"{heads[name % len(heads)]} {kinds[name // len(heads) % len(kinds)]}"
        flat = f"Flat {door // 2 + 1}, {100 + door % 2} " if street % 5 == 4 else f"{door + 1} "
        return Home(
            number,
            f"{flat}{road}, {self.places['towns'][town]}",
            self._postcode(number // self.places["dwellings_a_postcode"]),
            str(10_000_000_000 + 7 * number),
            town,
        )

    def _communal(self, n: int) -> Home:
        name = self.places["communal"][n % len(self.places["communal"])]
        number = self.dwellings + n
        return Home(
            number,
            f"{name}, {self.places['towns'][n % self.towns]}",
            self._postcode(self.dwellings // self.places["dwellings_a_postcode"] + 1 + n),
            str(10_000_000_000 + 7 * number),
            n % self.towns,
        )

    def _postcode(self, number: int) -> str:
        district, unit = divmod(number, 4000)
        sector, letters = divmod(unit, 400)
        unit_letters = _UNIT[letters // 20] + _UNIT[letters % 20]
        return f"{self.places['postcode_area']}{district + 1} {sector}{unit_letters}"

    def school(self, phase: str, town: int, choice: int) -> str:
        """A LAESTAB. `phase` is PRI, SEC, PRU or SILENT (the academy that sends no attendance)."""
        if phase == "PRU":
            number = self.schools["referral_unit"]
        elif phase == "SILENT":
            number = self.schools["silent_academy"]
        else:
            base, each = (
                (2001, self.schools["primaries_a_town"])
                if phase == "PRI"
                else (4001, self.schools["secondaries_a_town"])
            )
            number = base + town * each + choice % each
        return f"{self.places['authority']}{number}"


def last_three_terms(terms: list[HalfTerm], day: date) -> date:
    """First day of the last three whole terms that closed on or before `day`."""
    ends: dict[tuple[str, str], date] = {}
    starts: dict[tuple[str, str], date] = {}
    for half in terms:
        key = (half.school_year, half.term)
        starts[key] = min(starts.get(key, half.starts_on), half.starts_on)
        ends[key] = max(ends.get(key, half.ends_on), half.ends_on)
    closed = sorted(starts[k] for k, end in ends.items() if end <= day)
    return closed[-3]


def _names() -> Weighted:
    """Origins, each with forenames by sex and surnames; the first also with invented compound surnames."""
    known = data("names")
    compounds = [head + tail for head in known["surname_heads"] for tail in known["surname_tails"]]
    groups = known["groups"]
    groups = [{**groups[0], "compounds": compounds}, *({**g, "compounds": []} for g in groups[1:])]
    return Weighted(groups, [g["share"] for g in groups])
