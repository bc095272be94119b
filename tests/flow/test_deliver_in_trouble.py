"""A partner's server that is down, two runs at once, a fault while rows are applied: said, and nothing lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from small_council import Council, nothing_stands, tenancies

from tf_integration.flow.deliver import deliver, discover
from tf_integration.land.client import Unreachable
from tf_integration.store import warehouse


def test_a_dead_server_is_said_and_costs_nobody_else(council: Council) -> None:
    council.join("police")
    council.partners["police"].stop()
    with pytest.raises(Unreachable, match="partner police"):
        discover(council.settings, "police_incidents", date(2019, 5, 1))
    header = (
        "op,person_ref,forename,surname,date_of_birth,nomination_ref,problem,criterion,nominated_on,ended_on,agency,"
        "nominated_by,nominator_role,reason\n"
    )
    council.housing.put(
        "nominations", "2019-05-01", 1, header + "U,X1,Ann,Gable,2010-01-01,N1,crime_asb,,2019-04-01,,a,b,c,\n"
    )
    assert council.night("nominations", "2019-05-01") == ["accepted"]
    assert council.rows("SELECT partner, fault FROM landing.account ORDER BY partner") == [
        {"partner": "housing", "fault": None},
        {"partner": "police", "fault": "unreachable"},
    ]


def test_a_receipt_that_could_not_be_written_is_written_the_next_night(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    (delivery_id,) = discover(council.settings, "housing_tenancies", date(2019, 5, 1))
    council.housing.stop()
    assert deliver(council.settings, delivery_id, date(2019, 5, 1))["status"] == "accepted"
    assert council.rows("SELECT receipt_at FROM landing.delivery") == [{"receipt_at": None}]
    council.housing.start()
    assert council.night("housing_tenancies", "2019-05-02") == []
    assert council.housing.receipt(name)["status"] == "accepted"


def test_two_runs_at_once_are_one_winner_and_one_who_is_told(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    (delivery_id,) = discover(council.settings, "housing_tenancies", date(2019, 5, 1))
    with warehouse.transaction(council.settings) as other:
        warehouse.scalar(
            other, "SELECT pg_advisory_xact_lock(hashtext('deliver'), hashtext('housing_tenancies|housing'))"
        )
        with pytest.raises(Exception, match="already being decided"):
            deliver(council.settings, delivery_id, date(2019, 5, 1))
    assert deliver(council.settings, delivery_id, date(2019, 5, 1))["status"] == "accepted"


def test_a_look_that_another_run_holds_is_waited_for_and_then_said(council: Council) -> None:
    (council.settings.home / "limits.yaml").write_text("busy_seconds: 0\n")
    with warehouse.transaction(council.settings) as other:
        warehouse.scalar(other, "SELECT pg_advisory_xact_lock(hashtext('look'), hashtext('housing_tenancies|housing'))")
        with pytest.raises(Exception, match="already being looked for"):
            discover(council.settings, "housing_tenancies", date(2019, 5, 1))
    assert discover(council.settings, "housing_tenancies", date(2019, 5, 1)) == []


def test_a_fault_while_rows_are_applied_leaves_the_warehouse_as_it_was(council: Council, tmp_path: Path) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    (delivery_id,) = discover(council.settings, "housing_tenancies", date(2019, 5, 1))
    with warehouse.transaction(council.settings) as conn:
        conn.exec_driver_sql("ALTER TABLE core.coverage ADD CONSTRAINT broken CHECK (false)")
    with pytest.raises(Exception, match="the warehouse refused") as caught:
        deliver(council.settings, delivery_id, date(2019, 5, 1))
    assert "Gable" not in str(caught.value)
    assert nothing_stands(council)
    assert council.rows("SELECT status FROM landing.delivery") == [{"status": None}]
    with warehouse.transaction(council.settings) as conn:
        conn.exec_driver_sql("ALTER TABLE core.coverage DROP CONSTRAINT broken")
    assert deliver(council.settings, delivery_id, date(2019, 5, 1))["status"] == "accepted"
