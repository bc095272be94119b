"""A fresh warehouse, an empty home, and partners on real SFTP servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest
from small_council import Council, Partner

from tf_integration.flow.reference import load_reference
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse


@pytest.fixture(scope="session")
def our_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    key = asyncssh.generate_private_key("ssh-ed25519")
    file = tmp_path_factory.mktemp("keys") / "id_ed25519"
    file.write_bytes(key.export_private_key())
    return file, " ".join(key.export_public_key().decode().split()[:2])


@pytest.fixture
def council(home: Path, warehouse_url: str, tmp_path: Path, our_key: tuple[Path, str]) -> Iterator[Council]:
    started: list[Partner] = []

    def start(name: str) -> Partner:
        partner = Partner(name, tmp_path / "partners" / name, our_key[0], accepts=our_key[1])
        partner.start()
        started.append(partner)
        return partner

    (home / "limits.yaml").write_text("settle_seconds: 0.05\npause_seconds: 0\nconnect_seconds: 5\n")
    made = Council(Settings(home=home, warehouse_url=warehouse_url), {}, start)
    with warehouse.transaction(made.settings) as conn:
        load_reference(conn)
    made.join("housing")
    yield made
    for partner in started:
        partner.stop()
