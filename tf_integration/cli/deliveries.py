"""`tfi check`, `tfi feeds` and `tfi feed hold|release|reject|preview`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_By = Annotated[str, typer.Option(help="Who decides: your own name.")]
_Because = Annotated[str, typer.Option(help="Why, in words that an auditor will read.")]
_Delivery = Annotated[str, typer.Argument(help="A delivery's id, or its file's name.")]
_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: tfi check housing_tenancies_20190501_0001.csv --feed housing_tenancies")(check)
    app.command(epilog="Example: tfi feeds")(feeds)
    feed = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Decide what happens to a delivery.")
    feed.command(epilog='Example: tfi feed release 1234 --by Ada --because "the partner confirms it"')(release)
    for command in (hold, reject):
        feed.command(epilog=f'Example: tfi feed {command.__name__} 1234 --by Ada --because "half is missing"')(command)
    feed.command(epilog="Example: tfi feed preview 1234")(preview)
    app.add_typer(feed, name="feed")


def check(
    file: Annotated[Path, typer.Argument(help="The extract: .csv or .csv.gz.")],
    feed: Annotated[str, typer.Option(help="Which feed it is of.")],
    snapshot_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The snapshot date, when the name does not say it.")
    ] = None,
    as_json: _AsJson = False,
) -> None:
    """Check an extract before it is sent: what the receipt would say. Needs no warehouse and stores nothing.

    Exits 1 when the file would be held or rejected.
    """
    from tf_integration.flow.dry_run import dry_run
    from tf_integration.model.settings import Settings

    told = dry_run(file, feed, snapshot_on.date() if snapshot_on else None, Settings.load().home)
    if as_json:
        _print_json(told)
    else:
        _show_check(told)
    raise typer.Exit(0 if told["is_well"] else 1)


def feeds(as_json: _AsJson = False) -> None:
    """A row for each feed: when it is due, what came last, what it waits for. Exits 0 whatever they say."""
    from tf_integration.model.settings import Settings
    from tf_integration.store import warehouse

    with warehouse.transaction(Settings.load()) as conn:
        rows = [dict(r) for r in warehouse.run(conn, "landing/feeds.sql").mappings()]
    if as_json:
        _print_json(rows)
        return
    _table(rows, ("feed", "partner", "due_on", "last_arrived_at", "state", "rows_read", "rows_rejected", "age_days"))
    for row in rows:
        if row["next_action"] not in (None, "Nothing."):
            typer.echo(f"{row['feed']}: {row['next_action']}")


def release(delivery: _Delivery, by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """Release a held delivery; it is applied when its feed is next delivered. A mass change needs two people."""
    from tf_integration.flow.decisions import release as decide
    from tf_integration.model.settings import Settings

    told = decide(Settings.load(), delivery, by, because)
    left = told["people_needed"] - told["people"]
    _said(
        told,
        as_json,
        f"Released by {told['people']} of {told['people_needed']}. "
        + ("Another person must release it too." if left > 0 else "It is applied when its feed is next delivered."),
    )


def hold(delivery: _Delivery, by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """Hold a delivery that is not applied yet; one that is held already loses its releases."""
    from tf_integration.flow.decisions import hold as decide
    from tf_integration.model.settings import Settings

    told = decide(Settings.load(), delivery, by, because)
    _said(told, as_json, "Held. Nothing of it is applied until it is released.")


def reject(delivery: _Delivery, by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """Reject a held delivery for good; its partner is told to send it again."""
    from tf_integration.flow.decisions import reject as decide
    from tf_integration.model.settings import Settings

    told = decide(Settings.load(), delivery, by, because)
    _said(told, as_json, "Rejected. Its bytes are removed, and its receipt says so at the next look.")


def preview(delivery: _Delivery, as_json: _AsJson = False) -> None:
    """Why a delivery is held, how it differs from the last, and what a release would take."""
    from tf_integration.flow.decisions import preview as look
    from tf_integration.model.settings import Settings

    told = look(Settings.load(), delivery)
    if as_json:
        _print_json(told)
        return
    typer.echo(
        f"{told['file']} ({told['delivery_id']}): {told['status']}, {told['rows_read'] or 0} rows; "
        f"the last accepted had {told['rows_of_the_last'] if told['rows_of_the_last'] is not None else 'none'}."
    )
    _show_reasons(told["reasons"])
    if told["can_be_released"]:
        typer.echo(f"Released by {told['people']} of the {told['people_needed']} different people that it needs.")
    elif told["status"] == "held":
        typer.echo("It cannot be released: the partner must send it again.")


def _said(told: dict[str, Any], as_json: bool, words: str) -> None:
    if as_json:
        _print_json(told)
    else:
        typer.echo(f"Delivery {told['delivery_id']}: {words}")


def _show_check(told: dict[str, Any]) -> None:
    typer.echo(f"{told['file']}: {told['status'].replace('_', ' ')}")
    typer.echo(f"{told['rows_read']} rows read, {told['rows_loaded']} would load, {told['rows_rejected']} would not.")
    _show_reasons(told["reasons"])
    for r in told["rejects"][:_SHOWN]:
        typer.echo(f"  line {r['line']}{', ' + r['column'] if r['column'] else ''}: {r['rule']}. {r['what_to_do']}")
    if len(told["rejects"]) > _SHOWN:
        typer.echo(f"  and {len(told['rejects']) - _SHOWN} more; --json lists them all.")


def _show_reasons(reasons: Sequence[dict[str, Any]]) -> None:
    for r in reasons:
        typer.echo(f"- {r['rule']} ({r['count']}): {r['what_to_do']}")


def _table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    cells = [[_cell(r[c]) for c in columns] for r in rows]
    widths = [max(len(c), *(len(line[i]) for line in cells)) if cells else len(c) for i, c in enumerate(columns)]
    for line in [list(columns), *cells]:
        typer.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    return "-" if value is None else f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def _print_json(told: Any) -> None:
    import json

    typer.echo(json.dumps(told, indent=2, default=str))
