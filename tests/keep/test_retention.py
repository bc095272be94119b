"""What is past its contract's retention goes, unless a family, evidence or a claim holds it; and the chain says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_council import Council, actions

from tf_integration.flow import keep
from tf_integration.flow import refresh as flow
from tf_integration.keep import audit
from tf_integration.model.errors import NeedsAPerson
from tf_integration.store import warehouse

FEED = "housing_actions"


def do(council: Council, sql: str, **params: Any) -> None:
    with warehouse.transaction(council.settings) as conn:
        warehouse.execute(conn, sql, [params])


@pytest.fixture
def filled(council: Council) -> Council:
    """H1 and H2 spoken of in January, H3 in March; identified; nobody in a household."""
    january = actions("U,H1,A1,T1,arrears,2019-01-02,,10", "U,H2,A2,T2,eviction,2019-01-03,,")
    council.housing.put(FEED, "2019-01-07", 1, january)
    council.night(FEED, "2019-01-07")
    council.housing.put(FEED, "2019-03-04", 2, actions("U,H3,A3,T3,arrears,2019-03-01,,10"))
    council.night(FEED, "2019-03-04")
    flow.refresh(council.settings, date(2019, 3, 4))
    return council


def refs(council: Council) -> list[str]:
    return [r["person_ref"] for r in council.rows("SELECT DISTINCT person_ref FROM core.source_record ORDER BY 1")]


def landed(council: Council) -> int:
    return len([*Path(council.settings.landed).glob("*/*.csv")])


def test_people_in_no_family_go_after_their_weeks_with_the_file_that_only_they_stood_on(filled: Council) -> None:
    assert keep.retention(filled.settings, date(2019, 4, 1))["rows"] == []           # twelve weeks to the day
    tried = keep.retention(filled.settings, date(2019, 4, 2), dry_run=True)
    assert tried["rows"] == [{"feed": FEED, "because": "in no family", "records": 2, "facts": 2}]
    assert (refs(filled), landed(filled)) == (["H1", "H2", "H3"], 2)
    done = keep.retention(filled.settings, date(2019, 4, 2))
    assert (done["rows"], [f["delivery_id"] for f in done["files"]]) == (
        tried["rows"], [f["delivery_id"] for f in tried["files"]])
    assert (refs(filled), landed(filled), filled.facts(FEED)) == (["H3"], 1, 1)
    event, = filled.rows("SELECT act, detail FROM audit.event")
    assert (event["act"], event["detail"]["rows"][0]["records"]) == ("remove", 2)
    assert "H1" not in str(event)
    assert keep.retention(filled.settings, date(2019, 4, 2))["rows"] == []


def test_a_late_file_can_still_be_placed_and_coverage_of_a_removed_one_stands(filled: Council) -> None:
    covered = "SELECT count(*) FROM core.coverage WHERE known_to = 'infinity'"
    before = filled.count(covered)
    keep.retention(filled.settings, date(2019, 4, 2))
    filled.housing.put(FEED, "2019-03-04", 2, actions("U,H3,A3,T3,eviction,2019-03-01,,"))      # corrected
    assert filled.night(FEED, "2019-04-03")[0] in ("accepted", "accepted_with_rejects")
    assert filled.count(covered) == before
    assert refs(filled) == ["H3"]
    assert filled.rows("SELECT kind FROM core.fact WHERE known_to = 'infinity'") == [{"kind": "eviction"}]


def test_a_household_holds_its_people_while_it_stands_and_years_after(filled: Council) -> None:
    do(filled, "INSERT INTO identity.person_link (source_record_id, person_id, decided_by, because, run_id, known_from)"
               " SELECT source_record_id, 77, 'person', 'x', 1, now() FROM core.source_record WHERE person_ref = 'H1'")
    do(filled, "INSERT INTO identity.membership (household_id, person_id, valid, basis, run_id, known_from)"
               " VALUES (1, 77, daterange('2018-01-01', '2018-06-01'), 'tenancy', 1, now())")
    keep.retention(filled.settings, date(2019, 4, 2))
    assert refs(filled) == ["H1", "H3"]
    assert keep.retention(filled.settings, date(2024, 6, 1))["rows"] == [
        {"feed": FEED, "because": "in no family", "records": 1, "facts": 1}]
    assert keep.retention(filled.settings, date(2024, 6, 2))["rows"] == [
        {"feed": FEED, "because": "family ended", "records": 1, "facts": 1}]


def test_a_claim_holds_what_it_rests_on(filled: Council) -> None:
    if not filled.count("SELECT (to_regclass('claim.person') IS NOT NULL)::int"):
        pytest.skip("no claims in this warehouse")
    with warehouse.transaction(filled.settings) as conn:
        conn.exec_driver_sql("SET session_replication_role = replica")      # the ledger has rules of its own
        warehouse.execute(conn, "INSERT INTO claim.claim (claim_id, claim_ref, plan_id, result, claimed_on,"
                                " amount_pounds, state) VALUES (1, 'C1', 'p', 'sustained', '2019-03-01', 800, 'paid')")
        warehouse.execute(conn, "INSERT INTO claim.person (claim_id, partner, person_ref) VALUES (1, 'housing', 'H2')")
    keep.retention(filled.settings, date(2019, 4, 2))
    assert refs(filled) == ["H2", "H3"]
    keep.retention(filled.settings, date(2025, 3, 2))
    assert refs(filled) == []


def test_an_audit_event_that_is_changed_taken_out_or_cut_off_breaks_the_chain(council: Council) -> None:
    for act in ("first", "second", "third", "fourth"):
        with warehouse.transaction(council.settings) as conn:
            audit.note(conn, "Ada", act, "a feed", "to see", n=1)
    assert keep.insist_on_audit(council.settings) == 4
    assert keep.insist_on_audit(council.settings) == 4
    with pytest.raises(Exception, match="never changed"):
        do(council, "UPDATE audit.event SET because = 'x'")
    for tamper, said in [("UPDATE audit.event SET because = 'x' WHERE event_id = 2", "event 2: its content"),
                         ("DELETE FROM audit.event WHERE event_id = 2", "event 3: the event before"),
                         ("DELETE FROM audit.event WHERE event_id = 4", "event 4: the event noted outside")]:
        with warehouse.transaction(council.settings) as conn, conn.begin_nested() as trial:
            conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
            conn.exec_driver_sql(tamper)
            faults = audit.check(conn, council.settings.home / "audit" / "anchors.txt")
            trial.rollback()
        assert said in "; ".join(f"event {f['event_id']}: {f['fault']}" for f in faults)
    do_replica = "SET session_replication_role = replica"
    with warehouse.transaction(council.settings) as conn:
        conn.exec_driver_sql(do_replica)
        conn.exec_driver_sql("DELETE FROM audit.event WHERE event_id = 4")
    with pytest.raises(NeedsAPerson, match="does not hold"):
        keep.insist_on_audit(council.settings)


def test_a_chain_whose_end_was_never_noted_or_whose_notes_are_gone_does_not_hold(council: Council) -> None:
    anchors = council.settings.home / "audit" / "anchors.txt"
    with warehouse.transaction(council.settings) as conn:
        audit.note(conn, "Ada", "try", "this")
        assert audit.check(conn, anchors) == []
        anchors.unlink()
        assert audit.check(conn, anchors) == []                     # it may be the first check of all
        conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        conn.exec_driver_sql("UPDATE audit.event SET happened_at = happened_at - interval '4 days'")
        conn.exec_driver_sql("UPDATE audit.event e SET hash = audit.event_hash(e)")
        anchors.unlink()
        (fault,) = audit.check(conn, anchors)
        assert "anchors.txt is not there" in fault["fault"]
        anchors.touch()
        assert audit.check(conn, anchors) == []
