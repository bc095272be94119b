"""`tfi web account|accounts|close`: who may look at the pages."""

from __future__ import annotations

import getpass
import json
from typing import Annotated

import typer

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_By = Annotated[str, typer.Option(help="Who does it; the account's name on this machine when not given.")]
_Name = Annotated[str, typer.Argument(help="The name that is typed to sign in.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who may look at the pages, and at which.")
    group.command(epilog="Example: tfi web account amina.khan --role families --role progress")(account)
    group.command(epilog="Example: tfi web accounts")(accounts)
    group.command(epilog="Example: tfi web close amina.khan")(close)
    app.add_typer(group, name="web")


def account(
    name: _Name,
    role: Annotated[list[str], typer.Option(help="What they may see, as in keep/access.yaml; again for each.")],
    openid: Annotated[bool, typer.Option("--openid", help="No password: your sign-on service vouches.")] = False,
    by: _By = "",
    as_json: _AsJson = False,
) -> None:
    """Make an account, or give one these roles and a new password. The password is shown once and kept nowhere."""
    from tf_integration.flow.access import put_account
    from tf_integration.model.settings import Settings

    told = put_account(Settings.load(), name, role, by or getpass.getuser(), openid)
    if as_json:
        return typer.echo(json.dumps(told))
    typer.echo(f"{told['name']}: {'made' if told['is_new'] else 'changed'}, for {', '.join(told['roles'])}.")
    if told["password"]:
        typer.echo(f"Password, shown this once: {told['password']}")


def accounts(as_json: _AsJson = False) -> None:
    """The accounts, what each may see, and when it was last seen."""
    from tf_integration.flow.access import accounts as ask
    from tf_integration.model.settings import Settings

    found = ask(Settings.load())
    if as_json:
        return typer.echo(json.dumps(found, default=str))
    for a in found:
        state = "closed" if a["closed_at"] else "waits" if a["waits"] else "open"
        last = f"{a['seen_at']:%Y-%m-%d %H:%M}" if a["seen_at"] else "never"
        typer.echo(f"{a['name']:<24} {state:<7} last seen {last:<17} {', '.join(a['roles'])}"
                   + (f"; vouched for by {a['vouched_by']}" if a["vouched_by"] else ""))


def close(name: _Name, by: _By = "", as_json: _AsJson = False) -> None:
    """Close an account: nobody signs in with it any more, and who was signed in is out."""
    from tf_integration.flow.access import close_account
    from tf_integration.model.settings import Settings

    close_account(Settings.load(), name, by or getpass.getuser())
    typer.echo(json.dumps({"closed": name}) if as_json else f"{name}: closed.")
