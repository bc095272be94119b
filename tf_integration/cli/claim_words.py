"""How `tfi claims` says things in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

_SHOWN = 20
_WIDEST = 48


def import_words(told: dict[str, Any]) -> list[str]:
    """What an import did, and the first rows that it refused."""
    lines = [f"{told['file']}: {told['rows_read']} rows read, {told['rows_refused']} refused; "
             f"{told['claims_new']} claims new, {told['claims_moved']} moved to another state."]
    if told["people_waiting"]:
        lines.append(f"{told['people_waiting']} people are not known from any partner yet.")
    if told["judged"]:
        n = told["judged"]["statuses"].get("claimed", 0)
        lines.append(f"Judged again: {told['judged']['households']} households, of which {n} are claimed.")
    for f in told["refused"][:_SHOWN]:
        lines.append(f"  line {f['line']}{', ' + f['column'] if f['column'] else ''}: {f['fault']}. {f['remedy']}")
    if len(told["refused"]) > _SHOWN:
        lines.append(f"  and {len(told['refused']) - _SHOWN} more; --json lists them all.")
    return lines


def table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> list[str]:
    """Rows as a table that fits a terminal; `None.` when there are none."""
    shown = [c for c in columns if not rows or c in rows[0]]
    if not rows:
        return ["None."]
    cells = [[_cell(row[c]) for c in shown] for row in rows]
    widths = [max(len(c), *(len(line[n]) for line in cells)) for n, c in enumerate(shown)]
    return ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
            for line in [list(shown), *cells]]


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 3] + "..."
