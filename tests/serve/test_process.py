"""Only what we started is ours, and all of what we started is."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tf_integration.serve import process

SLEEP = [sys.executable, "-c", "import time; time.sleep(300)"]
PARENT = [sys.executable, "-c", "import subprocess, sys, time; subprocess.Popen(sys.argv[1:], start_new_session=True); "
                                "time.sleep(300)", *SLEEP]


@pytest.fixture
def owner(tmp_path: Path):
    yield tmp_path
    process.stop(tmp_path, grace_seconds=0)


def begin(owner: Path, command=SLEEP, name: str = "part") -> process.Process:
    return process.start(owner, name, command, {}, owner / "part.log")


def test_a_started_process_is_known_again_from_what_was_written_down(owner):
    assert process.Process.read(begin(owner).written()).alive(owner)


def test_a_killed_process_is_not_alive_even_before_anyone_collects_it(owner):
    started = begin(owner)
    psutil.Process(started.pid).kill()
    time.sleep(0.2)
    assert not started.alive(owner)


def test_another_process_under_a_reused_id_is_not_ours(owner):
    stranger = subprocess.Popen(SLEEP)
    try:
        began = psutil.Process(stranger.pid).create_time()
        assert not replace(begin(owner), pid=stranger.pid, began=began).alive(owner)
    finally:
        stranger.kill()
        stranger.wait()


def test_a_process_that_began_at_another_time_is_not_the_one_written_down(owner):
    started = begin(owner)
    assert not replace(started, began=started.began - 3600).alive(owner)


def test_what_a_killed_process_had_started_is_stopped_too(owner):
    parent = begin(owner, PARENT)
    while len(process.ours(owner)) < 2:
        time.sleep(0.05)
    psutil.Process(parent.pid).kill()
    assert process.stop(owner, "part") >= 1
    assert process.ours(owner) == []


def test_stopping_one_home_leaves_another_and_strangers_running(owner, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    theirs, stranger = begin(other), subprocess.Popen(SLEEP)
    try:
        begin(owner)
        process.stop(owner)
        assert theirs.alive(other)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
        process.stop(other, grace_seconds=0)


def test_a_part_that_does_not_listen_is_ended_after_the_grace(owner):
    deaf = ("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); "
            "time.sleep(300)")
    begin(owner, [sys.executable, "-c", deaf])
    while "deaf" not in (owner / "part.log").read_text():
        time.sleep(0.05)
    process.stop(owner, grace_seconds=0.5)
    assert process.ours(owner) == []


def test_the_machines_own_airflow_settings_reach_no_part_of_ours(monkeypatch):
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "Nonsense")
    assert "AIRFLOW__CORE__EXECUTOR" not in process.clean_environment({})


def test_a_taken_port_is_given_up(owner):
    import socket
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        had = taken.getsockname()[1]
        assert process.usable_port(had) != had
    assert process.usable_port(had) == had
