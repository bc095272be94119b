"""The business date of a run, and what a task may say of a fault."""

from __future__ import annotations

import sys
import traceback
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tf_integration.model.errors import PlatformError, ServiceError

pytestmark = pytest.mark.airflow
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "plugins"))
CANARY = "Quillfeather"


def context(conf: dict[str, Any] | None = None, changes: tuple[str, ...] = (),
            at: str = "2019-05-01T12:00") -> dict[str, Any]:
    run = SimpleNamespace(conf=conf, run_after=datetime.fromisoformat(at).replace(tzinfo=UTC))
    events = {f"asset{i}": [SimpleNamespace(extra={"as_at": day})] for i, day in enumerate(changes)}
    return {"dag_run": run, "triggering_asset_events": events}


def test_a_run_that_was_asked_for_a_day_speaks_for_that_day() -> None:
    from rhythm import business_date

    assert business_date(context({"as_at": "2018-02-03"}, ("2019-01-01",))) == date(2018, 2, 3)


def test_a_run_that_changes_started_speaks_for_the_latest_of_their_days() -> None:
    from rhythm import business_date

    assert business_date(context(None, ("2019-04-02", "2019-04-03"))) == date(2019, 4, 3)


@pytest.mark.parametrize(("at", "day"), [
    ("2019-05-01T23:30", date(2019, 5, 2)), ("2019-01-01T23:30", date(2019, 1, 1))])
def test_any_other_run_speaks_for_its_own_day_in_london(at: str, day: date) -> None:
    from rhythm import business_date

    assert business_date(context({}, at=at)) == day


def test_the_settings_say_in_which_time_a_council_lives(home: Path) -> None:
    from rhythm import business_date, nightly

    (home / "settings.toml").write_text('timezone = "Australia/Sydney"\n')
    assert "Australia/Sydney" in str(nightly("30 3 * * *").timezone)
    assert business_date(context({}, at="2019-05-01T20:30")) == date(2019, 5, 2)


def test_the_example_county_has_no_clock_for_it_lives_in_its_own_days(home: Path) -> None:
    from rhythm import nightly

    assert "Europe/London" in str(nightly("30 3 * * *").timezone)
    (home / "county.json").write_text("{}")
    assert nightly("30 3 * * *") is None


@pytest.mark.parametrize("hours", range(24))
def test_a_fresh_platform_waits_for_its_first_night_at_whatever_hour_it_begins(home: Path, hours: int) -> None:
    from airflow.timetables.base import TimeRestriction
    from airflow.timetables.trigger import CronTriggerTimetable
    from rhythm import nightly

    now = datetime.now(ZoneInfo("Europe/London"))
    cron = f"{now - timedelta(hours=hours, minutes=1):%M %H} * * *"
    clock = CronTriggerTimetable(cron, timezone="Europe/London", run_immediately=nightly(cron).run_immediately)
    first = clock.next_dagrun_info(last_automated_data_interval=None, restriction=TimeRestriction(None, None, False))
    assert first is not None
    assert first.run_after > now


def test_a_fault_that_quotes_a_row_reaches_the_log_as_type_and_place_only() -> None:
    from rhythm import without_values

    with pytest.raises(PlatformError) as caught, without_values():
        fail_with_a_row()
    shown = "".join(traceback.format_exception(caught.value))
    assert CANARY not in shown
    assert "ValueError" in shown
    assert "fail_with_a_row" in shown


def test_our_own_errors_pass_as_they_are() -> None:
    from rhythm import without_values

    with pytest.raises(ServiceError, match="the server is away"), without_values():
        raise ServiceError("the server is away.")


def fail_with_a_row() -> None:
    row = CANARY
    raise ValueError(f"duplicate key ({row})")
