"""Progress to a target, from data: the councils' published figures come out when claims with those counts are in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from reference.world import Fact, Membership, Person, Ref, World, load

from claim.council import Council, row
from tf_integration.assess import assess, load_plans
from tf_integration.claim.progress import note, set_target
from tf_integration.flow import marts
from tf_integration.model.errors import CallError
from tf_integration.store import warehouse


def claimed(council: Council, plan: str, on: str, first: int = 0, **results: int) -> dict[str, Any]:
    """So many earlier claims of each result, a child each, from the reference numbered `first` on."""
    rows = []
    for result, n in results.items():
        rows += [
            row(
                f"{plan}-{result}-{i}",
                f"{result}{i}",
                plan_id=plan,
                result=result,
                claimed_on=on,
                family_ref=f"F{first + len(rows) + i}",
            )
            for i in range(n)
        ]
    return council.imports(*rows)


def target(council: Council, plan: str, families: int, **more: Any) -> None:
    with warehouse.transaction(council.settings) as conn:
        set_target(conn, plan, families, "Ada", "agreed", **more)


def latest(council: Council, plan: str) -> dict[str, Any]:
    return council.rows(
        "SELECT * FROM mart.programme_progress_v1 WHERE plan_id = :p AND NOT is_ahead ORDER BY month DESC LIMIT 1",
        p=plan,
    )[0]


def test_hertfordshire_has_2023_families_to_go_worth_1618400_pounds(council: Council) -> None:
    council.judge()
    target(council, "national-2015", 4670)
    assert claimed(council, "national-2015", "2018-05-31", sustained=2647)["claims_new"] == 2647
    found = latest(council, "national-2015")
    assert (found["target"], found["claimed_sustained"], found["remaining"]) == (4670, 2647, 2023)
    assert found["value_remaining_pounds"] == 1_618_400
    assert found["identified"] == found["attached"] == 2647


def test_kent_reached_2560_by_2172_sustained_and_388_in_work(council: Council) -> None:
    council.judge()
    target(council, "national-2012", 2560)
    claimed(council, "national-2012", "2015-05-01", sustained=2172, employment=388)
    found = latest(council, "national-2012")
    assert (found["target"], found["claimed_sustained"], found["claimed_employment"], found["remaining"]) == (
        2560,
        2172,
        388,
        0,
    )


def test_cambridgeshire_identified_721_of_805_claimed_271_and_led_93_per_cent(council: Council) -> None:
    """The families themselves are judged under phase 1, as at 18 June 2014."""
    world, day = World(), date(2014, 6, 18)
    for n in range(1, 722):
        world.persons += [Person(2 * n, date(1985, 1, 1)), Person(2 * n + 1, date(2006, 1, 1))]
        world.memberships += [Membership(n, 2 * n), Membership(n, 2 * n + 1)]
        world.refs.append(Ref(n, f"F{n}"))
        world.facts.append(Fact("family_attached", date(2013, 1, 1), family_ref=f"F{n}"))
        world.facts += [Fact("family_lead_worker", date(2013, 2, 1), family_ref=f"F{n}")] * (n <= 671)
    with warehouse.transaction(council.settings) as conn:
        load_plans(conn)
        marts.create(conn)
        load(conn, world)
        run = assess(conn, day, full=True)
        note(conn, day, run["run_id"])
    target(council, "national-2012", 805)
    claimed(council, "national-2012", "2014-06-01", first=1, sustained=271)
    found = latest(council, "national-2012")
    assert (found["target"], found["identified"], found["claimed_sustained"]) == (805, 721, 271)
    assert (found["attached"], found["with_lead_worker"]) == (721, 671)
    assert round(100 * found["with_lead_worker"] / found["identified"]) == 93


def test_a_withdrawn_claim_is_to_go_again_and_months_follow_one_another(council: Council) -> None:
    council.judge()
    target(council, "national-2015", 3, valid_from=date(2018, 1, 1))
    council.imports(
        row("C1", 1, claimed_on="2018-01-15"),
        row("C2", 2, claimed_on="2018-03-15"),
        row("C3", 3, claimed_on="2018-03-15"),
    )
    council.imports(row("C3", 3, claimed_on="2018-03-15", state="clawed_back"))
    rows = council.rows(
        "SELECT month, claimed_sustained AS n, remaining FROM mart.programme_progress_v1 "
        "WHERE plan_id = 'national-2015' AND month <= '2018-04-01' ORDER BY month"
    )
    assert [(r["month"].month, r["n"], r["remaining"]) for r in rows] == [(1, 1, 2), (2, 1, 2), (3, 2, 1), (4, 2, 1)]


def test_a_target_needs_a_plan(council: Council) -> None:
    council.judge()
    with pytest.raises(CallError, match="no such plan"):
        target(council, "national-1999", 5)


def test_the_forecast_is_wide_without_a_record_and_narrows_with_one(council: Council) -> None:
    """Twenty families should be ready in December; then a year of kept days is on record."""
    for n in range(20):
        council.ready(str(n)).fact("call_out", "mum", council.county.as_at, ref=f"n{n}")
    council.ready("now")
    council.judge()

    def december() -> tuple[int, int, int]:
        with warehouse.transaction(council.settings) as conn:
            note(conn, council.county.as_at, 1)
        found = council.rows(
            "SELECT * FROM mart.programme_progress_v1 WHERE month = '2018-12-01' AND plan_id = 'national-2015'"
        )[0]
        assert "20 families with an earliest day" in found["forecast_basis"]
        return int(found["forecast_low"]), int(found["forecast_claims"]), int(found["forecast_high"])

    low, middle, high = december()
    assert (low, middle, high) == (3, 11, 19)
    council.value(
        "INSERT INTO claim.foretold SELECT -n, 'national-2015', '2017-01-01', '2017-06-01' "
        "FROM generate_series(1, 98) n RETURNING 1"
    )
    council.value(
        "INSERT INTO assess.status_change SELECT -n, 0, '2017-05-20', 'in_progress', 'ready', 'x' "
        "FROM generate_series(1, 89) n RETURNING 1"
    )
    low, middle, high = december()
    assert (low, middle, high) == (17, 19, 21)
    assert latest(council, "national-2015")["forecast_claims"] == 1
