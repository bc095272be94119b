"""The council of tests/flow, and the files of an example county to spoil."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "flow"))
sys.path.append(str(Path(__file__).parents[1] / "land"))

from small_council import Council, new_key, opened
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
    return new_key(tmp_path_factory.mktemp("keys") / "id_ed25519")


@pytest.fixture
def council(home: Path, warehouse_url: str, tmp_path: Path, our_key: tuple[Path, str]) -> Iterator[Council]:
    """A council with one partner, housing, on a real SFTP server; more join by `council.join`."""
    settings = Settings(home=home, warehouse_url=warehouse_url)
    with warehouse.transaction(settings) as conn:
        load_reference(conn)
    with opened(settings, tmp_path / "partners", our_key, "channel_seconds: 1\n") as made:
        yield made


@pytest.fixture(scope="session")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Extract]:
    """A good extract of every feed, with the example county's planted faults taken out."""
    return good_extracts(tmp_path_factory.mktemp("county"))
