"""A feed contract: what one partner's extract holds, why we may hold it, and which facts its rows make."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tf_integration.model.errors import ContractError

FEEDS = Path(__file__).resolve().parents[1] / "feeds"
SHARED = "_shared.yaml"  # the columns that every contract of a kind has

ColumnType = Literal["text", "date", "integer", "decimal", "code", "postcode", "uprn", "upn", "nhs_number", "nino"]
Codes = dict[str, tuple[str, ...]]  # column: codes
ANY_PARTNER = "any"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """One column of the file. `codes` is closed: any other value rejects the row."""

    name: str
    type: ColumnType = "text"
    required: bool = True  # the column must stand in the header
    filled: bool = False  # a blank rejects the row
    key: bool = False  # part of the upsert key, beside person_ref
    codes: tuple[str, ...] = ()
    may_be_future: bool = False
    sentinel: Literal["reject", "blank"] = "reject"  # what a sentinel date does to the row, or the cell
    low: float | None = None
    high: float | None = None
    max_length: int = 200
    pattern: str = ""  # a regular expression that a filled value matches whole
    personal: bool = False  # a particular of the person: kept in core.source_record, never in a fact
    purpose: str
    lawful_basis: str  # the contract's own when the column does not say
    says: str = ""  # the meaning, for the data dictionary


class Fact(_Strict):
    """One fact that a row makes when `when` holds.

    `when` maps a column to its allowed codes (`""` among them allows a blank), or to `filled` / `blank`. `set` maps
    a column of core.fact to a column of the file, to the first filled of several (`one|other`), to a literal written
    `=text`, or to the delivery's own `$snapshot_on` (`is_flagged` also takes `column=CODE`: true when equal).
    """

    kind: str
    when: dict[str, tuple[str, ...] | Literal["filled", "blank"]] = Field(default_factory=dict)
    set: dict[str, str]

    def sources(self) -> frozenset[str]:
        """The columns of the file that `set` reads."""
        return frozenset(
            name for value in self.set.values() if value[0] not in "=$" for name in value.split("=")[0].split("|")
        )


class Dialect(_Strict):
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    delimiter: str = ","
    preamble_lines: int = 0
    trailer: bool = False  # a last row `TRAILER,<count>`
    date_format: str = "%Y-%m-%d"  # %Y, %m and %d, each once

    @model_validator(mode="after")
    def _format_is_whole(self) -> Dialect:
        if sorted(re.findall("%.?", self.date_format)) != ["%Y", "%d", "%m"]:
            raise ValueError("date_format holds %Y, %m and %d, each once, and no other directive")
        return self


class StaleAfter(_Strict):
    """How far the end of the feed's coverage may lag the day asked about."""

    days: int
    half_terms: int = 0


class Keep(_Strict):
    """How long rows are kept: weeks after people in no family were last spoken of, years after a family's end."""

    weeks_without_family: int
    years_after_claim: int


class Owner(_Strict):
    at_partner: str
    here: str


