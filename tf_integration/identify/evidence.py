"""The kinds of evidence that two records are one person, as `evidence.yaml` declares them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from tf_integration.identify.declared import read

SHIPPED = Path(__file__).with_name("evidence.yaml")
NAMES = {"said_same", "partner_ref", "nhs_number", "upn", "nino", "name", "model", "said_different"}


class Evidence(BaseModel):
    """One kind; `because` are the words that stand on a link, without values."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    because: str
    decided_by: Literal["identifier", "model", "person"]
    guards: frozenset[Literal["identifiers", "birth_and_name", "evident_others", "size"]] = frozenset()


class EvidenceOrder(BaseModel):
    """All kinds, strongest first: a kind's rank is its place in the list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    most_records: int
    evidence: tuple[Evidence, ...]

    @model_validator(mode="after")
    def _every_kind_once(self) -> EvidenceOrder:
        names = [e.name for e in self.evidence]
        if set(names) != NAMES or len(names) != len(NAMES):
            raise ValueError(f"`evidence` must hold each of {', '.join(sorted(NAMES))} once")
        if names[:2] != ["said_same", "partner_ref"] or names[-2:] != ["model", "said_different"]:
            raise ValueError("said_same and partner_ref come first, model and said_different last")
        return self

    @property
    def ranks(self) -> dict[str, int]:
        return {e.name: rank for rank, e in enumerate(self.evidence)}

    @property
    def of_values(self) -> dict[str, int]:
        """Name and rank of each kind that is a value which units share."""
        return {name: rank for name, rank in self.ranks.items() if name not in ("model", "said_different")}

    @property
    def identifiers(self) -> dict[int, str]:
        """Rank and words of each kind that is a checked identifier."""
        return {r: e.because for r, e in enumerate(self.evidence) if e.name in ("nhs_number", "upn", "nino")}

    def as_json(self) -> str:
        """Rank, words and decider of each kind, for SQL."""
        return json.dumps([{"rank": r, "name": e.name, "because": e.because, "decided_by": e.decided_by}
                           for r, e in enumerate(self.evidence)])


@lru_cache(maxsize=4)
def load_evidence(file: Path = SHIPPED) -> EvidenceOrder:
    """Read the order of evidence.

    Raises:
        ContractError: the file is not what `EvidenceOrder` says.
    """
    return read(file, EvidenceOrder)
