"""Records that may be one person: pairs of records, their levels and their match weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tf_integration.identify import blocking
from tf_integration.identify.blocking import Rows
from tf_integration.identify.comparing import Comparer, Levels
from tf_integration.identify.matching import COMPARISONS, Matching
from tf_integration.identify.profiles import COLUMNS, Profiles, encode
from tf_integration.identify.training import comparer_of
from tf_integration.identify.weighing import Model, Weights, evident_others, is_thin, weigh


@dataclass(frozen=True)
class Edges:
    """Pairs of rows of the frame (a < b), weighed. `levels` packs what each comparison found (`unpack`)."""

    a: Rows
    b: Rows
    weight: Weights
    levels: NDArray[np.int64]

    def where(self, kept: NDArray[np.bool_] | Rows) -> Edges:
        """Those pairs alone, or in that order."""
        return Edges(self.a[kept], self.b[kept], self.weight[kept], self.levels[kept])


class Records:
    """Source records' particulars, one row each, ready to be paired.

    `frame` holds `profiles.COLUMNS`, and `unit` and `partner` as numbers: records of one unit are one person.
    """

    def __init__(
        self, frame: pl.DataFrame, matching: Matching, nicknames: dict[str, frozenset[int]], model: Model
    ) -> None:
        self.matching, self.model, self.size = matching, model, frame.height
        distinct = frame.select(COLUMNS).unique(maintain_order=True).with_row_index("profile")
        placed = frame.select(COLUMNS).join(distinct, on=COLUMNS, how="left", nulls_equal=True, maintain_order="left")
        self.profile = placed["profile"].to_numpy().astype(np.int64)
        self.unit = frame["unit"].to_numpy().astype(np.int64)
        self.partner = frame["partner"].to_numpy().astype(np.int64)
        self.profiles: Profiles = encode(distinct.drop("profile"), matching)
        self.comparer: Comparer = comparer_of(self.profiles, matching, nicknames, model)

    def candidates(self) -> tuple[Rows, Rows]:
        """Pairs of profiles worth comparing, a profile with itself where several records hold it."""
        a, b = blocking.pairs(self.profiles, self.matching)
        shared = np.flatnonzero(np.bincount(self.profile, minlength=self.profiles.size) > 1)
        return np.r_[a, shared], np.r_[b, shared]

    def edges(self, a: Rows, b: Rows, least: float) -> Edges:
        """The pairs of records behind these pairs of profiles, at or above a weight and not evidently two people."""
        levels = self.comparer.levels(a, b)
        weight = np.round(weigh(levels, a, self.profiles, self.model), 4)
        allowed = np.isin(
            levels["name"], [self.matching.level("name", n) for n in self.matching.names.alike_enough_undated]
        )
        kept = (weight >= least) & ~self._unlike(levels) & ~(is_thin(levels, self.matching) & ~allowed)
        return self._of_records(Edges(a, b, weight, pack(levels)).where(kept))

    def unlike(self, a: Rows, b: Rows) -> NDArray[np.bool_]:
        """Which of these pairs of records are evidently two people."""
        levels = self.comparer.levels(self.profile[a], self.profile[b])
        return (self._unlike(levels) | self._two_of_one_partner(levels, a, b)) & (self.unit[a] != self.unit[b])

    def _unlike(self, levels: dict[str, Levels]) -> NDArray[np.bool_]:
        return evident_others(levels, self.matching)

    def _two_of_one_partner(self, levels: dict[str, Levels], a: Rows, b: Rows) -> NDArray[np.bool_]:
        """One partner knows them under two references, and only name and home say that they are one."""
        return is_thin(levels, self.matching) & (self.partner[a] == self.partner[b])

    def _of_records(self, edges: Edges) -> Edges:
        """Each pair of profiles as all pairs of records that hold them, without pairs of one unit."""
        order = np.argsort(self.profile, kind="stable")
        first = np.searchsorted(self.profile[order], np.arange(self.profiles.size + 1))
        many = np.diff(first)
        times_a, times_b = many[edges.a], many[edges.b]
        pairs = times_a * times_b
        at = np.repeat(np.arange(len(pairs)), pairs)
        nth = np.arange(len(at)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
        one = order[first[edges.a[at]] + nth // times_b[at]]
        other = order[first[edges.b[at]] + nth % times_b[at]]
        a, b = np.minimum(one, other), np.maximum(one, other)
        keep = (a != b) & (self.unit[a] != self.unit[b]) & ((edges.a[at] != edges.b[at]) | (one < other))
        found = Edges(a[keep], b[keep], edges.weight[at][keep], edges.levels[at][keep])
        thin = is_thin(unpack(found.levels), self.matching) & (self.partner[found.a] == self.partner[found.b])
        return found.where(~thin)


def pack(levels: dict[str, Levels]) -> NDArray[np.int64]:
    """All levels of a pair as one number, a decimal digit each, in the order of the comparisons."""
    packed = np.zeros(len(levels["name"]), dtype=np.int64)
    for comparison in COMPARISONS:
        packed = packed * 10 + levels[comparison]
    return packed


def unpack(packed: NDArray[np.int64]) -> dict[str, Levels]:
    """The levels that `pack` packed."""
    found = {}
    for comparison in reversed(COMPARISONS):
        packed, found[comparison] = packed // 10, (packed % 10).astype(np.int8)
    return {c: found[c] for c in COMPARISONS}
