"""Cohorts: what is counted, what it cost before and after, and that no small count can be had back."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tf_integration.flow import marts
from tf_integration.flow.reference import load_reference
from tf_integration.flow.unit_costs import load_unit_costs

AS_AT = date(2019, 12, 31)
KNOWN = "2019-12-01+00"
Cell = tuple[str, str, date]
ALL = date(1, 1, 1)


@pytest.fixture
def county(db: Connection) -> Connection:
    load_reference(db)
    load_unit_costs(db)
    marts.create(db)
    db.execute(sa.text(
        "INSERT INTO assess.run (as_at, known_at, plan_hashes, code_version, scope, finished_at)"
        " VALUES (:d, now(), '{}', '0', 'full', now())"), {"d": AS_AT})  # fmt: skip
    db.execute(sa.text(
        "INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode,"
        " contract_version, code_version, state) VALUES (1, 'f', 'p', 'f.csv', :d, 1, 'whole', 'c', '0', 'accepted')"),
        {"d": AS_AT})  # fmt: skip
    return db


def settle(conn: Connection, families: list[tuple[tuple[str, ...], str | None, date]]) -> None:
    """Attached families of one person each: problems, postcode, day of attachment."""
    rows = [{"n": n, "p": list(p), "z": z, "d": d} for n, (p, z, d) in enumerate(families, 1)]
    for sql in (
        "INSERT INTO core.source_record (source_record_id, partner, feed, person_ref, introduces, postcode,"
        " first_snapshot_on, delivery_id, line_no, known_from) VALUES (:n, 'p', 'f', :n, true, :z, :d, 1, :n, :k)",
        "INSERT INTO identity.person_link (source_record_id, person_id, decided_by, because, run_id, known_from)"
        " VALUES (:n, :n, 'identifier', 'x', 1, :k)",
        "INSERT INTO identity.household (household_id, basis, run_id, known_from) VALUES (:n, 'early_help', 1, :k)",
        "INSERT INTO identity.membership (household_id, person_id, valid, basis, run_id, known_from)"
        " VALUES (:n, :n, '(,)', 'early_help', 1, :k)",
        "INSERT INTO assess.readiness (household_id, status, attached_on, problems_present, problems_improved,"
        " has_assessment, has_plan, has_lead_worker, has_tfop, value_pounds, plan_id, as_at, run_id)"
        " VALUES (:n, 'in_progress', :d, :p, '{}', true, true, true, true, 0, 'a', :a, 1)",
    ):
        asked = [r | {"k": KNOWN, "a": AS_AT} for r in rows]
        if "person_ref" in sql:
            asked = [r | {"n": r["n"]} for r in asked]
            sql = sql.replace("'f', :n, true", "'f', CAST(:n AS text), true")
        conn.execute(sa.text(sql), asked)


def fact(conn: Connection, n: int, of: int, kind: str, starts: date, ends: date | None = None, **more: Any) -> None:
    names, marks = "".join(f", {k}" for k in more), "".join(f", :{k}" for k in more)
    row = {"n": n, "of": of, "kind": kind, "s": starts, "e": ends, "k": KNOWN} | more
    conn.execute(
        sa.text(
            "INSERT INTO core.fact (fact_id, source_record_id, feed, partner, kind, starts_on, ends_on, delivery_id,"  # noqa: S608
            f" line_no, known_from, row_key{names})"
            f" VALUES (:n, :of, 'f', 'p', :kind, :s, :e, 1, :n, :k, CAST(md5(CAST(:n AS text)) AS uuid){marks})"
        ),
        row,
    )


def shown(conn: Connection) -> dict[Cell, dict[str, Any]]:
    rows = conn.execute(sa.text("SELECT * FROM mart.cohort_v1")).mappings().all()
    return {(r["problem_set"], r["area"], r["month"]): dict(r) for r in rows}


def truth(families: list[tuple[tuple[str, ...], str | None, date]]) -> dict[Cell, int]:
    n: Counter[Cell] = Counter()
    for problems, postcode, day in families:
        area = postcode.split()[0] if postcode else "unknown"
        cell = ("+".join(sorted(problems)) or "none", area, day.replace(day=1))
        for place in {cell, ("all", cell[1], cell[2]), ("all", "all", cell[2]), ("all", "all", ALL)}:
            n[place] += 1
    return dict(n)


def children(n: dict[Cell, int], parent: Cell) -> list[Cell]:
    """The places whose counts add up to a total's."""
    _, area, month = parent
    if month == ALL:
        return [c for c in n if c[:2] == ("all", "all") and c[2] != ALL]
    if area == "all":
        return [c for c in n if c[0] == "all" and c[1] != "all" and c[2] == month]
    return [c for c in n if c[0] != "all" and c[1:] == (area, month)]


