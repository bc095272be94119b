"""How `tfi review` looks on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import typer

_WORDS = {"same": "one person", "different": "two people", "never": "never to be joined",
          "undo": "as if nobody had spoken"}
_PARTICULARS = ("forename", "surname", "date_of_birth", "sex", "address", "postcode", "uprn", "nhs_number", "upn",
                "nino")
_WIDE = 110


def show_waiting(told: dict[str, Any]) -> None:
    """The pairs that wait."""
    if not told["pairs"]:
        typer.echo("No pair waits for a person.")
        return
    rows = [(p["pair_id"], p["listed_as"], _weight(p["match_weight"]), p["would_change"], _reason(p))
            for p in told["pairs"]]
    _table(rows, ("pair", "kind", "weight", "touches", "because"))
    typer.echo(f"{len(told['pairs'])} of {told['waiting']} that wait. Next: tfi review show PAIR")


def show_sample(told: dict[str, Any]) -> None:
    """The links that were drawn."""
    if not told["pairs"]:
        typer.echo("No link is left to draw.")
        return
    rows = [(p["pair_id"], _weight(p["match_weight"]), p["because"]) for p in told["pairs"]]
    _table(rows, ("pair", "weight", "because"))
    typer.echo("Say `same` or `different` of each; the view mart.match_quality_v1 then tells how many are right.")


def show_pair(told: dict[str, Any]) -> None:
    """One pair: comparison, histories, words."""
    typer.echo(f"Pair {told['pair_id']}: records {told['record_a']} and {told['record_b']}, {_state(told)}")
    if told["because"]:
        typer.echo(f"  {told['because']}.")
    if told["touches_claim"]:
        typer.echo("  A claim stands for one of the two: joining them needs two people.")
    if told["compared"]:
        said = f"The model: {told['sentence']} ({_weight(told['weight'])}: {told['verdict']})."
        typer.echo(textwrap.fill(said, _WIDE, initial_indent="  ", subsequent_indent="  ") + "\n")
        _table([(c["about"], c["level"], _weight(c["weight"]), _weight(c["total"])) for c in told["compared"]],
               ("compared", "found", "adds", "so far"))
    for side, versions in groupby(told["histories"], key=lambda v: v["side"]):
        typer.echo(f"\n{'First' if side == 'a' else 'Second'} person's records")
        for v in versions:
            _version(v)
    for word in told["words"]:
        waits = "" if word["decides"] or word["says"] == "undo" else " (waits for another person)"
        typer.echo(f"\n{word['said_at']:%Y-%m-%d %H:%M} {word['by_whom']}: {_WORDS[word['says']]}{waits}."
                   f" {word['because']}")


def show_said(told: dict[str, Any]) -> None:
    """What became of a word."""
    if told["decides"]:
        typer.echo(f"Pair {told['pair_id']}: {_WORDS[told['says']]}. It takes effect at the next refresh.")
    elif told["says"] == "undo" and told["people"] >= told["people_needed"]:
        typer.echo(f"Pair {told['pair_id']}: the word that waited for a second person is taken back.")
    else:
        typer.echo(f"Pair {told['pair_id']}: said by {told['people']} of {told['people_needed']} people. "
                   "Another person must say so too.")


def _version(v: dict[str, Any]) -> None:
    until = "" if v["known_to"] is None else f", until {v['known_to']:%Y-%m-%d}"
    mark = "*" if v["is_asked"] else " "
    typer.echo(f"  {mark} {v['snapshot_on']} {v['partner']} {v['feed']}, line {v['line_no']}{until}")
    said = [f"{name.replace('_', ' ')} {v[name]}" for name in _PARTICULARS if v[name] is not None]
    for line in textwrap.wrap(", ".join(said) or "no particulars", _WIDE):
        typer.echo(f"      {line}")


def _state(told: dict[str, Any]) -> str:
    now = "one person now" if told["listed_as"] == "joined" else "two people now"
    return now + (f"; somebody decided: {_WORDS[told['stands']]}" if told["stands"] else "")


def _reason(pair: dict[str, Any]) -> str:
    waits = f" [{pair['said_by']} said {pair['waits_for_second']}; another must]" if pair["waits_for_second"] else ""
    return str(pair["because"]) + waits


def _weight(weight: float | None) -> str:
    return "" if weight is None else f"{weight:+.1f}"


def _table(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> None:
    widths = [max(len(h), *(len(r[i]) for r in rows)) for i, h in enumerate(heads)]
    for row in (heads, *rows):
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
