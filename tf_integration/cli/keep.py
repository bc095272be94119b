"""`tfi alerts`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: tfi alerts")(alerts)


def alerts(
    everything: Annotated[bool, typer.Option("--all", help="Those that are over too.")] = False,
    as_json: _AsJson = False,
) -> None:
    """What is wrong with feeds, accounts, runs and marts, and who has been told. Exits 1 while something stands."""
    from tf_integration.flow.keep import standing
    from tf_integration.model.settings import Settings

    found = standing(Settings.load(), everything)
    if as_json:
        _print_json(found)
    elif not found:
        typer.echo("Nothing stands.")
    else:
        for row in found:
            _show(row)
    raise typer.Exit(1 if any(row["resolved_on"] is None for row in found) else 0)


def _show(row: dict[str, Any]) -> None:
    over = f", over on {row['resolved_on']}" if row["resolved_on"] else ""
    again = f", said again {row['reminders']} times" if row["reminders"] else ""
    told = "; ".join(f"{channel}: {said}" for channel, said in sorted(row["told"].items())) or "no channel is set up"
    typer.echo(f"{row['severity']}: {row['says']}")
    typer.echo(f"  {row['what_to_do']} Seen on {row['opened_on']}{again}{over}. {told}.")


def _print_json(told: Any) -> None:
    import json

    typer.echo(json.dumps(told, indent=2, default=str))
