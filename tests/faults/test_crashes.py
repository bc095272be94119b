"""Kills, dead databases, full disks and races, at every step: nothing half done, and the next run ends well by itself."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from small_council import Council, tenancies
from spoiling import how_many

from tf_integration.flow.deliver import AlreadyRunning, deliver, discover
from tf_integration.flow.reference import load_reference
from tf_integration.land.discover import AlreadyLooking
from tf_integration.model.errors import PlatformError, ServiceError
from tf_integration.serve.postgres import Cluster, free_port
from tf_integration.store import warehouse

ON = date(2019, 5, 1)
RECOVERY_SECONDS = 60
FEED = "housing_tenancies"


def stands(council: Council, rows: int) -> bool:
    """The whole file stands: its facts, its people and its coverage; or, for 0, nothing of it."""
    tables = ("fact WHERE kind = 'tenancy' AND known_to = 'infinity'", "source_record WHERE known_to = 'infinity'")
    return all(council.count(f"SELECT count(*) FROM core.{t}") == rows for t in tables)


def ends_well(council: Council, rows: int) -> float:
    """Run again as the next night does, until all is decided; returns the seconds that took."""
    began = time.monotonic()
    while True:
        try:
            for delivery_id in discover(council.settings, FEED, ON):
                deliver(council.settings, delivery_id, ON)
            if not council.count("SELECT count(*) FROM landing.delivery WHERE status IS NULL OR receipt_at IS NULL"):
                break
        except ServiceError:
            pass
        assert time.monotonic() - began < RECOVERY_SECONDS
        time.sleep(0.2)
    assert stands(council, rows)
    return time.monotonic() - began


@contextmanager
def killed_at(council: Council, nth: int) -> Iterator[list[int]]:
    """End the session of the nth statement from outside, as an administrator or a failing server would."""
    engine, seen = warehouse.warehouse(council.settings), [0]
    admin = sa.create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def before(conn: Any, cursor: Any, *_: Any) -> None:
        seen[0] += 1
        if seen[0] == nth:
            with admin.connect() as other:
                other.exec_driver_sql(f"SELECT pg_terminate_backend({cursor.connection.info.backend_pid}, 5000)")

    sa.event.listen(engine, "before_cursor_execute", before)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", before)


def test_a_database_session_that_ends_at_any_statement_leaves_all_or_nothing(
    council: Council, record_property: Callable[[str, object], None]
) -> None:
    step, nth, runs = how_many(25, 1), 1, 0
    while True:
        text = tenancies(20, first=1000 * nth)
        with warehouse.transaction(council.settings) as conn:
            conn.exec_driver_sql("TRUNCATE landing.delivery, core.fact, core.source_record, core.coverage CASCADE")
        council.housing.put(FEED, str(ON), nth, text)
        with killed_at(council, nth) as seen:
            try:
                for delivery_id in discover(council.settings, FEED, ON):
                    deliver(council.settings, delivery_id, ON)
            except Exception as error:
                assert isinstance(error, PlatformError | sa.exc.DBAPIError), repr(error)
                assert "Gable" not in str(error)
        assert stands(council, 0) or stands(council, 20)
        ends_well(council, 20)
        runs += 1
        for left in council.housing.extracts.iterdir():
            left.unlink()
        if seen[0] < nth:
            break
        nth += step
    record_property("runs", runs)
    assert nth > 30, "too few statements were reached"


_WORK = """
import sys
from datetime import date
from tf_integration.flow.deliver import deliver, discover
from tf_integration.model.settings import Settings
settings, on = Settings.model_validate_json(sys.argv[1]), date(2019, 5, 1)
for delivery_id in discover(settings, "housing_tenancies", on):
    deliver(settings, delivery_id, on)
