"""Fixtures of the conform tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from conform.deliveries import World
from tf_integration.model.feed import Feed, load_feeds


@pytest.fixture
def world(db: Connection, tmp_path: Path) -> World:
    return World(db, tmp_path)


@pytest.fixture(scope="session")
def feeds() -> dict[str, Feed]:
    return load_feeds()
