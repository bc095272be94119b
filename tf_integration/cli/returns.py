"""`tfi returns ...`: what goes out to others, and the reply to a match."""

from __future__ import annotations

import getpass
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

_DAY = ["%Y-%m-%d"]
_Out = Annotated[Path, typer.Option(help="A new file; its owner alone can read it.")]
_By = Annotated[str, typer.Option(help="Who takes it out: your own name.")]
_Because = Annotated[str, typer.Option(help="Why, in words that an auditor will read.")]
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Returns to others, from the same facts.")
    out = '--by Ada --because "the June return"'
    group.command(epilog=f"Example: tfi returns progress --out progress.csv {out}")(progress)
    group.command(epilog=f"Example: tfi returns impact --out impact.csv {out}")(impact)
    group.command(epilog=f"Example: tfi returns outcomes --quarter 2019Q2 --out outcomes.csv {out}")(outcomes)
    group.command(epilog=f"Example: tfi returns cohort --out cohort.csv {out}")(cohort)
    group.command(epilog=f"Example: tfi returns match --out request.csv {out}")(match)
    group.command(epilog="Example: tfi returns match-reply reply.csv --request 7 --snapshot-on 2019-06-03")(match_reply)
    group.command(
        epilog='Example: tfi returns permit impact --to Ada --by Grace --because "wave 2" --until 2027-03-31'
    )(permit)
    group.command(epilog="Example: tfi returns whose 3f8a...")(whose)
    group.command(epilog="Example: tfi returns costs")(costs)
    group.command("list", epilog="Example: tfi returns list")(listed)
    app.add_typer(group, name="returns")


