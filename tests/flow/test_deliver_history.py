"""What is kept of a delivery: who decided what, each state with its instant, and each receipt as it was sent."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import sqlalchemy.exc
from small_council import Council, tenancies
from test_deliver_released import BAD_ROWS, hold_for_being_short, hold_for_its_rows

from tf_integration.flow import decisions, marts
from tf_integration.flow.delivery_page import show
from tf_integration.flow.unit_costs import load_unit_costs
from tf_integration.store import warehouse

sys.path.append(str(Path(__file__).parents[2] / "plugins"))

import delivery_page

READING_16 = {"status", "delivery_id", "file", "sha256", "rows_read", "rows_loaded", "rows_rejected", "reasons",
              "received_at", "decided_at"}  # fmt: skip


def test_every_decision_stands_with_who_why_and_what_it_was_about(council: Council) -> None:
    name = hold_for_being_short(council)
    decisions.release(council.settings, name, "Ada", "half the stock was sold")
    decisions.hold(council.settings, name, "Grace", "wait for the deed")
    decisions.release(council.settings, name, "Ada", "seen the deed")
    found = council.rows("SELECT * FROM landing.decision ORDER BY decision_id")
    assert [(f["action"], f["by_whom"], f["because"]) for f in found] == [
        ("release", "Ada", "half the stock was sold"), ("hold", "Grace", "wait for the deed"),
        ("release", "Ada", "seen the deed")]  # fmt: skip
    assert {(f["status_was"], tuple(f["rules"])) for f in found} == {("held", ("volume", "vanished"))}


def test_a_file_that_another_has_taken_the_place_of_says_nothing_of_what_is_usual(council: Council) -> None:
    feed = "housing_tenancies"
    for rows in (5, 8):
        council.housing.put(feed, "2019-01-07", 1, tenancies(rows))
        assert council.night(feed, "2019-01-07") == ["accepted"]
    with warehouse.transaction(council.settings) as conn:
        found = warehouse.run(conn, "landing/history.sql", feed=feed, partner="housing", most=8).mappings().all()
        assert [row["rows_read"] for row in found] == [8]
        marts.create(conn)
        board = "SELECT usual_low, usual_high FROM mart.feed_health_v1 WHERE feed = :f"
        assert [dict(row) for row in warehouse.rows(conn, board, f=feed)] == [{"usual_low": 6, "usual_high": 10}]


@pytest.mark.parametrize("change", ["UPDATE {} SET delivery_id = delivery_id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["landing.decision", "landing.event", "landing.receipt"])
def test_what_is_kept_cannot_be_changed(council: Council, table: str, change: str) -> None:
    name = hold_for_its_rows(council)
    decisions.release(council.settings, name, "Ada", "fine")
    with (
        pytest.raises(sqlalchemy.exc.IntegrityError, match="never changed"),
        warehouse.transaction(council.settings) as conn,
    ):
        warehouse.execute(conn, change.format(table))


def test_each_state_is_kept_with_its_instant_from_the_wait_for_its_control_file_on(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, BAD_ROWS, control=False)
    assert council.night("housing_tenancies", "2019-05-01") == []
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, BAD_ROWS)
    council.night("housing_tenancies", "2019-05-01")
    decisions.release(council.settings, name, "Ada", "fine")
    council.night("housing_tenancies", "2019-05-02")
    delivery_id = council.seen[-1]["delivery_id"]
    with warehouse.transaction(council.settings) as conn:
        found = warehouse.run(conn, "landing/events.sql", delivery_id=delivery_id).mappings().all()
    assert [f["happened_at"] for f in found] == sorted(f["happened_at"] for f in found)
    states = [f["state"] for f in found]
    assert states[0] == "seen"
    for state in ("fetched", "verified", "opened", "staged", "held", "accepted", "acknowledged"):
        assert state in states, state
    held = next(f for f in found if f["state"] == "held")
    assert (held["rows_read"], held["rows_loaded"], held["rules"]) == (100, 0, ["row_faults"])


def test_a_receipt_says_its_status_in_words_how_many_families_and_what_came_before(council: Council) -> None:
    first = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(30))
    council.night("housing_tenancies", "2019-05-01")
    name = council.housing.put("housing_tenancies", "2019-06-01", 2, tenancies(30).replace("T7,tenant", "T7,landlord"))
    council.night("housing_tenancies", "2019-06-01")
    told = council.housing.receipt(name)
    assert set(told) == READING_16 | {"status_in_words", "families_affected", "history"}
    assert told["status_in_words"] == f"Accepted: 29 of 30 rows loaded; 1 was not: see {name}.rejects.csv."
    assert told["families_affected"] is None  # few, or none: a partner learns from no faulty row who is known here
    (before,) = told["history"]
    assert (before["file"], before["status"], before["rows_read"], before["rows_loaded"]) == (first, "accepted", 30, 30)
    page = (council.housing.receipts / f"{name}.receipt.txt").read_text()
    assert told["status_in_words"] in page
    assert "- line 8, column role: code." in page
    assert f"  {first}" in page
    assert "Gable" not in page
    assert "landlord" not in page


def test_a_receipt_looks_back_on_thirty_deliveries_and_no_more(council: Council) -> None:
    for n in range(1, 33):
        council.housing.put("housing_actions", f"2019-{4 + n // 28:02d}-{1 + n % 28:02d}", n,
                            "op,person_ref,action_ref,tenancy_ref,action,action_on,ended_on,amount\n")  # fmt: skip
    council.night("housing_actions", "2019-06-30")
    told = council.housing.receipt(sorted(f.name for f in council.housing.extracts.glob("*.csv"))[-1])
    assert len(told["history"]) == 30
    assert told["history"][0]["file"].endswith("_0031.csv")


def test_what_was_sent_is_kept_as_it_was_sent(council: Council) -> None:
    name = hold_for_its_rows(council)
    sent = council.housing.receipt(name)
    kept = council.rows("SELECT fault, body FROM landing.receipt")
    assert kept == [{"fault": None, "body": sent}]


def test_one_receipt_that_cannot_be_written_keeps_back_no_other_and_is_tried_again(council: Council) -> None:
    names = [council.housing.put("housing_tenancies", f"2019-05-0{n}", n, tenancies(3)) for n in (1, 2, 3)]
    in_the_way = council.housing.receipts / f"{names[1]}.receipt.json" / "a folder in its place"
    in_the_way.mkdir(parents=True)
    council.night("housing_tenancies", "2019-05-03")
    assert council.housing.receipt(names[2])["status"] == "accepted"
    tries = council.rows(
        "SELECT d.file_name, r.fault FROM landing.receipt r JOIN landing.delivery d USING (delivery_id)"
        " WHERE r.fault IS NOT NULL"
    )
    assert {t["file_name"] for t in tries} == {names[1]}
    in_the_way.rmdir()
    in_the_way.parent.rmdir()
    council.night("housing_tenancies", "2019-05-04")
    assert council.housing.receipt(names[1])["status"] == "accepted"
    assert json.loads((council.housing.receipts / f"{names[0]}.receipt.json").read_text())["status"] == "accepted"


def test_a_deliverys_page_adds_up_before_and_after_its_release(council: Council) -> None:
    name = hold_for_its_rows(council)
    told = show(council.settings, name)
    assert told["counts"] == {"read": 100, "loaded": 0, "rejected": 100, "faulty": 21, "withheld": 79, "adds_up": True}
    assert [(r["rule"], r["column"], r["rows"], r["faults"]) for r in told["by_rule"]] == [("date", "start_on", 21, 21)]
    assert "<td>held</td>" in delivery_page.page(told)
    decisions.release(council.settings, name, "Ada", "fine")
    council.night("housing_tenancies", "2019-05-02")
    told = show(council.settings, name)
    assert told["counts"] == {"read": 100, "loaded": 79, "rejected": 21, "faulty": 21, "withheld": 0, "adds_up": True}
    assert told["applied"]["facts_opened"] == 79
    assert [d["action"] for d in told["decisions"]] == ["release"]
    assert [r["status"] for r in told["receipts"]] == ["held", "accepted_with_rejects"]
    page = delivery_page.page(told)
    assert "Ada" in page
    assert "Gable" not in page


@pytest.mark.parametrize(("families", "told"), [(0, None), (1, None), (6, None), (7, 5), (8, 10), (1_234, 1_235)])
def test_a_receipt_tells_no_small_count_and_no_exact_one(council: Council, families: int, told: int | None) -> None:
    with warehouse.transaction(council.settings) as conn:
        load_unit_costs(conn)
        assert warehouse.run(conn, "landing/families_told.sql", families=families).scalar() == told
