"""What makes people a household, as `bases.yaml` declares it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tf_integration.identify.declared import read

SHIPPED = Path(__file__).with_name("bases.yaml")


class Basis(BaseModel):
    """One basis; its words are explained at the top of `bases.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    basis: Literal["early_help", "social_care", "tenancy", "address"]
    kinds: tuple[str, ...] = ()
    domain: str | None = None
    homes: bool = False
    ref: Literal["family_ref", "ref"] | None = None
    dated_by: Literal["fact", "always"] = "fact"
    relationship: bool = False
    flag_is_residence: bool = False
    lists: Literal["whole", "part"]
    same_people_are_one: bool = False
    named_by_domain: str | None = None
    confidence: float = Field(gt=0, le=1)
    fewest_people: int = 1
    most_people: int | None = None
    most_surnames: int | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Basis:
        if sum((bool(self.kinds), self.domain is not None, self.homes)) != 1:
            raise ValueError("one of `kinds`, `domain` and `homes` says who is listed")
        limits = (self.most_people, self.most_surnames)
        if self.homes != (self.ref is None) or any(self.homes != (limit is not None) for limit in limits):
            raise ValueError("`ref` goes with facts, `most_people` and `most_surnames` with homes")
        return self


class Bases(BaseModel):
    """All bases, strongest first: a basis's rank is its place in the list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bases: tuple[Basis, ...]

    def as_rows(self) -> list[dict[str, Any]]:
        """The bases as JSON-ready rows with their rank, for SQL."""
        return [{"rank": rank, **b.model_dump(mode="json")} for rank, b in enumerate(self.bases)]


@lru_cache(maxsize=4)
def load_bases(file: Path = SHIPPED) -> Bases:
    """Read the bases.

    Raises:
        ContractError: the file is not what `Bases` says.
    """
    return read(file, Bases)
