"""A table of people that is not the county's, made ready for this project's matcher.

Each column is compared by itself and by what its values look like, since a foreign table's names are often half
missing. Blocks, weights, learning without labels, settling and the guards of clusters are the product's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from tf_integration.identify import training
from tf_integration.identify.blocking import Rows
from tf_integration.identify.comparing import Comparer, Levels
from tf_integration.identify.matching import COMPARISONS, Matching, load_matching, load_nicknames
from tf_integration.identify.pairing import Edges, Records, pack
from tf_integration.identify.profiles import COLUMNS, Column, Profiles, encode
from tf_integration.identify.weighing import Model, weigh

_SEED = 1
_CROSSED = "forename and surname crossed"
_NAMES = ("forename", "surname")
_LEAST = 1e-9
BEGUN, _BEGUN = "~", 4  # a column of how values begin, and in how many characters


@dataclass(frozen=True)
class Further:
    """A column that the product does not know: bands of agreement by the value's rarity, then less and less alike."""

    name: str
    column: Column
    settings: dict[str, Any]
    short: Callable[[int, int], bool] | None = None  # forenames alone: one may stand for the other

    @property
    def levels(self) -> tuple[str, ...]:
        return (*(f"same_{n}" for n in range(len(self.settings["bands"]) + 1)), "alike", "near", "other")

    @property
    def start(self) -> tuple[float, ...]:
        """m before learning."""
        same = len(self.settings["bands"]) + 1
        return (*([0.8 / same] * same), 0.08, 0.04, 0.08)

    @cached_property
    def share(self) -> NDArray[np.float64]:
        """How often each value stands among the known ones."""
        times = np.bincount(self.column.code[self.column.code >= 0], minlength=len(self.column.values))
        return np.asarray(times / max(1, times.sum()), dtype=np.float64)

    @cached_property
    def band(self) -> NDArray[np.int8]:
        """The level of agreement on each value: 1 is agreement on a rare one."""
        return (1 + np.digitize(self.share, self.settings["bands"])).astype(np.int8)

    def compare(self, a: Rows, b: Rows) -> Levels:
        x, y = self.column.code[a], self.column.code[b]
        found = np.full(len(x), len(self.levels), dtype=np.int8)
        known = (x >= 0) & (y >= 0)
        same, differ = known & (x == y), np.flatnonzero(known & (x != y))
        found[same] = self.band[x[same]]
        if len(differ):
            pairs, back = np.unique(x[differ].astype(np.int64) << 32 | y[differ], return_inverse=True)
            found[differ] = self._unequal(pairs >> 32, pairs & 0xFFFFFFFF)[back]
        found[~known] = 0
        return found

    def _unequal(self, i: Rows, j: Rows) -> Levels:
        one, other = self._values[i], self._values[j]
        slips = cpdist(one, other, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
        if self.is_code:
            alike, near = slips <= 1, slips <= 2
        else:
            winkler = cpdist(one, other, scorer=JaroWinkler.similarity, dtype=np.float32)
            alike = (winkler >= self.settings["alike"]) | (slips <= 1)
            near = winkler >= self.settings["near"]
        if self.short:
            alike |= np.fromiter((self.short(p, q) for p, q in zip(i.tolist(), j.tolist(), strict=True)), bool, len(i))
        if self.name == "date_of_birth":
            alike |= np.fromiter((p[:4] + p[6:] + p[4:6] == q for p, q in zip(one, other, strict=True)), bool, len(i))
        last = len(self.levels)
        return np.where(alike, last - 2, np.where(near, last - 1, last)).astype(np.int8)

    @cached_property
    def is_code(self) -> bool:
        """Most values hold a digit: numbers, codes, postcodes."""
        return bool(np.mean([any(c.isdigit() for c in v) for v in self.column.values] or [False]) > 0.5)

    @cached_property
    def _values(self) -> NDArray[np.object_]:
        return np.array(self.column.values, dtype=object)


@dataclass(frozen=True)
class ForeignComparer(Comparer):
    """The product's comparer, with each column compared by itself: a foreign table's names are often half missing.

    Of the product's own comparisons that of sex is left, the others find nothing to compare.
    """

    further: tuple[Further, ...]

    @property
    def comparisons(self) -> dict[str, tuple[str, ...]]:
        return COMPARISONS | {f.name: f.levels for f in self.further} | {_CROSSED: ("yes", "no")}

    def levels(self, a: Rows, b: Rows) -> dict[str, Levels]:
        nothing = np.zeros(len(a), dtype=np.int8)
        sex = (self.profiles.sex[a] > 0) & (self.profiles.sex[b] > 0)
        found = dict.fromkeys(COMPARISONS, nothing)
        found["sex"] = np.where(sex, np.where(self.profiles.sex[a] == self.profiles.sex[b], 1, 2), 0).astype(np.int8)
        found |= {f.name: f.compare(a, b) for f in self.further}
        fore, sur = self.profiles.code("forename"), self.profiles.code("surname")
        known = (fore[a] >= 0) & (fore[b] >= 0) & (sur[a] >= 0) & (sur[b] >= 0)
        crossed = known & (fore[a] == sur[b]) & (sur[a] == fore[b])
        for f in self.further:
            if f.name in ("forename", "surname"):
                found[f.name] = np.where(crossed, 0, found[f.name]).astype(np.int8)
        return found | {_CROSSED: np.where(known, np.where(crossed, 1, 2), 0).astype(np.int8)}


class ForeignRecords(Records):
    """Records of a foreign table: its model learnt from itself, its blocks chosen from its columns.

    `known` holds `profiles.COLUMNS`; `born` birth dates as eight digits, on a calendar or not; `further` any other
    columns, as text. `source`: the file of each record, where each file holds a person once; else None.
    """

    def __init__(
        self, known: pl.DataFrame, born: pl.Series, further: pl.DataFrame, source: Rows | None, settings: dict[str, Any]
    ) -> None:
        plain = load_matching()
        self.size, self.source = known.height, source
        self.profile = self.unit = self.partner = np.arange(self.size)
        self.profiles: Profiles = _with_columns(encode(known, plain), born, further)
        self.matching: Matching = plain.model_copy(update=_rules(plain, settings))
        frequency = {f: training.frequency_of(self.profiles, f) for f in _NAMES}
        blank = Model("foreign", "the table", 0.5, {}, {}, frequency, dict.fromkeys(_NAMES, 0.5 / self.size))
        product = training.comparer_of(self.profiles, self.matching, load_nicknames(), blank)
        columns = [c for c in (*_NAMES, "date_of_birth", *further.columns) if _values(self.profiles, c) > 1]
        self.further = tuple(
            Further(c, self.profiles.columns[c], settings, product.is_short if c == "forename" else None)
            for c in columns
        )
        often = [c for c in columns if _values(self.profiles, c) >= settings["few_values"]]
        seldom = [c for c in columns if c not in often]
        self.matching = self.matching.model_copy(update={"blocks": _blocks(often, seldom)})
        self.comparer: Comparer = ForeignComparer(
            self.profiles, self.matching, product.nicknames, product.own, self.further
        )
        self.model = self._learnt(blank, frequency, often)

    def _learnt(self, blank: Model, frequency: dict[str, dict[str, float]], often: list[str]) -> Model:
        u = training.unlike(self.comparer, frequency, _SEED)
        for f in self.further:  # exact agreement by chance follows from the values' shares, however rare
            by_chance = np.bincount(f.band, f.share**2, len(f.levels) + 1)[1 : len(f.settings["bands"]) + 2]
            u[f.name][: len(by_chance)] = np.maximum(by_chance, _LEAST)
        start = training.START | {f.name: f.start for f in self.further} | {_CROSSED: (0.02, 0.98)}
        lessons = [(c,) for c in often if c not in _NAMES]
        if named := tuple(c for c in _NAMES if c in often):
            lessons = [named, *lessons]
        silent = [frozenset((*fields, *([_CROSSED] if set(fields) & set(_NAMES) else []))) for fields in lessons]
        return training.learn(
            self.comparer, replace(blank, u=u), tuple(zip(lessons, silent, strict=True)), start, {}, _SEED
        )

    def unlike(self, a: Rows, b: Rows) -> NDArray[np.bool_]:
        """Two records of one file, where each holds a person once; and pairs whose own weight is far too low."""
        levels = self.comparer.levels(a, b)
        against = weigh(levels, a, b, self.profiles, self.model) < self.further[0].settings["unlike_at"]
        return against if self.source is None else against | (self.source[a] == self.source[b])

    def _alike(self, p: Rows, q: Rows, a: Rows, b: Rows, least: float) -> Edges:
        """By weight alone: which of a foreign table's columns are enough by themselves is not known."""
        levels = self.comparer.levels(p, q)
        weight = np.round(weigh(levels, p, q, self.profiles, self.model), 4)
        return Edges(a, b, weight, pack(levels)).where(weight >= least)

    def candidates(self) -> tuple[Rows, Rows]:
        a, b = super().candidates()
        return (
            (a, b)
            if self.source is None
            else (a[self.source[a] != self.source[b]], b[self.source[a] != self.source[b]])
        )


def _values(profiles: Profiles, column: str) -> int:
    """How many values a column has."""
    code = profiles.columns[column].code
    return len(np.unique(code[code >= 0]))


def _blocks(often: list[str], seldom: list[str]) -> tuple[tuple[str, ...], ...]:
    """Each column alone, two together or by their beginnings, and two with one of few values."""
    pairs = list(combinations(often, 2))
    finer = [(a, b, c) for a, b in pairs for c in seldom]
    begun = [(a + BEGUN, b + BEGUN) for a, b in pairs]
    return (*((c,) for c in often), *pairs, *begun, *finer)


def _rules(plain: Matching, settings: dict[str, Any]) -> dict[str, Any]:
    """The product's rules, without those that rest on homes, which a foreign table may not tell."""
    comparisons = {
        c: {n: level.model_copy(update={"evident_other": False}) for n, level in levels.items()}
        for c, levels in plain.comparisons.items()
    }
    names = plain.names.model_copy(update={"alike_enough_undated": frozenset(COMPARISONS["name"])})
    kept = {k: settings[k] for k in ("join_at", "lead", "most_records", "most_in_block")}
    return kept | {"comparisons": comparisons, "names": names}


def _with_columns(profiles: Profiles, born: pl.Series, further: pl.DataFrame) -> Profiles:
    """The profiles with the further columns, and with birth dates that no calendar holds."""
    columns = dict(profiles.columns)
    text = born.cast(pl.String)
    columns["date_of_birth"], columns["birth_year"] = _column(text), _column(text.str.head(4))
    columns["birth_day"] = _column(text.str.tail(4))
    columns |= {c: _column(further[c]) for c in further.columns}
    for c in (*_NAMES, "date_of_birth", *further.columns):
        values, code = columns[c].values, columns[c].code
        begun = pl.Series(np.where(code >= 0, code, 0)).set(pl.Series(code < 0), None)
        columns[c + BEGUN] = _column(values.str.head(_BEGUN).gather(begun) if len(values) else values)
    return replace(profiles, columns=columns, born=born.fill_null(0).cast(pl.Int64).to_numpy())


def _column(values: pl.Series) -> Column:
    vocabulary = values.drop_nulls().unique().sort()
    code = values.cast(pl.Enum(vocabulary)).to_physical().cast(pl.Int32).fill_null(-1).to_numpy()
    return Column(code, vocabulary)


def blank(size: int) -> pl.DataFrame:
    """`profiles.COLUMNS` with nothing in them."""
    return pl.DataFrame(
        {c: pl.Series([None] * size, dtype=pl.Date if c == "date_of_birth" else pl.String) for c in COLUMNS}
    )
