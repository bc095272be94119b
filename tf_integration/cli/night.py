"""`tfi night` and `tfi demo`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tf_integration.flow.night import Watch

_DATE = ["%Y-%m-%d"]
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add the two commands."""
    app.command(epilog="Example: tfi night --as-at 2019-05-01")(night)
    app.command(epilog="Example: tfi demo --families 500 --nights 3")(demo)


def night(
    as_at: Annotated[datetime, typer.Option(formats=_DATE, help="The business date.")],
    as_json: _AsJson = False,
) -> None:
    """Run every feed and the refresh for a business date under Airflow, and print what came, waits and moved.

    Exits 1 when a file, a feed's run or a mart check needs a person, 3 when there was no refresh.
    """
    from tf_integration.flow.night import night as carry_out
    from tf_integration.model.settings import Settings

    with progress(quiet=as_json) as watch:
        told = carry_out(Settings.load(), as_at.date(), watch)
    if as_json:
        print_json(told.as_dict())
    else:
        from tf_integration.cli import night_words

        night_words.show(told)
    raise typer.Exit(told.exit_code)


def demo(
    families: Annotated[int, typer.Option(min=1, help="How many families the example county has.")] = 500,
    nights: Annotated[int, typer.Option(min=1, max=12, help="How many nights to run.")] = 3,
    seed: Annotated[int, typer.Option(help="Another seed, another county.")] = 1,
    as_at: Annotated[datetime | None, typer.Option(formats=_DATE, help="The last night's date.")] = None,
    as_json: _AsJson = False,
) -> None:
    """Start the platform, make an example county, run its nights; show the worklist and one's reasons."""
    from tf_integration.cli import night_words
    from tf_integration.flow import demo as flow
    from tf_integration.model.settings import Settings

    order = flow.Order(families, nights, seed, as_at.date() if as_at else flow.LAST_NIGHT)
    with progress(quiet=as_json) as watch:
        voice = flow.Voice(lambda words: None, lambda told: None, watch, lambda what: nullcontext())
        if not as_json:
            voice = flow.Voice(typer.echo, night_words.show, watch, step)
        shown = flow.demo(Settings.load(), order, voice)
    if as_json:
        print_json(shown)
    else:
        night_words.show_demo(shown)


def print_json(told: dict[str, Any]) -> None:
    """Machine output: dates and decimals as text."""
    import json

    typer.echo(json.dumps(told, default=str, indent=1))


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what was done and how long it took."""
    began = time.monotonic()
    yield
    typer.echo(f"{what}: {time.monotonic() - began:.1f} s")


@contextmanager
def progress(quiet: bool) -> Iterator[Watch]:
    """A bar on standard error while something is waited for; nothing when `quiet` or when nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                   console=Console(stderr=True), disable=quiet, transient=True)
    tasks: dict[str, Any] = {}

    def watch(what: str, done: int, of: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=of)
        bar.update(tasks[what], completed=done, total=of)
        if done == of:
            bar.remove_task(tasks.pop(what))

    with bar:
        yield watch
