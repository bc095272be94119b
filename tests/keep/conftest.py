"""A small council, with the tables that the board and the alerts read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "flow"))
sys.path.append(str(Path(__file__).parents[1] / "marts"))

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
