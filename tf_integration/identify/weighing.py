"""Match weights: how much likelier what the comparisons found is of one person than of two, in bits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tf_integration.identify.blocking import Rows
from tf_integration.identify.comparing import Levels
from tf_integration.identify.matching import COMPARISONS, IDENTIFIERS, Matching
from tf_integration.identify.profiles import Profiles

Weights = NDArray[np.float64]
FREQUENCY_OF = {  # which names' rarity counts at which level of the comparison of names
    "exact": ("forename", "surname"),
    "swapped": ("forename", "surname"),
    "surname_alike": ("forename",),
    "forename_short": ("surname",),
    "forename_alike": ("surname",),
    "forename_only": ("forename",),
}
_SMALLEST = 1e-9
_TF_BITS = (-5.0, 7.0)  # how far a name's rarity may move a weight


@dataclass(frozen=True)
class Model:
    """Fellegi-Sunter parameters: `m` and `u` hold a probability per level, `frequency` each name's share."""

    version: str
    trained_on: str
    prior: float  # probability that two profiles drawn at random are one person
    m: dict[str, NDArray[np.float64]]
    u: dict[str, NDArray[np.float64]]
    frequency: dict[str, dict[str, float]]  # of forenames and of surnames
    seldom: dict[str, float]  # what a name that stands in neither is taken for

    def bits(self, comparison: str) -> Weights:
        """The weight of each level of a comparison; place 0, where nothing compares, is 0."""
        m, u = self.m[comparison], self.u[comparison]
        return np.r_[0.0, np.log2(np.maximum(m, _SMALLEST) / np.maximum(u, _SMALLEST))]

    @property
    def prior_bits(self) -> float:
        return float(np.log2(self.prior / (1 - self.prior)))

    def frequencies(self, field: str, names: list[str]) -> Weights:
        """The share of each of these names."""
        known, seldom = self.frequency[field], self.seldom[field]
        return np.array([known.get(n, seldom) for n in names], dtype=np.float64)

    def rarity(self, field: str, names: list[str]) -> Weights:
        """The bits that agreement on each of these names adds to, or takes from, agreement on a name at large."""
        share = self.frequencies(field, names)
        mean = sum(f * f for f in self.frequency[field].values()) or _SMALLEST
        return np.clip(np.log2(mean / np.maximum(share, _SMALLEST)), *_TF_BITS)


def weakened(model: Model, matching: Matching) -> Model:
    """The model with its weak levels (`at_most`) at no more bits than the rules allow, whatever it learnt."""
    u = {comparison: table.copy() for comparison, table in model.u.items()}
    for comparison, number, bits in matching.weak():
        u[comparison][number - 1] = max(u[comparison][number - 1], model.m[comparison][number - 1] / 2**bits)
    return replace(model, u=u)


def weigh(levels: dict[str, Levels], a: Rows, b: Rows, profiles: Profiles, model: Model) -> Weights:
    """The match weight of each pair, from its levels and its names' rarity; the same whichever stands first."""
    total = np.full(len(a), model.prior_bits)
    for comparison, found in levels.items():
        total += model.bits(comparison)[found]
    for bits in rarities(levels["name"], a, b, profiles, model).values():
        total += bits
    return total


def rarities(name: Levels, a: Rows, b: Rows, profiles: Profiles, model: Model) -> dict[str, Weights]:
    """What the rarity of forename and surname adds to each pair."""
    found = {}
    for field in ("forename", "surname"):
        counts = np.isin(
            name, [n for n, level in enumerate(COMPARISONS["name"], 1) if field in FREQUENCY_OF.get(level, ())]
        )
        bits = model.rarity(field, profiles.names)
        one, other = (_of(bits, profiles.code(field)[rows]) for rows in (a, b))
        found[field] = np.where(counts, (one + other) / 2, 0.0)
    return found


def _of(bits: Weights, code: NDArray[np.int32]) -> Weights:
    return np.where(code >= 0, bits[code], 0.0) if len(bits) else np.zeros(len(code))


def evident_others(levels: dict[str, Levels], matching: Matching) -> NDArray[np.bool_]:
    """Pairs that are two people whatever their weight: what evidently differs, and no identifier agrees."""
    differ = np.zeros(len(levels["name"]), dtype=bool)
    for comparison, number in matching.evident_others():
        differ |= levels[comparison] == number
    short = levels["name"] == matching.level("name", "forename_short")
    differ |= short & (levels["sex"] == matching.level("sex", "other"))
    for identifier in IDENTIFIERS:
        differ &= levels[identifier] != matching.level(identifier, "same")
    return differ


def is_thin(levels: dict[str, Levels], matching: Matching) -> NDArray[np.bool_]:
    """Pairs without two birth dates and without an agreeing identifier: name and home are all that speaks."""
    thin = levels["birth_date"] == 0
    for identifier in IDENTIFIERS:
        thin &= levels[identifier] != matching.level(identifier, "same")
    return thin


def possible_twins(levels: dict[str, Levels], matching: Matching) -> NDArray[np.bool_]:
    """Pairs of one surname, birth date and home whose forenames differ, and no identifier says if they are one."""
    twins = levels["name"] == matching.level("name", "surname_only")
    twins &= levels["birth_date"] == matching.level("birth_date", "exact")
    twins &= levels["home"] == matching.level("home", "same")
    for identifier in IDENTIFIERS:
        twins &= levels[identifier] == 0
    return np.asarray(twins)