"""


def traced(council: Council, calls: str, nth: int, fault: str) -> int:
    """The whole run in a process of its own, with its nth such system call made to fail; its exit code."""
    inject = ["-e", f"trace={calls}", "-e", f"inject={calls}:{fault}:when={nth}", "-o", os.devnull]
    run = ["strace", "-f", "-qq", *inject, sys.executable, "-c", _WORK, council.settings.model_dump_json()]
    return subprocess.run(run, capture_output=True, check=False).returncode


SWEEPS = {  # what is made to fail: the calls, the fault, the steps of a quick (one run) and a long sweep, and where it ends
    "killed at a message to the database or the partner": ("sendto,sendmsg,send", "signal=SIGKILL", (40, 4), 400),
    "killed at a write to our disk": ("fsync,rename,renameat,renameat2", "signal=SIGKILL", (3, 1), 40),
    "fsync fails": ("fsync", "error=EIO", (2, 1), 20),
    "the disk is full at a write": ("pwrite64,fallocate,fsync", "error=ENOSPC", (3, 1), 20),
}


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("strace"), reason="faults of system calls are injected by strace")
@pytest.mark.parametrize("what", list(SWEEPS))
def test_a_run_that_fails_at_its_nth_call_is_finished_by_the_next(
    council: Council, what: str, record_property: Callable[[str, object], None]
) -> None:
    calls, fault, steps, most = SWEEPS[what]
    step, nth, runs, failed = how_many(*steps), 1, 0, 0
    for nth in range(1, most, step):
        with warehouse.transaction(council.settings) as conn:
            conn.exec_driver_sql("TRUNCATE landing.delivery, core.fact, core.source_record, core.coverage CASCADE")
        council.housing.put(FEED, str(ON), nth, tenancies(20, first=1000 * nth))
        code, runs = traced(council, calls, nth, fault), runs + 1
        failed += code != 0
        assert stands(council, 0) or stands(council, 20)
        ends_well(council, 20)
        assert not list((council.settings.landed / "incoming").iterdir())
        for left in council.housing.extracts.iterdir():
            left.unlink()
        if code == 0 and "kill" in what and nth > step:
            break
        if runs >= how_many(1, 10**6):
            break
    record_property("runs", runs)
    assert failed, "no call was reached: this would prove nothing"


@pytest.fixture
def own_cluster(tmp_path: Path, council: Council) -> Iterator[Cluster]:
    """The council's warehouse on a PostgreSQL of its own, to be killed."""
    own = Cluster(tmp_path / "pg" / "data", free_port(), secrets.token_hex(8))
    own.start()
    council.settings.warehouse_url = own.url
    with warehouse.transaction(council.settings) as conn:
        warehouse.migrate(conn)
        load_reference(conn)
    yield own
    warehouse.warehouse(council.settings).dispose()
    own.remove()


def test_a_database_server_that_is_killed_is_started_again_and_the_night_goes_on(
    council: Council, own_cluster: Cluster, seed: int, record_property: Callable[[str, object], None]
) -> None:
    r, runs, slowest = random.Random(seed), how_many(2, 20), 0.0
    record_property("runs", runs)
    for n in range(1, runs + 1):
        council.housing.put(FEED, str(ON), n, tenancies(300, start_on=f"2018-01-{n:02d}"))
        wait = r.uniform(0, 1.5)

        def kill(seconds: float = wait) -> None:
            time.sleep(seconds)
            if found := own_cluster.postmaster():
                for process in [found, *found.children(recursive=True)]:
                    process.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            for delivery_id in discover(council.settings, FEED, ON):
                deliver(council.settings, delivery_id, ON)
        except Exception as error:
            assert "Gable" not in str(error)
        killer.join()
        began = time.monotonic()
        own_cluster.start()
        ends_well(council, 300)
        slowest = max(slowest, time.monotonic() - began)
    print(f"slowest recovery {slowest:.1f} s")
    assert slowest < RECOVERY_SECONDS


@contextmanager
def small_disk(at: Path, size: str) -> Iterator[Path]:
    at.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(at)]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this machine lets us mount no small disk")
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], capture_output=True, check=False)
        with suppress(OSError):  # a folder that had something in it before stays
            at.rmdir()


def test_a_small_landing_disk_refuses_the_file_and_takes_it_when_there_is_room(council: Council) -> None:
    with small_disk(council.settings.landed, "3m") as disk:
        council.housing.put(FEED, str(ON), 1, tenancies(20))
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * (3 * 1024 * 1024 - 4096))
        with pytest.raises(ServiceError, match="bytes are free"):
            discover(council.settings, FEED, ON)
        assert council.count("SELECT count(*) FROM landing.delivery") == 0
        ballast.unlink()
        ends_well(council, 20)


def test_a_disk_that_fills_while_a_file_is_unpacked_loads_nothing(council: Council) -> None:
    with small_disk(council.settings.landed, "3m") as disk:
        council.housing.put(FEED, str(ON), 1, tenancies(9000), packed=True, control={"rows": 9000})
        (found,) = discover(council.settings, FEED, ON)
        (disk / "ballast").write_bytes(b"x" * (2 * 1024 * 1024 + 500_000))
        with pytest.raises(ServiceError, match="disk filled"):
            deliver(council.settings, found, ON)
        assert stands(council, 0)
        assert not list(disk.rglob("plain.csv"))
        (disk / "ballast").unlink()
        ends_well(council, 9000)


