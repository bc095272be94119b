"""What is ready is claimed for under the scheduler: a person approves in Airflow, and the pack replays.

Comes after the journey itself: from here on the family is claimed.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parents[1] / "dags"))

from alert_receivers import MailServer, WebServer
from running_home import Platform, Told
from two_families import BEA, CANARY, write

from tf_integration.model.feed import ANY_PARTNER, load_feeds
from tf_integration.serve import databases
from tf_integration.serve.airflow_api import Api
from tf_integration.serve.keys import Keyring
from tf_integration.serve.state import State
from tf_integration.store import warehouse

pytestmark = [pytest.mark.airflow, pytest.mark.slow]
DAG, RUN, WINDOW = "claims", "by-hand", "2019-q2"
PLANTED_ON = date(2019, 5, 3)
HARM = """CREATE FUNCTION harm() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no room for %%', NEW.surname; END $$;
CREATE TRIGGER harm BEFORE INSERT ON core.source_record FOR EACH ROW EXECUTE FUNCTION harm()"""
HOLDING = "SELECT count(*) AS n FROM {} t WHERE (to_jsonb(t) - 'control')::text LIKE '%%{}%%'"
_APPROVAL = f"/api/v2/dags/{DAG}/dagRuns/{RUN}/taskInstances/approval/-1/hitlDetails"


def until(what: Callable[[], Any], seconds: float = 400) -> Any:
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
    answered: set[int] = set()

    def ended() -> bool:
        # answered within seconds of its question, Airflow may take the task for lost, and ask again as another try
        for t in api.tasks(DAG, RUN):
            if t["task_id"] == "approval" and t["state"] in waits and t["try_number"] not in answered:
                answered.add(t["try_number"])
                api._send("PATCH", _APPROVAL, answer)
        return api.state(DAG, RUN) in ("success", "failed")

    until(ended)
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


# From here on every feed's file is planted and spoilt: it comes last.


@pytest.fixture(scope="module")
def received(platform: Platform) -> Iterator[tuple[MailServer, WebServer]]:
    """Where alerts go: a mail server and a webhook, named in the settings of the running home."""
    mail, web = MailServer(), WebServer()
    mail.start()
    web.start()
    (platform.home / "settings.toml").write_text(
        f'[alerts.email]\nto = ["stewards@council.example"]\nsender = "platform@council.example"\nhost = "127.0.0.1"\n'
        f'port = {mail.port}\nsecurity = "none"\n[alerts.webhook]\nurl = "{web.url}"\n'
    )
    yield mail, web
    mail.stop()
    web.stop()


@pytest.fixture(scope="module")
def planted_night(platform: Platform, claimed: Api, received: tuple[MailServer, WebServer]) -> Told:
    """The surname in every field of every feed, each feed's file spoilt in another way; then the alerts go out."""
    feeds = [f for f in load_feeds().values() if f.partner != ANY_PARTNER]
    for n, feed in enumerate(feeds):
        fields = {c.name: CANARY for c in feed.columns}
        file = write(platform.partners, feed.partner, feed.feed, 9, PLANTED_ON, [fields] * 3, broken=n % 3 == 0)
        if n % 3 == 1:  # a header, and an end, that hold it too: the digest is theirs
            data = file.read_bytes() + f'"{CANARY},\n{CANARY}'.encode()
            file.write_bytes(data.replace(b"\n", f",{CANARY}\n".encode(), 1))
            control = file.with_name(f"{file.name}.ctl.json")
            said = json.loads(control.read_text()) | {
                "bytes": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}  # fmt: skip
            control.write_text(json.dumps(said))
    (platform.partners / feeds[0].partner / "extracts" / f"{CANARY}.csv").write_text(CANARY)
    # And one whose task fails: a file that passes every check, and a table that refuses its rows.
    stranger = {**BEA, "person_ref": "E9", "family_ref": "FAM2", "relationship": "mother", "joined_on": "2015-01-02"}
    write(platform.partners, "early_help", "early_help_members", 10, PLANTED_ON, [stranger])
    with warehouse.transaction(platform.settings) as conn:
        conn.exec_driver_sql(HARM)
    told = platform.tfi("night", "--as-at", str(PLANTED_ON), "--json")
    with warehouse.transaction(platform.settings) as conn:
        conn.exec_driver_sql("DROP TRIGGER harm ON core.source_record; DROP FUNCTION harm()")
    api = Api(platform.settings)
    api.unpause("alerts")
    api.trigger("alerts", "planted", {"as_at": str(PLANTED_ON)})
    until(lambda: api.state("alerts", "planted") in ("success", "failed"))
    assert api.state("alerts", "planted") == "success"
    return told


