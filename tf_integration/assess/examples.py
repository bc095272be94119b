"""Run a plan's worked examples on a real warehouse, inside a transaction that is rolled back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tf_integration.assess.nightly import assess
from tf_integration.assess.plans import store_plan
from tf_integration.model.calendar import less_months
from tf_integration.model.plan import Example, Plan
from tf_integration.store import warehouse

_DATES = ("starts_on", "ends_on", "happened_on")
_COLUMNS = (*_DATES, "quantity", "out_of", "authorised", "unauthorised", "code", "role", "outcome", "place", "ref", "is_flagged")


@dataclass(frozen=True)
class Result:
    """One example's outcome."""

    problem: str
    criterion: str
    says: str
    expected: str
    got: str

    @property
    def is_right(self) -> bool:
        return self.expected == self.got


def run_examples(conn: Connection, plan: Plan) -> list[Result]:
    """Judge every example of the plan; the warehouse is left as it was.

    Examples that go without the same feeds are judged together, each as a household of its own.
    """
    groups: dict[tuple[str, ...], list[tuple[str, str, Example]]] = defaultdict(list)
    for problem, criterion, example in _examples(plan):
        groups[tuple(sorted(example.without))].append((problem, criterion, example))
    results: list[Result] = []
    for without, group in groups.items():
        with conn.begin_nested() as undo:
            results += _judge(conn, plan, without, group)
            undo.rollback()
    return results


def _examples(plan: Plan) -> Iterator[tuple[str, str, Example]]:
    for name, problem in plan.problems.items():
        for criterion, rule in problem.identified.items():
            for example in rule.examples:
                yield name, criterion, example


def _judge(conn: Connection, plan: Plan, without: tuple[str, ...], group: list[tuple[str, str, Example]]) -> list[Result]:
    _empty(conn)
    store_plan(conn, plan)
    conn.exec_driver_sql(f"DELETE FROM assess.plan WHERE plan_id <> '{plan.plan}'")  # noqa: S608 - a name of our own file
    delivery = _cover(conn, plan, without, {str(f["place"]) for _, _, e in group for f in e.facts if "place" in f})
    for number, (_, _, example) in enumerate(group, start=1):
        _write_family(conn, plan, number, example, delivery)
    known_at = warehouse.scalar(conn, "SELECT clock_timestamp() + interval '1 second'")
    assess(conn, plan.example_as_at, known_at, full=True)
    got = {(r["household_id"], r["problem"], r["criterion"]): r["verdict"] for r in warehouse.rows(
        conn, "SELECT household_id, problem, criterion, verdict FROM assess.criterion_verdict WHERE side = 'identified'")}
    return [Result(p, c, e.says, e.expect, str(got.get((n, p, c), "no verdict"))) for n, (p, c, e) in enumerate(group, start=1)]


def _empty(conn: Connection) -> None:
    for table in ("core.fact", "core.coverage", "core.source_record", "identity.person_link", "identity.person", "identity.household",
                  "identity.household_ref", "identity.membership"):
        conn.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - our own names; undone by the caller


def _cover(conn: Connection, plan: Plan, without: tuple[str, ...], places: Iterable[str]) -> int:
    """One stand-in delivery, and coverage of every feed and school but those that the example goes without."""
    delivery = int(warehouse.scalar(conn, "SELECT core.hash_id('example')"))
    conn.execute(sa.text(
        "INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode, contract_version, code_version, state) "
        "VALUES (:id, 'example', 'example', 'example', :on, 1, 'whole', '', '', 'accepted')"), {"id": delivery, "on": plan.example_as_at})
    span = {"from": less_months(plan.example_as_at, 60), "to": plan.example_as_at, "id": delivery}
    feeds = [r["feed"] for r in warehouse.rows(conn, "SELECT feed FROM core.feed") if r["feed"] not in without]
    cover = sa.text("INSERT INTO core.coverage (feed, partner, place, covers, delivery_id, known_from) "
                    "VALUES (:feed, 'example', :place, daterange(:from, :to, '[]'), :id, now() - interval '1 second')")
    conn.execute(cover, [{"feed": f, "place": None, **span} for f in feeds])
    by_place = [r["feed"] for r in warehouse.rows(conn, "SELECT feed FROM core.feed WHERE stale_half_terms > 0") if r["feed"] in feeds]
    rows = [{"feed": f, "place": p, **span} for f in by_place for p in places]
    if rows:
        conn.execute(cover, rows)
    return delivery


def _write_family(conn: Connection, plan: Plan, household: int, example: Example, delivery: int) -> None:
    people = {**plan.example_family, **example.people}
    for n, (name, born) in enumerate(people.items(), start=1):
        ids = {"person": household * 100 + n, "household": household, "born": born, "delivery": delivery, "name": f"{household}-{name}"}
        conn.execute(sa.text(_PERSON), ids)
    who = {name: household * 100 + n for n, name in enumerate(people, start=1)}
    conn.execute(sa.text("INSERT INTO identity.household (household_id, basis, run_id, known_from) VALUES (:h, 'early_help', 0, now() - interval '1 second')"),
                 {"h": household})
    conn.execute(sa.text("INSERT INTO identity.household_ref (household_id, partner, family_ref, run_id, known_from) "
                         "VALUES (:h, 'example', :ref, 0, now() - interval '1 second')"), {"h": household, "ref": str(household)})
    for n, fact in enumerate(example.facts, start=1):
        _write_fact(conn, household * 1000 + n, fact, who.get(str(fact.get("who"))), str(household), delivery)


_PERSON = """
WITH record AS (
    INSERT INTO core.source_record (source_record_id, partner, feed, person_ref, introduces, first_snapshot_on, delivery_id, line_no, known_from)
    VALUES (:person, 'example', 'example', :name, true, '2000-01-01', :delivery, 1, now() - interval '1 second')
), person AS (
    INSERT INTO identity.person (person_id, date_of_birth, run_id) VALUES (:person, :born, 0)
), link AS (
    INSERT INTO identity.person_link (source_record_id, person_id, decided_by, because, run_id, known_from)
    VALUES (:person, :person, 'identifier', 'example', 0, now() - interval '1 second')
)
INSERT INTO identity.membership (household_id, person_id, valid, basis, run_id, known_from)
VALUES (:household, :person, '(,)', 'early_help', 0, now() - interval '1 second')
"""


def _write_fact(conn: Connection, fact_id: int, fact: dict[str, Any], person: int | None, family: str, delivery: int) -> None:
    values = {c: fact.get(c) for c in _COLUMNS}
    names = ", ".join(values)
    conn.execute(sa.text(
        f"INSERT INTO core.fact (fact_id, source_record_id, feed, partner, family_ref, kind, {names}, row_key, delivery_id, line_no, known_from) "  # noqa: S608
        f"VALUES (:id, :person, 'example', 'example', :family, :kind, {', '.join(':' + c for c in values)}, md5(CAST(:id AS text))::uuid, :delivery, 1, "
        "now() - interval '1 second')"),
        {"id": fact_id, "person": person, "family": None if person else family, "kind": fact["kind"], "delivery": delivery, **values})
