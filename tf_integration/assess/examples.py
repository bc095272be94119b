"""Run a plan's worked examples on a real warehouse, inside a transaction that is rolled back.

The examples live at an instant long before the warehouse knew anything, with negative ids: its own rows are out of
sight and untouched, however many there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from tf_integration.assess.nightly import assess
from tf_integration.model.calendar import less_months
from tf_integration.model.plan import Example, Plan
from tf_integration.model.plan_names import Where, examples
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

_KNOWN = {"known_from": "1900-01-01", "known_to": "1900-01-03"}
_KNOWN_AT = datetime(1900, 1, 2, tzinfo=UTC)
_COVERED_MONTHS = 60
_DATES = ("starts_on", "ends_on", "happened_on")
_COLUMNS = (
    *_DATES,
    "quantity",
    "out_of",
    "authorised",
    "unauthorised",
    "code",
    "role",
    "outcome",
    "place",
    "ref",
    "is_flagged",
)


@dataclass(frozen=True)
class Result:
    """One example's outcome. `place`: where it stands in the plan's file."""

    place: Where
    says: str
    expected: str
    got: str

    @property
    def problem(self) -> str:
        return str(self.place[1])

    @property
    def criterion(self) -> str:
        return str(self.place[3])

    @property
    def is_right(self) -> bool:
        return self.expected == self.got


def run_examples(conn: Connection, plan: Plan) -> list[Result]:
    """Judge every example of the plan; the warehouse is left as it was.

    Examples of one day that go without the same feeds are judged together, each as a household of its own.
    """
    groups: dict[tuple[date, tuple[str, ...]], list[tuple[Where, Example]]] = defaultdict(list)
    for place, example in examples(plan):
        key = example.as_at or plan.example_as_at, tuple(sorted(example.without))
        groups[key].append((place, example))
    results: list[Result] = []
    for (day, without), group in groups.items():
        with conn.begin_nested() as undo:
            results += _judge(conn, plan, day, without, group)
            undo.rollback()
    return results


def _judge(
    conn: Connection, plan: Plan, day: date, without: tuple[str, ...], group: list[tuple[Where, Example]]
) -> list[Result]:
    delivery = _cover(conn, day, without, {str(f["place"]) for _, e in group for f in e.facts if "place" in f})
    households = [-n for n in range(1, len(group) + 1)]
    for household, (_, example) in zip(households, group, strict=True):
        _write_family(conn, plan, household, example, delivery)
    assess(conn, day, _KNOWN_AT, households=households, dry=True, plans=[plan])
    got = {
        (r["household_id"], r["problem"], r["criterion"]): r["verdict"]
        for r in warehouse.run(conn, "assess/example__verdict.sql").mappings()
    }
    return [
        Result(place, e.says, e.expect, str(got.get((n, place[1], place[3]), "no verdict")))
        for n, (place, e) in zip(households, group, strict=True)
    ]


def _cover(conn: Connection, day: date, without: tuple[str, ...], places: Iterable[str]) -> int:
    """One stand-in delivery, and coverage of every feed and school but those that the example goes without."""
    delivery = int(warehouse.run(conn, "assess/example__delivery.sql", on_day=day).scalar_one())
    span = {"from_day": less_months(day, _COVERED_MONTHS), "to_day": day}
    warehouse.run(
        conn,
        "assess/example__cover.sql",
        **span,
        delivery=delivery,
        places=sorted(places),
        without=list(without),
        **_KNOWN,
    )
    return delivery


def _write_family(conn: Connection, plan: Plan, household: int, example: Example, delivery: int) -> None:
    people = {**plan.example_family, **example.people}
    who = {name: household * 100 - n for n, name in enumerate(people, start=1)}
    same = {"household": household, "delivery": delivery, "family": str(household), **_KNOWN}
    warehouse.run(conn, "assess/example__household.sql", **same)
    for name, born in people.items():
        warehouse.run(
            conn, "assess/example__person.sql", person=who[name], born=born, name=f"{household}-{name}", **same
        )
    for n, fact in enumerate(example.facts, start=1):
        person = who.get(str(fact.get("who")))
        values = {c: fact.get(c) for c in _COLUMNS}
        about = {**same, "family": None if person else same["family"]}
        warehouse.run(
            conn,
            "assess/example__fact.sql",
            fact_id=household * 1000 - n,
            person=person,
            kind=fact["kind"],
            **values,
            **about,
        )
