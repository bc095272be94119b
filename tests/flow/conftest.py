"""A fresh warehouse, an empty home, and partners on real SFTP servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_council import Council, new_key, opened

from tf_integration.flow.reference import load_reference
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse


@pytest.fixture(scope="session")
def our_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    return new_key(tmp_path_factory.mktemp("keys") / "id_ed25519")


@pytest.fixture
def council(home: Path, warehouse_url: str, tmp_path: Path, our_key: tuple[Path, str]) -> Iterator[Council]:
    settings = Settings(home=home, warehouse_url=warehouse_url)
    with warehouse.transaction(settings) as conn:
        load_reference(conn)
    with opened(settings, tmp_path / "partners", our_key) as made:
        yield made
