"""The embedded cluster comes back after whatever was done to it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from tf_integration.serve.postgres import Cluster, forsaken, free_port
from tf_integration.store import warehouse

pytestmark = pytest.mark.slow


@pytest.fixture
def own(tmp_path: Path):
    cluster = Cluster(tmp_path / "postgres" / "data", free_port(), "p")
    cluster.start()
    yield cluster
    cluster.remove()


def ask(cluster: Cluster) -> int:
    engine = sa.create_engine(warehouse.normal_url(cluster.url), poolclass=sa.NullPool)
    with engine.connect() as conn:
        return conn.execute(sa.text("SELECT 42")).scalar()


def test_it_comes_back_after_each_kind_of_end(own):
    own.postmaster().kill()
    own.start()
    assert ask(own) == 42

    # The id in the pid file is another program's now: neither that program nor the file stops a start.
    own.stop("immediate")
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (own.data / "postmaster.pid").write_text(f"{stranger.pid}\n{own.data}\n1\n{own.port}\n")
        assert not own.running()
        own.start()
        assert ask(own) == 42
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()

    # A second start finds the first.
    pid = own.postmaster().pid
    own.start()
    assert own.postmaster().pid == pid
    assert own.running_port() == own.port

    # It is heard on this machine alone, and is not root's.
    assert {c.laddr.ip for c in own.postmaster().net_connections("tcp")} == {"127.0.0.1"}
    assert own.postmaster().uids().effective != 0

    own.remove()
    assert not own.data.exists()


def test_a_start_cut_short_leaves_no_half_made_cluster(tmp_path):
    own = Cluster(tmp_path / "postgres" / "data", free_port(), "p")
    (tmp_path / "postgres" / "part").mkdir(parents=True)
    (tmp_path / "postgres" / "part" / "PG_VERSION").write_text("18\n")     # what a killed initdb leaves
    try:
        own.start()
        assert ask(own) == 42
    finally:
        own.remove()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must put the data elsewhere")
def test_in_a_folder_closed_to_others_roots_data_lie_elsewhere_and_the_folder_stays_closed(own, tmp_path):
    assert own.data != own.folder
    assert tmp_path.parent.stat().st_mode & 0o077 == 0
    assert psutil.Process(own.postmaster().pid).username() == "tfi-postgres"
    assert own.data.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must put the data elsewhere")
def test_a_new_home_at_an_old_path_does_not_meet_the_old_data(own):
    old = own.data
    own.stop("immediate")
    own.folder.with_name("data.lies-in").unlink()
    again = Cluster(own.folder, free_port(), "another")
    try:
        again.start()
        assert ask(again) == 42
        assert again.data != old
        assert old.parent in forsaken()
        assert again.data.parent not in forsaken()
    finally:
        again.remove()
        own.folder.with_name("data.lies-in").write_text(str(old))
