"""Dates in a declared format, exactly: nothing is guessed, and nothing is tolerated."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

_DIGITS = {"%Y": "[0-9]{4}", "%m": "[0-9]{2}", "%d": "[0-9]{2}"}


@lru_cache(maxsize=16)
def shape(date_format: str) -> str:
    """A regular expression for the whole text of a date in that format (`%Y`, `%m`, `%d` with leading zeros)."""
    parts = re.split("(%[Ymd])", date_format)
    return "^" + "".join(_DIGITS.get(p) or re.escape(p) for p in parts) + "$"


def parse(text: str, date_format: str = "%Y-%m-%d") -> date | None:
    """The date, or None when the text is anything but a date in that format."""
    if not re.match(shape(date_format), text):
        return None
    try:
        return datetime.strptime(text, date_format).date()
    except ValueError:
        return None
