"""`tfi up`, `down`, `status`, `doctor`, `dsn`, `prepare` and `secrets`: the platform itself."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

Json = typer.Option(False, "--json", help="Print machine output.")
Out = typer.Option(Path("secrets"), "--out", help="The folder to write; docker-compose.yml reads ./secrets.")


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command(epilog="Example: tfi up --empty")(up)
    app.command(epilog="Example: tfi secrets --out secrets")(secrets)
    for command in (down, status, doctor, dsn, prepare):
        app.command(epilog=f"Example: tfi {command.__name__} --json")(command)


def up(
    empty: bool = typer.Option(False, "--empty", help="Start without a county, for extracts of your own."),
    as_json: bool = Json,
) -> None:
    """Start the platform on this machine, or mend what has stopped."""
    from tf_integration import serve
    from tf_integration.flow import setup
    from tf_integration.flow.access import ADMIN, PASSWORD_FILE
    from tf_integration.model.settings import Settings

    now = serve.up(Settings.load(), setup.prepare, empty=empty, step=_unseen if as_json else _seen)
    if as_json:
        return _print(serve.status(now))
    password = now.home / "secrets" / "airflow_admin_password"
    typer.echo(f"Airflow    {now.airflow_url}, user admin, password in {password}")
    password = now.home / "secrets" / PASSWORD_FILE
    typer.echo(f"Pages      {serve.pages_url(now)}, user {ADMIN}, password in {password}")
    typer.echo("Warehouse  tfi dsn")
    if not any((now.home / "partners").glob("*/extracts/*")):
        folder = now.home / "partners" / "<partner>" / "extracts"
        typer.echo(f"Extracts   none yet: put them in {folder}, then `tfi night`.")
        if not empty:
            typer.echo("           Or see the whole with an example county: `tfi demo`.")


def down(as_json: bool = Json) -> None:
    """Stop everything that `tfi up` started."""
    from tf_integration import serve
    from tf_integration.model.settings import Settings

    stopped = serve.down(Settings.load())
    if as_json:
        return _print({"stopped": stopped})
    typer.echo(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def status(as_json: bool = Json) -> None:
    """Show each part: running or not, since when, where."""
    from tf_integration import serve
    from tf_integration.model.settings import Settings

    rows = serve.status(Settings.load())
    _print(rows) if as_json else _table(rows)
    if any(row["state"] == "stopped" for row in rows):
        raise typer.Exit(3)


def doctor(as_json: bool = Json) -> None:
    """Say what is configured, reachable, pinned, old or unsafe, each with its mend."""
    from tf_integration import serve
    from tf_integration.model.settings import Settings

    found = serve.doctor(Settings.load())
    if as_json:
        _print(found)
    else:
        for row in found:
            typer.echo(f"{row['state']:<9}  {row['check']}: {row['says']}")
            if row["mend"]:
                typer.echo(f"           {row['mend']}")
    states = {row["state"] for row in found}
    if states != {"well"}:
        raise typer.Exit(3 if "failed" in states else 1)


def dsn(
    reader: bool = typer.Option(False, "--reader", help="Of a role that reads the views of `mart`, and nothing else."),
    as_json: bool = Json,
) -> None:
    """Print the warehouse's connection string, for any client. Without --reader it is the owner's, who may do all."""
    from tf_integration.flow.readers import owner_url, reader_url
    from tf_integration.model.settings import Settings

    settings = Settings.load()
    url = reader_url(settings) if reader else owner_url(settings)
    _print({"dsn": url}) if as_json else typer.echo(url)


def prepare(as_json: bool = Json) -> None:
    """Bring the warehouse to this version: tables, contracts, plans, views. `tfi up` does it, too."""
    from tf_integration.flow import setup
    from tf_integration.model.settings import Settings

    setup.prepare(Settings.load())
    if as_json:
        _print({"prepared": True})


def secrets(out: Path = Out, as_json: bool = Json) -> None:
    """Write the secrets that docker-compose.yml reads, each in a file of its own. What is there is kept."""
    from tf_integration.serve.compose import write_secrets

    written = write_secrets(out)
    if as_json:
        return _print({"written": [str(f) for f in written]})
    typer.echo(f"{len(written)} files in {out}.")


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, indent=1, default=str))


def _table(rows: list[dict[str, Any]]) -> None:
    columns = list(rows[0])
    cells = [columns, *(["-" if row[c] is None else str(row[c]) for c in columns] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    for line in cells:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


@contextmanager
def _seen(says: str) -> Iterator[None]:
    """Show that a step is under way, and how long it took."""
    from rich.console import Console

    console, began = Console(stderr=True), time.monotonic()
    with console.status(f"{says} ..."):
        yield
    console.print(f"{says}: {time.monotonic() - began:.1f} s", highlight=False)


@contextmanager
def _unseen(says: str) -> Iterator[None]:
    yield
