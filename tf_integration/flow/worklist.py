"""The worklist: how many households stand where, and those that somebody can do something about now."""

from __future__ import annotations

from typing import Any

from tf_integration.model.settings import Settings
from tf_integration.store import warehouse


def worklist(settings: Settings, each: int = 5) -> dict[str, list[dict[str, Any]]]:
    """`counts`: status, households, value_pounds of each status; `households`: at most `each` of a status.

    The households come nearest to a claim first: ready, blocked_by_data, in_progress, eligible, cannot_tell.
    """
    with warehouse.transaction(settings) as conn:
        counts = warehouse.run(conn, "night/worklist_counts.sql").mappings()
        households = warehouse.run(conn, "night/worklist.sql", each=each).mappings()
        return {"counts": [dict(r) for r in counts], "households": [dict(r) for r in households]}
