"""`tfi claims`: from the worklist to a paid claim, and earlier claims from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_By = Annotated[str, typer.Option(help="Who acts: your own name. The ledger keeps it.")]
_Because = Annotated[str, typer.Option(help="Why, in words that an auditor will read.")]
_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the group `claims`."""
    claims = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Claims, from the worklist to the ledger.")
    claims.command("import", epilog="Example: tfi claims import earlier-claims.csv --by Ada")(import_)
    app.add_typer(claims, name="claims")


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV, a row per person: claim_ref, plan_id, family_ref, partner, person_ref, result, state, "
            "claimed_on, amount_pounds."
        ),
    ],
    by: Annotated[str | None, typer.Option(help="Who acts; this computer's user when not given.")] = None,
    because: _Because = "earlier claims",
    later: Annotated[bool, typer.Option("--later", help="Leave the judging to the next refresh.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Load earlier claims. The same file again changes nothing. Exits 1 when a row is refused; the others load."""
    import getpass

    from tf_integration.flow.claims import import_claims
    from tf_integration.model.settings import Settings

    told = import_claims(Settings.load(), file, getpass.getuser() if by is None else by, because, judge=not later)
    if as_json:
        _print_json(told)
    else:
        _show_import(told)
    raise typer.Exit(1 if told["rows_refused"] else 0)


def _show_import(told: dict[str, Any]) -> None:
    typer.echo(
        f"{told['file']}: {told['rows_read']} rows read, {told['rows_refused']} refused; "
        f"{told['claims_new']} claims new, {told['claims_moved']} moved to another state."
    )
    if told["people_waiting"]:
        typer.echo(f"{told['people_waiting']} people are not known from any partner yet.")
    if told["judged"]:
        n = told["judged"]["statuses"].get("claimed", 0)
        typer.echo(f"Judged again: {told['judged']['households']} households, of which {n} are claimed.")
    for f in told["refused"][:_SHOWN]:
        typer.echo(f"  line {f['line']}{', ' + f['column'] if f['column'] else ''}: {f['fault']}. {f['remedy']}")
    if len(told["refused"]) > _SHOWN:
        typer.echo(f"  and {len(told['refused']) - _SHOWN} more; --json lists them all.")


def _print_json(told: Any) -> None:
    import json

    typer.echo(json.dumps(told, indent=2, default=str))
