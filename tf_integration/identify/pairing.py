"""Records that may be one person: pairs of records, their levels and their match weights."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tf_integration.identify import blocking
from tf_integration.identify.blocking import Rows
from tf_integration.identify.comparing import Comparer, Levels, in_parts
from tf_integration.identify.matching import COMPARISONS, Matching
from tf_integration.identify.profiles import COLUMNS, Profiles, encode
from tf_integration.identify.training import comparer_of
from tf_integration.identify.weighing import Model, Weights, evident_others, is_thin, possible_twins, weakened, weigh

_CODE = 3  # to be raised when the code compares or weighs differently: then all is compared again




@dataclass(frozen=True)
class Matcher:
    """A model and the rules that it is used with."""

    model: Model
    matching: Matching
    nicknames: dict[str, frozenset[int]]

    def __post_init__(self) -> None:
        object.__setattr__(self, "model", weakened(self.model, self.matching))

    @property
    def made_by(self) -> str:
        """A digest of all that a weight depends on."""
        nicknames = sorted((name, sorted(sets)) for name, sets in self.nicknames.items())
        parameters = [self.model.version, self.model.prior, self.model.frequency, self.model.seldom, nicknames]
        tables = [{c: p.tolist() for c, p in sorted(t.items())} for t in (self.model.m, self.model.u)]
        # Sets as sorted lists, since their own order is another in each process.
        told = json.dumps([_CODE, self.matching.model_dump(), parameters, tables], sort_keys=True, default=sorted)
        return sha256(told.encode()).hexdigest()


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

    def __init__(self, frame: pl.DataFrame, matcher: Matcher, encoded: tuple[Rows, Profiles] | None = None) -> None:
        """`encoded`: the row of each record's profile and the encoded profiles, where somebody has them already."""
        self.matching, self.model, self.size = matcher.matching, matcher.model, frame.height
        self.unit = frame["unit"].to_numpy().astype(np.int64)
        self.partner = frame["partner"].to_numpy().astype(np.int64)
        if encoded is None:
            self.profile, distinct = distinct_profiles(frame)
            encoded = self.profile, encode(distinct, self.matching)
        self.profile, self.profiles = encoded
        self.comparer: Comparer = comparer_of(self.profiles, self.matching, matcher.nicknames, self.model)

    def candidates(self) -> tuple[Rows, Rows]:
        """Pairs of profiles worth comparing, a profile with itself where several records hold it."""
        times = np.bincount(self.profile, minlength=self.profiles.size)
        a, b = blocking.pairs(self.profiles, self.matching, times)
        shared = np.flatnonzero(times > 1)
        a = np.r_[a, shared]
        b = np.r_[b, shared]
        return a, b

    def edges(self, a: Rows, b: Rows, least: float) -> Edges:
        """The pairs of records behind these pairs of profiles, at or above a weight and not evidently two people."""
        return self._of_two_units(self._of_records(self._alike(a, b, a, b, least)))

    def edges_of(self, a: Rows, b: Rows, least: float) -> Edges:
        """These pairs of records (a < b), as far as they are at or above a weight and not evidently two people."""
        return self._of_two_units(self._alike(self.profile[a], self.profile[b], a, b, least))

    def twins(self, a: Rows, b: Rows) -> Edges:
        """The pairs of records behind these pairs of profiles that are alike as twins are; they have no weight."""
        return self._of_two_units(self._of_records(self._like_twins(a, b, a, b)))

    def twins_of(self, a: Rows, b: Rows) -> Edges:
        """These pairs of records (a < b), as far as they are alike as twins are."""
        return self._of_two_units(self._like_twins(self.profile[a], self.profile[b], a, b))

    def _like_twins(self, p: Rows, q: Rows, a: Rows, b: Rows) -> Edges:
        born = self.profiles.born
        near = np.flatnonzero((born[p] == born[q]) & (born[p] > 0) & (p != q))
        levels = self.comparer.levels(p[near], q[near])
        are = possible_twins(levels, self.matching)
        return Edges(a[near], b[near], np.zeros(len(near)), pack(levels)).where(are)

    def _alike(self, p: Rows, q: Rows, a: Rows, b: Rows, least: float) -> Edges:
        """Those of the pairs that may be one person, weighed a part at a time."""
        found = in_parts(len(a), lambda s: self._alike_of(p[s], q[s], a[s], b[s], least))
        if len(found) == 1:
            return found[0]
        columns = zip(*((f.a, f.b, f.weight, f.levels) for f in found), strict=True)
        return Edges(*(np.concatenate(c) for c in columns))

    def _alike_of(self, p: Rows, q: Rows, a: Rows, b: Rows, least: float) -> Edges:
        levels = self.comparer.levels(p, q)
        weight = np.round(weigh(levels, p, q, self.profiles, self.model), 4)
        undated = [self.matching.level("name", n) for n in self.matching.names.alike_enough_undated]
        too_little = is_thin(levels, self.matching) & ~np.isin(levels["name"], undated)
        kept = (weight >= least) & ~evident_others(levels, self.matching) & ~too_little
        return Edges(a, b, weight, pack(levels)).where(kept)

    def unlike(self, a: Rows, b: Rows) -> NDArray[np.bool_]:
        """Which of these pairs of records are evidently two people."""
        levels = self.comparer.levels(self.profile[a], self.profile[b])
        unlike = evident_others(levels, self.matching) | self._two_of_one_partner(levels, a, b)
        return unlike & (self.unit[a] != self.unit[b])

    def _two_of_one_partner(self, levels: dict[str, Levels], a: Rows, b: Rows) -> NDArray[np.bool_]:
        """One partner knows them under two references, and only name and home say that they are one."""
        return is_thin(levels, self.matching) & (self.partner[a] == self.partner[b])

    def _of_records(self, edges: Edges) -> Edges:
        """Each pair of profiles as all pairs of records (a < b) that hold them."""
        order = np.argsort(self.profile, kind="stable")
        first = np.searchsorted(self.profile[order], np.arange(self.profiles.size + 1))
        many = np.diff(first)
        times_b = many[edges.b]
        pairs = many[edges.a] * times_b
        at = np.repeat(np.arange(len(pairs)), pairs)
        nth = np.arange(len(at)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
        one = order[first[edges.a[at]] + nth // times_b[at]]
        other = order[first[edges.b[at]] + nth % times_b[at]]
        found = Edges(np.minimum(one, other), np.maximum(one, other), edges.weight[at], edges.levels[at])
        return found.where((edges.a[at] != edges.b[at]) | (one < other))

    def _of_two_units(self, edges: Edges) -> Edges:
        """Without pairs of one unit, and those that one partner's two references contradict."""
        thin = self._two_of_one_partner(unpack(edges.levels), edges.a, edges.b)
        return edges.where(~thin & (self.unit[edges.a] != self.unit[edges.b]))


def distinct_profiles(frame: pl.DataFrame) -> tuple[Rows, pl.DataFrame]:
    """The row of each record's profile, and the distinct profiles in the order in which they come."""
    said = frame.select(COLUMNS)
    for seed in count():
        _, first, same = np.unique(said.hash_rows(seed).to_numpy(), return_index=True, return_inverse=True)
        order = np.argsort(first)
        profile, distinct = np.argsort(order)[same], said[first[order]]
        if all(said[c].equals(distinct[c].gather(profile), null_equal=True) for c in COLUMNS):
            break  # else two profiles have one hash, as they do once in some million counties
    return profile, distinct


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
