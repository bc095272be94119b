"""The council of tests/flow, and the files of an example county to spoil."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncssh
import pytest

sys.path.append(str(Path(__file__).parents[1] / "flow"))
sys.path.append(str(Path(__file__).parents[1] / "land"))

from small_council import Council, Partner
from spoiling import Extract, good_extracts

from tf_integration.flow.reference import load_reference
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse


@pytest.fixture
def seed(record_property: Callable[[str, object], None]) -> int:
    """The seed of a randomised test: `TFI_SEED`, or a new one; it is reported, and given again it replays the run."""
    chosen = int(os.environ.get("TFI_SEED") or random.SystemRandom().randrange(10**6))
    record_property("seed", chosen)
    print(f"TFI_SEED={chosen}")
    return chosen


@pytest.fixture(scope="session")
def our_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    key = asyncssh.generate_private_key("ssh-ed25519")
    file = tmp_path_factory.mktemp("keys") / "id_ed25519"
    file.write_bytes(key.export_private_key())
    return file, " ".join(key.export_public_key().decode().split()[:2])


@pytest.fixture
def council(home: Path, warehouse_url: str, tmp_path: Path, our_key: tuple[Path, str]) -> Iterator[Council]:
    """A council with one partner, housing, on a real SFTP server; more join by `council.join`."""
    started: list[Partner] = []

    def start(name: str) -> Partner:
        partner = Partner(name, tmp_path / "partners" / name, our_key[0], accepts=our_key[1])
        partner.start()
        started.append(partner)
        return partner

    (home / "limits.yaml").write_text(
        "settle_seconds: 0.05\npause_seconds: 0\nconnect_seconds: 5\nchannel_seconds: 1\n"
    )
    made = Council(Settings(home=home, warehouse_url=warehouse_url), {}, start)
    with warehouse.transaction(made.settings) as conn:
        load_reference(conn)
    made.join("housing")
    yield made
    for partner in started:
        partner.stop()


@pytest.fixture(scope="session")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Extract]:
    """A good extract of every feed, with the example county's planted faults taken out."""
    return good_extracts(tmp_path_factory.mktemp("county"))
