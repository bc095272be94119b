"""Alerts leave by a real mail server and a real web server, also when either was away; run by the DAG."""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))
sys.path.append(str(Path(__file__).resolve().parents[2] / "plugins"))

from alert_receivers import MailServer, WebServer

from tf_integration.flow import keep, marts
from tf_integration.flow.reference import load_reference
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

pytestmark = [pytest.mark.airflow, pytest.mark.slow]
FEED, LATE_ON = "police_incidents", "2019-03-12"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    made = MailServer()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def web() -> Iterator[WebServer]:
    made = WebServer()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def council(home: Path, warehouse_url: str, mail: MailServer, web: WebServer) -> Settings:
    """A council whose one weekly feed came on 4 March 2019; alerts go by mail and by webhook."""
    (home / "hook.secret").write_text("s3cret\n")
    (home / "settings.toml").write_text(f"""
warehouse_url = "{warehouse_url}"
[alerts.email]
to = ["stewards@council.example"]
sender = "platform@council.example"
host = "127.0.0.1"
port = {mail.port}
security = "none"
[alerts.webhook]
url = "{web.url}"
secret_file = "{home}/hook.secret"
""")
    settings = Settings.load()
    with warehouse.transaction(settings) as conn:
        load_reference(conn)
        marts.create(conn)
        warehouse.execute(conn, "DELETE FROM core.feed WHERE feed <> :f", [{"f": FEED}])
        warehouse.execute(
            conn, "INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode,"
                  " contract_version, code_version, state, status, business_on) VALUES (1, :f, 'police', 'x',"
                  " '2019-03-04', 1, 'increment', 'c', '0', 'accepted', 'accepted', '2019-03-04')", [{"f": FEED}])
    return settings


def told(run: Any) -> dict[str, Any]:
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    with create_session() as session:
        found = session.query(XComModel).filter(XComModel.run_id == run.run_id, XComModel.dag_id == run.dag_id,
                                                XComModel.key == "return_value")
        return next(XComModel.deserialize_value(x) for x in found)


def due_now(settings: Settings) -> None:
    with warehouse.transaction(settings) as conn:
        warehouse.execute(conn, "UPDATE keep.sending SET next_try_at = now() WHERE state = 'waiting'")


def test_a_late_feed_is_told_by_mail_and_webhook_once_and_again_when_it_came(
    bag: Any, airflow_tables: None, council: Settings, mail: MailServer, web: WebServer
) -> None:
    first = bag.dags["alerts"].test(run_conf={"as_at": LATE_ON})
    assert (first.state, told(first)["told"]) == ("success", {"email": {"sent": 1}, "webhook": {"sent": 1}})
    letter, = mail.messages
    assert letter["Subject"] == "[warning] police_incidents is late: it was due on 11 March 2019."
    assert (letter["To"], letter["From"]) == ("stewards@council.example", "platform@council.example")
    headers, body = web.posts[0]
    assert json.loads(body)["event"] == "opened"
    assert headers["X-TFI-Signature"] == "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert letter["Message-ID"] == f"<{headers['Idempotency-Key']}@council.example>"
    again = bag.dags["alerts"].test(run_conf={"as_at": LATE_ON})
    assert (told(again)["told"], len(mail.messages), len(web.posts)) == ({"email": {}, "webhook": {}}, 1, 1)
    with warehouse.transaction(council) as conn:
        warehouse.execute(conn, "UPDATE landing.delivery SET snapshot_on = '2019-03-12'")
    bag.dags["alerts"].test(run_conf={"as_at": LATE_ON})
    assert [m["Subject"].split("]")[0] for m in mail.messages] == ["[warning", "[resolved"]
    assert [json.loads(b)["event"] for _, b in web.posts] == ["opened", "resolved"]


def send(settings: Settings) -> dict[str, dict[str, int]]:
    from alerts import senders

    return keep.dispatch(settings, senders(settings, {}, 2))


def test_a_channel_that_is_down_holds_up_no_other_and_is_tried_again(
    council: Settings, mail: MailServer, web: WebServer
) -> None:
    keep.sweep(council, date.fromisoformat(LATE_ON))
    mail.stop()
    assert send(council) == {"email": {"down": 1}, "webhook": {"sent": 1}}
    assert keep.standing(council)[0]["told"] == {"email": "waiting (ConnectionRefusedError)", "webhook": "sent"}
    assert send(council) == {"email": {}, "webhook": {}}
    mail.start()
    due_now(council)
    assert send(council) == {"email": {"sent": 1}, "webhook": {}}
    assert len(mail.messages) == 1


@pytest.mark.parametrize(("status", "outcome"), [(503, "down"), (429, "down"), (400, "refused"), (302, "refused")])
def test_what_a_webhook_answers_decides_whether_others_are_tried(
    council: Settings, web: WebServer, status: int, outcome: str
) -> None:
    keep.sweep(council, date.fromisoformat(LATE_ON))
    web.status = status
    assert send(council)["webhook"] == {outcome: 1}
    assert keep.standing(council)[0]["told"]["webhook"] == f"waiting (HTTP {status})"
    web.status = 204
    due_now(council)
    assert send(council)["webhook"] == {"sent": 1}


def test_a_mail_server_that_refuses_a_letter_is_not_down(council: Settings, mail: MailServer) -> None:
    keep.sweep(council, date.fromisoformat(LATE_ON))
    mail.refuses = True
    assert send(council)["email"] == {"refused": 1}
    assert keep.standing(council)[0]["told"]["email"] == "waiting (SMTPDataError)"


def test_nothing_set_up_is_no_error(bag: Any, airflow_tables: None, council: Settings, mail: MailServer) -> None:
    (council.home / "settings.toml").write_text(f'warehouse_url = "{council.warehouse_url}"\n')
    run = bag.dags["alerts"].test(run_conf={"as_at": LATE_ON})
    assert (run.state, told(run)["told"], mail.messages) == ("success", {}, [])
    assert [i["subject"] for i in keep.standing(council)] == [FEED]


def test_the_end_of_a_run_is_noted_and_a_failed_one_told_of(council: Settings) -> None:
    import run_listener

    run = SimpleNamespace(dag_id="refresh", run_id="r1", conf={"as_at": LATE_ON})
    run_listener.on_dag_run_failed(run, "")
    keep.sweep(council, date.fromisoformat(LATE_ON))
    assert "run" in {i["kind"] for i in keep.standing(council)}
    run_listener.on_dag_run_success(run, "")
    keep.sweep(council, date.fromisoformat(LATE_ON))
    assert "run" not in {i["kind"] for i in keep.standing(council)}


def test_a_warehouse_that_is_away_does_not_stop_the_scheduler(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    import run_listener

    run_listener.on_dag_run_failed(SimpleNamespace(dag_id="refresh", run_id="r1", conf=None), "")
    assert "ServiceError" in caplog.text


def test_the_nightly_keeping_runs_and_a_broken_chain_turns_it_red(
    bag: Any, airflow_tables: None, council: Settings
) -> None:
    from tf_integration.keep import audit

    with warehouse.transaction(council) as conn:
        audit.note(conn, "Ada", "export", "1", "asked")
    assert bag.dags["keep"].test(run_conf={"as_at": LATE_ON}).state == "success"
    with warehouse.transaction(council) as conn:
        conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        conn.exec_driver_sql("UPDATE audit.event SET because = 'not asked'")
    run = bag.dags["keep"].test(run_conf={"as_at": LATE_ON, "night": True})
    assert {t.task_id: str(t.state) for t in run.get_task_instances()} == {"retention": "success", "audit": "failed"}
