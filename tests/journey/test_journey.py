"""From partners' files on SFTP to claim readiness under the scheduler, and back to the file and the line."""

from __future__ import annotations

import csv
import json
import urllib.error
import urllib.request
from typing import Any

import pytest
import two_families as given
from running_home import Platform, Told

from tf_integration.serve.airflow_api import Api

pytestmark = [pytest.mark.airflow, pytest.mark.slow]


def status_of(platform: Platform, family_ref: str) -> dict[str, Any]:
    return platform.rows("SELECT r.* FROM mart.claim_readiness_v1 r JOIN mart.household_v1 h USING (household_id)"
                         " WHERE :ref = ANY (h.family_refs)", ref=family_ref)[0]


def test_a_dead_account_and_a_spoilt_file_stop_nobody_else(first_night: Told) -> None:
    assert first_night.code == 1, first_night.err
    came = {a["feed"]: a["status"] for a in first_night.out["arrived"]}
    assert came == {"early_help_members": "accepted", "early_help_milestones": "accepted",
                    "dwp_benefits": "accepted", "jcp_employment": "accepted", "police_incidents": "rejected"}
    failed = {f["dag"]: f for f in first_night.out["failed"]}
    assert {"feed_housing_tenancies", "feed_housing_actions"} <= set(failed)
    assert not set(failed) & {f"feed_{feed}" for feed in came}
    assert failed["feed_housing_tenancies"]["task"] == "discover"
    assert failed["feed_housing_tenancies"]["because"]


def test_a_night_says_what_was_refused_and_what_to_do(first_night: Told) -> None:
    refused = next(a for a in first_night.out["arrived"] if a["feed"] == "police_incidents")
    assert refused["reasons"]
    assert all(r["what_to_do"] and r["count"] for r in refused["reasons"])


def test_the_refresh_says_which_feeds_it_went_without(platform: Platform, first_night: Told) -> None:
    without = {f["feed"] for f in first_night.out["without"]}
    assert {"police_incidents", "housing_tenancies", "housing_actions"} <= without
    assert not without & {"early_help_members", "dwp_benefits", "jcp_employment"}
    noted = platform.rows("SELECT without FROM assess.run WHERE run_id = :r", r=first_night.out["run_id"])
    assert set(noted[0]["without"]) == without


def test_a_family_is_ready_on_the_first_night_without_the_feeds_that_failed(platform: Platform,
                                                                            first_night: Told) -> None:
    found = status_of(platform, "FAM1")
    assert (found["status"], found["result"]) == ("ready", "employment")


def test_a_spoilt_file_is_answered_without_a_personal_value(platform: Platform, first_night: Told) -> None:
    name = f"police_incidents_{given.FIRST:%Y%m%d}_0001.csv"
    receipt = (platform.partners / "police" / "receipts" / f"{name}.receipt.json").read_text()
    assert json.loads(receipt)["status"] == "rejected"
    assert given.CANARY not in receipt


def test_the_next_night_makes_good_what_failed(second_night: Told) -> None:
    assert second_night.code == 0, (second_night.out, second_night.err)
    assert {a["feed"]: a["status"] for a in second_night.out["arrived"]} == {
        "police_incidents": "accepted", "housing_tenancies": "accepted"}
    assert second_night.out["failed"] == []


def test_the_same_night_again_changes_nothing(platform: Platform, second_night: Told) -> None:
    seen = "SELECT household_id, status, why_not, earliest_on FROM mart.claim_readiness_v1 ORDER BY 1"
    before, facts = platform.rows(seen), platform.rows("SELECT count(*) AS n FROM core.fact")
    again = platform.tfi("night", "--as-at", str(given.SECOND), "--json")
    assert again.code == 0
    assert again.out["run_id"] > second_night.out["run_id"]
    assert again.out["moved"] == []
    assert (platform.rows(seen), platform.rows("SELECT count(*) AS n FROM core.fact")) == (before, facts)


def test_a_verdict_leads_back_to_the_line_of_the_file_that_was_sent(platform: Platform, second_night: Told) -> None:
    assert status_of(platform, "FAM2")["status"] == "in_progress"
    told = platform.tfi("explain", "FAM2", "--problem", "domestic_abuse", "--json")
    assert told.code == 0, told.err
    used = next(e for e in evidence(told.out) if e["kind"] == "call_out")
    landed = platform.rows("SELECT landed_path FROM landing.delivery WHERE file_name = :f", f=used["file_name"])
    lines = (platform.settings.landed / landed[0]["landed_path"]).read_text().splitlines()
    found = dict(zip(next(csv.reader([lines[0]])), next(csv.reader([lines[used["line_no"] - 1]])), strict=True))
    assert (found["occurrence_ref"], found["occurred_on"]) == ("OCC77", "2019-03-14")


def evidence(told: Any) -> list[dict[str, Any]]:
    """Every mapping in the answer that names a file."""
    if isinstance(told, list):
        return [e for part in told for e in evidence(part)]
    if not isinstance(told, dict):
        return []
    return ([told] if "file_name" in told else []) + [e for part in told.values() for e in evidence(part)]


def test_no_log_of_any_part_holds_a_surname(platform: Platform, second_night: Told) -> None:
    logs = [f for f in platform.settings.logs.rglob("*") if f.is_file()]
    assert len(logs) > 20
    assert [f for f in logs if given.CANARY.encode() in f.read_bytes()] == []


def test_the_search_for_a_surname_would_find_one(platform: Platform, second_night: Told) -> None:
    files = [f for f in platform.settings.landed.rglob("*") if f.is_file()]
    assert any(given.CANARY.encode() in f.read_bytes() for f in files)


@pytest.mark.parametrize(("path", "anonymous", "signed_in"), [
    ("/tfi/feed-board", 401, 200), ("/tfi/delivery/1", 401, 404),
    ("/tfi/openapi.json", 404, 404), ("/tfi/docs", 404, 404)])
def test_the_feed_board_is_for_those_who_may_sign_in_to_airflow(
        platform: Platform, second_night: Told, path: str, anonymous: int, signed_in: int) -> None:
    assert answer(platform, path, {})[0] == anonymous
    api = Api(platform.settings)
    api.dag_ids()
    status, page = answer(platform, path, {"Authorization": f"Bearer {api._token}"})
    assert status == signed_in
    if status == 200:
        assert "police_incidents" in page
        assert given.CANARY not in page


def answer(platform: Platform, path: str, headers: dict[str, str]) -> tuple[int, str]:
    request = urllib.request.Request(f"{platform.settings.airflow_url}{path}", headers=headers)
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as got:
            return got.status, got.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def test_the_menu_of_airflow_leads_to_the_feed_board(platform: Platform) -> None:
    api = Api(platform.settings)
    views = [v for p in api._get("/api/v2/plugins")["plugins"] for v in p["external_views"]]
    assert [(v["name"], v["category"], v["href"]) for v in views] == [("Feed board", "browse", "tfi/feed-board")]


def test_without_a_platform_the_night_says_how_to_start_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    told = Platform(tmp_path_factory.mktemp("nothing")).tfi("night", "--as-at", "2019-05-01")
    assert told.code == 3
    assert "tfi up" in told.err
