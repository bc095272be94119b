"""`tfi`: every command of the platform. What a command needs is imported when it runs: help stays quick."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import typer

from tf_integration.cli import (
    changes,
    claims,
    county,
    deliveries,
    families,
    keep,
    night,
    people,
    person,
    plans,
    platform,
    returns,
    review,
    web,
)
from tf_integration.model.errors import PlatformError

UNEXPECTED = 3
# Of the errors of a wrong call typer exports this one alone; they share its base.
WRONG_CALL: type[Any] = typer.BadParameter.__base__ or typer.BadParameter


def build() -> typer.Typer:
    """The app with every command group registered, in the order in which `tfi --help` lists them."""
    app = typer.Typer(name="tfi", no_args_is_help=True, invoke_without_command=True,
                      add_completion=False, pretty_exceptions_enable=False,
                      rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]},
                      help="From partners' extracts to claim readiness. Start with `tfi demo`.")
    app.callback()(_root)
    for group in (platform, county, night, deliveries, keep, families, changes, claims, plans, returns, review, people,
                  person, web):
        group.register(app)
    return app


def main() -> None:
    """Run `tfi`. Exits 0 well, 1 the data needs a person, 2 called wrongly, 3 the platform failed."""
    os.umask(os.umask(0) | 0o022)       # what we make is nobody else's to write, whatever the machine's own habit
    try:
        sys.exit(build()(standalone_mode=False))
    except WRONG_CALL as error:
        error.show()
        _tell(error.exit_code, what=error.format_message(), mend="Add --help to see what the command takes.")
    except PlatformError as error:
        _fail(f"{error}", error.exit_code, where=error.where, what=error.what, mend=error.mend)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # its message may quote a row, so it is not shown
        if meant := _known(error):
            _fail(f"{meant}", meant.exit_code, where=meant.where, what=meant.what, mend=meant.mend)
        what = f"an unexpected fault ({type(error).__name__})."
        _fail(f"{what} The trace, without values, is in {write_trace(error)}.", UNEXPECTED, what=what)


def _known(error: Exception) -> PlatformError | None:
    """What the fault means, where it is the warehouse that is away or of another version."""
    from tf_integration.flow.faults import known
    from tf_integration.model.settings import Settings

    try:
        return known(error, Settings.load())
    except Exception:  # saying what went wrong must not go wrong itself
        return None


def _fail(words: str, code: int, **told: str) -> NoReturn:
    """Say a fault to whoever reads; with `--json` also to whatever reads."""
    typer.echo(f"tfi: {words}", err=True)
    _tell(code, **told)


def _tell(code: int, **told: str) -> NoReturn:
    """Leave with the exit code; with `--json`, `error` and `exit_code` go to whatever reads."""
    if "--json" in sys.argv:
        typer.echo(json.dumps({"error": {"where": "", "mend": "", **told}, "exit_code": code}))
    sys.exit(code)


def _root(
    version: bool = typer.Option(False, "--version", help="Print the version and stop.", is_eager=True),
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(installed("tf-integration"))
        raise typer.Exit


def write_trace(error: BaseException) -> Path | str:
    """Write where the error arose, and its type, to `TFI_HOME/logs`; not its message, which may hold a value.

    Returns the file, or words when it cannot be written.
    """
    from tf_integration.flow.faults import shape
    from tf_integration.model.settings import Settings

    at = datetime.now(UTC)
    try:
        logs = Settings.load().logs
        logs.mkdir(parents=True, exist_ok=True)
        file = logs / f"tfi-{at:%Y%m%dT%H%M%S}.log"
        lines = [f"{at:%Y-%m-%dT%H:%M:%SZ} tfi {' '.join(sys.argv[1:2])}", *shape(error)]
        file.write_text("\n".join(lines) + "\n")
    except (OSError, PlatformError):
        return "no file (the log folder cannot be written)"
    return file
