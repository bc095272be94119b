"""`tfi county`: write the example county to a folder."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import typer


def register(app: typer.Typer) -> None:
    app.command()(county)


def county(
    out: Path = typer.Option(..., help="A new or empty folder."),
    families: int = typer.Option(500, help="How many families, in early help or not."),
    seed: int = typer.Option(1, help="The same seed gives the same bytes."),
    as_at: datetime = typer.Option(..., formats=["%Y-%m-%d"], help="Business date of the last night."),
    nights: int = typer.Option(1, help="How many nights in a row, a day apart."),
    as_json: bool = typer.Option(False, "--json", help="Machine output."),
) -> None:
    """Write synthetic families, fifteen partners' imperfect extracts of them, night by night, and the truth."""
    from tf_integration.county import generate

    told = None if as_json else _tell
    summary = generate(out, families, seed, as_at.date(), nights, told)
    if as_json:
        typer.echo(json.dumps(summary.as_json(), indent=1))
        return
    typer.echo(f"{summary.families} families, {summary.persons} people, {summary.nights} night{'s' * (nights > 1)}, "
               f"{sum(summary.rows.values())} rows in {summary.files} files under {summary.out}")
    for feed, rows in summary.rows.items():
        typer.echo(f"  {feed:<26}{rows:>9}")
    typer.echo(f"The truth is in {summary.out / 'truth'}; the nights are listed in {summary.out / 'nights.json'}.")


def _tell(done: int, families: int) -> None:
    if families >= 5000 and done % 5000 == 0:
        typer.echo(f"{done} of {families} families", err=True)
