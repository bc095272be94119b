"""The shape of a return: its columns in order, and what it holds. A file that a council edits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tf_integration.model.errors import ContractError

SHIPPED = Path(__file__).resolve().parents[1] / "returns"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Column(_Strict):
    """One column: its heading, what stands in it, and others' codes in place of ours."""

    heading: str = Field(alias="as", min_length=1)
    source: str = Field(alias="from", min_length=1)
    codes: dict[str, str] = Field(default_factory=dict)


class Measured(_Strict):
    """What is counted: facts of these kinds, of these codes only where codes are given."""

    kinds: tuple[str, ...]
    codes: tuple[str, ...] = ()


class Reply(_Strict):
    """How the reply to a request is read: the column with our reference, and which of its columns are a feed's."""

    feed: str
    reference: str
    columns: dict[str, str]
    match: str


class Shape(_Strict):
    """A whole file of `returns/`. `digest` is of its text."""

    title: str
    holds: str
    verified: bool
    needs_permission: bool = False
    not_from: tuple[str, ...] = ()  # partners whose word is not passed on
    months: int = Field(default=0, ge=0)
    age_bands: tuple[int, ...] = ()
    adult_from: int = 0
    statuses: tuple[str, ...] = ()
    measures: dict[str, Measured] = Field(default_factory=dict)
    columns: tuple[Column, ...]
    reply: Reply | None = None
    digest: str = ""

    def check(self, known: Iterable[str], where: str) -> None:
        """Refuse a column that draws on something that there is not.

        Raises:
            ContractError: with the columns' headings and what there is.
        """
        there = sorted(set(known))
        wrong = [c.heading for c in self.columns if c.source not in there]
        if wrong:
            raise ContractError(f"no such thing to draw on, in column {', '.join(wrong)}.", where=where,
                                mend=f"There is: {', '.join(there)}.")  # fmt: skip


def load_shape(name: str, home: Path | None = None) -> tuple[Shape, str]:
    """The council's own shape of a return where it has one, else the shipped one; and the file's path.

    Raises:
        ContractError: with the file and the field that is wrong.
    """
    own = home / "returns" / f"{name}.yaml" if home else None
    file = own if own and own.exists() else SHIPPED / f"{name}.yaml"
    text = file.read_text()
    try:
        told: dict[str, Any] = yaml.safe_load(text)
        return Shape(**told, digest=hashlib.sha256(text.encode()).hexdigest()), str(file)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ContractError(f"not valid YAML{f' line {mark.line + 1}' if mark else ''}.", where=str(file)) from None
    except (ValidationError, TypeError) as error:
        faults = error.errors() if isinstance(error, ValidationError) else []
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in faults) or "not a mapping"
        raise ContractError(said, where=str(file), mend="See tf_integration/returns/README.md.") from None
