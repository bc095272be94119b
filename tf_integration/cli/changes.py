"""`tfi changes`: what came to be known between two instants, and which households it moved."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

_SHOWN = 40
_INSTANT = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]
_COUNTS = {
    "new_facts": "new",
    "late_facts": "late",
    "withdrawn_facts": "withdrawn",
    "links": "matches",
    "birth_dates": "birth dates",
    "members": "members",
}


def register(app: typer.Typer) -> None:
    """Add `changes`."""
    app.command("changes", epilog="Example: tfi changes --from 2019-11-18T00:00 --to 2019-11-20T12:00")(changes)


def changes(
    from_at: Annotated[
        datetime, typer.Option("--from", formats=_INSTANT, help="The first instant (UTC), such as 2019-11-18T06:00.")
    ],
    to_at: Annotated[
        datetime | None, typer.Option("--to", formats=_INSTANT, help="The second instant (UTC); now when left out.")
    ] = None,
    household: Annotated[
        str | None, typer.Option("--household", help="One household: its number, or a family reference.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what changed between two instants and why: new fact, late fact, corrected match, household, plan."""
    from tf_integration.flow.changes import changes as ask
    from tf_integration.model.settings import Settings
    from tf_integration.store import warehouse

    until = to_at.replace(tzinfo=UTC) if to_at else datetime.now(UTC)
    with warehouse.transaction(Settings.load()) as conn:
        found = ask(conn, from_at.replace(tzinfo=UTC), until, household)
    if as_json:
        typer.echo(json.dumps(found, indent=2, default=str))
        return
    moved = sum(row["status_was"] != row["status_is"] for row in found)
    typer.echo(f"{len(found)} households changed, {moved} of them in status.")
    for row in found[:_SHOWN]:
        same = row["status_was"] == row["status_is"]
        status = row["status_is"] or "not judged" if same else f"{row['status_was'] or 'new'} -> {row['status_is']}"
        counts = ", ".join(f"{row[name]} {says}" for name, says in _COUNTS.items() if row[name])
        typer.echo(f"  {row['household_id']} {status}: {', '.join(row['because'])}{f' ({counts})' if counts else ''}")
    if len(found) > _SHOWN:
        typer.echo(f"  and {len(found) - _SHOWN} more: --json lists all")
