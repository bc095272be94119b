"""Internal audit: how many claims of a window are looked at, which, and how far their error rate is carried forward."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tf_integration.model.errors import ContractError

FILE = Path(__file__).with_name("audit.yaml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AfterErrors(_Strict):
    """Above this error rate of the windows before, this share is looked at."""

    above: float = Field(ge=0, lt=1)
    share: float = Field(gt=0, le=1)


class Sample(_Strict):
    """How a sample is drawn; `strata` are columns of sql/claim/sample__claims.sql."""

    share: float = Field(gt=0, le=1)
    at_least: int = Field(ge=1)
    strata: tuple[str, ...]
    after_errors: tuple[AfterErrors, ...] = ()

    def share_after(self, error_rate: float | None) -> float:
        """The share to look at when so many of the claims audited before were wrong; None: none was audited."""
        raised = [a.share for a in self.after_errors if error_rate is not None and error_rate > a.above]
        return max([self.share, *raised])


class Forecast(_Strict):
    """How the forecast's interval is made."""

    within_days: int = Field(ge=0)
    months_ahead: int = Field(ge=0)
    deviations: float = Field(gt=0)


class Audit(_Strict):
    """The whole of audit.yaml."""

    sample: Sample
    forecast: Forecast


@lru_cache(maxsize=2)
def load_audit(file: Path = FILE) -> Audit:
    """Read the settings of audits and forecasts.

    Raises:
        ContractError: with the place and what is wrong with it.
    """
    try:
        return Audit(**yaml.safe_load(file.read_text()))
    except (yaml.YAMLError, TypeError):
        raise ContractError("not valid YAML.", where=file.name, mend="Check the indentation and the colons.") from None
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ContractError(said, where=file.name, mend="Compare with the shipped file.") from None


def grouped(claims: Sequence[Mapping[str, Any]], strata: Iterable[str]) -> dict[str, str]:
    """The group of each claim: {claim_ref: stratum}."""
    names = tuple(strata)
    return {str(claim["claim_ref"]): " / ".join(str(claim[n]) for n in names) for claim in claims}


def draw(
    claims: Sequence[Mapping[str, Any]], share: float, at_least: int, strata: Iterable[str], seed: str
) -> dict[str, str]:
    """Draw a stratified sample: {claim_ref: stratum}. The same claims and seed give the same sample, in any order.

    Each stratum gives its share, rounded by largest remainder, and at least one; within it the claims are taken in the
    order of the digest of seed and reference.
    """
    groups: dict[str, list[str]] = {}
    for claim_ref, group in grouped(claims, strata).items():
        groups.setdefault(group, []).append(claim_ref)
    size = min(len(claims), max(at_least, math.ceil(round(share * len(claims), 9))))
    wanted = _allot({g: len(refs) for g, refs in groups.items()}, size)
    return {
        ref: group
        for group, refs in sorted(groups.items())
        for ref in sorted(refs, key=lambda r: _order(seed, r))[: wanted[group]]
    }


def _order(seed: str, claim_ref: str) -> str:
    return hashlib.sha256(f"{seed}|{claim_ref}".encode()).hexdigest()


def _allot(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """So many of each group: in proportion, one at least, never more than it has. May pass `size` by the ones."""
    whole = sum(sizes.values())
    exact = {g: size * n / whole for g, n in sizes.items()}
    wanted = {g: max(1, int(e)) for g, e in exact.items()}
    for group in sorted(exact, key=lambda g: (int(exact[g]) - exact[g], g)):
        if sum(wanted.values()) >= size:
            break
        wanted[group] += wanted[group] < sizes[group]
    for group in sorted(sizes, key=lambda g: (wanted[g] - sizes[g], g)):
        wanted[group] += min(sizes[group] - wanted[group], max(0, size - sum(wanted.values())))
    return wanted
