"""How a timeline looks on a terminal."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from tf_integration.flow.explain_words import span, whose


def show_timeline(told: dict[str, Any]) -> None:
    """A line per event: when, whose, what, and the file and line that say so."""
    out = Console(highlight=False)
    named = ("household", told["household_id"]) if told["household_id"] else ("person", told["person_id"])
    out.print(f"\n{named[0].capitalize()} {named[1]}: {len(told['events']):,} events", style="bold")
    rows = Table("when", "whose", "what", "source", box=box.SIMPLE_HEAD, pad_edge=False)
    for event in told["events"]:
        outside = " (not a member then)" if event["while_member"] is False else ""
        rows.add_row(span(event["happened_on"], event["ended_on"]), whose(event),
                     event["says"] + outside,
                     f"{event['file_name']} line {event['line_no']}")
    out.print(rows)
