"""A running home, and its commands run as a person would run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tf_integration.model.settings import Settings
from tf_integration.serve import databases
from tf_integration.serve.keys import Keyring
from tf_integration.serve.state import State
from tf_integration.store import warehouse

_TFI = [sys.executable, "-c", "from tf_integration.cli.main import main; main()"]


@dataclass
class Told:
    """What a command said: its exit code, its standard output (parsed, when it is JSON) and its standard error."""

    code: int
    out: Any
    err: str


@dataclass
class Platform:
    """A running home. Commands are run as a person would run them."""

    home: Path

    @property
    def settings(self) -> Settings:
        return Settings.load(self.home)

    @property
    def partners(self) -> Path:
        return self.home / "partners"

    def tfi(self, *words: str) -> Told:
        """Run `tfi`; the rest of the environment stays as it is."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "TFI_"))}
        done = subprocess.run([*_TFI, *words], capture_output=True, text=True, check=False, timeout=900,
                              env={**clean, "TFI_HOME": str(self.home)})
        as_json = "--json" in words and done.stdout.strip()
        return Told(done.returncode, json.loads(done.stdout) if as_json else done.stdout, done.stderr)

    def rows(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        """The rows of a query on the warehouse."""
        with warehouse.transaction(self.settings) as conn:
            return [dict(r) for r in warehouse.rows(conn, sql, **params)]


@contextmanager
def running(home: Path) -> Iterator[Platform]:
    """The platform as `tfi up --empty` makes it in `home`; stopped at the end, and its cluster removed."""
    made = Platform(home)
    up = made.tfi("up", "--empty")
    try:
        assert up.code == 0, up.err
        yield made
    finally:
        made.tfi("down")
        databases.cluster(made.settings, State(made.settings), Keyring(home / "secrets")).remove()


def move_server(platform: Platform, partner: str, port: int) -> None:
    """Say that a partner's server is at this port."""
    file = platform.settings.services_file
    known = json.loads(file.read_text())
    known["partners"][partner]["port"] = port
    file.write_text(json.dumps(known))
