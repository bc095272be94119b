"""What is ready is claimed for under the scheduler: a person approves in Airflow, and the pack replays.

Comes after the journey itself: from here on the family is claimed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from running_home import Platform, Told
from two_families import CANARY

from tf_integration.serve.airflow_api import Api

pytestmark = [pytest.mark.airflow, pytest.mark.slow]
DAG, RUN, WINDOW = "claims", "by-hand", "2019-q2"
_APPROVAL = f"/api/v2/dags/{DAG}/dagRuns/{RUN}/taskInstances/approval/-1/hitlDetails"


def until(what: Callable[[], Any], seconds: float = 180) -> Any:
    """What becomes of it once it is something."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it never came"
        time.sleep(1)
    return found


@pytest.fixture(scope="module")
def claimed(platform: Platform, second_night: Told) -> Api:
    """A window drafted by Ada, audited by Ben, approved by Cas in Airflow, and frozen."""
    api = Api(platform.settings)
    api.unpause(DAG)
    api.trigger(DAG, RUN, {"window": WINDOW, "drafted_by": "Ada", "plan": None})
    waits = ("awaiting_input", "deferred")
    until(lambda: any(t["task_id"] == "approval" and t["state"] in waits for t in api.tasks(DAG, RUN)))
    for sampled in platform.tfi("claims", "show", WINDOW, "--json").out["sampled"]:
        told = platform.tfi(
            "claims", "audit", sampled["claim_ref"], "--valid", "--by", "Ben", "--because", "seen the file"
        )
        assert told.code == 0, told.err
    answer = {"chosen_options": ["Approve"], "params_input": {"name": "Cas", "because": "the sample is valid"}}
    api._send("PATCH", _APPROVAL, answer)
    until(lambda: api.state(DAG, RUN) in ("success", "failed"))
    assert api.state(DAG, RUN) == "success", [
        api.fault(DAG, RUN, t) for t in api.tasks(DAG, RUN) if t["state"] == "failed"
    ]
    return api


def test_an_approval_in_airflow_freezes_the_window_and_its_family_is_claimed(platform: Platform, claimed: Api) -> None:
    found = platform.rows("SELECT state, approved_by, evidence_sha256, amount_pounds FROM mart.claim_v1")
    assert [(f["state"], f["approved_by"], f["amount_pounds"]) for f in found] == [("frozen", "Cas", 800)]
    assert platform.rows("SELECT status, claimed_as FROM mart.claim_readiness_v1 WHERE claimed_as IS NOT NULL") == [
        {"status": "claimed", "claimed_as": f"{WINDOW}-0001"}
    ]


def test_the_approval_stands_in_our_own_chain(platform: Platform, claimed: Api) -> None:
    acts = platform.rows(
        "SELECT act, by_whom, because, hash = claim.event_hash(e) AS is_whole FROM claim.event e ORDER BY event_id"
    )
    assert [(a["act"], a["by_whom"]) for a in acts] == [
        ("drafted", "Ada"),
        ("sampled", "Ada"),
        ("audited", "Ben"),
        ("approved", "Cas"),
        ("frozen", "Ada"),
    ]
    assert all(a["is_whole"] for a in acts)
    assert "Airflow user" in acts[3]["because"]


def test_a_claim_replays_from_the_landed_files(platform: Platform, claimed: Api) -> None:
    told = platform.tfi("claims", "replay", WINDOW, "--json")
    assert told.code == 0, (told.out, told.err)
    found = told.out[0]
    assert (found["same_evidence"], found["still_stands"], found["files_changed"], found["changed_since"]) == (
        True,
        True,
        [],
        [],
    )
    assert found["files"] >= 2
    used = platform.rows("SELECT landed_path FROM landing.delivery WHERE feed = 'jcp_employment'")[0]["landed_path"]
    file = platform.settings.landed / used
    content = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(content + b"\n")
    try:
        again = platform.tfi("claims", "replay", WINDOW, "--json").out[0]["files_changed"]
        assert [f.startswith("jcp_employment_") for f in again] == [True]
    finally:
        file.write_bytes(content)


def test_the_pack_names_file_and_line_and_nobody(platform: Platform, claimed: Api, tmp_path: Path) -> None:
    told = platform.tfi("claims", "pack", WINDOW, "--out", str(tmp_path), "--json")
    assert told.code == 0, told.err
    files = [Path(f) for f in told.out["files"]]
    assert {f.suffix for f in files} == {".html", ".json", ".pdf"}
    data = json.loads(next(f for f in files if f.suffix == ".json").read_text())
    assert data["evidence"]["result"] == "employment"
    assert all(CANARY.encode() not in f.read_bytes() for f in files)


def test_a_submitted_window_is_a_spreadsheet(platform: Platform, claimed: Api, tmp_path: Path) -> None:
    told = platform.tfi("claims", "submit", WINDOW, "--by", "Ada", "--out", str(tmp_path), "--json")
    assert told.code == 0, told.err
    assert (tmp_path / f"{WINDOW}.csv").read_text().splitlines()[1].startswith(f"{WINDOW}-0001,national-2015,")
    assert platform.rows("SELECT sum(pounds) AS pounds FROM claim.entry") == [{"pounds": 0}]
