"""A delivery's own page beside the feed board: counts that add up, states with their instants, decisions, receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

Row = Mapping[str, Any]


def page(told: Row) -> str:
    """What stands inside the page; `told` is what `flow.delivery_page.show` gives. Counts and names of ours only."""
    parts = [
        f"<h1>{_text(told['file'])}</h1>",
        f"<p>Delivery {told['delivery_id']} of feed {_text(told['feed'])} from {_text(told['partner'])}: "
        f"<strong>{_text(told['status'])}</strong>. <a href='../feed-board'>Feed board</a></p>",
        _counts(told),
        table("Why", ("rule", "count", "what_to_do"), told["reasons"]),
        table("Rejected rows, each by its first fault", ("rule", "column", "rows", "faults", "first_line"),
              told["by_rule"]),
        table("Measures that failed", ("name", "severity", "quantity"), told["measures"]),
        table("States", ("happened_at", "state", "status", "rows_read", "rows_loaded", "rows_rejected"),
              told["events"]),
        table("Decisions", ("decided_at", "action", "by_whom", "because", "rules"), told["decisions"]),
        table("Receipts", ("tried_at", "status", "fault"), told["receipts"]),
        table("The partner's deliveries before this one",
              ("file", "status", "rows_read", "rows_loaded", "rows_rejected", "received_at"), told["before"],
              link="file"),
    ]  # fmt: skip
    return "".join(parts)


def _counts(told: Row) -> str:
    counts = told["counts"]
    if counts["read"] is None:
        return "<p>Its rows have not been read.</p>"
    adds = "" if counts["adds_up"] else " <strong>These counts do not add up.</strong>"
    rows = [{"what": "read", "rows": counts["read"]}, {"what": "loaded", "rows": counts["loaded"]},
            {"what": "rejected", "rows": counts["rejected"]},
            {"what": "of these faulty", "rows": counts["faulty"]},
            {"what": "of these withheld with the file", "rows": counts["withheld"]}]  # fmt: skip
    families = told["families_affected"]
    said = "" if families is None else f"<p>Families known here whom this concerns: {families:,}</p>"
    applied = [{"what": k.replace("_", " "), "count": n} for k, n in told["applied"].items()]
    return (table("Rows: read = loaded + rejected", ("what", "rows"), rows) + f"<p>{adds}</p>" * bool(adds) + said
            + table("Applied", ("what", "count"), applied))  # fmt: skip


def table(caption: str, columns: Sequence[str], rows: Iterable[Row], link: str = "") -> str:
    """One table that a screen reader can walk; nothing where there are no rows."""
    found = list(rows)
    if not found:
        return ""
    heads = "".join(f'<th scope="col">{escape(c.replace("_", " "))}</th>' for c in columns)
    body = "".join(f"<tr>{''.join(_cell(r, c, c == link) for c in columns)}</tr>" for r in found)
    head = f"<caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead>"
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _cell(row: Row, column: str, is_link: bool) -> str:
    value = row[column]
    if is_link:
        return f"<td><a href='{int(row['delivery_id'])}'>{_text(value)}</a></td>"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    kind = " class=n" if number else " class=d" if isinstance(value, datetime) else ""
    return f"<td{kind}>{_text(value)}</td>"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, list):
        return escape(", ".join(map(str, value)))
    return f"{value:,}" if isinstance(value, int) else escape(str(value))
