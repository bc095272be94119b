"""A person's rights: everything held, in a file of their own; and erasure that the next snapshot does not undo."""

from __future__ import annotations

import csv
import json
import os
from datetime import date
from pathlib import Path

import pytest
from small_council import Council, tenancies

from tf_integration.flow import keep, marts
from tf_integration.flow import refresh as flow
from tf_integration.flow.person import erase, export
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.store import warehouse

FEED = "housing_tenancies"
NAMED, CANARY = "housing:H2", "Quillfeather2"


@pytest.fixture
def filled(council: Council) -> Council:
    """Five tenants, identified and judged."""
    council.housing.put(FEED, "2019-01-07", 1, tenancies(5, surname="Quillfeather"))
    council.night(FEED, "2019-01-07")
    flow.refresh(council.settings, date(2019, 1, 7))
    return council


def places_of(council: Council, value: str) -> list[str]:
    """Every table with a row, and every file below the home, that holds a value."""
    tables = council.rows("SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c"
                          " JOIN pg_namespace n ON n.oid = c.relnamespace"
                          " WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')")
    found = [t["name"] for t in tables
             if council.count(f"SELECT count(*) FROM {t['name']} t WHERE t::text LIKE :v", v=f"%{value}%")]  # noqa: S608
    files = [f for f in Path(council.settings.home).rglob("*") if f.is_file()]
    return found + [str(f.relative_to(council.settings.home)) for f in files if value.encode() in f.read_bytes()]


def test_everything_held_is_written_to_a_file_of_its_owner_alone_and_the_look_is_kept(
    filled: Council, tmp_path: Path
) -> None:
    out = tmp_path / "h2.json"
    counts = export(filled.settings, NAMED, out, "Ada", "request 12")
    assert out.stat().st_mode & 0o777 == 0o600
    told = json.loads(out.read_text())
    assert (counts["records"], counts["facts"], counts["households"] > 0) == (1, 1, True)
    record, = told["records"]
    assert (record["surname"], record["person_ref"], record["line_no"]) == (CANARY, "H2", 3)
    assert told["facts"][0]["file_name"] == "housing_tenancies_20190107_0001.csv"
    assert "to match the person" in told["sources"][0]["columns"]["surname"]
    assert "Quillfeather1" not in out.read_text()                # nobody else
    event, = filled.rows("SELECT act, by_whom, because FROM audit.event")
    assert (event["act"], event["by_whom"], event["because"]) == ("export", "Ada", "request 12")
    assert CANARY not in str(filled.rows("SELECT * FROM audit.event"))
    with pytest.raises(CallError, match="cannot be made"):
        export(filled.settings, NAMED, out, "Ada", "again")
    export(filled.settings, NAMED, tmp_path / "h2.csv", "Ada", "as a table", as_csv=True)
    rows = list(csv.DictReader((tmp_path / "h2.csv").open()))
    assert ("records", "surname", CANARY) in {(r["section"], r["name"], r["value"]) for r in rows}


def test_an_erasure_leaves_nothing_and_survives_the_next_snapshot_and_a_replay(filled: Council) -> None:
    assert len(places_of(filled, CANARY)) >= 2                   # a table and a landed file
    tried = erase(filled.settings, NAMED, "Ada", "request 13", dry_run=True)
    assert filled.facts(FEED) == 5
    done = erase(filled.settings, NAMED, "Ada", "request 13")
    assert (done["deleted"], done["files"]) == (tried["deleted"], 1)
    assert places_of(filled, CANARY) == []
    assert places_of(filled, '"H2"') == []
    assert filled.facts(FEED) == 4
    # the next snapshot holds them still: read, counted, not kept, and nobody is told
    filled.housing.put(FEED, "2019-02-07", 2, tenancies(5, surname="Quillfeather"))
    assert filled.night(FEED, "2019-02-07") == ["accepted"]
    assert filled.rows("SELECT rows_read, rows_loaded FROM landing.delivery WHERE sequence = 2") == [
        {"rows_read": 5, "rows_loaded": 5}]
    # a corrected first file replays both, over the rewritten copy too
    filled.housing.put(FEED, "2019-01-07", 1, tenancies(5, surname="Quillfeather", start_on="2019-01-02"))
    assert filled.night(FEED, "2019-02-08")[0] in ("accepted", "accepted_with_rejects")
    assert filled.facts(FEED) == 4
    assert places_of(filled, CANARY) == []                       # nor in the files that came since
    flow.refresh(filled.settings, date(2019, 2, 8))
    with warehouse.transaction(filled.settings) as conn:
        assert marts.broken(marts.check(conn)) == []
    assert filled.count("SELECT count(*) FROM mart.person_source_v1 WHERE person_ref = 'H2'") == 0


