"""Any process of a running platform is killed (-9), idle and at work: it comes back by itself, and the night ends well."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import psutil
import pytest

sys.path.append(str(Path(__file__).parents[1] / "journey"))

import two_families as given
from running_home import Platform, running
from spoiling import how_many

from tf_integration import serve
from tf_integration.model.errors import ServiceError
from tf_integration.serve import airflow_parts, platform, process, watch
from tf_integration.serve.airflow_api import Api
from tf_integration.serve.state import State

pytestmark = [pytest.mark.airflow, pytest.mark.slow,
              pytest.mark.skipif(how_many(0, 1) == 0, reason="in make faults; two parts of it in tests/serve")]  # fmt: skip
RECOVERY_SECONDS = 60
STAYS_SECONDS = 3
AWAY_SECONDS = 50


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with running(tmp_path_factory.mktemp("recovery") / "home") as made:
        yield made


def pids(home: Platform) -> dict[str, int | None]:
    return {row["part"]: row["pid"] for row in serve.status(home.settings)}


def is_well(home: Platform) -> bool:
    """Every part runs, takes connections and has been heard since it was started."""
    try:
        state = State(home.settings)
        return (
            None not in pids(home).values()
            and home.rows("SELECT 1 AS one") == [{"one": 1}]
            and platform._answers(state.port("sftp"))
            and not airflow_parts.not_healthy(Api(home.settings, timeout_seconds=5), state)
        )
    except (ServiceError, OSError):
        return False
    except Exception as error:  # the driver's own classes
        assert "Operational" in type(error).__name__, error
        return False


def starved() -> float:
    """How many seconds a second of work takes here now, since others work on this machine too; 1 on a quiet one."""
    began, worked = time.monotonic(), time.process_time()
    while time.process_time() - worked < 0.3:
        pass
    return max(1.0, (time.monotonic() - began) / (time.process_time() - worked))


def said(what: str, took: float, slow: float) -> str:
    return f"{what}: {took:.1f} s, on a machine {slow:.1f} times slower than when it is quiet"


def recovered(home: Platform, killed: dict[str, int | None], since: float, slow: float) -> float:
    """Wait, with no hand on anything, until all is well and what was killed has another process; the seconds it took."""
    well_since = None
    while True:
        now = pids(home)
        is_anew = None not in now.values() and not set(killed.values()) & set(now.values())
        well_since = (well_since or time.monotonic()) if is_anew and is_well(home) else None
        if well_since and time.monotonic() - well_since > STAYS_SECONDS:  # it did not only begin
            return well_since - since
        assert time.monotonic() - since < RECOVERY_SECONDS * slow, (now, os.getloadavg())
        time.sleep(0.5)


def kill(*found: int | None) -> float:
    """Kill these, and wait until they are gone; when it was done."""
    assert None not in found
    began, victims = time.monotonic(), []
    for pid in found:
        with suppress(psutil.NoSuchProcess):  # a task's process may end at this moment by itself
            victims.append(psutil.Process(pid))
            victims[-1].kill()
    assert victims
    psutil.wait_procs(victims, timeout=20)
    return began


@pytest.mark.parametrize("part", platform.PARTS)
def test_a_part_that_is_killed_comes_back_by_itself(
    home: Platform, part: str, record_property: Callable[[str, object], None]
) -> None:
    before, slow = pids(home), starved()
    took = recovered(home, {part: before[part]}, kill(before[part]), slow)
    record_property("back", said(part, took, slow))
    print(said(part, took, slow))


def test_all_parts_but_one_watch_are_killed_at_once_and_come_back(
    home: Platform, record_property: Callable[[str, object], None]
) -> None:
    killed, slow = {part: pid for part, pid in pids(home).items() if part != watch.PARTS[1]}, starved()
    took = recovered(home, killed, kill(*killed.values()), slow)
    record_property("back", said("all", took, slow))
    print(said("all", took, slow))


def test_what_was_taken_down_stays_down(home: Platform) -> None:
    home.tfi("down")
    time.sleep(6)
    assert {row["state"] for row in serve.status(home.settings)} == {"stopped"}
    assert process.ours(home.home) == []
    assert home.tfi("up").code == 0


VICTIMS = ("scheduler", "task", "sftp", "postgres", "api-server")


@pytest.mark.parametrize("victim", VICTIMS)
def test_a_run_during_which_something_is_killed_ends_well_by_itself(
    home: Platform, victim: str, record_property: Callable[[str, object], None]
) -> None:
    """A file waits, its feed's run is asked for, and in the midst of it the blow falls. Nothing but the platform acts then."""
    day = date(2019, 3, 20 + VICTIMS.index(victim))
    given.write(home.partners, "early_help", "early_help_members", day.day, day, given.MEMBERS)
    dag, named = "feed_early_help_members", f"killed_{victim}"
    api = Api(home.settings)
    api.unpause(dag)
    before, slow = pids(home), starved()
    api.trigger(dag, named, {"as_at": str(day), "night": True})
    while not (at_work := tasks_of(home)):
        time.sleep(0.05)
    began = kill(*(at_work if victim == "task" else [before[victim]]))
    while not (is_delivered(home, day) and is_over(home, dag, named)):
        assert time.monotonic() - began < 2 * RECOVERY_SECONDS * slow, (victim, is_delivered(home, day))
        time.sleep(0.5)
    took = time.monotonic() - began
    record_property("ended", said(f"{victim} killed at work", took, slow))
    print(said(f"{victim} killed at work", took, slow))
    assert home.rows("SELECT count(*) AS n FROM landing.delivery WHERE snapshot_on = :d", d=day) == [{"n": 1}]


def test_a_run_outlives_an_api_server_that_is_long_away(
    home: Platform, record_property: Callable[[str, object], None]
) -> None:
    """Longer than three tries of a task would last, if each gave up as soon as nobody answers."""
    day, dag, named = date(2019, 3, 28), "feed_early_help_members", "api_server_away"
    given.write(home.partners, "early_help", "early_help_members", day.day, day, given.MEMBERS)
    api, slow = Api(home.settings), starved()
    api.unpause(dag)
    api.trigger(dag, named, {"as_at": str(day), "night": True})
    with (home.settings.services_file.parent / "lock").open("w") as at_work:
        fcntl.flock(at_work, fcntl.LOCK_EX)  # as if `tfi up` were at work: no watch mends meanwhile
        kill(pids(home)["api-server"])
        time.sleep(AWAY_SECONDS)
    began = time.monotonic()
    while not (is_delivered(home, day) and is_over(home, dag, named)):
        assert time.monotonic() - began < 2 * RECOVERY_SECONDS * slow, is_delivered(home, day)
        time.sleep(0.5)
    record_property("ended", said("api-server away", time.monotonic() - began, slow))


def tasks_of(home: Platform) -> list[int]:
    """The processes that carry out a task now: those that a worker of the scheduler has started."""
    try:
        workers = psutil.Process(pids(home)["scheduler"]).children()
        return [task.pid for worker in workers for task in worker.children(recursive=True)]
    except (psutil.Error, TypeError):
        return []


def is_delivered(home: Platform, day: date) -> bool:
    try:
        found = home.rows("SELECT status FROM landing.delivery WHERE snapshot_on = :d AND receipt_at IS NOT NULL", d=day)
    except Exception as error:  # the database is on its way back
        assert "Operational" in type(error).__name__, error
        return False
    return [f["status"] for f in found] == ["accepted"]


def is_over(home: Platform, dag: str, named: str) -> bool:
    try:
        return Api(home.settings, timeout_seconds=5).state(dag, named) == "success"
    except ServiceError:
        return False
