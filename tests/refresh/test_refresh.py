"""The refresh: one at a time, whole or not at all, and honest about what it went without."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tf_integration.flow.night import Night, report
from tf_integration.flow.refresh import refresh, silent_since
from tf_integration.flow.setup import prepare
from tf_integration.flow.worklist import worklist
from tf_integration.model.errors import ServiceError
from tf_integration.model.feed import load_feeds
from tf_integration.model.settings import Settings
from tf_integration.store import planner, warehouse

DAY = date(2019, 5, 1)


@pytest.fixture
def settings(home: Path, warehouse_url: str) -> Settings:
    made = Settings(home=home, warehouse_url=warehouse_url)
    prepare(made)
    return made


def scalar(settings: Settings, sql: str, **params: Any) -> Any:
    with warehouse.transaction(settings) as conn:
        return warehouse.scalar(conn, sql, **params)


def test_an_empty_warehouse_is_refreshed_and_every_feed_was_missing(settings: Settings) -> None:
    done = refresh(settings, DAY)
    assert done["without"] == sorted(load_feeds())
    assert done["broken"] == []
    noted = scalar(settings, "SELECT without FROM assess.run WHERE run_id = :r", r=done["run_id"])
    assert noted == done["without"]


def test_of_a_day_on_which_every_feed_is_stale_the_last_day_spoken_of_is_told(settings: Settings) -> None:
    assert silent_since(settings, DAY) is None  # nobody has spoken yet
    for n, feed in enumerate(("dwp_benefits", "police_incidents"), 1):
        named = {"n": n, "feed": feed, "until": DAY - timedelta(days=20 * (n - 1))}
        scalar(settings, "INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence,"
                         " mode, contract_version, code_version, state)"
                         " VALUES (:n, :feed, 'p', 'f', :until, 1, 'whole', 'c', '0', 'accepted') RETURNING 1", **named)
        scalar(settings, "INSERT INTO core.coverage (feed, partner, place, covers, delivery_id, known_from) VALUES"
                         " (:feed, 'p', '', daterange('2019-01-01', :until, '[]'), :n, now()) RETURNING 1", **named)
    for days, expected in ((0, None), (45, None), (46, DAY)):  # dwp_benefits is stale after 45 days
        assert silent_since(settings, DAY + timedelta(days=days)) == expected


def test_a_feed_whose_run_failed_is_among_those_it_went_without(settings: Settings) -> None:
    assert "a_feed_that_failed" in refresh(settings, DAY, ["a_feed_that_failed"])["without"]


def test_the_planner_is_told_of_what_a_transaction_has_written(settings: Settings) -> None:
    with warehouse.transaction(settings) as conn:
        planner.look_again(conn)
        assert planner.look_again(conn) == []
        warehouse.execute(conn, "INSERT INTO identity.run (as_at, code_version)"
                                " SELECT DATE '2019-05-01', '0' FROM generate_series(1, 2000)")
        assert planner.look_again(conn) == ["identity.run"]
        assert warehouse.scalar(conn, "SELECT reltuples FROM pg_class WHERE oid = 'identity.run'::regclass") >= 2000


def test_two_refreshes_never_run_at_once(settings: Settings) -> None:
    with warehouse.transaction(settings) as conn:
        warehouse.scalar(conn, "SELECT pg_advisory_xact_lock(7352)")
        with pytest.raises(ServiceError, match="another refresh"):
            refresh(settings, DAY, patience_seconds=0)
    assert refresh(settings, DAY, patience_seconds=0)["run_id"]


def test_a_refresh_that_breaks_off_leaves_the_night_before(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    first = refresh(settings, DAY)
    with warehouse.transaction(settings) as conn:
        conn.exec_driver_sql("ALTER TABLE assess.run ADD CONSTRAINT full_disc"
                             " CHECK (counts ->> 'broken' IS NULL) NOT VALID")
    with pytest.raises(Exception, match="full_disc"):
        refresh(settings, date(2019, 5, 2))
    assert scalar(settings, "SELECT max(run_id) FROM assess.run") == first["run_id"]
    assert report(settings, date(2019, 5, 2)).run_id is None


def test_a_day_without_a_run_ends_in_three_and_a_quiet_one_in_nought(settings: Settings) -> None:
    assert report(settings, DAY).exit_code == 3
    refresh(settings, DAY)
    told = report(settings, DAY)
    assert (told.exit_code, told.arrived, told.moved) == (0, [], [])
    assert {f["feed"] for f in told.without} == set(load_feeds())
    assert worklist(settings) == {"counts": [], "households": []}


@pytest.mark.parametrize(("night", "code"), [
    ({"run_id": 1}, 0),
    ({"run_id": 1, "arrived": [{"status": "accepted_with_rejects"}, {"status": "duplicate"}]}, 0),
    ({"run_id": 1, "arrived": [{"status": "held"}]}, 1),
    ({"run_id": 1, "arrived": [{"status": None}]}, 1),
    ({"run_id": 1, "failed": [{"dag": "feed_dwp_benefits"}]}, 1),
    ({"run_id": 1, "broken": ["ready_is_proved"]}, 1),
    ({"run_id": 1, "failed": [{"dag": "refresh"}]}, 3),
    ({"run_id": None}, 3)])
def test_the_exit_code_says_whether_a_person_is_needed(night: dict[str, Any], code: int) -> None:
    assert Night("2019-05-01", **night).exit_code == code
