"""What each comparison finds for each pair of profiles, as level numbers (0: nothing to compare)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from tf_integration.identify.blocking import Rows
from tf_integration.identify.matching import COMPARISONS, IDENTIFIERS, Matching
from tf_integration.identify.profiles import AT_ONCE, Profiles

Levels = NDArray[np.int8]
Flags = NDArray[np.bool_]
Found = TypeVar("Found")
Relate = Callable[[NDArray[np.int32], NDArray[np.int32]], Levels]
_PART = 100_000  # pairs that are compared together: what they need stays small, whatever the number of records
_SAME, _SHORT, _ALIKE, _OTHER = 1, 2, 3, 4  # how two forenames, or two surnames, stand to each other


@dataclass(frozen=True)
class Comparer:
    """Compares pairs of these profiles. `own` holds, for forenames and for surnames, which names stand for themselves.

    Two of these are two names, however alike.
    """

    profiles: Profiles
    matching: Matching
    nicknames: dict[str, frozenset[int]]
    own: dict[str, Flags]

    @property
    def comparisons(self) -> dict[str, tuple[str, ...]]:
        """Each comparison and its levels, first level first."""
        return COMPARISONS

    def levels(self, a: Rows, b: Rows) -> dict[str, Levels]:
        """The level of every comparison for the pairs (a[i], b[i])."""
        found = {
            "name": self._name(a, b),
            "birth_date": self._birth_date(a, b),
            "home": self._home(a, b),
            "sex": _same_or_other(self.profiles.sex[a] - 1, self.profiles.sex[b] - 1),
        }
        for identifier in IDENTIFIERS:
            code = self.profiles.code(identifier)
            found[identifier] = _same_or_other(code[a], code[b])
        return found

    def _name(self, a: Rows, b: Rows) -> Levels:
        fore, sur = self.profiles.code("forename"), self.profiles.code("surname")
        fa, fb, sa, sb = fore[a], fore[b], sur[a], sur[b]
        f, s = self._forenames(fa, fb), self._surnames(sa, sb)
        near = (f == _SHORT) | (f == _ALIKE)
        return self._number(
            "name",
            (fa >= 0) & (fb >= 0) & (sa >= 0) & (sb >= 0),
            [
                ("exact", (f == _SAME) & (s == _SAME)),
                ("swapped", (fa == sb) & (fb == sa)),
                ("surname_alike", (f == _SAME) & (s == _ALIKE)),
                ("forename_short", (f == _SHORT) & (s == _SAME)),
                ("forename_alike", (f == _ALIKE) & (s == _SAME)),
                ("both_alike", near & (s == _ALIKE)),
                ("forename_only", f == _SAME),
                ("surname_only", (s == _SAME) | (s == _ALIKE)),
            ],
        )

    def _birth_date(self, a: Rows, b: Rows) -> Levels:
        x, y = self.profiles.born[a], self.profiles.born[b]
        placeholder = np.isin(x % 10_000, self.matching.births.month_days())
        near = np.abs(x // 10_000 - y // 10_000) < self.matching.births.a_generation
        swapped = (x // 10_000 == y // 10_000) & (x // 100 % 100 == y % 100) & (y // 100 % 100 == x % 100)
        return self._number(
            "birth_date",
            (x > 0) & (y > 0),
            [
                ("placeholder", (x == y) & placeholder),
                ("exact", x == y),
                ("swapped", swapped),
                ("slip", _one_digit(x, y) & near),
                ("same_year", x // 10_000 == y // 10_000),
            ],
        )

    def _home(self, a: Rows, b: Rows) -> Levels:
        code = {f: self.profiles.code(f) for f in ("uprn", "written", "postcode", "sector")}
        equal = {f: (c[a] == c[b]) & (c[a] >= 0) for f, c in code.items()}
        two_uprns = (code["uprn"][a] >= 0) & (code["uprn"][b] >= 0)
        known = ((code["postcode"][a] >= 0) & (code["postcode"][b] >= 0)) | equal["uprn"]
        return self._number(
            "home",
            known,
            [
                ("same", equal["uprn"] | (equal["written"] & ~two_uprns)),
                ("postcode", equal["postcode"]),
                ("sector", equal["sector"]),
            ],
        )

    def _number(self, comparison: str, known: Flags, tests: list[tuple[str, Flags]]) -> Levels:
        """The first level whose test holds, else the last level; 0 where nothing is known."""
        found = np.full(len(known), len(COMPARISONS[comparison]), dtype=np.int8)
        for name, holds in reversed(tests):
            found[holds] = self.matching.level(comparison, name)
        found[~known] = 0
        return found

    def _forenames(self, x: NDArray[np.int32], y: NDArray[np.int32]) -> Levels:
        def relate(i: NDArray[np.int32], j: NDArray[np.int32]) -> Levels:
            short, alike = np.zeros(len(i), dtype=bool), np.zeros(len(i), dtype=bool)
            may = np.flatnonzero(self._bare[i] | self._bare[j] | (self._nicknamed[i] & self._nicknamed[j]))
            short[may] = [self.is_short(p, q) for p, q in zip(i[may].tolist(), j[may].tolist(), strict=True)]
            near = np.flatnonzero((self._initial[i] == self._initial[j]) & ~short)
            alike[near] = self._is_alike("forename", i[near], j[near])
            both = np.flatnonzero(alike & self._spaced[i] & self._spaced[j])
            words = zip(i[both].tolist(), j[both].tolist(), strict=True)
            alike[both] = [self._is_alike_by_word(p, q) for p, q in words]
            return np.where(short, _SHORT, np.where(alike, _ALIKE, _OTHER)).astype(np.int8)

        return _once_per_pair(x, y, relate)

    def _surnames(self, x: NDArray[np.int32], y: NDArray[np.int32]) -> Levels:
        def relate(i: NDArray[np.int32], j: NDArray[np.int32]) -> Levels:
            part, may = np.zeros(len(i), dtype=bool), np.flatnonzero(self._spaced[i] | self._spaced[j])
            part[may] = [self._is_part(p, q) for p, q in zip(i[may].tolist(), j[may].tolist(), strict=True)]
            return np.where(part | self._is_alike("surname", i, j), _ALIKE, _OTHER).astype(np.int8)

        return _once_per_pair(x, y, relate)

    def _is_alike(self, field: str, i: NDArray[np.int32], j: NDArray[np.int32]) -> Flags:
        shortest = np.minimum(self._length[i], self._length[j])
        may = ~(self._numbered[i] | self._numbered[j]) & (shortest >= self.matching.names.shortest)
        may &= ~(self.own[field][i] & self.own[field][j])
        found = np.zeros(len(i), dtype=bool)
        near = np.flatnonzero(may)
        if len(near):
            one, other = self._vocabulary[i[near]], self._vocabulary[j[near]]
            slips = cpdist(one, other, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
            winkler = cpdist(one, other, scorer=JaroWinkler.similarity, dtype=np.float32)
            found[near] = (slips <= 1) | (winkler >= self.matching.names.alike)
        return found

    def is_short(self, i: int, j: int) -> bool:
        """An initial, a nickname, or one of several forenames."""
        one, other = sorted((self.profiles.names[i], self.profiles.names[j]), key=len)
        if len(one) == 1:
            return other[0] == one
        sets = self.nicknames.get(one)
        return bool(sets and sets & self.nicknames.get(other, frozenset())) or one == other.split(" ")[0]

    def _is_alike_by_word(self, i: int, j: int) -> bool:
        """Of two forenames of several words each word: a first word in common makes twins' names look alike."""
        one, other = self.profiles.names[i].split(), self.profiles.names[j].split()
        return len(one) != len(other) or all(
            OSA.distance(p, q) <= 1 or JaroWinkler.similarity(p, q) >= self.matching.names.alike
            for p, q in zip(one, other, strict=True)
        )

    def _is_part(self, i: int, j: int) -> bool:
        """One name of a double-barrelled surname, or the same names in another order."""
        one, other = set(self.profiles.names[i].split()), set(self.profiles.names[j].split())
        return max(len(one), len(other)) > 1 and bool(one & other) and (one <= other or other <= one)

    @cached_property
    def _vocabulary(self) -> NDArray[np.object_]:
        return np.array(self.profiles.names, dtype=object)

    @cached_property
    def _initial(self) -> NDArray[np.int32]:
        return np.array([ord(n[0]) if n else 0 for n in self.profiles.names], dtype=np.int32)

    @cached_property
    def _spaced(self) -> Flags:
        """Names of several words."""
        return np.fromiter((" " in n for n in self.profiles.names), bool, len(self.profiles.names))

    @cached_property
    def _bare(self) -> Flags:
        """Names that may stand for others, or for which others may stand: initials, and names of several words."""
        return self._spaced | (self._length == 1)

    @cached_property
    def _nicknamed(self) -> Flags:
        return np.fromiter((n in self.nicknames for n in self.profiles.names), bool, len(self.profiles.names))

    @cached_property
    def _numbered(self) -> Flags:
        return np.fromiter((any(c.isdigit() for c in n) for n in self.profiles.names), bool, len(self.profiles.names))

    @cached_property
    def _length(self) -> NDArray[np.int32]:
        return np.array([len(n) for n in self.profiles.names], dtype=np.int32)


