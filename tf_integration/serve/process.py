"""Processes that outlive the command that started them: start, know again, stop with all they started."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tf_integration.serve.postgres import free_port

# Each process that we start, and every process that it starts, carries these two. They say whose it is even
# when its parent was killed, so nothing else is ever taken for ours and nothing of ours is left behind.
OWNER, PART = "TFI_STARTED_FOR", "TFI_PART"
_LOG_BYTES = 10_000_000
_CLOCK_SECONDS = 5                  # start times are counted from a boot time that a clock change may move


@dataclass(frozen=True)
class Process:
    """One started process, as it is written down. `began` is its start in seconds since 1970."""

    name: str
    pid: int
    began: float
    since: str
    port: int | None
    recipe: str                     # digest of command and environment: another recipe, another process

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Process:
        known: dict[str, Any] = {k: written.get(k) for k in cls.__dataclass_fields__}
        return cls(**known)

    def written(self) -> dict[str, Any]:
        return asdict(self)

    def alive(self, owner: Path) -> bool:
        """Whether this very process still runs: its id, its start, and the mark that we gave it."""
        try:
            found = psutil.Process(self.pid)
            return abs(found.create_time() - self.began) < _CLOCK_SECONDS and _marked(found, owner, self.name)
        except psutil.Error:
            return False


def recipe(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """A digest by which a changed command or setting shows."""
    return hashlib.sha256(json.dumps([list(command), sorted(environment.items())]).encode()).hexdigest()[:16]


def start(owner: Path, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path,
          port: int | None = None, of: str = "") -> Process:
    """Start a process in a session of its own, its output appended to `log`, and return how to know it again.

    `of` is the recipe to write down (by default the one of this command and environment).
    """
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".1.log"))
    with log.open("ab") as out:
        os.fchmod(out.fileno(), 0o600)
        child = subprocess.Popen(command, env={**clean_environment(environment), **marks(owner, name)},
                                 stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                 start_new_session=True, cwd="/", umask=0o077)
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return Process(name, child.pid, _began(child.pid), since, port, of or recipe(command, environment))


def _began(pid: int) -> float:
    """When a process began, asked once it carries its marks: for an instant after its start it has no environment."""
    found, until = psutil.Process(pid), time.monotonic() + _CLOCK_SECONDS
    with contextlib.suppress(psutil.Error):
        while not found.environ() and time.monotonic() < until:
            time.sleep(0.005)
    return found.create_time()


def marks(owner: Path, name: str) -> dict[str, str]:
    """What a process carries to be known as ours (SPT_NOENV: its title, when it sets one, spares them)."""
    return {OWNER: str(owner), PART: name, "SPT_NOENV": "1"}


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Ours over the machine's, less what that says to Airflow: a stray setting must not reach our parts."""
    return {**{k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")}, **environment}


def usable_port(had: int | None) -> int:
    """The port that a part had, when nothing else has taken it meanwhile; else a free one."""
    if had:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", had))
            return had
    return free_port()


def since(found: psutil.Process) -> str:
    """When a process began, in UTC."""
    return datetime.fromtimestamp(found.create_time(), UTC).isoformat(timespec="seconds")


def ours(owner: Path, *names: str) -> list[psutil.Process]:
    """Every live process that was started for this home (only the named parts, when any is named)."""
    return [p for p in psutil.process_iter() if any(_marked(p, owner, n) for n in names or ("",))]


def stop(owner: Path, *names: str, grace_seconds: float = 10) -> int:
    """Ask the parts, and all that they started, to end; end them after the grace. Returns how many."""
    found = ours(owner, *names)
    _signal(found, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while (left := ours(owner, *names)) and time.monotonic() < deadline:
        time.sleep(0.1)
    while left:                     # again: a process may start another between the look and the blow
        _signal(left, signal.SIGKILL)
        time.sleep(0.1)
        left = ours(owner, *names)
    return len(found)


def last_lines(log: Path, count: int = 3) -> str:
    """The end of a log, on one line, for a message."""
    if not log.exists():
        return "no log"
    with log.open("rb") as handle:
        handle.seek(max(0, log.stat().st_size - 4096))
        lines = [line.strip() for line in handle.read().decode(errors="replace").splitlines()]
    return " / ".join([line for line in lines if line][-count:])[-600:]


def _signal(processes: Sequence[psutil.Process], number: int) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.send_signal(number)


def _marked(process: psutil.Process, owner: Path, name: str = "") -> bool:
    try:
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        marks = process.environ()
    except (psutil.Error, OSError):
        return False
    return marks.get(OWNER) == str(owner) and (not name or marks.get(PART) == name)

