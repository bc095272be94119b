"""A prepared warehouse, and a small council whose partners are on real SFTP servers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

sys.path.append(str(Path(__file__).parents[1] / "flow"))

from small_council import Council, Partner

from tf_integration.assess import load_plans
from tf_integration.flow import marts
from tf_integration.flow.reference import load_reference
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse


@pytest.fixture
def settings(home: Path, warehouse_url: str) -> Settings:
    """An empty, prepared warehouse with the shipped contracts, terms and holidays."""
    made = Settings(home=home, warehouse_url=warehouse_url)
    with warehouse.transaction(made) as conn:
        load_reference(conn)
        marts.create(conn)
    return made


@pytest.fixture(scope="session")
def our_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    key = asyncssh.generate_private_key("ssh-ed25519")
    file = tmp_path_factory.mktemp("keys") / "id_ed25519"
    file.write_bytes(key.export_private_key())
    return file, " ".join(key.export_public_key().decode().split()[:2])


@pytest.fixture
def council(settings: Settings, tmp_path: Path, our_key: tuple[Path, str]) -> Iterator[Council]:
    """One partner with an account, and the shipped plans."""
    started: list[Partner] = []

    def start(name: str) -> Partner:
        started.append(Partner(name, tmp_path / "partners" / name, our_key[0], accepts=our_key[1]))
        started[-1].start()
        return started[-1]

    (settings.home / "limits.yaml").write_text("settle_seconds: 0.05\npause_seconds: 0\nconnect_seconds: 5\n")
    made = Council(settings, {}, start)
    with warehouse.transaction(settings) as conn:
        load_plans(conn)
    made.join("housing")
    yield made
    for partner in started:
        partner.stop()
