"""The doctor names what is wrong and how to mend it; each finding has a case that brings it about."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import asyncssh
import pytest

from tf_integration import serve
from tf_integration.model.settings import PROJECT, Settings
from tf_integration.serve import process
from tf_integration.store import warehouse


def findings(settings: Settings, check: str) -> list[dict[str, str]]:
    return [row for row in serve.doctor(settings) if row["check"] == check]


def tfi(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a user gives it."""
    return subprocess.run([sys.executable, "-c", "from tf_integration.cli.main import main; main()", *arguments],
                          capture_output=True, text=True, check=False, cwd="/", env={**os.environ, **environment})


def test_with_nothing_configured_it_says_to_start_and_exits_3(tmp_path):
    answer = tfi("doctor", "--json", TFI_HOME=str(tmp_path / "none"))
    failed = {row["check"]: row["mend"] for row in json.loads(answer.stdout) if row["state"] == "failed"}
    assert answer.returncode == 3
    assert {"home", "warehouse", "partners", "airflow"} <= set(failed)
    assert all("tfi up" in mend for mend in failed.values())


def test_every_partner_that_can_be_signed_in_to_is_well(sftp_server):
    rows = [row for row in serve.doctor(sftp_server.settings) if row["check"].startswith("partner ")]
    assert len(rows) == len(sftp_server.settings.partners)
    assert {row["state"] for row in rows} == {"well"}


def test_another_host_key_than_the_pinned_one_is_told_apart_from_silence(sftp_server, partner):
    server = sftp_server.settings.partners[partner]
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    strange = sftp_server.settings.model_copy(update={"partners": {
        partner: server.model_copy(update={"host_key": other}),
        "silent": server.model_copy(update={"port": process.usable_port(None)})}})
    assert "another host key" in findings(strange, f"partner {partner}")[0]["says"]
    assert "cannot be reached" in findings(strange, "partner silent")[0]["says"]


def test_a_key_that_the_server_does_not_know_is_refused(sftp_server, partner, other_partner):
    server = sftp_server.settings.partners[partner]
    wrong = server.model_copy(update={"key_file": sftp_server.key(other_partner)})
    settings = sftp_server.settings.model_copy(update={"partners": {partner: wrong}})
    assert "refuses our key" in findings(settings, f"partner {partner}")[0]["says"]


def test_an_account_without_its_folders_is_named(sftp_server, partner):
    folder = sftp_server.home / "partners" / partner / "receipts"
    folder.rename(folder.with_name("gone"))
    try:
        assert "no receipts" in findings(sftp_server.settings, f"partner {partner}")[0]["says"]
    finally:
        folder.with_name("gone").rename(folder)


def test_a_secret_that_others_may_read_is_unsafe(sftp_server, partner):
    key = sftp_server.key(partner)
    key.chmod(0o644)
    try:
        assert findings(sftp_server.settings, "secrets")[0]["mend"] == f"chmod 600 {key}"
        assert findings(sftp_server.settings, f"partner {partner}")[0]["state"] == "failed"
    finally:
        key.chmod(0o600)


def test_an_old_key_wants_attention(sftp_server, partner):
    key = sftp_server.key(partner)
    year_ago = time.time() - 400 * 86400
    os.utime(key, (year_ago, year_ago))
    try:
        row = findings(sftp_server.settings, f"partner {partner}")[0]
    finally:
        os.utime(key)
    assert (row["state"], "400 days" in row["says"]) == ("attention", True)


def test_a_home_that_anyone_may_write_in_is_unsafe(tmp_path):
    tmp_path.chmod(0o777)
    assert any("anyone may write" in row["says"] for row in findings(Settings(home=tmp_path), "secrets"))


def test_a_warehouse_over_the_network_without_a_checked_certificate_wants_attention(tmp_path):
    far = "postgresql://tfi:x@192.0.2.1:1/warehouse?connect_timeout=1"
    rows = findings(Settings(home=tmp_path, warehouse_url=far), "warehouse")
    assert rows[0]["state"] == "attention"
    assert rows[1]["state"] == "failed"
    safe = findings(Settings(home=tmp_path, warehouse_url=far + "&sslmode=verify-full"), "warehouse")
    assert [row["state"] for row in safe] == ["failed"]


def test_no_message_holds_the_warehouses_password(tmp_path):
    url = "postgresql://tfi:hunter2@127.0.0.1:1/warehouse"
    assert "hunter2" not in json.dumps(serve.doctor(Settings(home=tmp_path, warehouse_url=url)))


def test_a_warehouse_without_the_latest_tables_is_told(tmp_path, warehouse_url):
    settings = Settings(home=tmp_path, warehouse_url=warehouse_url)
    assert findings(settings, "tables") == []
    with warehouse.transaction(settings) as conn:
        conn.exec_driver_sql("DELETE FROM audit.migration WHERE name LIKE '0001%%'")
    assert "1 migrations" in findings(settings, "tables")[0]["says"]


def test_a_held_delivery_wants_a_person(tmp_path, warehouse_url):
    settings = Settings(home=tmp_path, warehouse_url=warehouse_url)
    assert findings(settings, "deliveries") == []
    with warehouse.transaction(settings) as conn:
        conn.exec_driver_sql("""
            INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode,
                                          contract_version, code_version, state, status)
            VALUES (1, 'f', 'p', 'f_20200101_0001.csv', '2020-01-01', 1, 'whole', 'c', 'v', 'held', 'held')""")
    assert findings(settings, "deliveries")[0]["state"] == "attention"


def test_something_of_ours_that_the_network_can_hear_is_unsafe(tmp_path):
    listen = "import socket, time; s = socket.create_server(('0.0.0.0', 0)); print('on', flush=True); time.sleep(300)"
    process.start(tmp_path, "part", [sys.executable, "-c", listen], {}, tmp_path / "log.log")
    try:
        while "on" not in (tmp_path / "log.log").read_text():
            time.sleep(0.05)
        assert findings(Settings(home=tmp_path), "loopback")[0]["state"] == "failed"
    finally:
        process.stop(tmp_path, grace_seconds=0)


@pytest.mark.skipif(not (PROJECT / ".venv" / ".setup-stamp").exists(), reason="set up by other means than make setup")
def test_packages_older_than_the_lock_are_told(tmp_path: Path):
    stamp = PROJECT / ".venv" / ".setup-stamp"
    had = stamp.read_text()
    stamp.write_text("older")
    try:
        assert findings(Settings(home=tmp_path), "packages")[0]["mend"] == "Run `make setup`."
    finally:
        stamp.write_text(had)
    assert findings(Settings(home=tmp_path), "packages") == []


def test_dsn_is_a_string_for_any_client_and_without_a_warehouse_says_what_to_do(tmp_path):
    given = tfi("dsn", TFI_HOME=str(tmp_path), TFI_WAREHOUSE_URL="postgresql+psycopg2://u:p@h:1/d")
    assert (given.returncode, given.stdout) == (0, "postgresql://u:p@h:1/d\n")
    none = tfi("dsn", TFI_HOME=str(tmp_path))
    assert none.returncode == 3
    assert "tfi up" in none.stderr


def test_status_of_nothing_shows_every_part_stopped_and_exits_3(tmp_path):
    answer = tfi("status", "--json", TFI_HOME=str(tmp_path))
    assert answer.returncode == 3
    assert {row["state"] for row in json.loads(answer.stdout)} == {"stopped"}
    assert list(tmp_path.iterdir()) == []                        # to look is not to make
