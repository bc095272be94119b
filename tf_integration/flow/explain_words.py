"""One household's reasons as plain text, for a terminal or a page that prints."""

from __future__ import annotations

import textwrap
from datetime import date
from typing import Any

from tf_integration.flow.explain import VERDICT_SAYS

WIDTH = 110
_MARK = {"met": "+", "not_met": "-", "not_known": "?"}


def as_text(told: dict[str, Any], short: bool = False) -> str:
    """`flow.explain`'s word as plain text: the status first, then why, what next, and every verdict.

    `short` leaves the criteria that are not met, and the problems that never were, to a line of names.
    """
    lines = [f"Household {told['household_id']}" + _answers_to(told),
             f"As at {_day(told['as_at'])}, known at {told['known_at']:%Y-%m-%d %H:%M} UTC, "
             f"under {told['plan'] or told['plan_id']} (run {told['run_id']})", *_gone(told), "", told["status_says"]]
    lines += [_wrapped(f"  {what:<14}", said) for what, said in _standing(told) if said]
    absent = [p for p in told["problems"] if short and p["present"] == p["present_since"] == "not_met"]
    for problem in (p for p in told["problems"] if p not in absent):
        lines += _problem(problem, short)
    if absent:
        lines += ["", _wrapped("Not present: ", ", ".join(p["problem"] for p in absent))]
    for title, group in (("The principles", told["principles"]), ("Ways to a result", told["results"])):
        if group:
            lines += ["", title, *_verdicts(group)]
    lines += ["", "+ met   - not met   ? not known"]
    return "\n".join(lines)


def timeline_text(told: dict[str, Any]) -> str:
    """`flow.timeline`'s word: when, what and whose; under it the file and the line that say so."""
    named = f"Household {told['household_id']}" if told["household_id"] else f"Person {told['person_id']}"
    lines = [f"{named}: {len(told['events']):,} events", ""]
    for event in told["events"]:
        outside = ", not a member then" if event["while_member"] is False else ""
        lines.append(f"{span(event['happened_on'], event['ended_on']):<26}{event['says']} ({whose(event)}{outside})")
        lines.append(f"{'':<26}{event['file_name']} line {event['line_no']}")
    return "\n".join(lines)


def _gone(told: dict[str, Any]) -> list[str]:
    """What keeps the answer from being the one that was given then."""
    gone = told.get("gone_since")
    said = "Records have been taken away since then, by an erasure or by retention, last on {}: " \
           "if they were this family's, the answer then was made with more."
    return [_wrapped("", said.format(_day(gone.date())))] if gone else []


def _answers_to(told: dict[str, Any]) -> str:
    return f" ({', '.join(told['family_refs'])})" if told["family_refs"] else ""


def _standing(told: dict[str, Any]) -> list[tuple[str, str | None]]:
    """What the status carries, in the order in which a reader asks."""
    earliest = told["earliest_on"] and f"{_day(told['earliest_on'])}, if nothing new happens"
    if earliest and told["binds"]:
        earliest += f" (it waits on {', '.join(told['binds'])})"
    return [("Why not", told["why_not"]), ("What next", told["what_next"]), ("Earliest", earliest),
            ("Would answer", told["blocked_by_feed"]), ("Result", told["result"]),
            ("Worth", f"£{told['value_pounds']:,.0f}" if told["value_pounds"] else None),
            ("Claimed as", told["claimed_as"]),
            ("Attached", told["attached_on"] and _day(told["attached_on"]))]


def _problem(problem: dict[str, Any], short: bool) -> list[str]:
    since = "" if problem["present_since"] == problem["present"] else \
        f" (since attachment: {VERDICT_SAYS[problem['present_since']]})"
    improved = f", improved {VERDICT_SAYS[problem['improved']]}" if problem["improvement"] else ""
    lines = ["", f"{problem['says']} [{problem['problem']}]",
             f"  present {VERDICT_SAYS[problem['present']]}{since}{improved}"]
    if problem["not_known_because"]:
        lines.append(f"  not known because {problem['not_known_because']}")
    unmet = [v for v in problem["identified"] if short and v["verdict"] == "not_met"]
    lines += _verdicts([v for v in problem["identified"] if v not in unmet])
    if unmet:
        lines.append(_wrapped("  - not met: ", ", ".join(v["criterion"] for v in unmet)))
    if problem["improvement"]:
        lines += [_wrapped("  improved when ", problem["improved_when"] or "all hold"),
                  *_verdicts(problem["improvement"], said_above=problem["improved_when"])]
    return lines


def _verdicts(verdicts: list[dict[str, Any]], said_above: str | None = None) -> list[str]:
    """A line each, and under it every fact with its place. What stands above them all is not said again."""
    lines = []
    for verdict in verdicts:
        opening = f"  {_MARK[verdict['verdict']]} {verdict['criterion']}: "
        lines.append(_wrapped(opening, _sentence(verdict, said_above)))
        for fact in verdict["evidence"]:
            lines.append(f"      {span(fact['starts_on'], fact['ends_on'])}  {fact['says']} ({whose(fact)})")
            lines.append(f"        {fact['file_name']} line {fact['line_no']}")
            if "line" in fact:
                lines.append("        " + ", ".join(f"{k}={v}" for k, v in fact["line"].items()))
    return lines


def _sentence(verdict: dict[str, Any], said_above: str | None) -> str:
    """The run's own sentence, its opening put in the words of the legend."""
    said = verdict["says"]
    for opening in ("Met: ", "Not met: ", "Not known: "):
        said = said.removeprefix(opening)
    said = said.replace(said_above, "").strip(" ;") if said_above else said
    return f"{VERDICT_SAYS[verdict['verdict']]}{': ' if said and not said.startswith('(') else ' '}{said}".rstrip()


def _wrapped(opening: str, said: str) -> str:
    under = " " * len("  What next     " if opening[2:3].isupper() else "  + x:")
    return textwrap.fill(said, WIDTH, initial_indent=opening, subsequent_indent=under, break_long_words=False,
                         break_on_hyphens=False)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def whose(fact: dict[str, Any]) -> str:
    """`mother 968033751594495651`, `person 96...` where no relationship is known, or `the family`."""
    return f"{fact['relationship'] or 'person'} {fact['person_id']}" if fact["person_id"] else "the family"


def span(first: date | None, last: date | None) -> str:
    """`2019-01-02`, `2019-01-02 to 2019-02-01`, `until ...` or `always`."""
    if first is None:
        return f"until {last}" if last else "always"
    return f"{first} to {last}" if last else str(first)