def test_a_home_that_only_a_late_file_gave_is_told_and_erased_too(filled: Council, tmp_path: Path) -> None:
    late = tenancies(5, surname="Quillfeather").replace("2 High Street", "2 Lapwing Street")
    filled.housing.put(FEED, "2019-02-07", 3, tenancies(5, surname="Quillfeather", start_on="2019-01-02"))
    filled.night(FEED, "2019-02-07")
    filled.housing.put(FEED, "2019-01-20", 2, late)
    filled.night(FEED, "2019-02-08")
    export(filled.settings, NAMED, tmp_path / "h2.json", "Ada", "request 12")
    told = json.loads((tmp_path / "h2.json").read_text())["records"]
    assert [r["file_name"] for r in told if r["address"] == "2 Lapwing Street"] == [f"{FEED}_20190120_0002.csv"]
    assert "core.past_home" in places_of(filled, "Lapwing")
    erase(filled.settings, NAMED, "Ada", "request 13")
    assert places_of(filled, "Lapwing") == []


def test_a_claim_stands_in_the_way_of_an_erasure(filled: Council) -> None:
    with warehouse.transaction(filled.settings) as conn:
        conn.exec_driver_sql("SET LOCAL session_replication_role = replica")     # the ledger has rules of its own
        warehouse.execute(conn, "INSERT INTO claim.claim (claim_id, claim_ref, plan_id, result, claimed_on,"
                                " amount_pounds, state) VALUES (1, 'C1', 'p', 'sustained', '2019-01-01', 800, 'paid')")
        warehouse.execute(conn, "INSERT INTO claim.person (claim_id, partner, person_ref) VALUES (1, 'housing', 'H2')")
    with pytest.raises(NeedsAPerson, match="1 claims rest"):
        erase(filled.settings, NAMED, "Ada", "request 13")


def test_who_and_why_are_asked(filled: Council) -> None:
    with pytest.raises(CallError, match="who asks"):
        erase(filled.settings, NAMED, "Ada", "")
    with pytest.raises(CallError, match="nobody has this number"):
        erase(filled.settings, "housing:nobody", "Ada", "request 13")


def test_an_erasure_that_fails_changes_no_file(filled: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {f: f.read_bytes() for f in filled.settings.landed.rglob("*") if f.is_file()}
    with monkeypatch.context() as patch:
        patch.setattr("tf_integration.flow.person.audit.note", lambda *_, **__: 1 / 0)       # the last step of all
        with pytest.raises(ZeroDivisionError):
            erase(filled.settings, NAMED, "Ada", "request 13")
    assert {f: f.read_bytes() for f in filled.settings.landed.rglob("*") if f.is_file()} == before
    assert filled.facts(FEED) == 5
    assert erase(filled.settings, NAMED, "Ada", "request 13")["files"] == 1
    assert places_of(filled, CANARY) == []


def test_a_landed_file_that_cannot_be_read_is_named_and_stops_no_erasure(filled: Council) -> None:
    plain, name = filled.housing.put(FEED, "2019-01-14", 2, "nothing that opens"), ""
    for suffix in (".csv", ".csv.ctl.json"):
        file = filled.housing.extracts / plain.replace(".csv", suffix)
        name = name or f"{file.name}.gpg"
        file.rename(file.with_name(file.name.replace(".csv", ".csv.gpg")))
    assert filled.night(FEED, "2019-01-14") == ["held"]
    told = erase(filled.settings, NAMED, "Ada", "request 13")
    assert (told["files"], told["unread"]) == (1, [name])
    assert places_of(filled, CANARY) == []


def test_a_long_cell_of_somebody_else_stops_no_erasure_and_no_feed(filled: Council) -> None:
    rows = tenancies(5, surname="Quillfeather") + tenancies(1, first=9).split("\n")[1].replace("High", "x" * 140_000)
    filled.housing.put(FEED, "2019-02-07", 2, rows + "\n")
    assert filled.night(FEED, "2019-02-07") == ["accepted_with_rejects"]
    assert erase(filled.settings, NAMED, "Ada", "request 13")["files"] == 2
    filled.housing.put(FEED, "2019-03-07", 3, rows + "\n")
    assert filled.night(FEED, "2019-03-07") == ["accepted_with_rejects"]
    assert places_of(filled, CANARY) == []


def test_an_export_as_a_table_runs_nothing(filled: Council, tmp_path: Path) -> None:
    filled.housing.put(FEED, "2019-02-07", 2, tenancies(5, surname="=HYPERLINK(A1)"))
    filled.night(FEED, "2019-02-07")
    export(filled.settings, NAMED, tmp_path / "h2.csv", "Ada", "as a table", as_csv=True)
    said = {r["value"] for r in csv.DictReader((tmp_path / "h2.csv").open())}
    assert "'=HYPERLINK(A1)2" in said
    assert not [v for v in said if v.startswith("=")]


def test_what_a_killed_erasure_left_goes_with_the_next_nights_keeping(
    filled: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("tf_integration.flow.person.only_keep", lambda kept: None)      # killed just before the last step
        erase(filled.settings, NAMED, "Ada", "request 13")
    half = filled.settings.landed / "7.kept"
    half.write_text(CANARY)
    os.utime(half, (0, 0))
    young = filled.settings.landed / "8.kept"
    young.write_text("at work")
    assert len(places_of(filled, CANARY)) == 2
    keep.retention(filled.settings, date(2019, 1, 8), dry_run=True)
    assert len(places_of(filled, CANARY)) == 2
    keep.retention(filled.settings, date(2019, 1, 8))
    assert places_of(filled, CANARY) == []
    assert young.exists()
