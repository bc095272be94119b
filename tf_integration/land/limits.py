"""The limits of landing, read from `limits.yaml`."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, PositiveFloat, PositiveInt, ValidationError

from tf_integration.model.errors import CallError

SHIPPED = Path(__file__).with_name("limits.yaml")


class Limits(BaseModel):
    """Time-outs in seconds, sizes in bytes; the meaning of each stands beside it in `limits.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    connect_seconds: PositiveFloat
    channel_seconds: PositiveFloat
    keepalive_seconds: PositiveInt
    fetch_tries: PositiveInt
    pause_seconds: float
    fetch_deadline_seconds: PositiveFloat
    watch_seconds: PositiveFloat
    least_bytes_per_second: PositiveInt
    block_bytes: PositiveInt
    settle_seconds: float
    busy_seconds: float
    control_bytes: PositiveInt
    odd_receipts: PositiveInt
    refused_tries: PositiveInt
    refused_seconds: PositiveFloat
    free_space_times: PositiveFloat
    file_bytes: PositiveInt
    unpacked_bytes: PositiveInt
    unpacked_ratio: PositiveFloat
    ratio_from_bytes: int
    line_bytes: PositiveInt
    nul_share: PositiveFloat
    clock_apart_seconds: PositiveFloat
    preview_seconds: PositiveFloat
    preview_households: PositiveInt


def load_limits(home: Path | None = None) -> Limits:
    """The shipped limits, with those of `home/limits.yaml` over them.

    Raises:
        CallError: the council's file names an unknown limit or a value that is not a positive number.
    """
    merged = yaml.safe_load(SHIPPED.read_text())
    own = home / "limits.yaml" if home else None
    try:
        if own and own.exists():
            merged |= yaml.safe_load(own.read_text()) or {}
        return Limits(**merged)
    except (ValidationError, yaml.YAMLError, TypeError) as error:
        fields = [str(e["loc"][0]) for e in error.errors()] if isinstance(error, ValidationError) else ["the file"]
        raise CallError(
            f"not usable: {', '.join(fields)}.", where=str(own), mend="Compare with tf_integration/land/limits.yaml."
        ) from None
