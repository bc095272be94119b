"""Airflow's processes in the embedded default: migrate, start, mend, and wait until they work."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from dataclasses import dataclass, field
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
_STUCK_SECONDS = 45                 # a part found running that shows no health by then is started again
_AIRFLOW = (sys.executable, "-m", "airflow")
_AGAIN = "Run `tfi up` again; if it says the same, `tfi doctor`."


@dataclass
class Airflow:
    """The Airflow of one home. `warehouse_url` is set when the warehouse is a real server, not ours."""

    settings: Settings
    state: State
    warehouse_url: str | None = None
    _fresh: set[str] = field(default_factory=set)

    def begin_migration(self, keyring: Keyring, cluster: Cluster) -> subprocess.Popen[bytes] | None:
        """Start bringing Airflow's tables to its version, beside other work. None when they are there."""
        keyring.airflow()
        airflow_env.write_local_settings(self.settings.home / "airflow")
        if self.state.known.get("airflow_tables") == _tables(cluster):
            return None
        environment = {**process.clean_environment(self._environment()),
                       **process.marks(self.settings.home, "airflow-migrate")}
        log = self._log("airflow-migrate")
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with log.open("wb") as out:
            return subprocess.Popen([*_AIRFLOW, "db", "migrate"], stdout=out, stderr=subprocess.STDOUT,
                                    cwd="/", env=environment)

    def end_migration(self, cluster: Cluster, migrating: subprocess.Popen[bytes]) -> None:
        """Wait for the tables, and write their version down."""
        if migrating.wait():
            log = self._log("airflow-migrate")
            raise ServiceError(f"Airflow's tables could not be made: {process.last_lines(log)}",
                               where=str(log), mend=_AGAIN)
        self.state.put(airflow_tables=_tables(cluster))

    def start(self) -> None:
        """Start each part that is not running, or runs with other settings than today's."""
        if not self._right("api-server"):
            process.stop(self.settings.home, "api-server")
            self.state.put_port("api-server", process.usable_port(self.state.port("api-server")))
        self.state.put(airflow_url=self.url)
        for name in PARTS:
            if not self._right(name):
                self._start(name)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.state.port('api-server')}"

    def wait_until_ready(self) -> None:
        """Wait until every part is healthy and every DAG file has been read.

        Raises:
            ServiceError: a part ended, or is not healthy in time; or a DAG file does not load.
        """
        api = Api(self.settings.model_copy(update={"airflow_url": self.url}), timeout_seconds=5)
        began = time.monotonic()
        while missing := self._not_ready(api):
            waited = time.monotonic() - began
            for name in (n for n in PARTS if not self._alive(n)):
                if name in self._fresh:
                    self._fail(name, "ended")
                self._start(name)
            if waited > _READY_SECONDS:
                self._fail(missing[0], "is not healthy")
            if waited > _STUCK_SECONDS and missing[0] in PARTS and missing[0] not in self._fresh:
                self._start(missing[0])
            time.sleep(0.3)
        if errors := api.import_errors():
            raise ServiceError("these DAG files do not load: " + "; ".join(errors),
                               where=str(PROJECT / "dags"), mend="Mend them; Airflow reads them again.")

    def restart(self, name: str) -> None:
        """Start a part that has ended, with today's settings, on the port that it had."""
        self._start(name)

    def _not_ready(self, api: Api) -> list[str]:
        try:
            return not_healthy(api, self.state) or [f"the DAG file {f}" for f in _unread(api)]
        except ServiceError:
            return ["api-server"]

    def _start(self, name: str) -> None:
        process.stop(self.settings.home, name)
        command, environment, recipe = self._recipe(name)
        port = self.state.port(name) if name == "api-server" else None
        self.state.put_process(process.start(self.settings.home, name, command, environment, self._log(name),
                                             port, recipe))
        self._fresh.add(name)

    def _recipe(self, name: str) -> tuple[list[str], dict[str, str], str]:
        """Command, environment and digest of a part. The digest covers the files read only at its start."""
        port = str(self.state.port("api-server"))
        arguments = {"api-server": ["--host", "127.0.0.1", "--port", port, "--workers", "1"],
                     "scheduler": ["--skip-serve-logs"]}.get(name, [])
        command, environment = [*_AIRFLOW, name, *arguments], self._environment()
        if self.warehouse_url:
            environment["TFI_WAREHOUSE_URL"] = self.warehouse_url
        if name == "scheduler":
            environment |= airflow_env.preload()
        secrets = (self.settings.home / "secrets").glob("airflow_*")
        read_once = [*secrets, *(PROJECT / "plugins").glob("**/*.py"), PROJECT / "requirements.lock"]
        digests = {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in read_once if f.is_file()}
        return command, environment, process.recipe(command, {**environment, **digests})

    def _environment(self) -> dict[str, str]:
        return airflow_env.options(airflow_env.embedded(self.settings, self.state.port("api-server") or 0))

    def _right(self, name: str) -> bool:
        known = self.state.process(name)
        return known is not None and self._alive(name) and known.recipe == self._recipe(name)[2]

    def _alive(self, name: str) -> bool:
        known = self.state.process(name)
        return known is not None and known.alive(self.settings.home)

    def _log(self, name: str) -> Path:
        return self.settings.logs / "services" / f"{name}.log"

    def _fail(self, name: str, what: str) -> None:
        log = self._log(name)
        raise ServiceError(f"{name} {what}: {process.last_lines(log)}", where=str(log), mend=_AGAIN)


def not_healthy(api: Api, state: State) -> list[str]:
    """The parts that Airflow does not call healthy, or that have not been heard since they were started."""
    health = api.health()
    return [name for name, part in PARTS.items() if not _heard(health.get(part) or {}, state.process(name))]


def _heard(said: dict[str, Any], started: process.Process | None) -> bool:
    if said.get("status") != "healthy":
        return False
    beat = next((v for k, v in said.items() if k.endswith("heartbeat")), None)
    if not beat or not started:
        return True
    # A killed part looks healthy for half a minute more: only a heartbeat after the start is the new one's.
    return datetime.fromisoformat(beat) > datetime.fromisoformat(started.since) + timedelta(seconds=1)


def _unread(api: Api) -> list[str]:
    """The DAG files that Airflow has neither parsed nor refused."""
    known = api.dag_files() | {e.split(":")[0] for e in api.import_errors()}
    return [f.name for f in _dag_files() if f.name not in known]


def _dag_files() -> list[Path]:
    """The files that Airflow takes for DAG files: those that speak of both."""
    return [f for f in sorted((PROJECT / "dags").glob("*.py"))
            if b"dag" in (text := f.read_bytes().lower()) and b"airflow" in text]


def _tables(cluster: Cluster) -> str:
    return f"{version('apache-airflow-core')} {databases.airflow_revision(cluster)}"
