"""The figures of alerts, read from `alerts.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, PositiveFloat, PositiveInt, ValidationError

from tf_integration.model.errors import CallError

SHIPPED = Path(__file__).with_name("alerts.yaml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Retry(_Strict):
    """Minutes until a failed sending is tried again: the first wait, its growth, its longest."""

    first_minutes: PositiveFloat
    times: PositiveFloat
    longest_minutes: PositiveFloat


class Kind(_Strict):
    """One kind of incident. `remind_after_days` None: it is said once."""

    severity: Literal["note", "warning", "critical"]
    remind_after_days: PositiveInt | None = None


class Rules(_Strict):
    """`alerts.yaml`, whole."""

    refresh_after_days: PositiveInt
    retry: Retry
    channel_seconds: PositiveFloat
    kinds: dict[str, Kind]


def load_rules(home: Path | None = None) -> Rules:
    """The shipped figures, with those of `home/alerts.yaml` over them, kind by kind.

    Raises:
        CallError: the council's file names something unknown.
    """
    return Rules(**read_over(SHIPPED, home, Rules))


def read_over(shipped: Path, home: Path | None, model: type[BaseModel]) -> dict[str, Any]:
    """The shipped file's mapping with the council's file of the same name over it, checked by the model.

    Raises:
        CallError: the council's file cannot be read, or the model refuses it.
    """
    merged = yaml.safe_load(shipped.read_text())
    own = home / shipped.name if home else None
    try:
        if own and own.exists():
            merged = _laid_over(merged, yaml.safe_load(own.read_text()) or {})
        model(**merged)
    except (ValidationError, yaml.YAMLError, TypeError, AttributeError) as error:
        faults = error.errors() if isinstance(error, ValidationError) else []
        named = ", ".join(".".join(map(str, e["loc"])) for e in faults) or "the file"
        raise CallError(f"not usable: {named}.", where=str(own),
                        mend=f"Compare with tf_integration/keep/{shipped.name}.") from None
    return merged


def _laid_over(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for name, value in over.items():
        below = under.get(name)
        merged[name] = _laid_over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