def in_parts(size: int, do: Callable[[slice], Found]) -> list[Found]:
    """What `do` makes of each part of so many pairs, several parts at once."""
    parts = [slice(n, n + _PART) for n in range(0, max(size, 1), _PART)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(do, parts))


def _once_per_pair(x: NDArray[np.int32], y: NDArray[np.int32], relate: Relate) -> Levels:
    """How each pair of names stands, worked out once for each distinct pair of different names."""
    found = np.full(len(x), _OTHER, dtype=np.int8)
    found[(x == y) & (x >= 0)] = _SAME
    differ = np.flatnonzero((x != y) & (x >= 0) & (y >= 0))
    if not len(differ):
        return found
    low, high = np.minimum(x[differ], y[differ]).astype(np.int64), np.maximum(x[differ], y[differ]).astype(np.int64)
    distinct, back = np.unique(low << 32 | high, return_inverse=True)
    found[differ] = relate((distinct >> 32).astype(np.int32), (distinct & 0xFFFFFFFF).astype(np.int32))[back]
    return found


def _same_or_other(x: NDArray[np.integer], y: NDArray[np.integer]) -> Levels:
    return np.where((x < 0) | (y < 0), 0, np.where(x == y, 1, 2)).astype(np.int8)


def _one_digit(x: NDArray[np.int64], y: NDArray[np.int64]) -> Flags:
    """The dates, written as eight digits, differ in exactly one."""
    differing = np.zeros(len(x), dtype=np.int8)
    for place in range(8):
        differing += (x // 10**place % 10 != y // 10**place % 10).astype(np.int8)
    return differing == 1
