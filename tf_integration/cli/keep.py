"""`tfi alerts`, `tfi reprocess`, `tfi feed stale` and `tfi keep retention|audit`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: tfi alerts")(alerts)
    app.command(epilog="Example: tfi reprocess --feed housing_actions --dry-run")(reprocess)
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What goes on each night when nobody looks.")
    group.command(epilog="Example: tfi keep retention --dry-run")(retention)
    group.command(epilog="Example: tfi keep audit")(audit)
    group.command(epilog="Example: tfi keep backup --out backups/2019-06-03")(backup)
    group.command(epilog="Example: tfi keep restore backups/2019-06-03/warehouse.dump")(restore)
    app.add_typer(group, name="keep")


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
    if told.get("receipts"):
        said = told["receipts"]
        typer.echo(f"{len(said['sent'])} new receipts were sent to the partners, {len(said['owed'])} are owed."
                   + (f" {said['because']}" if said["because"] else ""))
    if told["held"]:
        typer.echo(f"{len(told['held'])} more were held under another contract: tfi feed preview {told['held'][0]}.")


def retention(
    as_at: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Another day than today.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what is past retention; nothing goes.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Remove rows of people and landed files that are past their contract's retention, as the nightly run does."""
    from datetime import date

    from tf_integration.flow.keep import retention as run
    from tf_integration.model.settings import Settings

    told = run(Settings.load(), as_at.date() if as_at else date.today(), dry_run)
    if as_json:
        _print_json(told)
        return
    went = "would go" if dry_run else "went"
    for r in told["rows"]:
        typer.echo(f"{r['feed']}, {r['because']}: {r['records']:,} people's records and {r['facts']:,} facts {went}.")
    typer.echo(f"{len(told['files'])} landed files {went}." if told["rows"] or told["files"]
               else "Nothing is kept past its retention.")


def backup(
    out: Annotated[Path, typer.Option(help="A new folder; its owner alone can read it.")],
    as_json: _AsJson = False,
) -> None:
    """Write the warehouse and the home's files: all that partners sent, with names, and the secrets. Keep it so."""
    from tf_integration.flow.backup import write
    from tf_integration.model.settings import Settings

    told = write(Settings.load(), out)
    if as_json:
        return _print_json(told)
    for name, size in told.items():
        typer.echo(f"{out / name}  {size:,} bytes")


def restore(
    dump: Annotated[Path, typer.Argument(help="The warehouse.dump of a backup.")],
    as_json: _AsJson = False,
) -> None:
    """Bring a backup's warehouse back into a home that is new: see docs/backing-up.md for its files."""
    from tf_integration.flow.backup import read
    from tf_integration.model.settings import Settings

    read(Settings.load(), dump)
    if as_json:
        return _print_json({"restored": str(dump)})
    typer.echo("Restored. Now: tfi doctor, tfi keep audit, and what docs/backing-up.md says of what came since.")


def audit(as_json: _AsJson = False) -> None:
    """Check the chain of audit events to its first. Exits 1 where it does not hold."""
    from tf_integration.flow.keep import check_audit
    from tf_integration.model.settings import Settings

    faults = check_audit(Settings.load())
    if as_json:
        _print_json({"holds": not faults, "faults": faults})
    else:
        typer.echo("\n".join(f"event {f['event_id']}: {f['fault']}" for f in faults) or "The audit chain holds.")
    raise typer.Exit(1 if faults else 0)


def _show(row: dict[str, Any]) -> None:
    over = f", over on {row['resolved_on']}" if row["resolved_on"] else ""
    again = f", said again {row['reminders']} times" if row["reminders"] else ""
    told = "; ".join(f"{channel}: {said}" for channel, said in sorted(row["told"].items())) or "no channel is set up"
    typer.echo(f"{row['severity']}: {row['says']}")
    typer.echo(f"  {row['what_to_do']} Seen on {row['opened_on']}{again}{over}. {told}.")


def _print_json(told: Any) -> None:
    import json

    typer.echo(json.dumps(told, indent=2, default=str))
