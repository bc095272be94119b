"""A small warehouse to resolve."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from small_county import County


@pytest.fixture
def county(db: sa.engine.Connection) -> County:
    return County(db)
