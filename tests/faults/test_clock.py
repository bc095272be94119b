"""The clock is set back, or stands ahead and is set right, between deliveries and in the middle of one: order is kept.

PostgreSQL really runs under a clock that the test sets (libfaketime, where the machine has it): instants come from that
clock alone. What must be so at any rate is shown by moving the last instant that was given.
"""

from __future__ import annotations

import os
import random
import re
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_council import Council, actions, tenancies
from spoiling import how_many

from tf_integration.flow import marts
from tf_integration.flow import refresh as refreshing
from tf_integration.flow.decisions import hold, release
from tf_integration.flow.deliver import deliver, discover
from tf_integration.flow.reference import load_reference
from tf_integration.land.client import Refused
from tf_integration.model.errors import ServiceError
from tf_integration.serve import postgres
from tf_integration.serve.postgres import Cluster, free_port
from tf_integration.store import warehouse

FEED, CHANGES = "housing_tenancies", "housing_actions"
HOUR, DAY, YEAR = 3600, 86_400, 31_536_000
FAKETIME = next(iter(sorted(Path("/usr").glob("lib*/**/faketime/libfaketimeMT.so.1"))), None)
can_set_a_clock = pytest.mark.skipif(FAKETIME is None, reason="a server's clock is set by libfaketime")


@dataclass
class Clock:
    """The clock of one PostgreSQL: `set(seconds)` puts it that far from the machine's."""

    file: Path

    def set(self, seconds: float) -> None:
        part = self.file.with_suffix(".part")
        part.write_text(f"{seconds:+.0f}\n")
        part.chmod(0o644)
        part.replace(self.file)


