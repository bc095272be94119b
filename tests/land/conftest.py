"""A key of ours, and partners' accounts on real SFTP servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import asyncssh
import pytest
from sftp_partner import Partner

from tf_integration.land.limits import Limits, load_limits


@pytest.fixture(scope="session")
def our_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An Ed25519 private key file, and its public half."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    file = tmp_path_factory.mktemp("keys") / "id_ed25519"
    file.write_bytes(key.export_private_key())
    file.chmod(0o600)
    return file, " ".join(key.export_public_key().decode().split()[:2])


@pytest.fixture
def partner_named(tmp_path: Path, our_key: tuple[Path, str]) -> Iterator[Callable[[str], Partner]]:
    """Starts an account for a partner; every one is stopped at the end."""
    started: list[Partner] = []

    def start(name: str) -> Partner:
        partner = Partner(name, tmp_path / "partners" / name, our_key[0], accepts=our_key[1])
        partner.start()
        started.append(partner)
        return partner

    yield start
    for partner in started:
        partner.stop()


@pytest.fixture
def housing(partner_named: Callable[[str], Partner]) -> Partner:
    return partner_named("housing")


@pytest.fixture
def limits() -> Limits:
    """The shipped limits, without the waiting."""
    return load_limits().model_copy(update={"settle_seconds": 0.05, "pause_seconds": 0, "connect_seconds": 5})
