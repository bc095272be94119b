"""The closed list of kinds of dated facts (`kinds.yaml`)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

KINDS = Path(__file__).resolve().parents[1] / "kinds.yaml"


class Kind(BaseModel):
    """One kind. `columns`: the attribute columns of core.fact that it fills beside its dates."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    domain: str
    shape: Literal["event", "spell", "state"]
    says: str
    columns: tuple[str, ...]


@lru_cache(maxsize=2)
def load_kinds(file: Path = KINDS) -> dict[str, Kind]:
    """Every kind, by name."""
    domains = yaml.safe_load(file.read_text())
    return {
        name: Kind(kind=name, domain=domain, **said)
        for domain, kinds in domains.items()
        for name, said in kinds.items()
    }
