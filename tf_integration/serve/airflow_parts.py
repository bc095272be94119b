"""Airflow's processes in the embedded default: migrate, start, mend, and wait until they work."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tf_integration.model.errors import ServiceError
from tf_integration.model.settings import PROJECT, Settings
from tf_integration.serve import airflow_env, databases, process
from tf_integration.serve.airflow_api import Api
from tf_integration.serve.keys import Keyring
from tf_integration.serve.postgres import Cluster
from tf_integration.serve.state import State

# The part's name, and its name in /monitor/health. A triggerer joins when a DAG first defers.
PARTS = {"api-server": "metadatabase", "scheduler": "scheduler", "dag-processor": "dag_processor"}
_READY_SECONDS = 300
_STUCK_SECONDS = 45                      # a part that ran before `up` and shows no health by then is started again
Migration = subprocess.Popen[bytes] | None
_AIRFLOW = (sys.executable, "-m", "airflow")


def begin_migration(settings: Settings, state: State, keyring: Keyring, cluster: Cluster) -> Migration:
    """Start bringing Airflow's tables to its version, beside other work. None when they are there already."""
    _write_files(settings, keyring)
    if state.known.get("airflow_tables") == _tables(cluster):
        return None
    log = settings.logs / "services" / "airflow-migrate.log"
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with log.open("wb") as out:
        return subprocess.Popen([*_AIRFLOW, "db", "migrate"], stdout=out, stderr=subprocess.STDOUT, cwd="/",
                                env={**process.clean_environment(_environment(settings, state.port("api-server") or 0)),
                                     **process.marks(settings.home, "airflow-migrate")})


def end_migration(settings: Settings, state: State, cluster: Cluster, migrating: Migration) -> None:
    """Wait for the tables, and write their version down."""
    if migrating and migrating.wait():
        log = settings.logs / "services" / "airflow-migrate.log"
        raise ServiceError(f"Airflow's tables could not be made: {process.last_lines(log)}", where=str(log),
                           mend="Run `tfi up` again; if it says the same, `tfi doctor`.")
    state.put(airflow_tables=_tables(cluster))


def start(settings: Settings, state: State, warehouse_url: str | None) -> set[str]:
    """Start each part that is not running, or runs with other settings than today's; returns their names."""
    started = set()
    if not _right(settings, state, "api-server", warehouse_url):
        process.stop(settings.home, "api-server")
        state.put_port("api-server", process.usable_port(state.port("api-server")))
    state.put(airflow_url=f"http://127.0.0.1:{state.port('api-server')}")
    for name in PARTS:
        if not _right(settings, state, name, warehouse_url):
            _start(settings, state, name, warehouse_url)
            started.add(name)
    return started


def wait_until_ready(settings: Settings, state: State, fresh: set[str], warehouse_url: str | None) -> None:
    """Wait until every part is healthy and every DAG file has been read. `fresh` parts have just been started.

    Raises:
        ServiceError: a part ended, or is not healthy in time; or a DAG file does not load.
    """
    api, began, again = Api(settings, timeout_seconds=5), time.monotonic(), set(fresh)
    while missing := _not_ready(api, state):
        waited = time.monotonic() - began
        for name in PARTS:
            if not _alive(state, name):
                _fail(settings, name, "ended")
        if waited > _READY_SECONDS:
            _fail(settings, missing[0], "is not healthy")
        if waited > _STUCK_SECONDS and missing[0] in PARTS and missing[0] not in again:
            again.add(missing[0])
            _start(settings, state, missing[0], warehouse_url)
        time.sleep(0.3)
    if errors := api.import_errors():
        raise ServiceError("these DAG files do not load: " + "; ".join(errors), where=str(PROJECT / "dags"),
                           mend="Mend them; Airflow reads them again by itself.")


def not_healthy(api: Api, state: State) -> list[str]:
    """The parts that Airflow does not call healthy, or that have not been heard since they were started."""
    health = api.health()
    return [name for name, part in PARTS.items() if not _heard(health.get(part) or {}, state.process(name))]


def _not_ready(api: Api, state: State) -> list[str]:
    try:
        return not_healthy(api, state) or [f"the DAG file {f}" for f in _unread(api)]
    except ServiceError:
        return ["api-server"]


def _heard(said: dict[str, Any], started: process.Process | None) -> bool:
    beat = next((v for k, v in said.items() if k.endswith("heartbeat")), None)
    if said.get("status") != "healthy" or started is None:
        return False
    # A killed part looks healthy for half a minute more: only a heartbeat after the start is the new one's.
    return not beat or datetime.fromisoformat(beat) > datetime.fromisoformat(started.since) + timedelta(seconds=1)


def _unread(api: Api) -> list[str]:
    """The DAG files that Airflow has neither parsed nor refused."""
    known = api.dag_files() | {e.split(":")[0] for e in api.import_errors()}
    return [f.name for f in dag_files() if f.name not in known]


def dag_files() -> list[Path]:
    """The files that Airflow takes for DAG files: those that speak of both."""
    return [f for f in sorted((PROJECT / "dags").glob("*.py"))
            if b"dag" in (text := f.read_bytes().lower()) and b"airflow" in text]


def _start(settings: Settings, state: State, name: str, warehouse_url: str | None) -> None:
    process.stop(settings.home, name)
    command, environment, of = _recipe(settings, state, name, warehouse_url)
    log = settings.logs / "services" / f"{name}.log"
    port = state.port(name) if name == "api-server" else None
    state.put_process(process.start(settings.home, name, command, environment, log, port, of))


def _recipe(settings: Settings, state: State, name: str, warehouse_url: str | None) -> tuple[list[str], dict[str, str], str]:
    """Command, environment and digest of a part. The digest also covers what the part reads only when it starts."""
    port = state.port("api-server") or 0
    environment = _environment(settings, port)
    if warehouse_url:
        environment["TFI_WAREHOUSE_URL"] = warehouse_url
    if name == "scheduler":
        environment |= airflow_env.preload()
    arguments = {"api-server": ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"],
                 "scheduler": ["--skip-serve-logs"]}.get(name, [])
    command = [*_AIRFLOW, name, *arguments]
    read_once = [*(settings.home / "secrets").glob("airflow_*"), *(PROJECT / "plugins").glob("**/*.py"),
                 PROJECT / "requirements.lock"]
    digests = {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in read_once if f.is_file()}
    return command, environment, process.recipe(command, {**environment, **digests})


def _environment(settings: Settings, api_port: int) -> dict[str, str]:
    return airflow_env.options(airflow_env.embedded(settings, api_port))


def _right(settings: Settings, state: State, name: str, warehouse_url: str | None) -> bool:
    known = state.process(name)
    return known is not None and known.alive(settings.home) and known.recipe == _recipe(settings, state, name, warehouse_url)[2]


def _alive(state: State, name: str) -> bool:
    known = state.process(name)
    return known is not None and known.alive(state.owner)


def _fail(settings: Settings, name: str, what: str) -> None:
    log = settings.logs / "services" / f"{name}.log"
    raise ServiceError(f"{name} {what}: {process.last_lines(log)}", where=str(log),
                       mend="Run `tfi up` again; if it says the same, `tfi doctor`.")


def _write_files(settings: Settings, keyring: Keyring) -> None:
    keyring.fernet_key()
    keyring.password("airflow_jwt_secret")
    keyring.password("airflow_api_secret_key")
    keyring.airflow_passwords()
    airflow_env.write_local_settings(settings.home / "airflow")


def _tables(cluster: Cluster) -> str:
    return f"{version('apache-airflow-core')} {databases.airflow_revision(cluster)}"
