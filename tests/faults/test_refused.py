"""Refusals that must be told, tries that must end, and readers and old tries that must see and do nothing wrong."""

from __future__ import annotations

import csv
import json
import os
import threading
import time
from datetime import date
from typing import Any

import pytest
from small_council import Council, tenancies

from tf_integration.flow.deliver import deliver, discover
from tf_integration.land.client import Refused
from tf_integration.land.discover import NotTriedAgain
from tf_integration.store import warehouse

ON = date(2019, 5, 1)
FEED = "housing_tenancies"


def test_every_file_of_an_odd_name_is_answered_once(council: Council) -> None:
    names = ["Tenants May.csv", "housing_tenancies_20191301_0001.csv", "housing_tenancies_20190501_1.csv",
             "unknown_feed_20190501_0001.csv", "housing_tenancies_20190501_0001.xlsx"]  # fmt: skip
    for name in names:
        council.housing.write(name, b"x")
    council.housing.put(FEED, str(ON), 2, tenancies(3))
    assert council.night(FEED, str(ON)) == ["accepted"]
    for name in names:
        told = council.housing.receipt(name)
        assert (told["status"], told["file"], told["rows_read"]) == ("rejected", name, 0)
        assert [r["rule"] for r in told["reasons"]] == ["file_name"]
        (council.housing.receipts / f"{name}.receipt.json").unlink()
    assert council.night(FEED, "2019-05-02") == []
    assert not [f for f in council.housing.receipts.iterdir() if "0002" not in f.name]


def test_a_name_that_no_server_can_write_with_a_suffix_is_answered_under_its_digest(council: Council) -> None:
    folder = os.fsencode(council.housing.extracts)
    for name in (b"n" * 250, b"caf\xe9.csv", b"a\nb.csv"):
        with open(os.path.join(folder, name), "wb") as out:
            out.write(b"x")
    assert council.night(FEED, str(ON)) == []
    told = [json.loads(f.read_text()) for f in council.housing.receipts.iterdir()]
    assert len(told) == 3
    assert {t["status"] for t in told} == {"rejected"}


def test_a_folder_full_of_odd_names_is_answered_over_the_nights(council: Council) -> None:
    (council.settings.home / "limits.yaml").write_text("odd_receipts: 7\nsettle_seconds: 0\n")
    for n in range(10):
        council.housing.write(f"odd {n}.csv", b"x")
    for nights, receipts in ((1, 7), (2, 10), (3, 10)):
        council.night(FEED, f"2019-05-{nights:02d}")
        assert len(list(council.housing.receipts.iterdir())) == receipts


def test_a_refused_key_is_tried_twice_an_hour_and_no_more(council: Council) -> None:
    council.housing.put(FEED, str(ON), 1, tenancies(3))
    known, council.housing.accepts = council.housing.accepts, "ssh-ed25519 other"
    for _ in range(5):
        with pytest.raises(Refused):
            discover(council.settings, FEED, ON)
    assert council.housing.seen.count("key sent") == 2
    with pytest.raises(NotTriedAgain, match="left alone"):
        discover(council.settings, "housing_actions", ON)
    assert council.rows("SELECT fault FROM landing.account") == [{"fault": "refused"}]
    council.housing.accepts = known
    with warehouse.transaction(council.settings) as conn:  # an hour passes
        conn.exec_driver_sql("UPDATE landing.account SET refused_at = ARRAY[now() - interval '61 minutes', now() - interval '61 minutes']")
    assert council.night(FEED, str(ON)) == ["accepted"]
    assert council.count("SELECT cardinality(refused_at) FROM landing.account") == 0


def test_a_new_key_is_tried_at_once(council: Council) -> None:
    known, council.housing.accepts = council.housing.accepts, "ssh-ed25519 other"
    for _ in range(3):
        with pytest.raises(Refused):
            discover(council.settings, FEED, ON)
    council.housing.accepts = known
    key = council.settings.partners["housing"].key_file
    os.utime(key, (time.time() + 5, time.time() + 5))
    assert discover(council.settings, FEED, ON) == []


def test_a_formula_is_stored_as_it_is_and_written_inert(council: Council) -> None:
    formula = "=HYPERLINK(0)"
    rows = tenancies(30, surname=formula).replace(",tenant,", ",=cmd|calc,", 2)
    name = council.housing.put(FEED, str(ON), 1, rows)
    assert council.night(FEED, str(ON)) == ["accepted_with_rejects"]
    assert council.count("SELECT count(*) FROM core.source_record WHERE surname LIKE '=HYPERLINK(0)%'") == 28
    with (council.housing.receipts / f"{name}.rejects.csv").open(newline="") as file:
        cells = [c for row in csv.reader(file) for c in row]
    assert cells
    assert not [c for c in cells if c.startswith(("=", "+", "-", "@", "\t"))]


def test_the_servers_clock_decides_nothing(council: Council) -> None:
    """A partner's clock that is years off, either way, changes nothing of what is taken in."""
    for sequence, years in ((1, -30), (2, 20)):
        name = council.housing.put(FEED, f"2019-05-0{sequence}", sequence, tenancies(3 + sequence))
        for file in (name, f"{name}.ctl.json"):
            then = time.time() + years * 365 * 86400
            os.utime(council.housing.extracts / file, (then, then))
    assert council.night(FEED, "2019-05-02") == ["accepted", "accepted"]


def test_a_try_that_wakes_after_another_has_decided_changes_nothing(council: Council) -> None:
    """One try stops just before it decides; another decides; the first wakes up."""
    council.housing.put(FEED, str(ON), 1, tenancies(20))
    (found,) = discover(council.settings, FEED, ON)
    assert deliver(council.settings, found, ON)["status"] == "accepted"
    before = council.rows("SELECT * FROM core.fact ORDER BY fact_id, known_from")
    decided = council.rows("SELECT decided_at, receipt_at FROM landing.delivery")
    assert deliver(council.settings, found, ON)["status"] == "accepted"  # the late waker's own call
    assert council.rows("SELECT * FROM core.fact ORDER BY fact_id, known_from") == before
    assert council.rows("SELECT decided_at, receipt_at FROM landing.delivery") == decided


def test_a_reader_meanwhile_sees_the_old_or_the_new_and_never_a_mixture(council: Council) -> None:
    """Each delivery moves every tenancy to another start; a reader must always find 200 of one start."""
    council.housing.put(FEED, "2019-05-01", 1, tenancies(200, start_on="2018-01-01"))
    council.night(FEED, "2019-05-01")
    stop, seen, reads = threading.Event(), set(), [0]
    query = "SELECT count(*) AS n, count(DISTINCT starts_on) AS starts FROM core.fact WHERE kind = 'tenancy' AND known_to = 'infinity'"

    def read() -> None:
        while not stop.is_set():
            row: dict[str, Any] = council.rows(query)[0]
            seen.add((row["n"], row["starts"]))
            reads[0] += 1

    readers = [threading.Thread(target=read) for _ in range(2)]
    for t in readers:
        t.start()
    for n in range(2, 6):
        council.housing.put(FEED, f"2019-05-0{n}", n, tenancies(200, start_on=f"2018-0{n}-01"))
        assert council.night(FEED, f"2019-05-0{n}") == ["accepted"]
    stop.set()
    for t in readers:
        t.join()
    assert seen == {(200, 1)}
    assert reads[0] > 50