@pytest.fixture
def clock(council: Council, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """The council's warehouse on a PostgreSQL whose clock the test sets."""
    folder = Path(tempfile.mkdtemp(prefix="tfi-clock-"))
    folder.chmod(0o755)
    made = Clock(folder / "clock")
    made.set(0)
    fake = {"LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(made.file), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}  # fmt: skip
    plain = postgres._as_user()
    own = Cluster(folder / "pg" / "data", free_port(), secrets.token_hex(8))
    with monkeypatch.context() as patched:
        patched.setattr(postgres, "_as_user", lambda: plain | {"env": (plain.get("env") or dict(os.environ)) | fake})
        own.start()
    council.settings.warehouse_url = own.url
    with warehouse.transaction(council.settings) as conn:
        warehouse.migrate(conn)
        load_reference(conn)
        marts.create(conn)
    yield made
    warehouse.warehouse(council.settings).dispose()
    own.remove()
    shutil.rmtree(folder, ignore_errors=True)


def trusting(council: Council) -> None:
    """Let the council go on however far the two clocks are apart, to see what a wrong clock does."""
    with (council.settings.home / "limits.yaml").open("a") as limits:
        limits.write(f"clock_apart_seconds: {100 * YEAR}\n")


# Each would be 0 of a warehouse whose clock never moved.
ORDER = {
    "versions that end before they begin": "SELECT count(*) FROM (SELECT known_from, known_to FROM core.fact UNION ALL"
    " SELECT known_from, known_to FROM core.source_record UNION ALL SELECT known_from, known_to FROM core.coverage"
    " UNION ALL SELECT known_from, known_to FROM identity.person_link) v WHERE known_from >= known_to",
    "facts known before those of an earlier decision": "SELECT count(*) FROM (SELECT known_from, lag(known_from) OVER (PARTITION"
    " BY d.feed ORDER BY e.event_id) AS before FROM (SELECT delivery_id, min(event_id) AS event_id FROM landing.event"
    " WHERE status LIKE 'accepted%' GROUP BY 1) e JOIN landing.delivery d USING (delivery_id) JOIN LATERAL (SELECT min(known_from)"
    " AS known_from FROM core.coverage c WHERE c.delivery_id = d.delivery_id) c ON true) o WHERE known_from <= before",
    "runs that knew less than the run before": "SELECT count(*) FROM (SELECT known_at, lag(known_at) OVER (ORDER BY run_id) AS before"
    " FROM identity.run UNION ALL SELECT known_at, lag(known_at) OVER (ORDER BY run_id) FROM assess.run) r WHERE known_at <= before",
    "runs that did not know what was decided before them": "SELECT count(*) FROM assess.run r WHERE r.run_id = (SELECT max(run_id)"
    " FROM assess.run) AND EXISTS (SELECT FROM core.fact f WHERE f.known_from > r.known_at)",
}  # fmt: skip


def out_of_order(council: Council) -> list[str]:
    return [says for says, sql in ORDER.items() if council.count(sql)]


def stands(council: Council) -> dict[str, Any]:
    """What stands, without an instant in it."""
    return {
        "facts": council.rows("SELECT kind, ref, starts_on, ends_on, quantity, line_no FROM core.fact"
                              " WHERE known_to = 'infinity' ORDER BY 1, 2, 3, 6"),
        "people": council.rows("SELECT person_ref, surname FROM core.source_record WHERE known_to = 'infinity' ORDER BY 1, 2"),
        "versions": council.rows("SELECT ref, count(*) AS n FROM core.fact GROUP BY 1 ORDER BY 1"),
        "ledger": council.ledger(),
        "board": council.rows("SELECT feed, state, due_on, age_days, covers_to FROM mart.feed_health_v1 ORDER BY 1"),
    }  # fmt: skip


def nights(council: Council, set_clock: Callable[[], None], n: int) -> None:
    """Whole files, increments, a correction, a hold that two people release; `set_clock` is called wherever it may matter."""
    first = date(2019, 5, 1)
    for i in range(1, n + 1):
        on = str(first + timedelta(days=i))
        people = 60 if i % 3 == 2 else 100  # every third is short, and held
        name = council.housing.put(FEED, on, i, tenancies(people, surname=f"Gable{i}", start_on=f"2018-01-{1 + i % 28:02d}"))
        council.housing.put(CHANGES, on, i, actions(f"U,H1,A1,T1,arrears,2019-04-01,,{i}", f"U,H{i},B{i},T{i},arrears,2019-04-02,,5"))
        set_clock()
        (status,) = council.night(FEED, on)
        council.night(CHANGES, on)
        if status == "held":
            for who in ("Ada", "Ben"):
                set_clock()
                release(council.settings, name, who, "it is so")
            set_clock()
            assert council.night(FEED, on) == ["accepted"], "a release did not count"
        if i % 3 == 0:
            set_clock()
            council.housing.put(FEED, on, i, tenancies(100, surname=f"Mended{i}", start_on="2018-03-03"), bump=60 * i)
            assert council.night(FEED, on) == ["accepted"]
        set_clock()
        if i % 2 or i == n:
            refreshing.refresh(council.settings, date.fromisoformat(on))


@can_set_a_clock
@pytest.mark.skipif(how_many(0, 1) == 0, reason="in make faults; the same by the last instant given, below")
def test_a_clock_that_jumps_leaves_what_a_steady_one_leaves(
    council: Council, clock: Clock, seed: int, record_property: Callable[[str, object], None]
) -> None:
    """The same nights twice: under a steady clock, and under one that is set by up to a year between any two steps, and during them."""
    trusting(council)
    n, r = how_many(3, 12), random.Random(seed)
    record_property("runs", n)
    nights(council, lambda: None, n)
    steady = stands(council)
    with warehouse.transaction(council.settings) as conn:
        conn.exec_driver_sql("TRUNCATE landing.delivery, landing.sighting, core.fact, core.source_record, core.coverage,"
                             " core.absence, assess.run, identity.run, identity.person, identity.person_link,"
                             " identity.household, identity.membership CASCADE")  # fmt: skip
    for left in council.housing.extracts.iterdir():
        left.unlink()
    over = threading.Event()

    def jump() -> None:
        clock.set(r.choice((1, -1)) * r.choice((1, 30, HOUR, DAY, YEAR)) * r.random())

    def restless() -> None:
        while not over.wait(r.uniform(0.05, 0.6)):
            jump()

    hand = threading.Thread(target=restless)
    hand.start()
    try:
        nights(council, jump, n)
    finally:
        over.set()
        hand.join()
    assert out_of_order(council) == []
    assert stands(council) == steady


@can_set_a_clock
def test_clocks_that_disagree_are_refused_before_anything_is_begun(council: Council, clock: Clock) -> None:
    council.housing.put(FEED, "2019-05-01", 1, tenancies(3))
    for seconds, says in ((400, "ahead of"), (-400, "behind")):
        clock.set(seconds)
        for work in (lambda: discover(council.settings, FEED, date(2019, 5, 1)),
                     lambda: refreshing.refresh(council.settings, date(2019, 5, 1))):  # fmt: skip
            with pytest.raises(ServiceError, match=f"{says} this machine's"):
                work()
    assert council.count("SELECT count(*) FROM landing.delivery") == 0
    clock.set(-200)
    (found,) = discover(council.settings, FEED, date(2019, 5, 1))
    clock.set(DAY)
    with pytest.raises(ServiceError, match="ahead of"):
        deliver(council.settings, found, date(2019, 5, 1))
    assert council.facts(FEED) == 0
    clock.set(0)
    assert deliver(council.settings, found, date(2019, 5, 1))["status"] == "accepted"


def ahead(council: Council, seconds: int) -> None:
    """As if the clock had stood so far ahead until now: instants were given from there."""
    with warehouse.transaction(council.settings) as conn:
        conn.exec_driver_sql("SELECT setval('core.last_instant', CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"
                             f" + {seconds * 10**6})")


def test_once_the_clock_has_been_set_back_order_is_kept(council: Council) -> None:
    with warehouse.transaction(council.settings) as conn:
        marts.create(conn)
    nights(council, lambda: None, 1)
    ahead(council, YEAR)
    nights(council, lambda: None, 2)
    assert out_of_order(council) == []
    told = council.rows("SELECT core.instant() < core.instant() AS is_later, core.instant() > now() + interval '300 days' AS is_ahead")
    assert told == [{"is_later": True, "is_ahead": True}]


def test_without_the_guard_a_clock_set_back_stops_the_feed_and_loses_a_release(council: Council) -> None:
    """The harm: by the machine's clock itself a version would end before it began, and a release would come before its hold."""
    ahead(council, HOUR)
    council.housing.put(FEED, "2019-05-01", 1, tenancies(100))
    short = council.housing.put(FEED, "2019-05-08", 2, tenancies(50))
    assert council.night(FEED, "2019-05-08") == ["accepted", "held"]
    with warehouse.transaction(council.settings) as conn:
        conn.exec_driver_sql("CREATE OR REPLACE FUNCTION core.instant() RETURNS timestamptz LANGUAGE sql AS 'SELECT clock_timestamp()'")
    for who in ("Ada", "Ben"):
        release(council.settings, short, who, "it is so")
    assert council.night(FEED, "2019-05-08") == []  # nobody released it since it was held, by that clock
    council.housing.put(FEED, "2019-05-15", 3, tenancies(100, start_on="2018-02-02"))
    with pytest.raises(ServiceError, match=r"fact_.*|CheckViolation|check"):
        council.night(FEED, "2019-05-15")


def test_a_hold_after_a_release_still_takes_it_back(council: Council) -> None:
    council.housing.put(FEED, "2019-05-01", 1, tenancies(100))
    short = council.housing.put(FEED, "2019-05-08", 2, tenancies(50))
    assert council.night(FEED, "2019-05-08") == ["accepted", "held"]
    ahead(council, DAY)
    for who in ("Ada", "Ben"):
        release(council.settings, short, who, "it is so")
    hold(council.settings, short, "Cy", "wait")
    assert council.night(FEED, "2019-05-08") == []


def test_an_account_that_was_refused_while_the_clock_stood_ahead_is_tried_again(council: Council) -> None:
    council.housing.put(FEED, "2019-05-01", 1, tenancies(3))
    known, council.housing.accepts = council.housing.accepts, "ssh-ed25519 other"
    for _ in range(2):
        with pytest.raises(Refused):
            discover(council.settings, FEED, date(2019, 5, 1))
    council.housing.accepts = known
    with pytest.raises(Refused, match="left alone"):
        discover(council.settings, FEED, date(2019, 5, 1))
    with warehouse.transaction(council.settings) as conn:  # both refusals are noted a year from now
        conn.exec_driver_sql("UPDATE landing.account SET refused_at = ARRAY[now() + interval '1 year', now() + interval '1 year']")
    assert council.night(FEED, "2019-05-01") == ["accepted"]


def test_a_run_waits_for_rows_that_were_stamped_before_it(council: Council) -> None:
    """A delivery that is still being written when a refresh begins is in it, or is stamped after it: never between."""
    engine, given = warehouse.warehouse(council.settings), []
    with engine.connect() as writing:
        stamped = writing.exec_driver_sql("SELECT core.instant_of_rows()").scalar()
        def run() -> None:
            with engine.begin() as conn:
                given.append(conn.exec_driver_sql("SELECT core.instant_of_all()").scalar())
        reader = threading.Thread(target=run)
        reader.start()
        time.sleep(0.5)
        assert not given
        writing.commit()
        reader.join(10)
    assert given[0] > stamped
    with engine.connect() as writing:  # one that hangs for ever keeps nobody for ever
        writing.exec_driver_sql("SELECT core.instant_of_rows()")
        with engine.begin() as conn:
            assert conn.exec_driver_sql("SELECT core.instant_of_all('200 milliseconds')").scalar() > given[0]


WORDS_ONLY = {  # where this machine's clock is read, and decides nothing: names, words, and the day that a person did not give
    "flow/night.py", "flow/reprocess.py", "flow/decisions.py", "land/odd.py", "serve/process.py", "serve/checkup.py", "store/clock.py",
    "cli/main.py", "cli/keep.py", "cli/people.py", "cli/changes.py",
}  # fmt: skip


def test_time_is_measured_by_a_clock_that_cannot_be_set_and_stamped_by_the_warehouse() -> None:
    root = Path(warehouse.__file__).parents[1]
    wall = re.compile(r"time\.time\(|datetime\.now|utcnow|date\.today")
    found = {str(f.relative_to(root)) for f in root.rglob("*.py") if wall.search(f.read_text())}
    assert found <= WORDS_ONLY
    sql = root.parent / "sql"
    stamps = re.compile(r"(known_at|decided_at|received_at|known_from)[^\n]*(now\(\)|clock_timestamp\(\))")
    odd = [f.name for part in ("core", "landing", "identity") for f in (sql / part).glob("*.sql") if stamps.search(f.read_text())]
    assert odd == []
