"""One family: its people, homes and help dates, and what has been said of it so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from tf_integration.county import identifiers
from tf_integration.county.world import DWELLINGS_A_FAMILY, Home, World, pick
from tf_integration.model.calendar import birthday

DAY = timedelta(days=1)
_REFERENCES = 64  # most references of one prefix that a family may use


@dataclass(slots=True)
class Enrolment:
    """One child's time at one school, [entry_on, leaving_on)."""

    school: str
    phase: str
    entry_on: date
    leaving_on: date | None = None
    elsewhere: bool = False  # in alternative provision


@dataclass(slots=True)
class Person:
    """A true person. `number` is the place in the family, below 12; `homes` are dated, oldest first."""

    number: int
    person_id: str
    slot: int
    forename: str
    surname: str
    sex: str
    born: date
    relationship: str
    nhs_number: str
    upn: str
    nino: str
    homes: list[tuple[date, Home]]
    joined_on: date
    left_on: date | None = None
    resident: bool = True
    responsible: bool = False
    old_surname: str = ""
    renamed_on: date | None = None
    old_upn: str = ""
    upn_changed_on: date | None = None
    schooling: list[Enrolment] = field(default_factory=list)
    absence: list[tuple[date, date, float, float]] = field(
        default_factory=list
    )  # from, to, authorised, unauthorised share
    seen_by: dict[str, Any] = field(default_factory=dict)

    def age_on(self, day: date) -> int:
        return day.year - self.born.year - (birthday(self.born, day.year - self.born.year) > day)

    def home_on(self, day: date) -> Home:
        for since, home in reversed(self.homes):
            if since <= day:
                return home
        return self.homes[0][1]

    def moved_in_on(self, day: date) -> tuple[date, Home | None]:
        """When the home of that day began, and the home before it."""
        at = max((n for n, (start, _) in enumerate(self.homes) if start <= day), default=0)
        return self.homes[at][0], self.homes[at - 1][1] if at else None


class Row(NamedTuple):
    """What one partner says in one row.

    `known_on`: the first day on which a file may hold it. `seen_on`: the day of which it gives the address.
    """

    feed: str
    partner: str
    person: Person | None
    known_on: date
    seen_on: date
    op: str
    values: dict[str, Any]


class Event(NamedTuple):
    """What truly happened. `person_id` is blank where it happened to the family."""

    person_id: str
    kind: str
    starts_on: date
    ends_on: date | None
    ref: str


@dataclass(slots=True)
class Family:
    """A family and all that is told of it; made, told and forgotten one at a time."""

    world: World
    index: int
    rng: Random
    story: dict[str, Any]
    partners: dict[str, str]  # feed: the partner that sends it
    family_id: str = ""
    people: list[Person] = field(default_factory=list)
    homes: list[tuple[date, Home]] = field(default_factory=list)
    tenures: list[str] = field(default_factory=list)
    tenancies: list[tuple[str, date, date | None]] = field(default_factory=list)
    help_refs: list[str] = field(default_factory=list)
    care_ref: str = ""
    references: list[tuple[str, str, str, str]] = field(
        default_factory=list
    )  # partner, kind, reference, household
    attached_on: date | None = None
    attached_ago: int = 0
    referred_on: date | None = None
    problems: dict[str, str] = field(default_factory=dict)  # problem: shape
    rows: list[Row] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    labels: list[tuple[str, str]] = field(default_factory=list)  # special case, person_id
    counters: dict[str, int] = field(default_factory=dict)

    @property
    def adults(self) -> list[Person]:
        """Members who were grown up at attachment (or are now) and have not left."""
        day = self.attached_on or self.world.as_at
        return [
            p
            for p in self.people
            if p.relationship != "child" and p.left_on is None and p.resident and p.age_on(day) >= 18
        ]

    @property
    def children(self) -> list[Person]:
        return [p for p in self.people if p.relationship == "child"]

    def aged(self, low: int, high: int, day: date) -> list[Person]:
        """Children of those ages (both inclusive) on that day."""
        return [p for p in self.children if low <= p.age_on(day) <= high and p.born < day]

    def between(self, low: int, high: int) -> int:
        """A whole number of days, both ends inclusive, in either order."""
        if high < low:
            low, high = high, low
        return low + int(self.rng.random() * (high - low + 1))

    def ago(self, low: int, high: int) -> date:
        return self.world.ago(self.between(low, high))

    def chance(self, rate: float) -> bool:
        return self.rng.random() < rate

    def new_ref(self, prefix: str) -> str:
        """The next reference of that kind in the partner's own numbering."""
        count = self.counters.get(prefix, 0)
        self.counters[prefix] = count + 1
        salt = self.world.salt + 31 * sum(
            prefix.encode()
        )  # so that one partner's numbers say nothing of another's
        return identifiers.reference(prefix, self.index * _REFERENCES + count % _REFERENCES, salt)

    def stands_for(self, feed: str, kind: str, ref: str, household_id: str = "") -> str:
        """Note that this reference of the feed's partner stands for the household; returns the reference."""
        self.references.append((self.partners[feed], kind, ref, household_id or self.family_id))
        return ref

    def send(
        self,
        feed: str,
        person: Person | None,
        known_on: date,
        *,
        seen_on: date | None = None,
        op: str = "U",
        partner: str = "",
        **values: Any,
    ) -> None:
        """Let a partner say one row, from the first of its files after `known_on`."""
        self.rows.append(
            Row(feed, partner or self.partners[feed], person, known_on, seen_on or known_on, op, values)
        )

    def happened(
        self,
        kind: str,
        people: Iterable[Person] | Person | None,
        starts_on: date,
        ends_on: date | None = None,
        ref: str = "",
    ) -> None:
        """Note the truth."""
        if people is None:
            self.events.append(Event("", kind, starts_on, ends_on, ref))
            return
        for person in [people] if isinstance(people, Person) else people:
            self.events.append(Event(person.person_id, kind, starts_on, ends_on, ref))

    def add(
        self,
        relationship: str,
        sex: str,
        born: date,
        surname: str,
        joined_on: date,
        *,
        forename: str = "",
        names: dict[str, Any] | None = None,
        homes: list[tuple[date, Home]] | None = None,
    ) -> Person:
        """A further person of the family."""
        number = len(self.people)
        slot, salt = self.index * identifiers.SLOTS + number, self.world.salt
        names = names or self.world.names.things[0]
        taken = {p.forename for p in self.people}
        for _ in range(12):
            if forename:
                break
            drawn = pick(self.rng, names["male" if sex == "M" else "female"])
            forename = "" if drawn in taken else drawn
        forename = forename or drawn
        person = Person(
            number,
            f"P{self.index:06d}{number:02d}",
            slot,
            forename,
            surname,
            sex,
            born,
            relationship,
            identifiers.nhs_number(slot, salt),
            identifiers.upn(slot, self.world.places["authority"], born.year, salt),
            identifiers.nino(slot, salt),
            self.homes if homes is None else homes,
            max(joined_on, born),
        )
        self.people.append(person)
        return person

    def further_home(self, nth: int) -> Home:
        """One of the family's eight dwellings."""
        return self.world.home(self.index * DWELLINGS_A_FAMILY + nth % DWELLINGS_A_FAMILY)

    def label(self, case: str, person: Person | None = None) -> None:
        self.labels.append((case, person.person_id if person else ""))
