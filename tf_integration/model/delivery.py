"""A delivery: the name of its file, its control file, and the reasons for what was decided about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Effect = Literal["reject", "hold", "warn"]
Status = Literal["accepted", "accepted_with_rejects", "held", "rejected", "duplicate", "waiting"]

CONTROL = ".ctl.json"  # follows the data file's whole name
_NAME = re.compile(r"(?P<feed>[a-z_]+)_(?P<on>\d{8})_(?P<sequence>\d{4})\.csv(?P<gzip>\.gz)?(?P<pgp>\.gpg)?", re.ASCII)


@dataclass(frozen=True)
class FileName:
    """What a data file's name says. `snapshot_on` and `sequence` order the deliveries of a feed."""

    text: str
    feed: str
    snapshot_on: date
    sequence: int
    is_gzip: bool = False
    is_pgp: bool = False


def read_name(text: str) -> FileName | None:
    """Take `<feed>_<YYYYMMDD>_<seq>.csv[.gz][.gpg]` apart; None when the name is not of that form."""
    found = _NAME.fullmatch(text)
    if not found:
        return None
    try:
        on = datetime.strptime(found["on"], "%Y%m%d").date()
    except ValueError:
        return None
    return FileName(text, found["feed"], on, int(found["sequence"]), bool(found["gzip"]), bool(found["pgp"]))


class Control(BaseModel):
    """A control file: what the partner says about the data file as sent."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    feed: str
    partner: str
    snapshot_on: date
    mode: Literal["whole", "window", "increment"]
    sequence: int
    rows: int = Field(ge=0)
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-fA-F]{64}$")
    covers_from: date | None = None
    covers_to: date | None = None


def read_control(text: bytes) -> tuple[Control | None, str]:
    """The control file, or None and which of its fields is missing or malformed (names only, never values)."""
    try:
        said = json.loads(text)
        if not isinstance(said, dict):
            return None, "not a JSON object"
        return Control(**said), ""
    except (ValueError, RecursionError) as error:
        if isinstance(error, ValidationError):
            known = set(Control.model_fields)
            return None, ", ".join(sorted({str(e["loc"][0]) for e in error.errors()} & known))
        return None, "not JSON in UTF-8"
    except TypeError:
        return None, "not a JSON object"


@dataclass(frozen=True)
class Reason:
    """Why a delivery is held, rejected or warned about. Holds counts and names of ours, never a value of a row.

    `people` is how many different people must release a hold; 0 is a hold that nobody can release.
    """

    rule: str
    count: int
    what_to_do: str
    effect: Effect = "warn"
    people: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "count": self.count,
            "what_to_do": self.what_to_do,
            "effect": self.effect,
            "people": self.people,
        }


def worst(reasons: Iterable[Reason]) -> Effect | None:
    """The strongest effect among the reasons: reject, then hold, then warn; None of none."""
    strength: tuple[Effect, ...] = ("reject", "hold", "warn")
    effects = {r.effect for r in reasons}
    return next((e for e in strength if e in effects), None)
