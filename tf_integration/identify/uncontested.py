"""Knots of units in which nothing can refuse anything are joined at once, to what joining them one by one gives.

Most of what is looked at is of this kind; the rest goes through `Clusters` union by union.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tf_integration.identify.blocking import Rows
from tf_integration.identify.clusters import MIXED, Clusters, Weighed
from tf_integration.identify.pairing import Edges
from tf_integration.identify.settling import connected

Flags = NDArray[np.bool_]
_NONE = np.int8(127)


class Shared(NamedTuple):
    """Values that units share, a row for each of their units, in the order in which they are weighed."""

    no: Rows
    evidence: Rows
    unit: Rows


class _Knots:
    """Units that are one cluster already, or that some pair may make one; `of` is the number of each unit's knot."""

    def __init__(self, clusters: Clusters, a: Rows, b: Rows) -> None:
        self.clusters = clusters
        self.root = clusters.roots()
        self.of = connected(self.root, a, b)
        self.heads = np.flatnonzero(self.root == np.arange(len(self.root)))

    @cached_property
    def several(self) -> dict[int, Flags]:
        """Per slot, the knots that hold more than one value of it."""
        found = {}
        for number, slot in self.clusters.slots.items():
            value = np.frombuffer(slot.one, np.int64)[self.heads]
            knot = self.of[self.heads]
            held = value != 0
            low, high = (np.zeros(len(self.of), np.int64) for _ in range(2))
            low[knot[held]] = high[knot[held]] = value[held]  # any of them, to begin with
            np.minimum.at(low, knot[held], value[held])
            np.maximum.at(high, knot[held], value[held])
            found[number] = low != high
            found[number][knot[value == MIXED]] = True
        return found

    def contested(self, ranks: Iterable[int]) -> Flags:
        """The knots in which evidence of these ranks may be refused."""
        clusters = self.clusters
        guards = frozenset[str]().union(*(clusters.order.evidence[rank].guards for rank in ranks))
        found = np.zeros(len(self.of), dtype=bool)
        if "identifiers" in guards:
            for slot in clusters.order.identifiers:
                found |= self.several[slot]
        if "birth_and_name" in guards:
            names = self.several[Clusters.SURNAME] | self.several[Clusters.INITIAL]
            found |= self.several[Clusters.BIRTH] & names
        if "size" in guards:
            members = np.frombuffer(clusters.members, np.int32)[self.heads]
            found |= np.bincount(self.of[self.heads], members, len(self.of)) > clusters.most_records
        for known in (clusters.apart, clusters.sealed, clusters.unlike if "evident_others" in guards else {}):
            found[self.of[list(known)]] = True
        return found

    def join(self, calm: Flags) -> None:
        """Make each of these knots one cluster, whose root is its smallest unit."""
        low = np.full(len(self.of), len(self.of))
        np.minimum.at(low, self.of[self.heads], self.heads)
        heads = self.heads[calm[self.of[self.heads]]]
        to = low[self.of[heads]]
        heads, to = heads[heads != to], to[heads != to]
        np.frombuffer(self.clusters.parent, np.int32)[heads] = to
        members = np.frombuffer(self.clusters.members, np.int32)
        np.add.at(members, to, members[heads])
        for number, slot in self.clusters.slots.items():
            one, mixed = np.frombuffer(slot.one, np.int64), self.several[number][self.of[heads]]
            plain = ~mixed & (one[heads] != 0)
            one[to[plain]] = one[heads[plain]]
            for root, other in zip(to[mixed].tolist(), heads[mixed].tolist(), strict=True):
                slot.absorb(root, other)


def describe(clusters: Clusters, slot: int, units: Rows, values: Rows) -> None:
    """What `Clusters.describe` does with these units, of which nothing was said of this slot before."""
    unit, first, many = np.unique(units, return_index=True, return_counts=True)
    np.frombuffer(clusters.slots[slot].one, np.int64)[unit[many == 1]] = values[first[many == 1]]
    rest = np.isin(units, unit[many > 1])
    clusters.describe((u, slot, v) for u, v in zip(units[rest].tolist(), values[rest].tolist(), strict=True))


def agree(clusters: Clusters, shared: Shared) -> None:
    """What `Clusters.agree` does with each shared value in turn."""
    if not len(shared.no):
        return
    first = np.flatnonzero(np.r_[True, np.diff(shared.no) != 0])
    length = np.diff(np.r_[first, len(shared.no)])
    knots = _Knots(clusters, np.repeat(shared.unit[first], length), shared.unit)
    contested = knots.contested(np.unique(shared.evidence).tolist())
    knots.join(~contested)
    calm = ~contested[knots.of[shared.unit]]
    _note(clusters, shared.unit[calm], shared.evidence[calm])
    one_by_one = ~calm[first]
    for at, many in zip(first[one_by_one].tolist(), length[one_by_one].tolist(), strict=True):
        clusters.agree(int(shared.evidence[at]), shared.unit[at : at + many].tolist())


def weigh(clusters: Clusters, rank: int, edges: Edges, words: Mapping[int, str]) -> None:
    """What `Clusters.weigh` does with these pairs of units, strongest first; `words` of their levels.

    `clusters.weighed` is filled for the units that nothing stronger holds.
    """
    if not len(edges.a):
        return
    knots = _Knots(clusters, edges.a, edges.b)
    contested = knots.contested([rank])
    knots.join(~contested)
    calm = ~contested[knots.of[edges.a]]
    _note(clusters, np.r_[edges.a[calm], edges.b[calm]], np.full(2 * int(calm.sum()), rank))
    first = _first(len(knots.of), edges, np.flatnonzero(calm))
    for unit in np.flatnonzero((first < len(edges.a)) & (np.frombuffer(clusters.evidence, np.int8) == rank)).tolist():
        clusters.weighed[unit] = _edge(edges, int(first[unit]), words)
    clusters.weigh(rank, (_edge(edges, n, words) for n in np.flatnonzero(~calm).tolist()))


def _first(n_units: int, edges: Edges, places: Rows) -> Rows:
    """The first of these edges of each unit; a unit that has none: as many as there are."""
    first = np.full(n_units, len(edges.a))
    np.minimum.at(first, edges.a[places], places)
    np.minimum.at(first, edges.b[places], places)
    return first


def _edge(edges: Edges, n: int, words: Mapping[int, str]) -> Weighed:
    return Weighed(int(edges.a[n]), int(edges.b[n]), float(edges.weight[n]), words[int(edges.levels[n])])


def _note(clusters: Clusters, unit: Rows, evidence: Rows) -> None:
    known = np.frombuffer(clusters.evidence, np.int8)
    best = np.full(len(known), _NONE)
    np.minimum.at(best, unit, evidence.astype(np.int8))
    held = best < _NONE
    known[held] = np.where(known[held] < 0, best[held], np.minimum(known[held], best[held]))
