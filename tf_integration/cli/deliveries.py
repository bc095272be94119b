"""`tfi check`, `tfi feeds` and `tfi feed hold|release|reject|preview|show|history|list`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from tf_integration.cli import keep

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_By = Annotated[str, typer.Option(help="Who decides: your own name.")]
_Because = Annotated[str, typer.Option(help="Why, in words that an auditor will read.")]
_Delivery = Annotated[str, typer.Argument(help="A delivery's id, or its file's name.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: tfi check housing_tenancies_20190501_0001.csv --feed housing_tenancies")(check)
    app.command(epilog="Example: tfi check-build build/tfi-check.pyz")(check_build)
    app.command(epilog="Example: tfi feeds")(feeds)
    feed = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="Look into a delivery, and decide what happens to it."
    )
    feed.command(epilog='Example: tfi feed release 1234 --by Ada --because "the partner confirms it"')(release)
    for command in (hold, reject):
        feed.command(epilog=f'Example: tfi feed {command.__name__} 1234 --by Ada --because "half is missing"')(command)
    for look in (preview, show, history):
        feed.command(epilog=f"Example: tfi feed {look.__name__} 1234")(look)
    feed.command(epilog="Example: tfi feed stale")(keep.stale)
    feed.command("list", epilog="Example: tfi feed list --partner housing")(listed)
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
    from tf_integration.land.receipt_words import as_text
    from tf_integration.model.settings import Settings

    told = dry_run(file, feed, snapshot_on.date() if snapshot_on else None, Settings.load().home)
    if as_json:
        _print_json(told)
    else:
        typer.echo(as_text(told, told["rejects"], heading="What the receipt would say of"), nl=False)
    raise typer.Exit(0 if told["is_well"] else 1)


def check_build(
    out: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("build/tfi-check.pyz"),
    as_json: _AsJson = False,
) -> None:
    """Make the check that a partner runs on a machine of its own: one file, without a database or a scheduler."""
    from tf_integration.flow.check_build import build
    from tf_integration.model.settings import Settings

    told = build(Settings.load(), out)
    if as_json:
        _print_json(told)
        return
    typer.echo(f"{told['file']}: {told['bytes']:,} bytes, sha256 {told['sha256']}")
    typer.echo(f"A partner installs {' '.join(told['needs'])}, then runs: python {out.name} FILE --feed FEED")


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
        if row["drift"]:
            typer.echo(f"{row['feed']}: unlike what is usual: {row['drift_because']}.")


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


def preview(
    delivery: _Delivery,
    quick: Annotated[bool, typer.Option("--quick", help="Only why it is held; do not try it out.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Why a delivery is held, what a release would take, and what would change if it were applied.

    It is applied, its people identified and the households that it touches judged, and all of that is taken back.
    """
    from tf_integration.cli import delivery_words
    from tf_integration.flow import decisions, foresee
    from tf_integration.model.settings import Settings

    told = (decisions if quick else foresee).preview(Settings.load(), delivery)
    _print_json(told) if as_json else delivery_words.show_preview(told)


def show(delivery: _Delivery, as_json: _AsJson = False) -> None:
    """A delivery's own page: counts that add up, by rule, each state with its instant, decisions, receipts.

    Exits 1 when its counts do not add up.
    """
    from tf_integration.cli import delivery_words
    from tf_integration.flow.delivery_page import show as look
    from tf_integration.model.settings import Settings

    told = look(Settings.load(), delivery)
    _print_json(told) if as_json else delivery_words.show_delivery(told)
    raise typer.Exit(1 if told["counts"]["adds_up"] is False else 0)


def history(delivery: _Delivery, as_json: _AsJson = False) -> None:
    """Who decided what about a delivery, when and why. Nothing of it can be changed or taken away."""
    from tf_integration.cli import delivery_words
    from tf_integration.flow.delivery_page import history as look
    from tf_integration.model.settings import Settings

    told = look(Settings.load(), delivery)
    _print_json(told) if as_json else delivery_words.show_history(told)


def listed(
    feed: Annotated[str | None, typer.Option(help="Of this feed only.")] = None,
    partner: Annotated[str | None, typer.Option(help="Of this partner only.")] = None,
    as_json: _AsJson = False,
) -> None:
    """The newest thirty deliveries, each with its id, status and counts."""
    from tf_integration.flow.delivery_page import recent
    from tf_integration.model.settings import Settings

    rows = recent(Settings.load(), feed, partner)
    if as_json:
        _print_json(rows)
    else:
        _table(rows, ("delivery_id", "file_name", "status", "rows_read", "rows_loaded", "rows_rejected"))


def _said(told: dict[str, Any], as_json: bool, words: str) -> None:
    if as_json:
        _print_json(told)
    else:
        typer.echo(f"Delivery {told['delivery_id']}: {words}")


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
