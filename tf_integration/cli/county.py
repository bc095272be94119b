"""`tfi county`: write the example county to a folder."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

_DATE = ["%Y-%m-%d"]
_TELL_FROM = 5000                # a smaller county is written before anyone wonders


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: tfi county --out county --families 500 --as-at 2019-03-15 --nights 3")(county)


def county(
    out: Annotated[Path, typer.Option(help="A new or empty folder.")],
    as_at: Annotated[datetime, typer.Option(formats=_DATE, help="The last night's date.")],
    families: Annotated[int, typer.Option(help="How many families, in early help or not.")] = 500,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    nights: Annotated[int, typer.Option(help="How many nights in a row, a day apart.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write synthetic families, fifteen partners' extracts of them night by night, and the truth."""
    from tf_integration.county import generate

    summary = generate(out, families, seed, as_at.date(), nights, None if as_json else _tell)
    if as_json:
        typer.echo(json.dumps(summary.as_json(), indent=1))
        return
    typer.echo(
        f"{summary.families:,} families and {summary.persons:,} people, {summary.nights} night(s), "
        f"{sum(summary.rows.values()):,} rows in {summary.files} files."
    )
    for feed, rows in summary.rows.items():
        typer.echo(f"  {feed:<26}{rows:>10,}")
    typer.echo(f"The truth is in {out / 'truth'}; the nights are listed in {out / 'nights.json'}.")


def _tell(done: int, families: int) -> None:
    if families >= _TELL_FROM and done % _TELL_FROM == 0:
        typer.echo(f"{done:,} of {families:,} families", err=True)
