"""A contract changes: its deliveries are found, and run again as if they had come under it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_council import Council

from tf_integration.flow import refresh as flow
from tf_integration.flow.deliver import deliver, discover
from tf_integration.flow.reprocess import reprocess, stale
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.feed import FEEDS, Feed, load_feed, load_feeds
from tf_integration.store import warehouse

FEED = "housing_actions"
HEADER = "op,person_ref,action_ref,tenancy_ref,action,action_on,ended_on,amount\n"
NIGHTS = [("2019-04-01", ["U,H1,A1,T1,nosp_arrears,2019-03-20,,", "U,H2,A2,T2,eviction,2019-03-21,,"]),
          ("2019-04-08", ["U,H3,A3,T3,asb_warning,2019-04-02,,", "U,H1,A4,T1,possession,2019-04-03,,"])]


@pytest.fixture
def changed(tmp_path: Path) -> dict[str, Feed]:
    """The contracts, with one more code of an action, told as a complaint."""
    text = (FEEDS / f"{FEED}.yaml").read_text()
    wider = text.replace("codes: [arrears, asb_complaint,", "codes: [arrears, asb_warning, asb_complaint,")
    wider = wider.replace("when: {action: [asb_complaint]}", "when: {action: [asb_complaint, asb_warning]}")
    assert wider.count("asb_warning") == 2
    (tmp_path / f"{FEED}.yaml").write_text(wider)
    return {**load_feeds(), FEED: load_feed(tmp_path / f"{FEED}.yaml")}


def nights(council: Council, feeds: dict[str, Feed]) -> None:
    for sequence, (day, rows) in enumerate(NIGHTS, start=1):
        council.housing.put(FEED, day, sequence, HEADER + "".join(f"{r}\n" for r in rows))
        on = date.fromisoformat(day)
        for delivery_id in discover(council.settings, FEED, on, feeds=feeds):
            deliver(council.settings, delivery_id, on, feeds=feeds)
    flow.refresh(council.settings, date(2019, 4, 8))


def state(council: Council) -> dict[str, Any]:
    """What stands now, without the instants at which it became known."""
    facts = council.rows("SELECT kind, fact_id, source_record_id, starts_on, ends_on, code, ref, line_no, delivery_id"
                         " FROM core.fact WHERE known_to = 'infinity' ORDER BY kind, fact_id")
    people = council.rows("SELECT source_record_id, person_ref, delivery_id, line_no FROM core.source_record"
                          " WHERE known_to = 'infinity' ORDER BY 1")
    ledger = council.rows("SELECT delivery_id, status, rows_read, rows_loaded, rows_rejected, contract_version"
                          " FROM landing.delivery ORDER BY 1")
    rejects = council.rows("SELECT delivery_id, line_no, rule FROM landing.reject ORDER BY 1, 2")
    coverage = council.rows("SELECT feed, covers, delivery_id FROM core.coverage WHERE known_to = 'infinity'"
                            " ORDER BY 1, 2")
    return {"facts": facts, "people": people, "ledger": ledger, "rejects": rejects, "coverage": coverage}


def test_deliveries_read_under_another_contract_are_found_and_run_again(
    council: Council, changed: dict[str, Feed]
) -> None:
    nights(council, load_feeds())
    assert stale(council.settings) == []
    assert [d["sequence"] for d in stale(council.settings, FEED, changed)] == [1, 2]
    before = state(council)
    tried = reprocess(council.settings, FEED, "", "", dry_run=True, feeds=changed)
    assert state(council) == before
    done = reprocess(council.settings, FEED, "Ada", "a warning is a complaint", feeds=changed)
    assert {k: v for k, v in done.items() if k in tried and k != "is_trial"} == {
        k: v for k, v in tried.items() if k != "is_trial"}
    assert (done["before"]["facts"], done["after"]["facts"]) == (3, 4)
    assert (done["before"]["rows_rejected"], done["after"]["rows_rejected"]) == (1, 0)
    assert (done["before"]["source_records"], done["after"]["source_records"]) == (2, 3)
    assert [(f["rejected_was"], f["rejected_is"]) for f in done["files"]] == [(1, 0)]
    assert stale(council.settings, FEED, changed) == []
    assert council.count("SELECT count(*) FROM keep.reprocess WHERE by_whom = 'Ada'") == 1
    assert reprocess(council.settings, FEED, "Ada", "again", feeds=changed)["deliveries"] == []


def test_it_ends_as_if_the_files_had_come_under_the_new_contract(
    council: Council, changed: dict[str, Feed]
) -> None:
    nights(council, load_feeds())
    stood = council.rows("SELECT fact_id, known_from FROM core.fact WHERE known_to = 'infinity'")
    reprocess(council.settings, FEED, "Ada", "a warning is a complaint", feeds=changed)
    again = state(council)
    # history is kept: what was known then can be asked for still
    kept = council.rows("SELECT fact_id, known_from FROM core.fact")
    assert all(f in kept for f in stood)
    with warehouse.transaction(council.settings) as conn:      # the same files, from nothing
        conn.exec_driver_sql("TRUNCATE landing.delivery, landing.sighting, core.fact, assess.run, identity.person_link"
                             " CASCADE")
    nights(council, changed)
    assert state(council) == again


def test_a_partner_gets_a_new_receipt_for_the_file_whose_counts_moved_and_for_no_other(
    council: Council, changed: dict[str, Feed]
) -> None:
    nights(council, load_feeds())
    names = [f"{FEED}_{day.replace('-', '')}_{n:04d}.csv" for n, (day, _) in enumerate(NIGHTS, start=1)]
    folder = council.housing.receipts
    stood = (folder / f"{names[0]}.receipt.json").read_bytes()
    assert council.housing.receipt(names[1])["rows_rejected"] == 1
    assert (folder / f"{names[1]}.rejects.csv").exists()
    reprocess(council.settings, FEED, "", "", dry_run=True, feeds=changed)
    assert council.housing.receipt(names[1])["rows_rejected"] == 1        # a trial tells nobody
    done = reprocess(council.settings, FEED, "Ada", "a warning is a complaint", feeds=changed)
    moved = [f["delivery_id"] for f in done["files"]]
    assert done["receipts"] == {"sent": moved, "owed": [], "because": None}
    told = council.housing.receipt(names[1])
    assert (told["status"], told["rows_read"], told["rows_loaded"], told["rows_rejected"]) == ("accepted", 2, 2, 0)
    assert [r["rule"] for r in told["reasons"]] == ["read_again"]
    assert not (folder / f"{names[1]}.rejects.csv").exists()
    assert (folder / f"{names[0]}.receipt.json").read_bytes() == stood
    said = council.rows("SELECT count(*) AS n FROM landing.receipt WHERE delivery_id = :d", d=moved[0])
    assert said == [{"n": 2}]                                             # what was said first is kept


def test_a_partner_that_is_away_is_owed_the_new_receipt_and_an_unmoved_feed_says_why_there_is_none(
    council: Council, changed: dict[str, Feed]
) -> None:
    nights(council, load_feeds())
    council.housing.stop()
    done = reprocess(council.settings, FEED, "Ada", "a warning is a complaint", feeds=changed)
    assert (done["receipts"]["sent"], len(done["receipts"]["owed"])) == ([], 1)
    council.housing.start()
    discover(council.settings, FEED, date(2019, 4, 9), feeds=changed)
    assert council.housing.receipt(f"{FEED}_20190408_0002.csv")["rows_rejected"] == 0
    again = reprocess(council.settings, FEED, "Ada", "again", feeds=changed)["receipts"]
    assert again["sent"] == again["owed"] == []
    assert "still stand" in again["because"]


def test_a_file_that_the_new_contract_refuses_stops_it_and_nothing_changes(council: Council, tmp_path: Path) -> None:
    nights(council, load_feeds())
    more = "columns:\n  - {name: stage, purpose: to see}\n"
    text = (FEEDS / f"{FEED}.yaml").read_text().replace("columns:\n", more, 1)
    (tmp_path / f"{FEED}.yaml").write_text(text)
    before = state(council)
    with pytest.raises(NeedsAPerson, match="refused now"):
        reprocess(council.settings, FEED, "Ada", "a new column", feeds={FEED: load_feed(tmp_path / f"{FEED}.yaml")})
    assert state(council) == before


def test_it_asks_who_and_why(council: Council) -> None:
    with pytest.raises(CallError, match="who asks"):
        reprocess(council.settings, FEED, "Ada", " ")
