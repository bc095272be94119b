"""The county of the year: the example county with other shares of lives, and what befalls its families meanwhile."""

from __future__ import annotations

import copy
import csv
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tf_integration.county import generate
from tf_integration.county.world import data
from tf_integration.model.feed import load_feeds

LIVES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("lives.yaml").read_text())
LAST_NIGHT = date(2019, 11, 20)
Row = dict[str, str]


@dataclass(frozen=True)
class Order:
    """Which year is asked for: the same order gives the same files. `every` nights apart are those on which files come."""

    families: int
    nights: int = 365
    seed: int = 20191120
    every: int = 1


def make(out: Path, order: Order) -> list[dict[str, Any]]:
    """Write the county of an order, unless it stands; returns its nights, each with `as_at` and `files`."""
    if not (out / "nights.json").exists():
        with _lived(order):
            generate(out, order.families, order.seed, LAST_NIGHT, order.nights)
    return list(json.loads((out / "nights.json").read_text()))


@contextmanager
def _lived(order: Order) -> Iterator[None]:
    """The example county's stories and rhythms, with those of `lives.yaml` in their place."""
    stories, views = data("stories"), data("views")
    were = copy.deepcopy(stories), copy.deepcopy(views)
    shares, attached = LIVES["shares"], LIVES["attached_ago"]
    chosen = [s | {"share": shares[s["name"]]} for s in stories["stories"] if s["name"] in shares]
    stories["stories"] = [s | ({"attached_ago": attached[s["name"]]} if s["name"] in attached else {}) for s in chosen]
    for name, feed in load_feeds().items():
        habits = views["feeds"].get(name, {})
        habits.pop("sent_days_before", None)
        if feed.rhythm in LIVES["every_days"]:
            habits["again"] = max(LIVES["every_days"][feed.rhythm], order.every)
    try:
        yield
    finally:
        for now, was in zip((stories, views), were, strict=True):
            now.clear()
            now.update(was)


class Truth:
    """Who is who, as the county knows and no partner does."""

    def __init__(self, out: Path) -> None:
        def rows(name: str) -> list[Row]:
            with (out / "truth" / f"{name}.csv").open(newline="") as handle:
                return list(csv.DictReader(handle))

        self.person_of = {(r["partner"], r["person_ref"]): r["person_id"] for r in rows("source_rows")}
        self.born = {r["person_id"]: date.fromisoformat(r["date_of_birth"]) for r in rows("persons")}
        self.families = {r["ref"]: r["household_id"] for r in rows("references") if r["partner"] == "early_help"}
        self.attached = {r["household_id"] for r in rows("households") if r["attached_on"]}
        self.faulty: dict[tuple[str, str], set[int]] = defaultdict(set)
        for fault in rows("faults"):
            self.faulty[fault["partner"], fault["file"]].add(int(fault["line"]))


@dataclass
class Change:
    """What help wrote down of families on a day: who left which family, and who stands in which from when."""

    says: str
    on: str
    left: set[tuple[str, str]] = field(default_factory=set)  # (family_ref, person_ref)
    joined: list[Row] = field(default_factory=list)
    milestones_of: dict[str, str] = field(default_factory=dict)  # a new family's reference: whose way it takes over


class Happenings:
    """Moves, partings, families joined and families formed again, drawn by a seed and written into every later file."""

    def __init__(self, truth: Truth, seed: int) -> None:
        self.truth, self.rng = truth, Random(seed)
        self.changes: list[Change] = []
        self.members: dict[str, list[Row]] = {}

    def befall(self, on: date) -> str | None:
        """Let something befall a family that help knows; returns what, or None where nobody fits."""
        attached = sorted(
            r
            for r, rows in self.members.items()
            if self.truth.families.get(r) in self.truth.attached and _children(rows)
        )
        if len(attached) < 2:
            return None
        one, other = self.rng.sample(attached, 2)
        happens = self.rng.choice((self._moves, self._moves, self._parts, self._joins, self._again))
        change = happens(one, other, on.isoformat())
        self.changes.append(change)
        return change.says

    def _moves(self, one: str, other: str, on: str) -> Change:
        child = self.rng.choice(_children(self.members[one]))
        return Change(
            "a child moved to another family",
            on,
            {(one, child["person_ref"])},
            [child | {"family_ref": other, "joined_on": on}],
        )

    def _parts(self, one: str, _: str, on: str) -> Change:
        new, going = f"{one}P{len(self.changes)}", _half(self.members[one])
        return Change(
            "a family parted",
            on,
            {(one, r["person_ref"]) for r in going},
            [r | {"family_ref": new, "joined_on": on} for r in going],
            {new: one},
        )

    def _joins(self, one: str, other: str, on: str) -> Change:
        going = [r for r in self.members[other] if not r["left_on"]]
        return Change(
            "two families became one",
            on,
            {(other, r["person_ref"]) for r in going},
            [r | {"family_ref": one, "joined_on": on} for r in going],
        )

    def _again(self, one: str, _: str, on: str) -> Change:
        """A second case for most of the family, with the whole of its past: nobody has left the first."""
        new, same = f"{one}A{len(self.changes)}", self.members[one]
        adults = [r for r in same if r["relationship"] != "child"]
        same = [r for r in same if r is not adults[-1]] if len(adults) > 1 else same
        return Change(
            "a family was formed again", on, joined=[r | {"family_ref": new} for r in same], milestones_of={new: one}
        )

    def write(self, source: Path, target: Path) -> None:
        """A file of early help as it comes, with what has befallen its families in it, and its control file."""
        text, control = source.read_bytes(), json.loads(Path(f"{source}.ctl.json").read_text())
        if source.name.startswith("early_help_m"):
            reader = csv.DictReader(io.StringIO(text.decode("utf-8"), newline=""))
            rows, names = list(reader), list(reader.fieldnames or ())
            rows = self._members(rows) if "joined_on" in names else self._milestones(rows)
            out = io.StringIO()
            writer = csv.DictWriter(out, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            if len(self.changes):
                text = out.getvalue().encode()
                control |= {"rows": len(rows), "bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
        target.write_bytes(text)
        Path(f"{target}.ctl.json").write_text(json.dumps(control))

    def _members(self, rows: list[Row]) -> list[Row]:
        for change in self.changes:
            here = {r["person_ref"] for r in rows}
            rows = [
                r | {"left_on": change.on}
                if (r["family_ref"], r["person_ref"]) in change.left
                and not r["left_on"]
                and r["joined_on"] <= change.on
                else r
                for r in rows
            ]
            rows += [r for r in change.joined if r["person_ref"] in here]
        self.members = defaultdict(list)
        for row in rows:
            if row.get("family_ref") and not row["left_on"]:
                self.members[row["family_ref"]].append(row)
        return (
            list({(r["person_ref"], r["family_ref"], r["joined_on"]): r for r in rows}.values())
            if self.changes
            else rows
        )

    def _milestones(self, rows: list[Row]) -> list[Row]:
        for change in self.changes:
            for new, old in change.milestones_of.items():
                rows = rows + [r | {"family_ref": new} for r in rows if r["family_ref"] == old]
        return rows


def _children(rows: list[Row]) -> list[Row]:
    return [r for r in rows if r["relationship"] == "child"]


def _half(rows: list[Row]) -> list[Row]:
    """An adult and every second child."""
    adults = [r for r in rows if r["relationship"] != "child"]
    return [*adults[:1], *_children(rows)[::2]]
