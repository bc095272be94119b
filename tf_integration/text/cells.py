"""Cells of the tables that we write for people who open them in a spreadsheet."""

from __future__ import annotations

# What makes a spreadsheet take a cell for a formula; some look past blanks and line breaks before it.
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")


def inert(value: object) -> str:
    """The cell as text that a spreadsheet shows and does not run: a quotation mark before what may begin a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_LIVE) or text.lstrip().startswith(_LIVE) else text
