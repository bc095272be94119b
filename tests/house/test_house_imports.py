"""The rooms' import contracts hold, and each of them would notice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from house_rules import ROOT

ROOMS = (
    "cli",
    "web",
    "flow",
    "land",
    "check",
    "conform",
    "identify",
    "assess",
    "claim",
    "keep",
    "county",
    "serve",
    "store",
    "model",
    "text",
)

# contract -> the file and the import that break it
BREAKS = {
    "Rooms import downwards": ("store", "import tf_integration.flow"),
    "the verbs do not import one another": ("land", "import tf_integration.check"),
    "The library knows no scheduler": ("flow", "import airflow"),
    "Only the store holds a database driver": ("web", "import sqlalchemy"),
    "Only check knows Great Expectations": ("assess", "import great_expectations"),
    "Only land holds the SFTP client": ("serve", "import paramiko"),
    "Only serve holds the SFTP server": ("land", "import asyncssh"),
    "Nouns and words need no platform": ("model", "import typer"),
}


def lint(where: Path) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--config",
        str(ROOT / ".importlinter"),
        "--no-cache",
    ]
    path = {"PYTHONPATH": str(where)} if where != ROOT else {}
    return subprocess.run(command, cwd=where, env=os.environ | path, capture_output=True, text=True, check=False)


def planted(folder: Path) -> Path:
    for room in ROOMS:
        (folder / "tf_integration" / room).mkdir(parents=True)
        (folder / "tf_integration" / room / "__init__.py").touch()
    (folder / "tf_integration" / "__init__.py").touch()
    return folder


def test_the_rooms_import_as_the_contracts_say() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout[done.stdout.find("Broken contracts") :]


def test_an_empty_house_breaks_none(tmp_path: Path) -> None:
    assert lint(planted(tmp_path)).returncode == 0


@pytest.mark.parametrize("contract", BREAKS)
def test_a_planted_import_breaks_its_contract(tmp_path: Path, contract: str) -> None:
    room, line = BREAKS[contract]
    (planted(tmp_path) / "tf_integration" / room / "__init__.py").write_text(line + "\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert any(contract in said and "BROKEN" in said for said in done.stdout.splitlines())
