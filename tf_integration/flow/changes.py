"""What changed between two instants, household by household, and why: facts, matches, households, plans."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tf_integration.flow import families
from tf_integration.model.errors import CallError
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def changes(
    conn: Connection, from_at: datetime, to_at: datetime, household: str | int | None = None
) -> list[dict[str, Any]]:
    """What came to be known, and which statuses moved, after `from_at` and up to `to_at`.

    One row a household for which anything did: `household_id`, `status_was` and `status_is` (as the runs of then said;
    blank before its first), `because`, a list of reasons, most telling first, and the counts `new_facts`, `late_facts`,
    `withdrawn_facts`, `links`, `birth_dates`, `members` and `plans`. Those whose status moved come first.

    Raises:
        CallError: the second instant is not after the first, or there is no such household.
    """
    if to_at <= from_at:
        raise CallError(
            "the second instant is not after the first.", where="--to", mend="Give --from, then a later --to."
        )
    one = families.household(conn, household) if household is not None else None
    found = warehouse.run(conn, "explain/changes.sql", from_at=from_at, to_at=to_at, household_id=one).mappings()
    return [dict(row) for row in found]
