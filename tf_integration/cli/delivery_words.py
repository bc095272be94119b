"""How a delivery looks on a terminal: its preview, its page, its decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import typer

from tf_integration.flow.delivery_page import instant
from tf_integration.flow.foresee_words import counted


def show_preview(told: Mapping[str, Any]) -> None:
    """Why it is held, what a release would take, and what would change."""
    before = told["rows_of_the_last"]
    typer.echo(
        f"{told['file']} ({told['delivery_id']}): {told['status']}, {told['rows_read'] or 0} rows; "
        f"the last accepted had {before if before is not None else 'none'}."
    )
    for reason in told["reasons"]:
        typer.echo(f"- {reason['rule']} ({reason['count']}): {reason['what_to_do']}")
    if "would" in told:
        for line in _would(told["would"]):
            typer.echo(line)
    if told["can_be_released"]:
        typer.echo(f"Released by {told['people']} of the {told['people_needed']} different people that it needs.")
    elif told["status"] == "held":
        typer.echo("It cannot be released: the partner must send it again.")


def _would(told: Mapping[str, Any]) -> Iterator[str]:
    if not told["applies"]:
        yield f"Nothing would change: {told['because']}"
        return
    yield f"If it were applied, as at {told['as_at']} (worked out in {told['seconds']} s and taken back):"
    for what, said in counted(told):
        yield f"  {what:<11} {said}"
    if house := told["households"]:
        for row in house.get("statuses", ()):
            yield f"    status                {_move(row)}"
        for row in house.get("flags", ()):
            yield f"    {row['problem']:<22}{_move(row)}"
    if not told["is_whole"]:
        yield f"  not whole: {told['because']}"


def _move(row: Mapping[str, Any]) -> str:
    was, now = (str(row[k] or "none").replace("_", " ") for k in ("was", "is"))
    return f"{was} -> {now}: {row['households']:,}"


def show_delivery(told: Mapping[str, Any]) -> None:
    """The delivery's own page."""
    typer.echo(f"{told['file']} ({told['delivery_id']}), feed {told['feed']} from {told['partner']}: {told['status']}")
    for line in _counted(told):
        typer.echo(line)
    _block("Why", [f"{r['rule']} ({r['count']:,}): {r['what_to_do']}" for r in told["reasons"]])
    _block("Rejected rows by rule", [
        f"{r['rows']:>7,} rows  {r['faults']:>7,} faults  {r['rule']}{' in ' + r['column'] if r['column'] else ''}, "
        f"first on line {r['first_line']}" for r in told["by_rule"]])  # fmt: skip
    _block("Measures that failed", [
        f"{m['name']} ({m['severity']})" + (f": {m['quantity']:.4g}" if m["quantity"] is not None else "")
        for m in told["measures"]])  # fmt: skip
    _block("States", [f"{instant(e['happened_at'])}  {e['state']}" + (f" ({e['status']})" if e["status"] else "")
                      for e in told["events"]])  # fmt: skip
    _block("Decisions", decisions(told["decisions"]))
    _block("Receipts", [f"{instant(r['tried_at'])}  " + (f"could not be written ({r['fault']})" if r["fault"]
                        else f"written: {r['status']}") for r in told["receipts"]])  # fmt: skip


def _counted(told: Mapping[str, Any]) -> Iterator[str]:
    counts = told["counts"]
    if counts["read"] is None:
        yield "Its rows have not been read."
        return
    sums = f"read {counts['read']:,} = loaded {counts['loaded']:,} + rejected {counts['rejected']:,}"
    yield f"{sums}; rejected = faulty {counts['faulty']:,} + withheld {counts['withheld']:,}"
    if not counts["adds_up"]:
        yield "These counts do not add up; look at landing.reject and landing.delivery."
    if told["families_affected"] is not None:
        yield f"Families known here whom this concerns: {told['families_affected']:,}"
    if told["applied"]:
        yield "Applied: " + ", ".join(f"{k.replace('_', ' ')} {n:,}" for k, n in told["applied"].items())


def show_history(told: Mapping[str, Any]) -> None:
    """Who decided what, when and why."""
    typer.echo(f"{told['file']} ({told['delivery_id']}): {told['status']}")
    for line in decisions(told["decisions"]) or ["Nobody has decided anything about it."]:
        typer.echo(f"  {line}")


def decisions(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A line for each decision, in order."""
    return [
        f"{instant(d['decided_at'])}  {d['action']} by {d['by_whom']}: {d['because']}"
        + (f" (of {', '.join(d['rules'])})" if d["rules"] else "")
        for d in rows
    ]


def _block(title: str, lines: Sequence[str]) -> None:
    if lines:
        typer.echo(f"\n{title}")
    for line in lines:
        typer.echo(f"  {line}")
