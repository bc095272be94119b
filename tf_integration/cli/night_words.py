"""How a night, a worklist and a demonstration look on a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter
from itertools import groupby
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from tf_integration.flow.night import Night

_STATUS = {"ready": "ready to claim", "blocked_by_data": "blocked by data", "in_progress": "in progress",
           "eligible": "eligible, to find", "cannot_tell": "cannot tell", "not_eligible": "not eligible",
           "claimed": "claimed"}
_COUNTS = ("rows_read", "rows_loaded", "rows_rejected")


def console() -> Console:
    """Standard output; where it is not a terminal, without colours and wide enough for a table."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=max(out.width, 110))


def show(told: Night) -> None:
    """What arrived, what waits and why, what moved, and what the refresh went without."""
    out = console()
    out.print(f"\nNight of {told.as_at}", style="bold")
    _arrived(out, told.arrived)
    for row in told.unsettled:
        _reasons(out, row)
    for failure in told.failed:
        place = f"{failure['dag']} in {failure['task'] or 'its start'}"
        out.print(f"FAILED  {place}: {failure['because']}", style="red", soft_wrap=True, markup=False)
        out.print(f"        {failure['see']}", soft_wrap=True)
    _moved(out, told)
    for (state, action), feeds in groupby(sorted(told.without, key=_why_without), key=_why_without):
        names = ", ".join(feed["feed"] for feed in feeds)
        for line in textwrap.wrap(f"without {names}: {state}. {action}", out.width, subsequent_indent="        "):
            out.print(line, markup=False)
    for check in told.broken:
        out.print(f"BROKEN  mart check {check}", style="red")
    spent = ", ".join(f"{what} {seconds} s" for what, seconds in told.seconds.items())
    out.print(f"{_ending(told)} {spent}\n", style="bold")


def _why_without(feed: dict[str, Any]) -> tuple[str, str]:
    return str(feed["state"]), str(feed["next_action"])


def show_demo(shown: dict[str, Any]) -> None:
    """The worklist, one family's reasons, and where to look next."""
    out = console()
    show_worklist(out, shown["worklist"])
    if shown["explained"]:
        out.print("\nOne family, to file and line", style="bold")
        out.print(shown["explained"], soft_wrap=True, markup=False)
    out.print("\nWhere to look next", style="bold")
    for what, where in shown["next"].items():
        out.print(f"  {what:<22} {where}", soft_wrap=True, markup=False)


def show_worklist(out: Console, listed: dict[str, list[dict[str, Any]]]) -> None:
    """Each status with its count, and under it the households nearest to a claim."""
    out.print("\nWorklist", style="bold")
    for status in listed["counts"]:
        worth = f", £{status['value_pounds']:,.0f}" if status["value_pounds"] else ""
        twice = f" ({status['aside']:,} more have ended or are part of another household)" if status["aside"] else ""
        called, n = _STATUS.get(status["status"], status["status"]), status["households"] - status["aside"]
        said = f"{called}: {n:,}{worth}{twice}"
        out.print(said, style="bold")
        for row in listed["households"]:
            if row["status"] == status["status"]:
                _household(out, row)


def _household(out: Console, row: dict[str, Any]) -> None:
    refs = ", ".join(row["family_refs"] or [])
    people = f"{_n(row['adults'], 'adult', 'adults')}, {_n(row['children'], 'child', 'children')}"
    told = "  ".join(p for p in (str(row["household_id"]), refs, people, ", ".join(row["problems_present"])) if p)
    out.print(f"  {told}", soft_wrap=True, markup=False)
    if row["status"] == "ready":
        why = f"{row['result']}, £{row['value_pounds']:,.0f}"
    else:
        why = ". Next: ".join(p for p in (row["why_not"], row["what_next"]) if p)
    for line in textwrap.wrap(why, out.width - 6):
        out.print(f"      {line}", markup=False)


def _n(count: int | None, one: str, many: str) -> str:
    return f"{count or 0} {one if count == 1 else many}"


def _arrived(out: Console, arrived: list[dict[str, Any]]) -> None:
    tonight = [a for a in arrived if not a["is_older"]]
    if not tonight:
        out.print("Nothing arrived.")
        return
    table = _table("feed", "files >", "outcome", "rows read >", "loaded >", "rejected >")
    for feed, files in groupby(tonight, key=lambda a: a["feed"]):
        rows = list(files)
        counts = [f"{sum(r[c] or 0 for r in rows):,}" for c in _COUNTS]
        outcomes = Counter(_said(r) for r in rows)
        said = ", ".join(o if len(rows) == 1 else f"{n} {o}" for o, n in outcomes.items())
        table.add_row(feed, str(len(rows)), said, *counts)
    out.print(table)


def _said(row: dict[str, Any]) -> str:
    return (row["status"] or "unfinished").replace("_", " ")


def _reasons(out: Console, row: dict[str, Any]) -> None:
    since = ", from an earlier night" if row["is_older"] else ""
    name = f"{row['file_name']}{since} (delivery {row['delivery_id']})"
    out.print(f"{_said(row).upper():<10} {name}", style="yellow", soft_wrap=True)
    for reason in row["reasons"]:
        words = f"        {reason['rule']} ({reason['count']:,}): {reason['what_to_do']}"
        out.print(words, markup=False, soft_wrap=True)


def _moved(out: Console, told: Night) -> None:
    if told.run_id is None:
        out.print("There was no refresh: the verdicts are those of the night before.", style="red")
        return
    table = _table("status", "before >", "now >")
    for row in told.statuses:
        table.add_row(_STATUS.get(row["status"], row["status"]), f"{row['n_before']:,}", f"{row['n_now']:,}")
    out.print(table)
    why = ", ".join(f"{r['n']:,} by {r['because']}" for r in told.moved)
    out.print(f"Changed status: {why}." if why else "No household changed its status.")


def _ending(told: Night) -> str:
    well = "What came is well; above stands what has not come." if told.without else "All well."
    return {0: well, 1: "Something needs a person.", 3: "The refresh failed."}[told.exit_code]


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        right = column.endswith(" >")
        table.add_column(column.removesuffix(" >"), justify="right" if right else "left", overflow="fold")
    return table
