"""The table of unit costs, and the rules by which small counts are kept back: a file that a council edits."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tf_integration.model.errors import ContractError

SHIPPED = Path(__file__).resolve().parents[1] / "returns" / "unit_costs.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Disclosure(_Strict):
    """How small a count is shown, to what it is rounded, and how far costs look to either side of attachment."""

    least: int = Field(gt=1)
    round_to: int = Field(gt=0)
    round_pounds: int = Field(gt=0)
    months: int = Field(gt=0)


class Cost(_Strict):
    """What one event, or one week of a spell, of a kind of fact costs. Its source is the file's unless it says."""

    kind: str
    codes: tuple[str, ...] = ()
    per: Literal["event", "week"]
    pounds: float = Field(ge=0)
    says: str
    source: str | None = None
    verified: bool | None = None


class Costs(_Strict):
    """The whole file."""

    disclosure: Disclosure
    costs: dict[str, Cost]
    source: str
    verified: bool


def load_costs(home: Path | None = None) -> Costs:
    """The council's own table (`home/returns/unit_costs.yaml`) where there is one, else the shipped one.

    Raises:
        ContractError: with the file and the field that is wrong.
    """
    own = home / "returns" / SHIPPED.name if home else None
    file = own if own and own.exists() else SHIPPED
    try:
        return Costs(**yaml.safe_load(file.read_text()))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ContractError(f"not valid YAML{f' line {mark.line + 1}' if mark else ''}.", where=str(file)) from None
    except (ValidationError, TypeError) as error:
        faults = error.errors() if isinstance(error, ValidationError) else []
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in faults) or "not a mapping"
        mend = "Compare with tf_integration/returns/unit_costs.yaml."
        raise ContractError(said, where=str(file), mend=mend) from None
