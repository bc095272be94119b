"""The whole platform on this machine: up, up again, each part killed and mended, down."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil
import pytest

from tf_integration import serve
from tf_integration.flow import setup
from tf_integration.model.errors import ServiceError
from tf_integration.model.settings import PROJECT, Settings
from tf_integration.serve import partners, platform, process, watch
from tf_integration.serve.airflow_api import Api
from tf_integration.serve.keys import too_open
from tf_integration.serve.state import State
from tf_integration.store import warehouse

pytestmark = [pytest.mark.airflow, pytest.mark.slow]


def pids(settings: Settings) -> dict[str, int | None]:
    return {row["part"]: row["pid"] for row in serve.status(settings)}


def test_everything_runs_and_the_warehouse_is_ready(started):
    assert {row["part"]: row["state"] for row in serve.status(started)} == dict.fromkeys(platform.PARTS, "running")
    with warehouse.transaction(started) as conn:
        assert warehouse.scalar(conn, "SELECT count(*) FROM core.feed") > 0
    assert sorted(started.partners) == partners.names()
    assert all((started.home / "partners" / p / "extracts").is_dir() for p in started.partners)


def test_what_up_wrote_down_is_what_any_command_reads(started):
    assert Settings.load(started.home) == started


def test_the_dags_are_read_and_every_call_needs_a_sign_in(started, tmp_path, monkeypatch):
    assert len(Api(started).dag_ids()) >= len(list((PROJECT / "dags").glob("*.py")))
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{started.airflow_url}/api/v2/dags")
    (tmp_path / "wrong").write_text("wrong")
    monkeypatch.setenv("TFI_AIRFLOW_PASSWORD_FILE", str(tmp_path / "wrong"))
    with pytest.raises(ServiceError, match="401"):
        Api(started).dag_ids()


def test_a_run_that_has_the_id_already_is_left_as_it_is(started):
    api = Api(started)
    dag = api.dag_ids()[0]
    assert api.trigger(dag, "twice", {"as_at": "2020-01-01"}) == api.trigger(dag, "twice", {"as_at": "2021-01-01"})
    assert api.run(dag, "twice")["conf"] == {"as_at": "2020-01-01"}
    assert api.state(dag, "twice") in ("queued", "running", "success")          # at work from the start


def test_no_dag_waits_for_somebody_to_switch_it_on(started):
    assert Api(started).paused() == []


def of_ours(started, asked):
    """What each process of the platform answers; a task's may end while it is asked."""
    found = []
    for one in process.ours(started.home):
        with contextlib.suppress(psutil.NoSuchProcess):
            found.append(asked(one))
    return found


def test_everything_listens_on_loopback_alone(started):
    connections = of_ours(started, lambda p: p.net_connections("tcp"))
    heard = [c.laddr.ip for of_one in connections for c in of_one if c.status == "LISTEN"]
    assert heard
    assert set(heard) == {"127.0.0.1"}


def test_secrets_are_in_private_files_and_in_no_environment_and_no_log(started):
    files = [f for f in (started.home / "secrets").glob("**/*") if f.is_file()]
    assert too_open([*files, started.services_file]) == []
    hidden = [f.read_text().strip() for f in files if f.suffix not in (".pub", ".json")]
    environments = of_ours(started, lambda p: " ".join(p.environ().values()))
    logs = [f.read_text(errors="replace") for f in started.logs.glob("**/*.log")]
    assert len(hidden) > 5
    assert environments
    assert logs
    assert [h[:6] for h in hidden for text in (*environments, *logs) if h in text] == []


def test_a_second_up_finds_the_first(started):
    before = pids(started)
    serve.up(started, setup.prepare)
    assert pids(started) == before


def test_a_running_platform_is_found_well(started):
    found = [row for row in serve.doctor(started) if row["check"] != "old data"]     # of other homes, if any
    assert {row["state"] for row in found} == {"well"}, found


def until_ended(killed):
    """Until a process is no more, or but a zombie that its parent, the watch where that began it, has not taken yet."""
    by = time.monotonic() + 30
    with contextlib.suppress(psutil.NoSuchProcess):
        while killed.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < by, "it does not end"
            time.sleep(0.1)


@pytest.mark.parametrize("part", platform.PARTS)
def test_the_next_up_mends_what_was_killed(started, part):
    before = pids(started)
    killed = psutil.Process(before[part])
    killed.kill()
    until_ended(killed)                  # a busy machine takes a moment to let go of it
    now = serve.up(started, setup.prepare)
    after = pids(now)
    assert after[part] not in (None, before[part])
    assert None not in after.values()
    assert Api(now).dag_ids()
    # No worker of a killed scheduler is left beside those of the new one.
    leader = psutil.Process(after["scheduler"])
    ours = {p.pid for p in process.ours(started.home, "scheduler")}
    assert ours <= {leader.pid, *(c.pid for c in leader.children(recursive=True))}


@pytest.mark.parametrize("part", ["sftp", "postgres", *watch.PARTS])
def test_what_was_killed_comes_back_though_nobody_asks(started, part):
    before = pids(started)
    psutil.Process(before[part]).kill()
    until = time.monotonic() + 60
    while pids(started)[part] in (None, before[part]):
        assert time.monotonic() < until
        time.sleep(0.2)
    time.sleep(2)
    assert pids(started)[part] is not None       # it did not only begin


def test_a_port_that_another_program_has_taken_meanwhile_is_given_up(started):
    port = State(started).port("sftp")
    process.stop(started.home, *watch.PARTS)       # they would start it again on that port first
    process.stop(started.home, "sftp")
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        now = serve.up(started, setup.prepare)
    assert State(started).port("sftp") != port
    assert {row["state"] for row in serve.doctor(now) if row["check"].startswith("partner ")} == {"well"}


def test_down_leaves_nothing_of_ours_and_everything_else(started):
    with warehouse.transaction(Settings.load(started.home)) as conn:
        conn.exec_driver_sql("INSERT INTO audit.migration (name) VALUES ('kept')")
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    running = process.ours(started.home)
    postmaster = psutil.Process(pids(started)["postgres"])
    servers = [postmaster, *postmaster.children(recursive=True)]
    try:
        assert sorted(serve.down(started)) == sorted(platform.PARTS)
        assert [p for p in (*running, *servers) if p.is_running() and p.status() != "zombie"] == []
        assert process.ours(started.home) == []
        assert {row["state"] for row in serve.status(started)} == {"stopped"}
        assert stranger.poll() is None
        assert serve.down(started) == []
    finally:
        stranger.kill()
        stranger.wait()


def test_up_after_down_keeps_the_data(started):
    now = serve.up(started, setup.prepare)
    with warehouse.transaction(now) as conn:
        assert warehouse.scalar(conn, "SELECT count(*) FROM audit.migration WHERE name = 'kept'") == 1