class Feed(_Strict):
    """A whole contract. `who`: `person` rows carry particulars, `reference` only person_ref, `family` neither."""

    feed: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    partner: str
    title: str
    owner: Owner
    who: Literal["person", "reference", "family"]
    mode: Literal["whole", "window", "increment"]
    rhythm: Literal["nightly", "weekly", "monthly", "half_termly"]
    control_file: bool = True
    stale_after: StaleAfter
    late_after_days: int  # after the due day, when a reminder is sent
    due_skips: tuple[Literal["school_holidays", "bank_holidays", "weekends"], ...] = ()  # days that it is never due on
    retention: str
    keep: Keep | None = None  # the same, as the nightly retention reads it; None: without end
    usual_rows: tuple[int, int]  # in a county like Kent, per delivery
    dialect: Dialect = Dialect()
    person_ref_is: ColumnType = "text"  # `upn` where a school's person_ref is the UPN
    lawful_basis: str  # for every column that names no other
    sentinel_dates: tuple[date, ...] = ()  # days that mean "unknown" in partners' systems
    earliest_on: date | None = None  # an earlier day in any column rejects the row
    columns: tuple[Column, ...]
    facts: tuple[Fact, ...] = ()
    period: tuple[str, str] | None = None  # the columns that give the first and last day a row speaks for
    covers_place: str | None = None  # the column whose values a delivery speaks for (establishment)
    sum_to: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # total column: columns that sum to it
    not_before: dict[str, str] = Field(default_factory=dict)  # column: column that it may not precede
    only_when: dict[str, Codes] = Field(
        default_factory=dict
    )  # a column may be filled only when others hold these codes
    blank_when: dict[str, Codes] = Field(default_factory=dict)  # ... may be blank only when others hold them
    any_filled: tuple[tuple[str, ...], ...] = ()  # of each group of columns at least one is filled
    version: str = ""  # digest of the file's text and the shared columns, filled on load

    @model_validator(mode="after")
    def _names_exist(self) -> Feed:
        names = [c.name for c in self.columns]
        if len(names) != len(set(names)):
            raise ValueError("a column is declared twice")
        for fact in self.facts:
            if unknown := sorted((fact.sources() | {*fact.when}) - set(names)):
                raise ValueError(f"fact {fact.kind} names columns that are not declared: {unknown}")
        if unknown := sorted(self._ruled() - set(names)):
            raise ValueError(f"a rule names columns that are not declared: {unknown}")
        return self

    def _ruled(self) -> set[str]:
        """Every column that a rule of the contract names."""
        named = {*(self.period or ()), *self.not_before, *self.not_before.values(), *self.sum_to}
        named |= {n for group in (*self.any_filled, *self.sum_to.values()) for n in group}
        for rules in (self.only_when, self.blank_when):
            named |= {*rules, *(n for others in rules.values() for n in others)}
        return named | ({self.covers_place} if self.covers_place else set())

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the contract has none."""
        return {c.name: c for c in self.columns}[name]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the upsert key, in the contract's order (person_ref first for person feeds)."""
        return tuple(c.name for c in self.columns if c.key)


def load_feed(file: Path) -> Feed:
    """Read one contract.

    Raises:
        ContractError: with the file, the field and what is wrong with it.
    """
    shared = _shared(file)
    text, common = file.read_text(), shared.read_text()
    version = hashlib.sha256((text + common).encode()).hexdigest()[:16]
    try:
        return Feed(**_merge(yaml.safe_load(text), yaml.safe_load(common)), version=version)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise ContractError(f"not valid YAML{line}.", where=file.name, mend="Check the indentation there.") from None
    except (ValidationError, TypeError, KeyError, AttributeError) as error:
        faults = error.errors() if isinstance(error, ValidationError) else []
        said = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'contract'}: {e['msg']}" for e in faults) or "not a mapping"
        raise ContractError(said, where=file.name, mend="See tf_integration/feeds/README.md.") from None


def _shared(file: Path) -> Path:
    """The shared columns of a contract: beside it, else the shipped ones."""
    own = file.parent / SHARED
    return own if own.exists() else FEEDS / SHARED


def _merge(contract: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """The contract with the shared columns of its kind before its own; its own word on a shared column wins."""
    own = {c["name"]: c for c in contract.get("columns", [])}
    columns = []
    for group in (contract.get("mode"), contract.get("who")):
        for column in shared["columns"].get(group, []):
            columns.append(column | own.pop(column["name"], {}))
    basis = {"lawful_basis": contract.get("lawful_basis")}
    everywhere = {name: shared[name] for name in ("sentinel_dates", "earliest_on", "keep") if name in shared}
    return everywhere | contract | {"columns": [basis | c for c in [*columns, *own.values()]]}


@lru_cache(maxsize=4)
def load_feeds(folder: Path = FEEDS) -> dict[str, Feed]:
    """Every contract of a folder, by feed name, in name order. Files that begin with `_` are not contracts."""
    feeds = [load_feed(f) for f in sorted(folder.glob("*.yaml")) if not f.name.startswith("_")]
    return {f.feed: f for f in feeds}