def progress(out: _Out, by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """Each member of each attached family before and after, in the shape of Family Progress Data; pseudonyms only."""
    from tf_integration.flow import returns
    from tf_integration.model.settings import Settings

    _said(returns.progress(Settings.load(), out, by, because), as_json)


def whose(
    pseudonym: Annotated[str, typer.Argument(help="A Family ID or Person ID of the progress return.")],
    by: Annotated[str, typer.Option(help="Who asks; the account's name when not given.")] = "",
    as_json: _AsJson = False,
) -> None:
    """Who stands behind a pseudonym of the progress return, when somebody asks about a row."""
    from tf_integration.flow import returns
    from tf_integration.model.settings import Settings

    found = returns.whose(Settings.load(), pseudonym, by or getpass.getuser())
    if as_json:
        typer.echo(json.dumps({f"{found['kind']}_id": found["id"]}, indent=2))
    else:
        typer.echo(f"{found['kind']} {found['id']}: see it with tfi timeline {found['id']}.")


def impact(
    out: _Out,
    by: _By,
    because: _Because,
    without: Annotated[Path | None, typer.Option(help="A CSV of person_id: people who objected.")] = None,
    as_json: _AsJson = False,
) -> None:
    """Personal data for the National Impact Study. Needs leave by somebody else (`tfi returns permit impact`)."""
    from tf_integration.flow import returns
    from tf_integration.model.settings import Settings

    told = returns.impact(Settings.load(), out, by, because, without)
    _said(told, as_json, f"{told['objected']:,} people objected and are left out.")


def outcomes(
    quarter: Annotated[str, typer.Option(help="Of a calendar year: 2019Q2 is April to June.")],
    out: _Out,
    by: _By,
    because: _Because,
    as_json: _AsJson = False,
) -> None:
    """Counts of a quarter by plan: attached, problems, improved, claimed."""
    from tf_integration.flow import returns
    from tf_integration.model.settings import Settings

    _said(returns.outcomes(Settings.load(), out, by, because, quarter), as_json)


def cohort(out: _Out, by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """Families by problems, area and month, with costs before and after; small counts are kept back."""
    from tf_integration.flow import returns
    from tf_integration.model.settings import Settings

    _said(returns.cohort(Settings.load(), out, by, because), as_json)


def match(out: _Out, by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """The benefit match request about adults. Needs leave that somebody else gave (`tfi returns permit match`)."""
    from tf_integration.flow.match import request
    from tf_integration.model.settings import Settings

    told = request(Settings.load(), out, by, because)
    left = f"{told['left_out']:,} adults are left out: no surname or full address."
    _said(told, as_json, f"Request {told['made_id']}. {left}")


def match_reply(
    file: Annotated[Path, typer.Argument(help="The reply, a CSV.")],
    request: Annotated[int, typer.Option(help="The request that it answers; `tfi returns list` shows them.")],
    snapshot_on: Annotated[datetime, typer.Option(formats=_DAY, help="The day of which it speaks.")],
    out: Annotated[Path | None, typer.Option(help="The partner's extracts folder.")] = None,
    as_json: _AsJson = False,
) -> None:
    """Take in the reply to a match: it becomes a delivery of its feed. Exits 1 when it holds unknown references."""
    from tf_integration.flow.match import reply
    from tf_integration.model.settings import Settings

    told = reply(Settings.load(), file, request, snapshot_on.date(), out)
    if as_json:
        _print_json(told)
    else:
        found = ", ".join(f"{n:,} {match or 'blank'}" for match, n in told["matches"].items())
        typer.echo(f"{told['file']}: {told['rows']:,} rows ({found}); {told['not_answered']:,} people not answered.")
        if told["unknown"]:
            lines = ", ".join(map(str, told["unknown"][:10]))
            typer.echo(f"{len(told['unknown']):,} rows name nobody whom the request asked about (line {lines}).")
    raise typer.Exit(1 if told["unknown"] else 0)


def permit(
    what: Annotated[str, typer.Argument(help="impact or match.")],
    to: Annotated[str, typer.Option(help="Who may take it out.")],
    by: Annotated[str, typer.Option(help="Who gives leave: another person.")],
    because: _Because,
    until: Annotated[datetime, typer.Option(formats=_DAY, help="The last day of it.")],
    as_json: _AsJson = False,
) -> None:
    """Give somebody leave to take out a return that holds personal data, until a day."""
    from tf_integration.flow.returns import permit as give
    from tf_integration.model.settings import Settings

    told = give(Settings.load(), what, to, by, because, until.date())
    if as_json:
        _print_json(told)
    else:
        typer.echo(f"{told['given_to']} may take out {what} until {told['until']} (leave {told['permission_id']}).")


def costs(as_json: _AsJson = False) -> None:
    """Load the table of unit costs again after it was edited (TFI_HOME/returns/unit_costs.yaml)."""
    from tf_integration.flow.unit_costs import load_unit_costs
    from tf_integration.model.settings import Settings
    from tf_integration.store import warehouse

    settings = Settings.load()
    with warehouse.transaction(settings) as conn:
        told = load_unit_costs(conn, settings.home)
    if as_json:
        _print_json(told)
    else:
        typer.echo(f"{told['items']} unit costs." + ("" if told["verified"] else " Nobody has checked them yet."))


def listed(as_json: _AsJson = False) -> None:
    """The returns that were made: what, by whom, when, how many rows, and the replies to requests."""
    from tf_integration.flow.returns import made
    from tf_integration.model.settings import Settings

    rows = made(Settings.load())
    if as_json:
        _print_json(rows)
        return
    for r in rows:
        asked = f", {r['answered']:,} of {r['asked']:,} answered" if r["asked"] else ""
        typer.echo(f"{r['made_id']:>5}  {r['made_at']:%Y-%m-%d %H:%M}  {r['what']:<18}{r['rows']:>8,} rows  "
                   f"{r['by_whom']}: {r['because']}{asked}")  # fmt: skip


def _said(told: dict[str, Any], as_json: bool, more: str = "") -> None:
    if as_json:
        _print_json(told)
        return
    typer.echo(f"{told['file']}: {told['rows']:,} rows as at {told['as_at']}, sha256 {told['sha256']}")
    if not told["verified"]:
        typer.echo("Nobody has checked this layout against the recipient's own specification yet.")
    if more:
        typer.echo(more)


def _print_json(told: Any) -> None:
    typer.echo(json.dumps(told, indent=2, default=str))
