"""Which rows go out on which night: whole snapshots, half-terms, and increments with their corrections."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

from tf_integration.county.family import DAY, Family, Row
from tf_integration.county.files import Sent
from tf_integration.county.truth import Truth
from tf_integration.county.views import particulars, view
from tf_integration.county.world import World, data
from tf_integration.model.errors import ContractError
from tf_integration.model.feed import ANY_PARTNER, Feed, load_feeds


class Outbox:
    """One feed of one partner: its files over the nights, all open while the families go by."""

    def __init__(self, world: World, feed: Feed, partner: str, out: Path) -> None:
        self.feed, self.partner = feed, partner
        self.habits: dict[str, Any] = data("views")["feeds"][feed.feed]
        self.names = [c.name for c in feed.columns]
        self.blank = dict.fromkeys(self.names, "")
        self.cells = itemgetter(*self.names)
        self.key = itemgetter(*feed.key)
        self.hides: list[str] = self.habits.get("hides", [])
        self.form = None if feed.dialect.date_format == "%Y-%m-%d" else feed.dialect.date_format
        self.sent = _windows(world) if feed.mode == "window" else _regular(world, feed, self.habits)
        self.active = [s for s in self.sent if not s.quiet]
        self.dates = [s.snapshot_on for s in self.active]
        self.from_on = world.history_on
        self.last: tuple[Any, ...] | None = None
        for number, sent in enumerate(self.sent, start=1):
            sent.faults = [
                f for f in data("views")["faults"] if f["feed"] == feed.feed and f["send"] == number
            ]
            sent.open(out / f"night_{sent.night:02d}" / partner / "extracts", feed, self.habits)

    def row(self, fam: Family, row: Row) -> dict[str, Any]:
        """The row by column name, as this partner sees its person.

        Raises:
            ContractError: the county says something that the contract has no column for.
        """
        who: dict[str, Any] = {}
        if row.person is not None:
            known = view(fam, row.person, self.partner, row.seen_on)
            who = (
                particulars(fam, row.person, known, row.seen_on)
                if self.feed.who == "person"
                else {"person_ref": known.person_ref}
            )
        values = {**self.blank, **who, **row.values}
        if len(values) > len(self.blank):
            extra = ", ".join(sorted(set(values) - set(self.blank)))
            raise ContractError(
                f"the example county knows columns that the contract does not: {extra}.",
                where=f"{self.feed.feed}.yaml",
                mend="Bring tf_integration/county and the contract together.",
            )
        return values

    def write(self, sent: Sent, values: dict[str, Any]) -> None:
        cells = self.cells(values)
        if self.form:
            cells = tuple(c.strftime(self.form) if isinstance(c, date) else c for c in cells)
        sent.write(cells)
        self.last = cells

    def plant(self, truth: Truth) -> None:
        """Write the rows that this partner gets wrong, made from a true row of the same feed."""
        for sent in self.sent if self.last else ():
            for fault in sent.faults:
                line = sent.write(self._spoilt(fault))
                truth.fault(
                    sent.night, self.partner, sent.name, line, fault.get("column", ""), fault["fault"]
                )
            sent.faults = []

    def _spoilt(self, fault: dict[str, Any]) -> list[Any]:
        assert self.last is not None
        row: dict[str, Any] = dict(zip(self.names, self.last, strict=True))
        for name in (n for n in self.feed.key if n.endswith("_ref") and n != "person_ref"):
            row[name] = f"{row[name]}B"
        if fault["fault"] == "nobody":
            row |= dict.fromkeys(("surname", "upn", "nhs_number", "nino"), "")
        elif fault["fault"] == "unknown_key":
            row = {**self.blank, **{k: row[k] for k in self.feed.key}, "op": "D"}
        elif "column" in fault:
            row[fault["column"]] = fault["value"]
        cells = [row[n] for n in self.names]
        return cells[:-1] if fault["fault"] == "ragged" else cells


def _windows(world: World) -> list[Sent]:
    """One file for all half-terms ready on the first night, and one for each that becomes ready later."""
    ready, since = timedelta(days=world.life["attendance_after_days"]), date.min
    found: list[Sent] = []
    for night, day in enumerate(world.nights, start=1):
        halves = [h for h in world.closed if since < h.ends_on + ready <= day]
        since = day
        if halves:
            found.append(Sent(night, day, len(found) + 1, halves[0].starts_on, halves[-1].ends_on))
    return found


def _regular(world: World, feed: Feed, habits: dict[str, Any]) -> list[Sent]:
    """The first night's file, then one every so many nights; increments follow on from one another."""
    again, early = habits.get("again", 0), timedelta(days=habits.get("sent_days_before", 0))
    nights = [n for n in range(len(world.nights)) if n == 0 or (again and n % again == 0)]
    found: list[Sent] = []
    for number, n in enumerate(nights, start=1):
        day = world.nights[n] - early
        begins = day - (world.nights[0] - world.history_on)
        if feed.mode == "increment" and found:
            begins = found[-1].covers_to + DAY
        found.append(Sent(n + 1, day, number, begins, day, quiet=number in habits.get("quiet", ())))
    return found


