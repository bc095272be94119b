"""`tfi worklist`, `tfi explain` and `tfi timeline`."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Annotated, Any

import typer

from tf_integration.model.errors import CallError

_DATE = ["%Y-%m-%d"]
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add the three commands."""
    app.command(epilog="Example: tfi worklist --each 20")(worklist)
    app.command(epilog="Example: tfi explain early_help:F100 --as-at 2019-05-01")(explain)
    app.command(epilog="Example: tfi timeline early_help:F100")(timeline)


def worklist(
    each: Annotated[int, typer.Option(min=1, help="At most so many households of each status.")] = 10,
    as_json: _AsJson = False,
) -> None:
    """How many households stand where, and those that somebody can do something about, nearest to a claim first."""
    from tf_integration.flow.worklist import worklist as ask
    from tf_integration.model.settings import Settings

    listed = ask(Settings.load(), each)
    if as_json:
        _print_json(listed)
    else:
        from tf_integration.cli import night_words

        night_words.show_worklist(night_words.console(), listed)


def explain(
    household: Annotated[str, typer.Argument(help="Its number, a family_ref, or partner:family_ref.")],
    problem: Annotated[str | None, typer.Option(help="One problem of the plan, by its code.")] = None,
    as_at: Annotated[datetime | None, typer.Option(formats=_DATE, help="Judge it for another day.")] = None,
    known_at: Annotated[str | None, typer.Option(
        help="With what was known at the end of a day, or of a minute like 2019-05-01T06:00.")] = None,
    show_line: Annotated[bool, typer.Option(
        "--show-line", help="Show what each fact read from its line; never a person's particulars.")] = False,
    short: Annotated[bool, typer.Option(
        "--short", help="Leave out the criteria that are not met and the problems that never were.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Why a household stands where it does: each verdict in a sentence, each fact to its file and line."""
    from tf_integration.flow.explain import explain as ask
    from tf_integration.flow.explain_words import as_text
    from tf_integration.model.settings import Settings

    settings = Settings.load()
    told = ask(settings, household, problem, as_at.date() if as_at else None, _instant(known_at))
    if show_line:
        _read_lines(settings, told)
    if as_json:
        _print_json(told)
    else:
        typer.echo(as_text(told, short))


def timeline(
    who: Annotated[str, typer.Argument(
        metavar="HOUSEHOLD|PERSON",
        help="A household as for `explain`, or a person's number or partner:person_ref.")],
    to: Annotated[datetime | None, typer.Option(formats=_DATE, help="Stop at this day.")] = None,
    as_json: _AsJson = False,
) -> None:
    """Everything known of a household or a person, in order of time, with its source."""
    from tf_integration.flow.explain_words import timeline_text
    from tf_integration.flow.timeline import timeline as ask
    from tf_integration.model.settings import Settings

    told = ask(Settings.load(), who, to.date() if to else None)
    if as_json:
        _print_json(told)
    else:
        typer.echo(timeline_text(told))


def _instant(text: str | None) -> datetime | None:
    """A day, a minute and a second mean their end, for what we print is cut to them; without a zone it is UTC."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CallError("neither a day nor an instant.", where="--known-at",
                        mend="Write 2019-05-01 or 2019-05-01T06:00.") from None
    if len(text) == len("2019-05-01"):
        at = datetime.combine(at, time.max)
    elif not at.microsecond:
        says_seconds = text.count(":", 0, len("2019-05-01T06:00:00")) > 1
        at = at.replace(second=at.second if says_seconds else 59, microsecond=999_999)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _read_lines(settings: Any, told: dict[str, Any]) -> None:
    """Put `line`, the columns read, beside each fact of the evidence."""
    from tf_integration.flow.lines import row_read

    groups = [told["principles"], told["results"]]
    groups += [p[side] for p in told["problems"] for side in ("identified", "improvement")]
    for fact in (f for verdicts in groups for v in verdicts for f in v["evidence"]):
        fact["line"] = row_read(settings, fact["delivery_id"], fact["line_no"], fact["kind"])


def _print_json(told: dict[str, Any]) -> None:
    from tf_integration.cli.night import print_json

    print_json(told)
