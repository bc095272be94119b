"""A prepared warehouse, and a small council whose partners are on real SFTP servers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "flow"))

from small_council import Council, new_key, opened

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
    return new_key(tmp_path_factory.mktemp("keys") / "id_ed25519")


@pytest.fixture
def council(settings: Settings, tmp_path: Path, our_key: tuple[Path, str]) -> Iterator[Council]:
    """One partner with an account, and the shipped plans."""
    with warehouse.transaction(settings) as conn:
        load_plans(conn)
    with opened(settings, tmp_path / "partners", our_key) as made:
        yield made
