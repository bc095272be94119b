"""The small council as fixtures."""

from __future__ import annotations

from pathlib import Path

import pytest

from claim.council import Council
from tf_integration.model.settings import Settings


@pytest.fixture
def council(home: Path, warehouse_url: str) -> Council:
    """A council that holds nobody yet."""
    return Council(Settings(home=home, warehouse_url=warehouse_url))
