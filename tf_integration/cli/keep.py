"""`tfi alerts`, `tfi reprocess` and `tfi feed stale`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: tfi alerts")(alerts)
    app.command(epilog="Example: tfi reprocess --feed housing_actions --dry-run")(reprocess)


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


def stale(
    feed: Annotated[str | None, typer.Option(help="One feed only.")] = None,
    as_json: _AsJson = False,
) -> None:
    """Deliveries that were read under another version of their contract than the one in force."""
    from tf_integration.flow.reprocess import stale as find
    from tf_integration.model.settings import Settings

    found = find(Settings.load(), feed)
    if as_json:
        _print_json(found)
        return
    for d in found:
        typer.echo(f"{d['delivery_id']}  {d['file_name']} from {d['partner']}: {d['status']}, "
                   f"read under {d['contract_version']}")
    typer.echo(f"{len(found)} deliveries. Run them again with tfi reprocess." if found
               else "None: every delivery was read under the contract in force.")


def reprocess(
    feed: Annotated[str, typer.Option(help="The feed whose deliveries are run again.")],
    by: Annotated[str, typer.Option(help="Who asks: your own name.")] = "",
    because: Annotated[str, typer.Option(help="Why, in words that an auditor will read.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would change; nothing of it stays.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Run a feed's accepted deliveries again under the contract in force. What was known before is kept."""
    from tf_integration.flow.reprocess import reprocess as run
    from tf_integration.model.settings import Settings

    told = run(Settings.load(), feed, by, because, dry_run=dry_run)
    if as_json:
        _print_json(told)
        return
    if not told["deliveries"]:
        typer.echo(f"No accepted delivery of {feed} was read under another contract.")
    else:
        done = "would be read" if dry_run else "were read"
        typer.echo(f"{len(told['deliveries'])} deliveries of {feed} {done} under contract {told['contract_is']}.")
        for name, was in told["before"].items():
            moved = told["after"][name] - was
            typer.echo(f"  {name.replace('_', ' '):<15} {was:>10,} {told['after'][name]:>10,}"
                       + (f"  {moved:+,}" if moved else ""))
    if told["held"]:
        typer.echo(f"{len(told['held'])} more were held under another contract: tfi feed preview {told['held'][0]}.")


def _show(row: dict[str, Any]) -> None:
    over = f", over on {row['resolved_on']}" if row["resolved_on"] else ""
    again = f", said again {row['reminders']} times" if row["reminders"] else ""
    told = "; ".join(f"{channel}: {said}" for channel, said in sorted(row["told"].items())) or "no channel is set up"
    typer.echo(f"{row['severity']}: {row['says']}")
    typer.echo(f"  {row['what_to_do']} Seen on {row['opened_on']}{again}{over}. {told}.")


def _print_json(told: Any) -> None:
    import json

    typer.echo(json.dumps(told, indent=2, default=str))
