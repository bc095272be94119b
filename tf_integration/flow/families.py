"""Which household or person somebody means."""

from __future__ import annotations

from typing import Any

from tf_integration.model.errors import CallError
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def household(conn: Connection, named: str | int) -> int:
    """The household of that number, of a partner's family reference, or of `partner:reference`.

    A household that no longer stands is found only when none that stands answers.

    Raises:
        CallError: none answers, or several do; the message names them by partner and number.
    """
    found = warehouse.run(conn, "explain/find_household.sql", named=str(named)).mappings().all()
    standing = [r for r in found if r["stands"]] or found
    if len(standing) == 1:
        return int(standing[0]["household_id"])
    if not standing:
        raise CallError("no household has this number or family reference.", where="HOUSEHOLD",
                        mend="Take a number from `tfi worklist`, or a family_ref that a partner uses.")
    several = "; ".join(f"{r['household_id']} ({', '.join(r['refs'] or [])})" for r in standing)
    raise CallError(f"{len(standing)} households answer to it: {several}.", where="HOUSEHOLD",
                    mend="Give the number, or the reference with its partner, like early_help:F100.")


def person(conn: Connection, named: str | int) -> int | None:
    """The person of that number, or of `partner:person_ref`; None when nobody is."""
    found = warehouse.run(conn, "explain/find_person.sql", named=str(named)).scalars().all()
    return int(found[0]) if len(found) == 1 else None


def find(settings: Settings, named: str) -> int:
    """`household`, for who has no connection."""
    with warehouse.transaction(settings) as conn:
        return household(conn, named)


def members(settings: Settings, household_id: int) -> list[dict[str, Any]]:
    """Who belongs to a household and who did, by number: `relationship`, days, `basis`, `confidence`, `is_now`."""
    with warehouse.transaction(settings) as conn:
        return [dict(r) for r in warehouse.run(conn, "explain/members.sql", household_id=household_id).mappings()]