@pytest.mark.slow
def test_a_full_database_disk_rolls_back_and_goes_on_once_there_is_room(council: Council) -> None:
    with small_disk(Path(tempfile.mkdtemp(prefix="tfi-disk-")), "260m") as disk:
        disk.chmod(0o755)
        own = Cluster(disk / "pg", free_port(), secrets.token_hex(8))
        own.start()
        try:
            council.settings.warehouse_url = own.url
            with warehouse.transaction(council.settings) as conn:
                warehouse.migrate(conn)
                load_reference(conn)
            council.housing.put(FEED, str(ON), 1, tenancies(20_000), control={"rows": 20_000})
            (found,) = discover(council.settings, FEED, ON)
            free = shutil.disk_usage(disk).free
            (disk / "ballast").write_bytes(b"x" * (free - 2_000_000))
            with pytest.raises(Exception, match=r".") as caught:
                deliver(council.settings, found, ON)
            assert "Gable" not in str(caught.value)
            (disk / "ballast").unlink()
            began = time.monotonic()
            own.start()
            ends_well(council, 20_000)
            assert time.monotonic() - began < 2 * RECOVERY_SECONDS
        finally:
            warehouse.warehouse(council.settings).dispose()
            own.stop("immediate")


def test_of_several_runs_at_once_one_wins_and_the_others_are_told(
    council: Council, seed: int, record_property: Callable[[str, object], None]
) -> None:
    """A checker over the history of concurrent loads: one applies, the others find it done or are told to wait."""
    with (council.settings.home / "limits.yaml").open("a") as limits:
        limits.write("channel_seconds: 60\n")  # a busy machine is no fault of either run
    r, runs = random.Random(seed), how_many(6, 1000)
    record_property("runs", runs)
    for n in range(1, runs + 1):
        council.housing.put(FEED, str(ON), n, tenancies(15 + n % 5, start_on=f"2018-01-{1 + n % 28:02d}"))
        history = race(council, r)
        assert not [h for h in history if isinstance(h, Exception)], history
        applied = [h for h in history if isinstance(h, dict) and "facts_opened" in h]
        assert len(applied) == 1, history
        assert ends_well(council, 15 + n % 5) < RECOVERY_SECONDS if n == 1 else True
        known = council.rows("SELECT status FROM landing.delivery WHERE sequence = :n", n=n)
        assert [k["status"] for k in known] == ["accepted"]
    applied_once = "SELECT count(*) FROM (SELECT FROM core.fact GROUP BY fact_id, known_from HAVING count(*) > 1) t"
    assert council.count(applied_once) == 0


def race(council: Council, r: random.Random) -> list[Any]:
    """Four runs of look and delivery, started together; what each came to."""
    start, came = threading.Barrier(4), []

    def run(wait: float) -> None:
        start.wait()
        time.sleep(wait)
        try:
            for delivery_id in discover(council.settings, FEED, ON):
                came.append(deliver(council.settings, delivery_id, ON))
        except (AlreadyRunning, AlreadyLooking):
            came.append("told")
        except Exception as error:
            came.append(error)

    threads = [threading.Thread(target=run, args=(r.uniform(0, 0.05),)) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return came


def test_a_deadlock_is_tried_again_until_it_goes_through(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real one: another session holds what the load needs, and waits for what the load holds."""
    council.housing.put(FEED, str(ON), 1, tenancies(15))
    (found,) = discover(council.settings, FEED, ON)
    engine = warehouse.warehouse(council.settings)
    seen: list[str] = []

    def handler(context: Any) -> None:
        seen.append(getattr(context.original_exception, "pgcode", "") or "")

    sa.event.listen(engine, "handle_error", handler)
    other = engine.connect()
    other.exec_driver_sql("SET deadlock_timeout = '10s'")
    other.exec_driver_sql("LOCK TABLE core.coverage IN ACCESS EXCLUSIVE MODE")

    def cross() -> None:
        time.sleep(1.5)
        other.exec_driver_sql("LOCK TABLE landing.delivery IN ACCESS EXCLUSIVE MODE")
        other.rollback()

    crossing = threading.Thread(target=cross)
    crossing.start()
    try:
        assert deliver(council.settings, found, ON)["status"] == "accepted"
    finally:
        crossing.join()
        other.close()
        sa.event.remove(engine, "handle_error", handler)
    assert "40P01" in seen
    assert stands(council, 15)
