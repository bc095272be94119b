"""Clusters of records that agree, built strongest evidence first, with unions that are refused.

Plain union-find over integer arrays: a union is refused when the two clusters hold what contradicts it, so
two people who share one bad value stay two. The result depends on the order of the agreements alone, and that
on content.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tf_integration.identify.evidence import EvidenceOrder

MIXED = -1     # a slot that holds several values, kept beside the array


class Weighed(NamedTuple):
    """Two units that a model weighed; `because` in words, without values."""

    unit_a: int
    unit_b: int
    weight: float
    because: str


class Refusal(NamedTuple):
    """Two units that agree on `evidence` (its rank) and yet may not be one; `but` in words."""

    unit_a: int
    unit_b: int
    evidence: int
    but: str


class _Slot:
    """One attribute of every cluster, at the cluster's root: nothing (0), one value, or a set."""

    def __init__(self, size: int) -> None:
        self.one = array("q", bytes(8 * size))
        self.many: dict[int, set[int]] = {}

    def values(self, root: int) -> set[int]:
        value = self.one[root]
        return self.many[root] if value == MIXED else {value} if value else set()

    def disagree(self, a: int, b: int) -> bool:
        """Both clusters hold values and have none in common."""
        one, other = self.one[a], self.one[b]
        if not one or not other or (one == other and one != MIXED):
            return False
        return self.values(a).isdisjoint(self.values(b))

    def add(self, root: int, value: int) -> None:
        if not self.one[root]:
            self.one[root] = value
        elif self.one[root] != value:
            self.many[root] = self.values(root) | {value}
            self.one[root] = MIXED

    def absorb(self, root: int, other: int) -> None:
        for value in self.values(other):
            self.add(root, value)


class Clusters:
    """Clusters of units 1..n_units; a cluster's root is its smallest unit, which is the one seen first."""

    SURNAME, BIRTH, INITIAL = 101, 102, 103     # slots beside those of the identifiers, which are their ranks

    def __init__(self, n_units: int, order: EvidenceOrder, most_records: int) -> None:
        """`most_records`: what a cluster may hold, where the evidence has the guard `size`."""
        self.order = order
        self.most_records = most_records
        self.weighed: dict[int, Weighed] = {}
        self.refused: list[Refusal] = []
        self.parent = array("i", range(n_units + 1))
        self.evidence = array("b", [-1]) * (n_units + 1)
        slots = (*order.identifiers, self.SURNAME, self.BIRTH, self.INITIAL)
        self.slots = {slot: _Slot(n_units + 1) for slot in slots}
        self.apart: dict[int, set[int]] = {}
        self.unlike: dict[int, set[int]] = {}
        self.sealed: dict[int, set[int]] = {}
        self.members = array("i", [1]) * (n_units + 1)

    def describe(self, rows: Iterable[Sequence[int]]) -> None:
        """Take (unit, slot, value) rows, before any agreement."""
        for unit, slot, value in rows:
            self.slots[slot].add(unit, value)

    def keep_apart(self, pairs: Iterable[Sequence[int]]) -> None:
        """Take pairs of units that a person said are different, before any agreement."""
        _note_pairs(self.apart, pairs)

    def seal(self, pairs: Iterable[Sequence[int]]) -> None:
        """Take pairs of units that nothing may join and of which nothing is told, before any agreement."""
        _note_pairs(self.sealed, pairs)

    def know_unlike(self, pairs: Iterable[Sequence[int]]) -> None:
        """Take pairs of units that are evidently two people, after whatever joined them so far."""
        _note_pairs(self.unlike, ((self.find(a), self.find(b)) for a, b in pairs))

    def weigh(self, rank: int, edges: Iterable[Weighed]) -> None:
        """Join units by a model, strongest first. What is refused is no contradiction: the weights say it."""
        for edge in edges:
            if self._join(edge.unit_a, edge.unit_b, rank) is None:
                for unit in (edge.unit_a, edge.unit_b):
                    self.weighed.setdefault(unit, edge)

    def agree(self, evidence: int, units: Sequence[int]) -> None:
        """Join units that share one value, each with the first of them that nothing forbids it."""
        heads: list[int] = []
        for unit in units:
            first_refusal = None
            for head in heads:
                but = self._join(head, unit, evidence)
                if but is None:
                    break
                first_refusal = first_refusal or (Refusal(head, unit, evidence, but) if but else None)
            else:
                heads.append(unit)
            if first_refusal:
                self.refused.append(first_refusal)

    def find(self, unit: int) -> int:
        """The root of a unit's cluster."""
        parent = self.parent
        while parent[unit] != unit:
            parent[unit] = parent[parent[unit]]
            unit = parent[unit]
        return unit

    def roots(self) -> NDArray[np.int64]:
        """The root of every unit's cluster."""
        root = np.frombuffer(self.parent, np.int32).astype(np.int64)
        while True:
            above = root[root]
            if np.array_equal(above, root):
                return root
            root = above

    def _join(self, a: int, b: int, evidence: int) -> str | None:
        """None when a and b are one cluster now; else why not ('' when a person said so)."""
        one, other = sorted((self.find(a), self.find(b)))
        if one != other and self._holds(self.sealed, one, other):
            return ""
        if one != other:
            but = self._forbids(one, other, evidence)
            if but is not None:
                if not but:
                    self._note(a, b, len(self.order.evidence) - 1)
                return but
            self.parent[other] = one
            for slot in self.slots.values():
                slot.absorb(one, other)
            self.members[one] += self.members[other]
            for known in (self.apart, self.unlike, self.sealed):
                if other in known:
                    known.setdefault(one, set()).update(known.pop(other))
        self._note(a, b, evidence)
        return None

    def _note(self, a: int, b: int, evidence: int) -> None:
        for unit in (a, b):
            known = self.evidence[unit]
            self.evidence[unit] = evidence if known < 0 else min(known, evidence)

    def _forbids(self, a: int, b: int, evidence: int) -> str | None:
        kind = self.order.evidence[evidence]
        if self._said_apart(a, b):
            return "a person said that they are different" if kind.name == "said_same" else ""
        if "identifiers" in kind.guards:
            for slot, words in self.order.identifiers.items():
                if self.slots[slot].disagree(a, b):
                    return f"not the {words}"
        if "birth_and_name" in kind.guards and self.slots[self.BIRTH].disagree(a, b) and (
                self.slots[self.SURNAME].disagree(a, b) or self.slots[self.INITIAL].disagree(a, b)):
            return "name and date of birth disagree"
        if "evident_others" in kind.guards and self._holds(self.unlike, a, b):
            return "evidently two people"
        if "size" in kind.guards and self.members[a] + self.members[b] > self.most_records:
            return "too many records for one person"
        return None

    def _said_apart(self, a: int, b: int) -> bool:
        return self._holds(self.apart, a, b)

    def _holds(self, known: dict[int, set[int]], a: int, b: int) -> bool:
        one, other = (a, b) if len(known.get(a, ())) <= len(known.get(b, ())) else (b, a)
        return any(self.find(unit) == other for unit in known.get(one, ()))


def _note_pairs(known: dict[int, set[int]], pairs: Iterable[Sequence[int]]) -> None:
    for a, b in pairs:
        known.setdefault(a, set()).add(b)
        known.setdefault(b, set()).add(a)
