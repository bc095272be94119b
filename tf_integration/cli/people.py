"""`tfi model`: the matching model: what was trained, what it would do, which one decides."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Model = Annotated[str, typer.Argument(metavar="MODEL", help="A model's id, or `shipped`.")]
_By = Annotated[str, typer.Option(help="Who decides: your own name.")]
_Because = Annotated[str, typer.Option(help="Why, in words that an auditor will read.")]
_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the commands."""
    model = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Train, try and choose the matching model.")
    model.command("list", epilog="Example: tfi model list")(list_)
    model.command(epilog="Example: tfi model show 2019-05-01.1")(show)
    model.command(epilog="Example: tfi model train --by Ada")(train)
    model.command(epilog="Example: tfi model preview 2019-05-01.1")(preview)
    model.command(epilog='Example: tfi model activate 2019-05-01.1 --by Ada --because "3 merges, all right"')(activate)
    model.command(epilog='Example: tfi model rollback --by Ada --because "it splits twins\' records"')(rollback)
    app.add_typer(model, name="model")


def list_(as_json: _AsJson = False) -> None:
    """Every model that was trained, and which one decides."""
    from tf_integration.flow.models import models
    from tf_integration.model.settings import Settings

    told = models(Settings.load())
    if as_json:
        _print(told)
        return
    for m in told:
        about = f"trained by {m['by_whom']}, code {m['code_version']}" if m["by_whom"] else "comes with this version"
        typer.echo(f"{'*' if m['is_live'] else ' '} {m['model_id']:<14} {about}")
    typer.echo("* decides from the last refresh after it was made live.")


def show(model: _Model, as_json: _AsJson = False) -> None:
    """A model's parameters: of each comparison and level how often it shows in one person, in two, and its weight."""
    from tf_integration.flow.models import parameters
    from tf_integration.model.settings import Settings

    told = parameters(Settings.load(), model)
    if as_json:
        _print(told)
        return
    from math import log2

    typer.echo(f"{'comparison':<14}{'level':<20}{'one person':>12}{'two people':>12}{'weight':>9}")
    for comparison in told["settings"]["comparisons"]:
        for level in comparison["comparison_levels"]:
            m, u = level.get("m_probability"), level.get("u_probability")
            if m and u:
                typer.echo(f"{comparison['output_column_name']:<14}{level['label_for_charts']:<20}"
                           f"{m:>12.6f}{u:>12.6f}{log2(m / u):>+9.1f}")


def train(
    by: Annotated[str, typer.Option(help="Who trains: your own name.")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its day; today when not given.")] = None,
    as_json: _AsJson = False,
) -> None:
    """Learn a model from the current records and keep it. It decides nothing until it is activated."""
    from datetime import date

    from tf_integration.flow.models import train as learn
    from tf_integration.model.settings import Settings

    told = learn(Settings.load(), on.date() if on else date.today(), by)
    said = f"Model {told['model_id']} is kept. Next: tfi model preview {told['model_id']}"
    _print(told) if as_json else typer.echo(said)


def preview(model: _Model, as_json: _AsJson = False) -> None:
    """Who would merge and who would split if this model decided. Nothing is kept."""
    from tf_integration.flow.models import preview as foresee
    from tf_integration.model.settings import Settings

    told = foresee(Settings.load(), model)
    if as_json:
        _print(told)
        return
    typer.echo(f"With model {told['model_id']}, as at {told['as_at']}: {told['n_merges']} merges, "
               f"{told['n_splits']} splits, {told['links_changed']} links change, "
               f"{told['households_touched']} households are looked at again.")
    for sort in ("merges", "splits"):
        for e in told[sort][:_SHOWN]:
            words = "takes in" if sort == "merges" else "loses records to"
            typer.echo(f"  {e['person_id']} {words} {e['other_id']}{' (a claim stands)' if e['touches_claim'] else ''}")
        if len(told[sort]) > _SHOWN:
            typer.echo(f"  and {len(told[sort]) - _SHOWN} more {sort}; --json lists them all.")


def activate(model: _Model, by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """Let a model decide from the next refresh on. What people decided stands above it."""
    from tf_integration.flow.models import activate as choose
    from tf_integration.model.settings import Settings

    _live(choose(Settings.load(), model, by, because), as_json)


def rollback(by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """Let the model decide again that decided before the live one."""
    from tf_integration.flow.models import rollback as back
    from tf_integration.model.settings import Settings

    _live(back(Settings.load(), by, because), as_json)


def _live(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        _print(told)
    else:
        typer.echo(f"Model {told['live']} decides from the next refresh on, in place of {told['was']}.")


def _print(told: Any) -> None:
    import json

    typer.echo(json.dumps(told, indent=2, default=str))
