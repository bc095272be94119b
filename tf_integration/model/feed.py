"""A feed contract: what one partner's extract holds, why we may hold it, and which facts its rows make."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tf_integration.model.errors import ContractError

FEEDS = Path(__file__).resolve().parents[1] / "feeds"

ColumnType = Literal["text", "date", "integer", "decimal", "code", "postcode", "uprn", "upn", "nhs_number", "nino"]
ANY_PARTNER = "any"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """One column of the file. `codes` is closed: any other value rejects the row."""

    name: str
    type: ColumnType = "text"
    required: bool = True            # the column must stand in the header
    filled: bool = False             # a blank rejects the row
    key: bool = False                # part of the upsert key, beside person_ref
    codes: tuple[str, ...] = ()
    may_be_future: bool = False
    low: float | None = None
    high: float | None = None
    max_length: int = 200
    purpose: str
    lawful_basis: str
    says: str = ""                   # the meaning, for the data dictionary


class Fact(_Strict):
    """One fact that a row makes when `when` holds.

    `when` maps a column to its allowed codes, or to `filled` / `blank`. `set` maps a column of core.fact to a
    column of the file, or to a literal written `=text` (`is_flagged` also takes `column=CODE`: true when equal).
    """

    kind: str
    when: dict[str, tuple[str, ...] | Literal["filled", "blank"]] = Field(default_factory=dict)
    set: dict[str, str]


class Dialect(_Strict):
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    delimiter: str = ","
    preamble_lines: int = 0
    trailer: bool = False            # a last row `TRAILER,<count>`
    date_format: str = "%Y-%m-%d"


class StaleAfter(_Strict):
    """How far the end of the feed's coverage may lag the day asked about."""

    days: int
    half_terms: int = 0


class Owner(_Strict):
    at_partner: str
    here: str


class Feed(_Strict):
    """A whole contract. `who`: `person` rows carry particulars (P), `reference` rows only person_ref (R), `family` rows neither."""

    feed: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    partner: str
    title: str
    owner: Owner
    who: Literal["person", "reference", "family"]
    mode: Literal["whole", "window", "increment"]
    rhythm: Literal["nightly", "weekly", "monthly", "half_termly"]
    control_file: bool = True
    stale_after: StaleAfter
    late_after_days: int             # after the due day, when a reminder is sent
    retention: str
    usual_rows: tuple[int, int]      # in a county like Kent, per delivery
    dialect: Dialect = Dialect()
    person_ref_is: ColumnType = "text"   # `upn` where a school's person_ref is the UPN
    columns: tuple[Column, ...]
    facts: tuple[Fact, ...] = ()
    covers_place: str | None = None  # the column whose values a delivery speaks for (establishment)
    sum_to: dict[str, tuple[str, ...]] = Field(default_factory=dict)   # total column: columns that sum to it
    not_before: dict[str, str] = Field(default_factory=dict)           # column: column that it may not precede
    only_when: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)  # column may be filled only when others hold these codes
    blank_when: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)  # column may be blank only when others hold these codes
    version: str = ""                # sha256 of the file's text, filled on load

    @model_validator(mode="after")
    def _names_exist(self) -> Feed:
        names = [c.name for c in self.columns]
        if len(names) != len(set(names)):
            raise ValueError("a column is declared twice")
        for fact in self.facts:
            used = [*fact.when, *(v.split("=")[0] for v in fact.set.values() if not v.startswith("="))]
            unknown = sorted(set(used) - set(names))
            if unknown:
                raise ValueError(f"fact {fact.kind} names columns that the contract does not declare: {unknown}")
        return self

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
    text = file.read_text()
    try:
        return Feed(**yaml.safe_load(text), version=hashlib.sha256(text.encode()).hexdigest()[:16])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise ContractError(f"not valid YAML{line}.", where=file.name, mend="Check the indentation there.") from None
    except (ValidationError, TypeError) as error:
        faults = error.errors() if isinstance(error, ValidationError) else []
        said = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'contract'}: {e['msg']}" for e in faults) or "not a mapping"
        raise ContractError(said, where=file.name, mend="See tf_integration/feeds/README.md.") from None


@lru_cache(maxsize=4)
def load_feeds(folder: Path = FEEDS) -> dict[str, Feed]:
    """Every contract of a folder, by feed name, in name order. Files that begin with `_` are not contracts."""
    feeds = [load_feed(f) for f in sorted(folder.glob("*.yaml")) if not f.name.startswith("_")]
    return {f.feed: f for f in feeds}
