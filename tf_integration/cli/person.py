"""`tfi person export|erase`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Person = Annotated[str, typer.Argument(help="A person's number, or partner:person_ref.")]
_By = Annotated[str, typer.Option(help="Who asks: your own name.")]
_Because = Annotated[str, typer.Option(help="Why, in words that an auditor will read.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    person = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="A person's rights: access and erasure.")
    person.command(epilog='Example: tfi person export housing:H1 --out h1.json --by Ada --because "request 12"')(export)
    person.command(epilog='Example: tfi person erase housing:H1 --by Ada --because "request 13" --dry-run')(erase)
    app.add_typer(person, name="person")


def export(
    person: _Person,
    out: Annotated[Path, typer.Option(help="The new file; only its owner can read it.")],
    by: _By,
    because: _Because,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV: section, item, name, value.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Write everything held about a person, with its sources, purposes and look-ups, into a file."""
    from tf_integration.flow.person import export as run
    from tf_integration.model.settings import Settings

    counts = run(Settings.load(), person, out, by, because, as_csv)
    _say({"out": str(out), "items": counts}, as_json,
         f"{out}: {', '.join(f'{n} {name}' for name, n in counts.items())}. Send it by a safe way, then delete it.")


def erase(
    person: _Person,
    by: _By,
    because: _Because,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would go; nothing goes.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Delete everything about a person, here and in landed files; later files' rows about them are not stored.

    It cannot be taken back. Exits 1 where a claim rests on the person, or a landed file cannot be read.
    """
    from tf_integration.flow.person import erase as run
    from tf_integration.model.settings import Settings

    told = run(Settings.load(), person, by, because, dry_run)
    rows = sum(told["deleted"].values())
    words = f"{rows:,} rows would go." if dry_run else (
        f"Erased: {rows:,} rows, lines of {told['files']} landed files; {told['households']} households judged anew.")
    if told["unread"]:
        words += (f"\nThese landed files cannot be read, and may hold lines of theirs: {', '.join(told['unread'])}. "
                  "When one is opened, their rows are not kept; remove one that nobody will open.")
    _say(told, as_json, words)
    if told["unread"]:
        raise typer.Exit(1)


def _say(told: dict[str, Any], as_json: bool, words: str) -> None:
    import json

    typer.echo(json.dumps(told, indent=2, default=str) if as_json else words)
