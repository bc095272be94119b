"""What `tfi up` writes down: where the embedded servers are, and which processes it started."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from tf_integration.model.private import write_private
from tf_integration.model.settings import Settings
from tf_integration.serve.process import Process

Step = Callable[[str], AbstractContextManager[Any]]     # entered around what takes time, with its name


class State:
    """`TFI_HOME/run/services.json`, written after each change: a killed `up` loses nothing."""

    def __init__(self, settings: Settings) -> None:
        self.file = settings.services_file
        self.owner = settings.home
        self.known: dict[str, Any] = _read(self.file)

    def put(self, **values: Any) -> None:
        """Set or (with None) drop keys, and write."""
        for key, value in values.items():
            if value is None:
                self.known.pop(key, None)
            else:
                self.known[key] = value
        write_private(self.file, json.dumps(self.known, indent=1) + "\n")

    def process(self, name: str) -> Process | None:
        """The process written down under that name, running or not."""
        written = self.known.get("processes", {}).get(name)
        return Process.read(written) if written else None

    def put_process(self, process: Process) -> None:
        self.put(processes={**self.known.get("processes", {}), process.name: process.written()})

    def port(self, name: str) -> int | None:
        """The port that a part had last."""
        found = self.known.get("ports", {}).get(name)
        return int(found) if found else None

    def put_port(self, name: str, port: int) -> None:
        self.put(ports={**self.known.get("ports", {}), name: port})


@contextmanager
def alone(settings: Settings, step: Step) -> Iterator[None]:
    """Only one `up` or `down` of a home at a time; the others wait, and say so by `step`."""
    folder: Path = settings.services_file.parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with step("another `tfi up` or `tfi down` of this home"):
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _read(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text()))
    except (OSError, ValueError):      # absent, or spoilt: everything is found again or made anew
        return {}
