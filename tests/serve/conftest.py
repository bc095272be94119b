"""The real servers, started once: an SFTP server alone for its own tests, and the whole platform for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tf_integration import serve
from tf_integration.flow import setup
from tf_integration.model.settings import Settings
from tf_integration.serve import databases, partners, platform, process
from tf_integration.serve.keys import Keyring
from tf_integration.serve.state import State


@dataclass
class Sftp:
    """A running SFTP server of its own home."""

    home: Path
    port: int
    settings: Settings

    def key(self, partner: str) -> Path:
        return Keyring(self.home / "secrets").client_key(partner)[0]


@pytest.fixture(scope="module")
def sftp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sftp]:
    """The server that `tfi up` starts, with an account for every partner."""
    settings = Settings(home=tmp_path_factory.mktemp("sftp") / "home")
    state, keyring = State(settings), Keyring(settings.home / "secrets")
    platform.start_sftp(settings, state, keyring)
    try:
        yield Sftp(settings.home, state.port("sftp") or 0, Settings.load(settings.home))
    finally:
        process.stop(settings.home)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, nobodys_settings: None) -> Iterator[Settings]:
    """The whole platform, up, in a home that only its owner may enter."""
    home = tmp_path_factory.mktemp("platform") / "a home"      # the space is part of the test
    settings = Settings(home=home)
    try:
        yield serve.up(settings, setup.prepare, empty=True)
    finally:
        serve.down(settings)
        databases.cluster(settings, State(settings), Keyring(home / "secrets")).remove()


@pytest.fixture(scope="session", autouse=True)
def nobodys_settings() -> Iterator[None]:
    """Without the settings of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "SETTINGS", "WAREHOUSE_URL", "AIRFLOW_USER", "AIRFLOW_PASSWORD_FILE"):
            patch.delenv(f"TFI_{name}", raising=False)
        yield


@pytest.fixture
def partner() -> str:
    """One of the partners that the contracts name."""
    return partners.names()[0]


@pytest.fixture
def other_partner() -> str:
    return partners.names()[1]
