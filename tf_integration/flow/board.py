"""The feed board: one row per feed, whatever needs a person first."""

from __future__ import annotations

from typing import Any

from tf_integration.model.settings import Settings
from tf_integration.store import warehouse


def feed_board(settings: Settings) -> list[dict[str, Any]]:
    """The rows of `mart.feed_health_v1`, those that need a person first, then by name."""
    with warehouse.transaction(settings) as conn:
        return [dict(r) for r in warehouse.run(conn, "night/feed_board.sql").mappings()]
