"""A pair of records in words: how their particulars compare, and their histories with values or in shape."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from tf_integration import identify
from tf_integration.store.warehouse import Connection

VALUES = ("forename", "surname", "date_of_birth", "sex", "address", "postcode", "uprn", "nhs_number", "upn",
          "former_upn", "nino")
_PLAIN = re.compile(r"[^0-9a-z]")


def compared(conn: Connection, pair: dict[str, Any], versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row each for what was compared: `about`, `level` in words, `weight` where the model in force gives one."""
    why: Callable[..., Any] | None = getattr(identify, "why", None)
    if why is not None:
        return [dict(w) for w in why(conn, pair["a"], pair["b"])]
    latest = {v["source_record_id"]: v for v in versions if v["known_to"] is None}
    a, b = latest.get(pair["a"]), latest.get(pair["b"])
    if a is None or b is None:
        return []
    return [{"about": about, "level": level(a[column], b[column]), "weight": None}
            for about, column, level in _COMPARED]


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


def _plain(value: Any) -> str:
    return _PLAIN.sub("", str(value).lower()) if value is not None else ""


def _same(a: Any, b: Any) -> str:
    a, b = _plain(a), _plain(b)
    return "not known to both" if not a or not b else "the same" if a == b else "different"


def _name(a: Any, b: Any) -> str:
    said = _same(a, b)
    if said != "different":
        return said
    one, other = sorted((_plain(a), _plain(b)), key=len)
    if other.startswith(one):
        return "one is the beginning of the other"
    return "different, with the same first letter" if one[0] == other[0] else "different"


def _birth(a: date | None, b: date | None) -> str:
    said = _same(a, b)
    if said != "different" or a is None or b is None:
        return said
    if (a.day, a.month, a.year) == (b.month, b.day, b.year):
        return "day and month swapped"
    digits = sum(x != y for x, y in zip(a.isoformat(), b.isoformat(), strict=True))
    return "one digit apart" if digits == 1 else "another day of the same year" if a.year == b.year else "different"


_COMPARED: tuple[tuple[str, str, Callable[[Any, Any], str]], ...] = (
    ("NHS number", "nhs_number", _same), ("UPN", "upn", _same), ("NINO", "nino", _same),
    ("forename", "forename", _name), ("surname", "surname", _name), ("date of birth", "date_of_birth", _birth),
    ("sex", "sex", _same), ("UPRN", "uprn", _same), ("address", "address", _same), ("postcode", "postcode", _same))
