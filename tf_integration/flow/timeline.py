"""Everything known of a household or of a person, in order of time, each with its source."""

from __future__ import annotations

from datetime import date
from typing import Any

from tf_integration.flow import families
from tf_integration.model.errors import CallError
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse


def timeline(settings: Settings, named: str | int, to_day: date | None = None) -> dict[str, Any]:
    """What is now known, up to `to_day` if given. `named` is a household or a person.

    A number or family reference is looked for among households first, then a number or `partner:person_ref`
    among persons. Returns `household_id` or `person_id`, and `events`: dates, `kind`, `domain`, `says`,
    `person_id`, `feed`, `file_name`, `line_no`. No particulars.

    Raises:
        CallError: nobody answers to it, or several households do.
    """
    with warehouse.transaction(settings) as conn:
        person = families.person(conn, named)
        try:
            household = families.household(conn, named)
        except CallError as error:
            if person is None:
                error.args = (f"{error} Nor does a person.",) if "no household" in error.what else error.args
                raise
            household = None
        who = {"household_id": household, "person_id": None if household else person}
        events = warehouse.run(conn, "explain/timeline.sql", **who, to_day=to_day).mappings()
        return who | {"events": [dict(e) for e in events]}