def airflows_tables(platform: Platform, words: str) -> dict[str, int]:
    """How many rows of Airflow's own tables hold the words: XComs, rendered templates, events, errors, runs ..."""
    state, keyring = State(platform.settings), Keyring(platform.home / "secrets")
    cluster = databases.cluster(platform.settings, state, keyring)
    engine = warehouse.engine(warehouse.normal_url(cluster.database_url(databases.AIRFLOW)))
    with engine.connect() as conn:
        tables = conn.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").scalars().all()
        found = {t: conn.exec_driver_sql(HOLDING.format(f'"{t}"', words)).scalar() for t in tables}
    engine.dispose()
    return {t: n for t, n in found.items() if n}


def in_warehouse(platform: Platform, table: str) -> int:
    with warehouse.transaction(platform.settings) as conn:
        return int(conn.exec_driver_sql(HOLDING.format(table, CANARY)).scalar_one())


def test_airflow_keeps_no_planted_surname_in_any_table(platform: Platform, planted_night: Told) -> None:
    came = {a["status"] for a in planted_night.out["arrived"]}
    assert {"held", "rejected"} <= came
    assert [f for f in planted_night.out["failed"] if f["dag"] == "feed_early_help_members"]
    assert airflows_tables(platform, CANARY) == {}
    known = airflows_tables(platform, str(PLANTED_ON))  # the search finds what is there
    assert {"dag_run", "xcom"} <= set(known)
    assert airflows_tables(platform, "task_id")


def test_no_alert_tells_it_in_the_post_in_the_hook_or_on_its_way(
    platform: Platform, planted_night: Told, received: tuple[MailServer, WebServer]
) -> None:
    mail, web = received
    letters = [m.as_string() + str(m.get_body().get_content()) for m in mail.messages]  # type: ignore[union-attr]
    posts = [body.decode() + str(headers) for headers, body in web.posts]
    assert any("held" in text for text in letters)
    assert any("rejected" in text for text in posts)
    assert len(letters) == len(posts) > 5
    assert not [text for text in (*letters, *posts) if CANARY in text]
    for table in ("incident", "outbox", "sending", "dag_run"):
        assert in_warehouse(platform, f"keep.{table}") == 0, table


def test_no_log_receipt_measure_command_or_page_tells_it(platform: Platform, planted_night: Told) -> None:
    data = databases.cluster(platform.settings, State(platform.settings), Keyring(platform.home / "secrets")).data
    receipts = [f for f in platform.partners.glob("*/receipts/*") if f.is_file()]
    logs = [f for f in platform.settings.logs.rglob("*") if f.is_file()]
    assert len(receipts) > 15
    holding = [f.name for f in (*receipts, *logs, data / "server.log") if CANARY.encode() in f.read_bytes()]
    assert holding == [f"{CANARY}.csv.receipt.json"]  # the answer to the file that its sender named so
    for table in ("delivery", "reject", "measure", "event", "receipt", "account"):
        assert in_warehouse(platform, f"landing.{table}") == 0, table
    assert in_warehouse(platform, "core.source_record") > 0  # where it belongs
    assert CANARY not in json.dumps(planted_night.out) + planted_night.err
    for command in (("feeds",), ("feeds", "--json"), ("doctor",)):
        told = platform.tfi(*command)
        assert CANARY not in str(told.out) + told.err
    api = Api(platform.settings)
    api.dag_ids()
    url, signed_in = f"{platform.settings.airflow_url}/tfi/feed-board", {"Authorization": f"Bearer {api._token}"}
    page = urllib.request.Request(url, headers=signed_in)
    assert CANARY not in urllib.request.urlopen(page).read().decode()