def worked_out(n: dict[Cell, int], hidden: set[Cell]) -> set[Cell]:
    """The hidden counts that come out of exact shown ones: sums less what is known, over and over."""
    known = set(n) - hidden
    moved = True
    while moved:
        moved = False
        for total in (c for c in n if c[0] == "all"):
            group = [total, *children(n, total)]
            unknown = [c for c in group if c not in known]
            if len(unknown) == 1:
                known.add(unknown[0])
                moved = True
    return known & hidden


def drawn(seed: int) -> list[tuple[tuple[str, ...], str | None, date]]:
    draw = random.Random(seed)
    sets = [("a",), ("a", "b"), ("b", "c"), ()]
    areas: list[str | None] = ["CT1 2AB", "CT2 2AB", "ME1 1AA", None]
    found = []
    for month in range(1, draw.randrange(2, 5)):
        for area in draw.sample(areas, draw.randrange(1, 5)):
            for problems in draw.sample(sets, draw.randrange(1, 5)):
                n = draw.choice([1, 2, 6, 7, 8, 12, 20])
                found += [(problems, area, date(2019, month, 1 + draw.randrange(27)))] * n
    return found


@pytest.mark.parametrize("seed", range(25))
def test_no_small_count_can_be_worked_out_from_all_that_is_shown(county: Connection, seed: int) -> None:
    families = drawn(seed)
    settle(county, families)
    n, found = truth(families), shown(county)
    assert set(found) == set(n)
    hidden = {c for c in found if found[c]["is_suppressed"]}
    small = {c for c in n if n[c] < 7}
    assert small <= hidden
    assert worked_out(n, hidden) & small == set()
    for total in (c for c in n if c[0] == "all" and c not in hidden):
        below = [c for c in children(n, total) if c in hidden]
        assert not below or sum(n[c] for c in below) >= 7  # nor what they are together
    for place, row in found.items():
        if place in hidden:
            told = ("families", "cost_before_pounds", "cost_after_pounds", "months_compared")
            assert all(row[c] is None for c in told)
        else:
            assert row["families"] % 5 == 0
            assert abs(row["families"] - n[place]) <= 2


def test_without_the_further_keeping_back_a_small_count_could_be_worked_out() -> None:
    families = [(("a",), "CT1 2AB", date(2019, 1, 1))] * 9 + [(("b",), "CT1 2AB", date(2019, 1, 1))] * 3
    n = truth(families)
    small = {c for c in n if n[c] < 7}
    assert worked_out(n, small) == small


def test_costs_are_compared_over_equal_times_and_shared_incidents_count_once(county: Connection) -> None:
    families = [(("a",), "CT1 2AB", date(2019, 7, 1))] * 7
    settle(county, families)
    linked = "INSERT INTO identity.person_link SELECT 100, 100, NULL, 'identifier', 'x', 1, :k"
    county.execute(sa.text(linked), {"k": KNOWN})
    county.execute(sa.text("INSERT INTO identity.membership (household_id, person_id, valid, basis, run_id, known_from)"
                           " VALUES (1, 100, '(,)', 'early_help', 1, :k)"), {"k": KNOWN})  # fmt: skip
    for n, of in ((1, 1), (2, 100)):
        fact(county, n, of, "call_out", date(2019, 6, 1), ref="O1")  # one incident, two members
    fact(county, 3, 1, "call_out", date(2018, 11, 1), ref="O0")  # further back than six months have passed since
    fact(county, 4, 1, "call_out", date(2019, 8, 1), ref="O2")
    fact(county, 5, 1, "call_out", date(2019, 9, 1), ref="O3")
    fact(county, 6, 2, "cin", date(2019, 6, 3), date(2019, 7, 29))  # four weeks on either side
    told = shown(county)["all", "all", ALL]
    assert told["families"] == 5
    assert told["months_compared"] == pytest.approx(6.0, abs=0.1)
    assert float(told["cost_before_pounds"]) == 50 * round((3000 + 4 * 35) / 7 / 50)
    assert float(told["cost_after_pounds"]) == 50 * round((2 * 3000 + 4 * 35) / 7 / 50)
    assert told["is_verified"] is False


def test_a_council_that_shows_less_shows_less(county: Connection) -> None:
    settle(county, [(("a",), "CT1 2AB", date(2019, 7, 1))] * 9)
    assert not shown(county)["all", "all", ALL]["is_suppressed"]
    county.execute(sa.text("UPDATE returns.disclosure SET least = 10"))
    assert all(row["is_suppressed"] for row in shown(county).values())
