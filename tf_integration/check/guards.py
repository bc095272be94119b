"""The guards of a delivery: what holds it, what rejects it, what is only worth a warning.

The figures and the words stand in `guards.yaml`; here stands only how they are compared. A guard never sees a row.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tf_integration.model.delivery import Control, Effect, FileName, Reason
from tf_integration.model.errors import CallError
from tf_integration.model.feed import ANY_PARTNER, Feed

SHIPPED = Path(__file__).with_name("guards.yaml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Strict):
    """What a rule does to a delivery, and what the partner is told to do."""

    effect: Effect
    people: int = 0
    again: bool = False
    says: str = ""


class RowFaults(_Strict):
    share: float
    rows: int


class Volume(_Strict):
    low: float
    high: float
    history: int
    small_feed_rows: int
    small_rows: int
    small_rows_fewer: int
    small_share_fewer: float
    small_least_fewer: int


class Vanished(_Strict):
    rows: int
    share: float
    small_feed_rows: int
    small_rows: int
    small_share: float


class Repeated(_Strict):
    share: float
    rows: int
    doubled_share: float


class Stranger(_Strict):
    overlap: float
    least_rows: int


class People(_Strict):
    sample: int = Field(gt=0)
    least: int
    forms_share: float
    alike: float
    area_share: float
    elsewhere: float
    least_placed: int
    born_people: int
    born_share: float


class Exchanged(_Strict):
    share: float
    cells: int
    days: int


class Guards(_Strict):
    """`guards.yaml`, whole."""

    row_faults: RowFaults
    volume: Volume
    vanished: Vanished
    repeated: Repeated
    stranger: Stranger
    exchanged: Exchanged
    people: People
    rejects_listed: int = Field(ge=0)
    rows_in_memory: int = Field(gt=0)
    rules: dict[str, Rule]
    other_file_fault: Rule
    other_warning: Rule

    def reason(self, rule: str, count: int = 1, says: str = "") -> Reason:
        """The reason for a rule of ours; `says` takes the place of the rule's words, and holds no value."""
        found = self.rules[rule]
        return Reason(rule, count, says or found.says, found.effect, found.people)

    def file_fault(self, rule: str, says: str, count: int = 1) -> Reason:
        """The reason for a fault of the whole file that the parser named."""
        found = self.rules.get(rule, self.other_file_fault)
        return Reason(rule, count, says or found.says, found.effect, found.people)

    def warning(self, rule: str, says: str, count: int) -> Reason:
        """The reason for something that the parser only warns of."""
        return Reason(rule, count, says or self.other_warning.says, "warn", 0)


def load_guards(home: Path | None = None) -> Guards:
    """The shipped guards, with those of `home/guards.yaml` over them.

    Raises:
        CallError: the council's file is not what the guards are.
    """
    merged: dict[str, Any] = yaml.safe_load(SHIPPED.read_text())
    own = home / "guards.yaml" if home else None
    try:
        for name, value in ((yaml.safe_load(own.read_text()) or {}) if own and own.exists() else {}).items():
            merged[name] = (
                merged[name] | value if isinstance(merged.get(name), dict) and isinstance(value, dict) else value
            )
        return Guards(**merged)
    except (ValidationError, yaml.YAMLError, TypeError, AttributeError) as error:
        fields = (
            [".".join(map(str, e["loc"])) for e in error.errors()]
            if isinstance(error, ValidationError)
            else ["the file"]
        )
        raise CallError(
            f"not usable: {', '.join(fields)}.", where=str(own), mend="Compare with tf_integration/check/guards.yaml."
        ) from None


@dataclass(frozen=True)
class Rows:
    """What was counted in a delivery's rows, and in those before it.

    `history` is the rows of the last accepted files, newest first. `last_keys` and `vanished` count the keys of the
    last accepted whole file, and those of them that this file lacks; None where that is not asked (not a whole file,
    or older than the last accepted). `repeated` counts the rows whose key stands earlier in the file. `exchanged`: of
    the date column with most of them, the cells that are a day only with day and month exchanged, and how many days.
    """

    read: int
    rejected: int
    history: Sequence[int] = ()
    last_keys: int | None = None
    vanished: int | None = None
    repeated: int = 0
    exchanged: tuple[int, int] = (0, 0)


class PeopleCounts(Protocol):
    """What `people_plausible` reads of a likeness (`conform.Likeness`)."""

    @property
    def people(self) -> int: ...
    @property
    def alike(self) -> int: ...
    @property
    def known(self) -> int: ...
    @property
    def forms(self) -> int: ...
    @property
    def placed(self) -> int: ...
    @property
    def elsewhere(self) -> int: ...
    @property
    def known_placed(self) -> int: ...
    @property
    def born_both(self) -> int: ...
    @property
    def born_changed(self) -> int: ...


def waits_for_us(reasons: Sequence[Reason], guards: Guards) -> bool:
    """Whether all that stands against a file is something that we lack, so that it is tried again each night."""
    against = [guards.rules.get(r.rule) for r in reasons if r.effect != "warn"]
    return bool(against) and all(rule is not None and rule.again for rule in against)


def whose(name: FileName, partner: str, feed: Feed, guards: Guards) -> list[Reason]:
    """Whether this partner may send this feed at all."""
    return [] if feed.partner in (partner, ANY_PARTNER) else [guards.reason("wrong_partner")]


