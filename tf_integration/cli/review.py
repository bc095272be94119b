"""`tfi review`: the matches that wait for a person, what is known of each, and one word to decide it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Pair = Annotated[str, typer.Argument(metavar="PAIR", help="A pair's id, or two record ids as A:B.")]
_By = Annotated[str, typer.Option(help="Who decides: your own name.")]
_Because = Annotated[str, typer.Option(help="Why, in words that an auditor will read; no particulars.")]
_Sealed = Annotated[str, typer.Argument(metavar="FORMER:NEW", help="A record of each identity, by their ids.")]
_With = Annotated[str, typer.Option("--with", help="The second person who decides.")]
_TWO = '--by Ada --with Ben --because "see the order"'
_Most = Annotated[int, typer.Option(min=1, help="At most so many.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    review = typer.Typer(invoke_without_command=True, rich_markup_mode=None,
                         help="Decide whether two records are one person. Without a word: what waits.")
    review.callback()(_root)
    review.command("list", epilog="Example: tfi review list --most 20")(list_)
    review.command(epilog="Example: tfi review show 3f9a2c")(show)
    review.command(epilog='Example: tfi review same 3f9a2c --by Ada --because "seen the birth certificate"')(same)
    review.command(epilog='Example: tfi review different 3f9a2c --by Ada --because "twins; two NHS numbers"')(different)
    for word, other in (("accept", same), ("reject", different)):  # said so in the public contract
        review.command(word, epilog=f'Example: tfi review {word} 3f9a2c --by Ada --because "seen the file"')(other)
    review.command(epilog='Example: tfi review never 3f9a2c --by Ada --because "protected; see the order"')(never)
    review.command(epilog='Example: tfi review undo 3f9a2c --by Ada --because "wrong pair"')(undo)
    review.command(epilog=f"Example: tfi review seal 12:34 {_TWO}")(seal)
    review.command(epilog=f"Example: tfi review unseal 12:34 {_TWO}")(unseal)
    review.command(epilog="Example: tfi review sample --most 50 --seed 2019-05")(sample)
    app.add_typer(review, name="review")


def _root(ctx: typer.Context, as_json: _AsJson = False) -> None:
    if ctx.invoked_subcommand is None:
        list_(as_json=as_json)


def list_(
    most: _Most = 20,
    kind: Annotated[str | None, typer.Option(help="One kind: conflict, refused, uncertain or twins.")] = None,
    as_json: _AsJson = False,
) -> None:
    """The pairs that wait, in the order of what a decision would change: claims and attached families first."""
    from tf_integration.cli import review_words
    from tf_integration.flow.review import waiting
    from tf_integration.model.settings import Settings

    told = waiting(Settings.load(), most, kind)
    _print(told) if as_json else review_words.show_waiting(told)


def sample(
    most: _Most = 20,
    seed: Annotated[str, typer.Option(help="The same seed draws the same links.")] = "1",
    as_json: _AsJson = False,
) -> None:
    """Links that the platform made, drawn by a seed: deciding them measures how many are right."""
    from tf_integration.cli import review_words
    from tf_integration.flow.review import sample as draw
    from tf_integration.model.settings import Settings

    told = draw(Settings.load(), most, seed)
    _print(told) if as_json else review_words.show_sample(told)


def show(
    pair: _Pair,
    names: Annotated[bool, typer.Option("--names", help="Show names and addresses; that you looked is kept.")] = False,
    by: Annotated[str, typer.Option(help="Who looks; the account's name when not given.")] = "",
    as_json: _AsJson = False,
) -> None:
    """One pair: how it compares, weight by weight, both histories with their files, and what was said of it."""
    from tf_integration.cli import review_words
    from tf_integration.flow.review import show as ask
    from tf_integration.model.settings import Settings

    told = ask(Settings.load(), pair, names, by.strip() or _account())
    _print(told) if as_json else review_words.show_pair(told)


def same(pair: _Pair, by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """They are one person. Where a claim is touched, two different people must say so."""
    _say("same", pair, by, because, as_json)


def different(pair: _Pair, by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """They are two people, whatever any rule or model finds."""
    _say("different", pair, by, because, as_json)


def never(pair: _Pair, by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """They must not be joined, nor asked about again: adoption, protection. Lifting it needs two people."""
    _say("never", pair, by, because, as_json)


def undo(pair: _Pair, by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """Take the standing word back: the pair is then as if nobody had spoken."""
    _say("undo", pair, by, because, as_json)


def seal(pair: _Sealed, by: _By, with_: _With, because: _Because, as_json: _AsJson = False) -> None:
    """Never rejoin a person to a former identity (adoption, protection). It is obeyed and shown nowhere."""
    from tf_integration.flow import seal as sealed
    from tf_integration.model.settings import Settings

    sealed.seal(Settings.load(), pair, (by, with_), because)
    _print({"sealed": True}) if as_json else typer.echo("Sealed, from the next refresh on. Nothing will show it.")


def unseal(pair: _Sealed, by: _By, with_: _With, because: _Because, as_json: _AsJson = False) -> None:
    """Lift a seal: the two are judged by evidence again."""
    from tf_integration.flow import seal as sealed
    from tf_integration.model.settings import Settings

    sealed.unseal(Settings.load(), pair, (by, with_), because)
    _print({"sealed": False}) if as_json else typer.echo("Lifted, from the next refresh on.")


def _say(word: str, pair: str, by: str, because: str, as_json: bool) -> None:
    from tf_integration.cli import review_words
    from tf_integration.flow.review import say
    from tf_integration.model.settings import Settings

    told = say(Settings.load(), pair, word, by, because)
    _print(told) if as_json else review_words.show_said(told)


def _account() -> str:
    import getpass

    return getpass.getuser()


def _print(told: Any) -> None:
    import json

    typer.echo(json.dumps(told, indent=2, default=str))
