"""A pair of records in words: how their particulars compare, and their histories with values or in shape."""

from __future__ import annotations

import re
from typing import Any

from tf_integration import identify
from tf_integration.model.errors import CallError
from tf_integration.store.warehouse import Connection

VALUES = ("forename", "surname", "date_of_birth", "sex", "address", "postcode", "uprn", "nhs_number", "upn",
          "former_upn", "nino")


def weighed(conn: Connection, pair: dict[str, Any]) -> dict[str, Any]:
    """What the live model says: `sentence`, `verdict`, `weight` and `compared`, a row each that adds up to it.

    Blank where one of the two says nothing of itself: a record that waits for its person, or one that is withdrawn.
    """
    try:
        told = identify.why(conn, pair["a"], pair["b"])
    except CallError:
        return {"sentence": None, "verdict": None, "weight": None, "compared": []}
    steps = [{"about": s.compared, "level": s.found, "weight": s.bits, "total": s.total} for s in told.steps]
    return {"sentence": told.sentence, "verdict": told.verdict, "weight": told.match_weight, "compared": steps}


def histories(versions: list[dict[str, Any]], names: bool) -> list[dict[str, Any]]:
    """The versions of both sides' records, oldest first: source, day, line, and each value or its shape."""
    return [{**{k: v[k] for k in ("side", "is_asked", "source_record_id", "partner", "feed", "snapshot_on", "file_name",
                                  "line_no", "known_to")},
             **{k: v[k] if names else shape(v[k]) for k in VALUES}} for v in versions]


def shape(value: Any) -> str | None:
    """A value without itself: letters as x, digits as 9."""
    if value is None or value == "":
        return None
    return re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "x", str(value)))
