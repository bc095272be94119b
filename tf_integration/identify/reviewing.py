"""How many people must agree before a reviewer's word becomes a decision, as `reviewing.yaml` declares it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from tf_integration.identify.declared import read

SHIPPED = Path(__file__).with_name("reviewing.yaml")


class PeopleNeeded(BaseModel):
    """Different people for each sort of decision."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    merge: int = Field(ge=1)
    merge_that_touches_a_claim: int = Field(ge=2)
    split: int = Field(ge=1)
    seal: int = Field(ge=1)
    lift_a_seal: int = Field(ge=2)


class Reviewing(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    people_needed: PeopleNeeded


@lru_cache(maxsize=4)
def load_reviewing(file: Path = SHIPPED) -> Reviewing:
    """Read the numbers.

    Raises:
        ContractError: the file is not what `Reviewing` says.
    """
    return read(file, Reviewing)
