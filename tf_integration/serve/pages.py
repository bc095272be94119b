"""The pages in the embedded default: one process on a loopback port."""

from __future__ import annotations

import hashlib
import http.client
import sys
import time
import urllib.request
from pathlib import Path

from tf_integration.model.errors import ServiceError
from tf_integration.model.settings import PROJECT, Settings
from tf_integration.serve import process
from tf_integration.serve.state import State

PART = "web"
_MODULE = "tf_integration.web"      # this room starts it and may not import it
_READY_SECONDS = 60


def start(settings: Settings, state: State, warehouse_url: str | None = None) -> None:
    """Start the pages unless they run as they should. They take some seconds: see `wait_until_ready`.

    `warehouse_url` is set when the warehouse is a real server, not ours.
    """
    known, of = state.process(PART), _recipe(settings)
    if known and known.recipe == of and known.alive(settings.home) and answers(known.port):
        return
    process.stop(settings.home, PART)
    port = process.usable_port(state.port(PART))
    state.put_port(PART, port)
    command, environment = [sys.executable, "-m", _MODULE, str(port)], {"TFI_HOME": str(settings.home)}
    if warehouse_url:
        environment["TFI_WAREHOUSE_URL"] = warehouse_url
    state.put_process(process.start(settings.home, PART, command, environment, _log(settings), port, of))


def wait_until_ready(settings: Settings, state: State) -> None:
    """Wait until the pages answer.

    Raises:
        ServiceError: they do not in time; with the last lines of their log.
    """
    deadline = time.monotonic() + _READY_SECONDS
    while not answers(state.port(PART)):
        known = state.process(PART)
        if time.monotonic() > deadline or not (known and known.alive(settings.home)):
            raise ServiceError(f"the pages did not start: {process.last_lines(_log(settings))}",
                               where=str(_log(settings)), mend="Run `tfi up` again; if it says the same, `tfi doctor`.")
        time.sleep(0.1)


def url(state: State) -> str:
    """Where the pages are on this machine."""
    return f"http://127.0.0.1:{state.port(PART)}"


def answers(port: int | None) -> bool:
    """Whether the pages answer there, and can read the warehouse."""
    if port is None:
        return False
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as told:
            return bool(told.status == 200)
    except (OSError, http.client.HTTPException):        # (an answer of 500 is an OSError, too)
        return False


def _recipe(settings: Settings) -> str:
    """A digest of what the pages read only at their start: their own text, the settings, the council's figures."""
    read_once = [*(PROJECT / "tf_integration" / "web").glob("**/*"), settings.home / "access.yaml",
                 settings.home / "settings.toml", PROJECT / "requirements.lock"]
    digests = {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(read_once) if _counts(f)}
    return process.recipe([_MODULE], {**digests, "warehouse": settings.warehouse_url or ""})


def _counts(file: Path) -> bool:
    return file.is_file() and file.suffix != ".pyc"


def _log(settings: Settings) -> Path:
    return settings.logs / "services" / f"{PART}.log"
