"""Servers of one's own are used, and none is started beside them."""

from __future__ import annotations

import fcntl
import threading
import urllib.request
from contextlib import contextmanager

import pytest

from tf_integration import serve
from tf_integration.flow import setup
from tf_integration.model.settings import Settings, Web
from tf_integration.serve import databases, platform, process, watch
from tf_integration.serve.keys import Keyring
from tf_integration.serve.state import State, alone
from tf_integration.store import warehouse


@pytest.fixture
def settings(tmp_path, warehouse_url, sftp_server) -> Settings:
    return Settings(home=tmp_path / "home", warehouse_url=warehouse_url, airflow_url="http://127.0.0.1:9",
                    partners=sftp_server.settings.partners, web=Web(url="https://families.example"))


def test_with_every_server_elsewhere_up_prepares_the_warehouse_and_starts_nothing(settings):
    now = serve.up(settings, setup.prepare)
    assert now == settings
    assert process.ours(settings.home) == []
    assert {row["state"] for row in serve.status(settings)} == {"elsewhere"}
    assert not (settings.home / "postgres").exists()
    with warehouse.transaction(settings) as conn:
        assert warehouse.scalar(conn, "SELECT count(*) FROM core.feed") > 0
    assert serve.down(settings) == []


def test_the_pages_run_here_until_the_settings_say_where_else(settings):
    here = settings.model_copy(update={"web": Web()})
    try:
        now = serve.up(here, setup.prepare)
        states = {row["part"]: row["state"] for row in serve.status(now)}
        assert {p for p, s in states.items() if s == "running"} == {"web", *watch.PARTS}
        with urllib.request.urlopen(f"{serve.pages_url(now)}/health") as said:
            assert said.status == 200
    finally:
        assert serve.down(here) == ["web", *watch.PARTS]


@pytest.mark.parametrize("named", ["warehouse_url", "airflow_url", "partners"])
def test_each_server_is_told_from_ours_by_itself(settings, named):
    only = Settings(home=settings.home, **{named: getattr(settings, named)})
    outside = platform.configured_elsewhere(only, State(only), Keyring(only.home / "secrets"))
    assert outside == {named: getattr(settings, named)}


def test_ours_are_never_taken_for_servers_elsewhere(tmp_path):
    """Even by someone who read the settings before a port changed."""
    settings, state, keyring = Settings(home=tmp_path), State(Settings(home=tmp_path)), Keyring(tmp_path / "secrets")
    keyring.password("warehouse_password")
    state.put_port("api-server", 8080)
    own = {"warehouse_url": databases.cluster(settings, state, keyring).database_url("warehouse"),
           "airflow_url": "http://127.0.0.1:8080",
           "partners": platform.partners.accounts(settings, keyring, 2222)}
    assert platform.configured_elsewhere(Settings(home=tmp_path, **own), state, keyring) == {}


def test_a_second_up_waits_for_the_first_and_says_so(tmp_path):
    said, settings = [], Settings(home=tmp_path)

    @contextmanager
    def step(text):
        said.append(text)
        threading.Timer(0.2, lambda: fcntl.flock(first, fcntl.LOCK_UN)).start()
        yield

    (tmp_path / "run").mkdir()
    with (tmp_path / "run" / "lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        with alone(settings, step):
            assert said == ["another `tfi up` or `tfi down` of this home"]
