"""A county as the plain reference evaluator sees it when every row is known to be whose it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from reference.evaluator import Judgement
from reference.world import Coverage, Fact, Membership, Person, Ref, World

from .reading import AS_AT, County, Extract

DAYS = ("starts_on", "ends_on", "happened_on")
NUMBERS = ("quantity", "out_of", "authorised", "unauthorised")


def statuses(county: County, extracts: list[Extract]) -> dict[str, str]:
    """The plan's status of each true household, the links between rows and people being perfect."""
    latest = _latest(extracts)
    person = {(s["feed"], s["partner"], s["person_ref"]): s["person_id"] for s in county.truth("source_rows")}
    facts: dict[str, list[Fact]] = defaultdict(list)
    members: dict[str, set[Membership]] = defaultdict(set)
    family = {r["ref"]: r["household_id"] for r in county.truth("references") if r["partner"] == "early_help"}
    for (feed, partner), rows in latest.items():
        for e, row in rows.values():
            who = person.get((feed, partner, row.get("person_ref", "")))
            for fact in _facts(e, row, who):
                facts[who or f"{row['family_ref']}"].append(fact)
            if feed == "early_help_members" and who:
                members[family[row["family_ref"]]].add(Membership(1, who, _day(row["joined_on"]), _day(row["left_on"])))
    for m in county.truth("memberships"):
        if m["household_id"] not in family.values():
            members[m["household_id"]].add(Membership(1, m["person_id"], _day(m["valid_from"]), _day(m["valid_to"])))
    born = {p["person_id"]: date.fromisoformat(p["date_of_birth"]) for p in county.truth("persons")}
    covered, found = list(_coverage(extracts)), {}
    for h in county.truth("households"):
        listed = sorted(members[h["household_id"]], key=str)
        refs = [ref for ref, household in family.items() if household == h["household_id"]]
        people = sorted({m.person_id for m in listed})
        world = World([Person(p, born[p]) for p in people], listed, [f for k in (*people, *refs) for f in facts[k]],
                      covered, refs=[Ref(1, ref) for ref in refs])
        found[h["household_id"]] = Judgement(world, 1, AS_AT).status(AS_AT)[0]
    return found


def _latest(extracts: list[Extract]) -> dict[tuple[str, str], dict[tuple[str, ...], tuple[Extract, dict[str, str]]]]:
    """The rows that stand after the last night."""
    found: dict[tuple[str, str], dict[tuple[str, ...], tuple[Extract, dict[str, str]]]] = defaultdict(dict)
    for e in extracts:
        rows = found[e.feed.feed, e.partner]
        if e.feed.mode == "whole":
            rows.clear()
        for row in e.good():
            key = tuple(row[k] for k in e.feed.key)
            if row.get("op") == "D":
                rows.pop(key, None)
            else:
                rows[key] = e, row
    return found


def _facts(e: Extract, row: dict[str, str], who: str | None) -> Iterator[Fact]:
    for made in e.feed.facts:
        if all(_fits(row[column], wanted) for column, wanted in made.when.items()):
            values: dict[str, Any] = {"starts_on": None}
            for target, source in made.set.items():
                value = _value(e, row, source)
                if value != "":
                    is_day, is_number = target in DAYS, target in NUMBERS
                    values[target] = _day(value) if is_day else float(value) if is_number else value
            yield Fact(made.kind, person=who, feed=e.feed.feed, partner=e.partner, **values)


def _fits(value: str, wanted: Any) -> bool:
    return bool(value) == (wanted == "filled") if wanted in ("filled", "blank") else value in wanted


def _value(e: Extract, row: dict[str, str], source: str) -> Any:
    if source == "$snapshot_on":
        return e.control["snapshot_on"]
    if source.startswith("="):
        return source[1:]
    if "=" in source:
        column, code = source.split("=")
        return row[column] == code
    return next((row[column] for column in source.split("|") if row[column]), "")


def _coverage(extracts: list[Extract]) -> Iterator[Coverage]:
    for e in extracts:
        if e.feed.covers_place:
            for key in dict.fromkeys((r["establishment"], r["period_start"], r["period_end"]) for r in e.good()):
                yield Coverage(e.feed.feed, date.fromisoformat(key[1]), date.fromisoformat(key[2]), key[0])
        else:
            first, last = (date.fromisoformat(e.control[end]) for end in ("covers_from", "covers_to"))
            yield Coverage(e.feed.feed, first, last)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