def control_agrees(
    name: FileName,
    partner: str,
    feed: Feed,
    control: Control | None,
    *,
    fault: str,
    sha256: str | None,
    size: int | None,
    guards: Guards,
) -> list[Reason]:
    """Compare a control file with the file's name, contract, digest and size; each difference is named.

    `fault` is what is wrong with the control file itself (names of its fields), or ''.
    """
    if control is None:
        if not feed.control_file and not fault:
            return []
        rule = guards.rules["control_unreadable"]
        return [
            guards.reason("control_unreadable", says=f"{rule.says} Missing or malformed: {fault}." if fault else "")
        ]
    said = {
        "control_digest": control.sha256.lower() == (sha256 or ""),
        "control_bytes": control.bytes == size,
        "control_feed": control.feed == feed.feed,
        "control_partner": control.partner in (partner, feed.partner),
        "control_snapshot_on": control.snapshot_on == name.snapshot_on,
        "control_sequence": control.sequence == name.sequence,
        "control_mode": control.mode == feed.mode,
        "control_covers": (control.covers_from is None) == (control.covers_to is None)
        and (control.covers_from or control.snapshot_on) <= (control.covers_to or control.snapshot_on),
        "covers_ahead": control.covers_to is None or control.covers_to <= name.snapshot_on,
    }
    return [guards.reason(rule) for rule, agrees in said.items() if not agrees]


def sequence_follows(
    feed: Feed, sequence: int, last_accepted: int | None, first_seen: int | None, guards: Guards
) -> list[Reason]:
    """An increment must be next in its sequence; a whole or window file that skips a number is only warned about.

    With nothing accepted yet the first file that ever came is next: once it is refused, later ones wait for it.
    """
    expected = last_accepted + 1 if last_accepted is not None else first_seen
    if expected is None or sequence == expected:
        return []
    if sequence < expected:
        return [guards.reason("sequence_again")] if last_accepted == sequence else []
    return [guards.reason("sequence_gap" if feed.mode == "increment" else "sequence_skipped", sequence - expected)]


def rows_plausible(feed: Feed, rows: Rows, control: Control | None, guards: Guards) -> list[Reason]:
    """Judge a delivery by its counts alone."""
    return [
        *_counts(rows, control, guards),
        *_faulty(feed, rows, guards),
        *(_unlike_the_last(feed, rows, guards) if feed.mode != "increment" else []),
    ]


def _counts(rows: Rows, control: Control | None, guards: Guards) -> Iterator[Reason]:
    if control and control.rows != rows.read:
        yield guards.reason("control_rows", abs(control.rows - rows.read))
    if rows.read == 0 and not (control and control.rows == 0):
        yield guards.reason("no_rows", 0)


def _faulty(feed: Feed, rows: Rows, guards: Guards) -> Iterator[Reason]:
    if rows.rejected > guards.row_faults.rows and rows.rejected > guards.row_faults.share * rows.read:
        yield guards.reason("row_faults", rows.rejected)
    elif feed.mode == "whole" and rows.rejected and rows.rejected == rows.read:
        yield guards.reason("no_good_rows", rows.rejected)  # else silence would end everybody
    elif rows.rejected:
        yield guards.reason("rows_rejected", rows.rejected)
    (cells, days), limit = rows.exchanged, guards.exchanged
    if cells >= limit.cells and days >= limit.days and cells >= limit.share * rows.read:
        yield guards.reason("dates_exchanged", cells)


def people_plausible(like: PeopleCounts, guards: Guards, *, is_older: bool) -> list[Reason]:
    """Judge whose people a file is about. Dates of birth of an older file may well be others than today's."""
    limit, found = guards.people, []
    tells = like.forms <= limit.forms_share * like.known  # references that are all of one's own form tell nothing
    if min(like.people, like.known) >= limit.least and tells and like.alike < limit.alike * like.people:
        found.append(guards.reason("stranger", like.alike))
    if min(like.placed, like.known_placed) >= limit.least_placed and like.elsewhere > limit.elsewhere * like.placed:
        found.append(guards.reason("elsewhere", like.elsewhere))
    if not is_older and like.born_changed > max(limit.born_people, limit.born_share * like.born_both):
        found.append(guards.reason("born_changed", like.born_changed))
    return found


def _unlike_the_last(feed: Feed, rows: Rows, guards: Guards) -> Iterator[Reason]:
    repeated, limit = rows.repeated, guards.repeated
    if (repeated > limit.rows and repeated > limit.share * rows.read) or (
        rows.read and repeated >= limit.doubled_share * rows.read
    ):
        yield guards.reason("repeated", repeated)
    if feed.mode != "whole":
        return
    if _volume_is_odd(rows, guards.volume):
        yield guards.reason("volume", rows.read)
    if rows.last_keys and rows.vanished is not None:
        if _too_many_vanished(rows.vanished, rows.last_keys, guards.vanished):
            yield guards.reason("vanished", rows.vanished)
        in_common = rows.last_keys - rows.vanished
        if rows.last_keys >= guards.stranger.least_rows and in_common < guards.stranger.overlap * rows.last_keys:
            yield guards.reason("stranger", in_common)


def _volume_is_odd(rows: Rows, limit: Volume) -> bool:
    if not rows.history:
        return False
    middle = statistics.median(rows.history[: limit.history])
    if limit.low * middle <= rows.read <= limit.high * middle:
        return False
    if middle >= limit.small_feed_rows:
        return True
    fewer = middle - rows.read
    if fewer > limit.small_share_fewer * middle and fewer > limit.small_least_fewer:
        return True
    return abs(fewer) > (limit.small_rows if fewer < 0 else limit.small_rows_fewer)


def _too_many_vanished(vanished: int, last: int, limit: Vanished) -> bool:
    if last < limit.small_feed_rows:
        return vanished > limit.small_rows and vanished > limit.small_share * last
    return vanished > min(limit.rows, limit.share * last)
