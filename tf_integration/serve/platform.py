"""Start, stop and show the embedded default: PostgreSQL, the partners' SFTP server and Airflow."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from tf_integration.model.errors import ServiceError
from tf_integration.model.settings import Settings
from tf_integration.serve import airflow_parts, databases, pages, partners, process, sftp, watch
from tf_integration.serve.airflow_parts import Airflow
from tf_integration.serve.keys import Keyring
from tf_integration.serve.postgres import Cluster
from tf_integration.serve.state import State, Step, alone

PARTS = ("postgres", "sftp", *airflow_parts.PARTS, pages.PART, *watch.PARTS)
_SFTP_SECONDS = 20


def silent(says: str) -> AbstractContextManager[Any]:
    """No progress shown."""
    return nullcontext()


def up(settings: Settings, prepare: Callable[[Settings], None], step: Step) -> Settings:
    """See `serve.up`."""
    with alone(settings, step):
        state, keyring = State(settings), Keyring(settings.home / "secrets")
        outside = configured_elsewhere(settings, state, keyring)
        with step("PostgreSQL"):
            cluster = _start_postgres(settings, state, keyring, outside)
        if "partners" not in outside:
            with step("the partners' SFTP server"):
                start_sftp(settings, state, keyring)
        airflow = None if "airflow_url" in outside else Airflow(settings, state, outside.get("warehouse_url"))
        migrating = airflow.begin_migration(keyring, cluster) if airflow else None
        with step("the warehouse's tables, contracts and plans"):
            prepare(_now_in_force(settings, state, outside))
        if "web_url" not in outside:
            pages.start(_now_in_force(settings, state, outside), state, outside.get("warehouse_url"))
        if airflow and migrating:
            with step("Airflow's own tables"):
                airflow.end_migration(cluster, migrating)
        if airflow:
            with step("Airflow"):
                airflow.start()
                airflow.wait_until_ready()
        if "web_url" not in outside:
            with step("the pages"):
                pages.wait_until_ready(settings, state)
        if state.known.get("processes") or not {"warehouse_url", "partners", "airflow_url", "web_url"} <= set(outside):
            watch.start(settings, state)
        return _now_in_force(settings, state, outside)


def down(settings: Settings) -> list[str]:
    """See `serve.down`."""
    with alone(settings, silent):
        state = State(settings)
        stopped = [name for name in PARTS[1:] if process.ours(settings.home, name)]
        process.stop(settings.home)
        cluster = databases.cluster(settings, state, Keyring(settings.home / "secrets"))
        if cluster.running():
            cluster.stop()
            stopped.insert(0, "postgres")
        state.put(processes=None, airflow_url=None)
        return stopped


def status(settings: Settings) -> list[dict[str, Any]]:
    """See `serve.status`."""
    state, keyring = State(settings), Keyring(settings.home / "secrets")
    outside = configured_elsewhere(settings, state, keyring)
    rows = [_postgres_row(settings, state, keyring, needed=not {"warehouse_url", "airflow_url"} <= set(outside))]
    for name in PARTS[1:]:
        known = state.process(name)
        running = known is not None and known.alive(settings.home)
        owned = {"sftp": "partners", pages.PART: "web_url"}.get(name, "airflow_url")
        said = "running" if running else "elsewhere" if owned in outside else "stopped"
        rows.append({"part": name, "state": said, "pid": known.pid if known and running else None,
                     "port": known.port if known and running else None,
                     "since": known.since if known and running else None})
    if "warehouse_url" in outside:
        rows.insert(0, {"part": "warehouse", "state": "elsewhere", "pid": None, "port": None, "since": None})
    return rows


def configured_elsewhere(settings: Settings, state: State, keyring: Keyring) -> dict[str, Any]:
    """What points at real servers, not at ours: any of warehouse_url, partners, airflow_url, web_url."""
    found: dict[str, Any] = {}
    if settings.web.url:
        found["web_url"] = settings.web.url
    own = keyring.peek("warehouse_password")
    if settings.warehouse_url and not (own and own in settings.warehouse_url):
        found["warehouse_url"] = settings.warehouse_url
    if any(keyring.folder not in server.key_file.parents for server in settings.partners.values()):
        found["partners"] = settings.partners
    if settings.airflow_url and settings.airflow_url != f"http://127.0.0.1:{state.port('api-server')}":
        found["airflow_url"] = settings.airflow_url
    return found


def _start_postgres(settings: Settings, state: State, keyring: Keyring, outside: dict[str, Any]) -> Cluster:
    needed = "warehouse_url" not in outside or "airflow_url" not in outside
    if needed:
        keyring.password("warehouse_password")
    cluster = databases.cluster(settings, state, keyring)
    if needed:
        if not cluster.running():
            cluster.port = process.usable_port(state.port("postgres"))
            cluster.start()
        state.put_port("postgres", cluster.port)
        password = keyring.password("airflow_database_password")
        databases.create(cluster.url, password)
        keyring.write("airflow_database_url", databases.airflow_url(password, "127.0.0.1", cluster.port))
    own = cluster.database_url(databases.WAREHOUSE) if "warehouse_url" not in outside else None
    state.put(warehouse_url=own)
    return cluster


def start_sftp(settings: Settings, state: State, keyring: Keyring) -> None:
    """Start the partners' server unless it runs, make every account, and write both down."""
    known = state.process("sftp")
    if known is None or not known.alive(settings.home) or not _answers(known.port):
        process.stop(settings.home, "sftp")
        keyring.host_key()
        port = process.usable_port(state.port("sftp"))
        log = settings.logs / "services" / "sftp.log"
        started = process.start(settings.home, "sftp", sftp.command(settings.home, port), {}, log, port)
        state.put_port("sftp", port)
        state.put_process(started)
        _await_port(started, settings)
        known = started
    state.put(partners=partners.accounts(settings, keyring, known.port or 0))


def _await_port(started: process.Process, settings: Settings) -> None:
    deadline = time.monotonic() + _SFTP_SECONDS
    while not _answers(started.port):
        if time.monotonic() > deadline or not started.alive(settings.home):
            log = settings.logs / "services" / f"{started.name}.log"
            raise ServiceError(f"{started.name} did not start: {process.last_lines(log)}", where=str(log),
                               mend="Run `tfi up` again; if it says the same, `tfi doctor`.")
        time.sleep(0.1)


def _answers(port: int | None) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port or 0), timeout=2):
            return True
    except OSError:
        return False


def _now_in_force(settings: Settings, state: State, outside: dict[str, Any]) -> Settings:
    known = {k: state.known[k] for k in ("warehouse_url", "airflow_url", "partners") if k in state.known}
    servers = {k: v for k, v in outside.items() if k != "web_url"}
    return Settings.model_validate({**settings.model_dump(), **known, **servers})


def _postgres_row(settings: Settings, state: State, keyring: Keyring, needed: bool) -> dict[str, Any]:
    found = databases.cluster(settings, state, keyring).postmaster()
    if found is None:
        said = "stopped" if needed else "elsewhere"
        return {"part": "postgres", "state": said, "pid": None, "port": None, "since": None}
    return {"part": "postgres", "state": "running", "pid": found.pid, "port": state.port("postgres"),
            "since": process.since(found)}