class Post:
    """Every outbox of the county, and the way from a family's rows into them."""

    def __init__(self, world: World, out: Path, truth: Truth) -> None:
        self.world, self.truth, self.boxes = world, truth, {}
        for name, feed in load_feeds().items():
            if name not in data("views")["feeds"]:
                continue  # a council's own feed: the example county does not imitate it
            partners = data("views")["nominating"] if feed.partner == ANY_PARTNER else [feed.partner]
            for partner in partners:
                self.boxes[name, partner] = Outbox(world, feed, partner, out)
        self.partners = {name: feed.partner for name, feed in load_feeds().items()}

    def take(self, fam: Family) -> None:
        """Write one family's rows to the files in which they are first known."""
        told: set[tuple[str, str, str]] = set()
        later: dict[tuple[str, str, int, Any], dict[str, Any]] = {}
        for row in sorted(fam.rows, key=_known_on):
            box = self.boxes[row.feed, row.partner]
            values = box.row(fam, row)
            if row.person is not None and (who := (row.feed, row.partner, values["person_ref"])) not in told:
                told.add(who)
                self.truth.source(fam, row, view(fam, row.person, row.partner, row.seen_on))
            if box.feed.mode == "whole":
                for sent in box.active[bisect_left(box.dates, row.known_on) :]:
                    box.write(sent, _as_known(values, box.hides, sent.snapshot_on))
            else:
                self._put(later, box, row, values)
        for (feed, partner, nth, _), values in later.items():
            box = self.boxes[feed, partner]
            box.write(box.active[nth], values)

    def _put(
        self,
        later: dict[tuple[str, str, int, Any], dict[str, Any]],
        box: Outbox,
        row: Row,
        values: dict[str, Any],
    ) -> None:
        """The last word on a key in each file; a withdrawal of something never sent is no news."""
        nth = bisect_left(box.dates, row.known_on)
        if nth == len(box.dates) or (box.feed.mode == "increment" and row.known_on < box.from_on):
            return
        key = box.key(values)
        if row.op == "D":
            later.pop((row.feed, row.partner, nth, key), None)
            if not any((row.feed, row.partner, n, key) in later for n in range(nth)):
                return
            values = {**box.blank, **{name: values[name] for name in box.feed.key}}
        if box.feed.mode == "increment":
            values["op"] = row.op
        later[row.feed, row.partner, nth, key] = values

    def plant(self) -> None:
        for box in self.boxes.values():
            box.plant(self.truth)

    def close(self) -> Iterator[tuple[Outbox, Sent, list[str]]]:
        """Finish every file; yields each with the names written for it."""
        for box in self.boxes.values():
            for sent in box.sent:
                yield box, sent, sent.close(box.feed, box.partner)


def _known_on(row: Row) -> date:
    return row.known_on


def _as_known(values: dict[str, Any], hides: list[str], day: date) -> dict[str, Any]:
    """Without the ends that nobody knows yet on that day."""
    early = [name for name in hides if values[name] and values[name] > day]
    return {**values, **dict.fromkeys(early, "")} if early else values
