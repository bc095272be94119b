"""Learn a model from profiles: u from random pairs, m by expectation and maximisation, and names' frequencies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tf_integration.identify.blocking import Rows, pairs, pairs_of_block
from tf_integration.identify.comparing import Comparer, Flags, Levels, in_parts
from tf_integration.identify.matching import COMPARISONS, IDENTIFIERS, Matching
from tf_integration.identify.profiles import Profiles
from tf_integration.identify.weighing import Model, evident_others, weigh

# Each block to learn from, and the comparisons that it cannot teach, since it chose the pairs by them.
LESSONS: Lessons = (
    (("nhs_number",), frozenset(IDENTIFIERS)),
    (("nino",), frozenset(IDENTIFIERS)),
    (("date_of_birth", "surname"), frozenset({"name", "birth_date"})),
    (("forename", "postcode"), frozenset({"name", "home"})),
)
_MOST_PAIRS = 500_000
_RANDOM_PAIRS = 1_000_000
_MOST_PROFILES = 150_000  # learnt from, beyond names' frequencies; more teach nothing new and take as much longer
_STEPS = 50
_PRIOR_STEPS = 3
_SMOOTH = 0.125  # pairs that every level is taken to have shown beforehand, so that none is impossible
# Levels that say less and less, whatever a sample shows: how far people move differs from place to place.
FALLING = {"birth_date": ("exact", "swapped", "slip", "same_year", "other"), "home": COMPARISONS["home"]}
START = {  # m before learning: what a partner's record of one person usually agrees on
    "name": (0.75, 0.005, 0.03, 0.05, 0.05, 0.01, 0.07, 0.02, 0.015),
    "birth_date": (0.95, 0.003, 0.01, 0.02, 0.007, 0.01),
    "home": (0.7, 0.05, 0.05, 0.2),
    "sex": (0.99, 0.01),
    **dict.fromkeys(IDENTIFIERS, (0.99, 0.01)),
}
Table = dict[str, NDArray[np.float64]]
Lessons = tuple[tuple[tuple[str, ...], frozenset[str]], ...]
Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class _Patterns:
    """Distinct patterns of levels among some pairs, and how many pairs show each."""

    levels: dict[str, Levels]
    times: NDArray[np.float64]


def train(
    profiles: Profiles,
    matching: Matching,
    nicknames: dict[str, frozenset[int]],
    version: str,
    trained_on: str,
    seed: int = 1,
    progress: Callable[[str], None] = lambda said: None,
) -> Model:
    """A model learnt from these profiles, which need no labels.

    Identifiers are unlike by chance alone, so their u follows from the number of people. The same profiles and
    seed give the same model.
    """
    frequency = {f: frequency_of(profiles, f) for f in ("forename", "surname")}
    seldom = {f: 0.5 / max(1, int((profiles.code(f) >= 0).sum())) for f in frequency}
    blank = Model(version, trained_on, 0.5, {}, {}, frequency, seldom)
    if profiles.size > _MOST_PROFILES:
        rows = np.random.default_rng(seed).choice(profiles.size, _MOST_PROFILES, replace=False)
        profiles = profiles.some(np.sort(rows))
    comparer = comparer_of(profiles, matching, nicknames, blank)
    u = unlike(comparer, frequency, seed)
    progress("u from random pairs")
    return learn(comparer, replace(blank, u=u), LESSONS, START, FALLING, seed, progress)


def learn(
    comparer: Comparer,
    blank: Model,
    lessons: Lessons,
    start: Mapping[str, tuple[float, ...]],
    falling: Mapping[str, tuple[str, ...]],
    seed: int = 1,
    progress: Callable[[str], None] = lambda said: None,
) -> Model:
    """`blank` with m and the prior learnt; it holds u and the names' frequencies.

    `start` is m before learning, for each of the comparer's comparisons; `falling` names levels in their order.
    """
    matching, shapes, u = comparer.matching, comparer.comparisons, dict(blank.u)
    learnt: dict[str, list[tuple[float, NDArray[np.float64]]]] = {c: [] for c in shapes}
    for fields, silent in lessons:
        patterns = _patterns_of_block(comparer, fields, seed)
        if patterns is None:
            continue
        m, expected = _maximise(patterns, u, start, silent, ~evident_others(patterns.levels, matching))
        for comparison in set(shapes) - silent:
            learnt[comparison].append((expected, m[comparison]))
        progress(f"m from pairs with the same {' and '.join(fields)}")
    m = {c: _mean(learnt[c]) if learnt[c] else np.array(start[c]) for c in shapes}
    for comparison, order in falling.items():
        m[comparison], u[comparison] = _pooled(m[comparison], u[comparison], shapes[comparison], order)
    return _with_prior(comparer, replace(blank, m=m, u=u))


def comparer_of(profiles: Profiles, matching: Matching, nicknames: dict[str, frozenset[int]], model: Model) -> Comparer:
    """A comparer that knows which names stand for themselves."""
    often = {
        f: model.frequencies(f, profiles.names) >= matching.names.a_name_of_its_own for f in ("forename", "surname")
    }
    often["forename"] |= np.fromiter((n in nicknames for n in profiles.names), bool, len(profiles.names))
    return Comparer(profiles, matching, nicknames, often)


def frequency_of(profiles: Profiles, field: str) -> dict[str, float]:
    """The share of each name among the profiles that have one."""
    code = profiles.code(field)
    times = np.bincount(code[code >= 0], minlength=len(profiles.names))
    total = max(1, times.sum())
    return {profiles.names[i]: float(times[i] / total) for i in np.flatnonzero(times)}


def unlike(comparer: Comparer, frequency: dict[str, dict[str, float]], seed: int) -> Table:
    """How often each level shows in pairs drawn at random, which are hardly ever one person."""
    rng, size = np.random.default_rng(seed), comparer.profiles.size
    a, b = rng.integers(0, max(size, 1), (2, min(_RANDOM_PAIRS, size * size)))
    levels = _levels(comparer, a[a != b], b[a != b])
    sizes = {c: len(names) + 1 for c, names in comparer.comparisons.items()}
    u = {c: _shares(np.bincount(found, minlength=sizes[c])[1:], 0.5) for c, found in levels.items()}
    both = [sum(f * f for f in frequency[field].values()) for field in ("forename", "surname")]
    u["name"][0] = max(both[0] * both[1], 1e-9)
    for identifier in IDENTIFIERS:
        by_chance = 1 / max(len(comparer.profiles.columns[identifier].values), 10)
        u[identifier] = np.array([by_chance, 1 - by_chance])
    return u


def _levels(comparer: Comparer, a: Rows, b: Rows) -> dict[str, Levels]:
    """What the comparer finds, a part at a time and several at once."""
    found = in_parts(len(a), lambda s: comparer.levels(a[s], b[s]))
    return {c: np.concatenate([part[c] for part in found]) for c in found[0]}


def _shares(times: NDArray[np.integer], smooth: float) -> NDArray[np.float64]:
    smoothed = times + smooth
    return np.asarray(smoothed / smoothed.sum(), dtype=np.float64)


def _patterns_of_block(comparer: Comparer, fields: tuple[str, ...], seed: int) -> _Patterns | None:
    a, b = pairs_of_block(comparer.profiles, fields, comparer.matching)
    if not len(a):
        return None
    if len(a) > _MOST_PAIRS:
        some = np.random.default_rng(seed).choice(len(a), _MOST_PAIRS, replace=False)
        a, b = a[some], b[some]
    return _patterns(_levels(comparer, a, b), comparer.comparisons)


def _patterns(levels: dict[str, Levels], shapes: Mapping[str, tuple[str, ...]]) -> _Patterns:
    packed = np.zeros(len(levels["name"]), dtype=np.int64)
    for comparison, found in levels.items():
        packed = packed * (len(shapes[comparison]) + 1) + found
    _, first, times = np.unique(packed, return_index=True, return_counts=True)
    return _Patterns({c: found[first] for c, found in levels.items()}, times.astype(np.float64))


def _maximise(
    patterns: _Patterns, u: Table, start: Mapping[str, tuple[float, ...]], silent: frozenset[str], possible: Flags
) -> tuple[Table, float]:
    """m by expectation and maximisation with u held; also the expected number of pairs that are one person.

    Patterns that are not `possible` are two people, whatever they add up to.
    """
    m = {c: np.array(shares) for c, shares in start.items()}
    share, times = 0.5, patterns.times
    for _ in range(_STEPS):
        bits = np.full(len(times), np.log2(share / (1 - share)))
        for comparison in set(start) - silent:
            ratio = np.r_[0.0, np.log2(m[comparison] / np.maximum(u[comparison], 1e-9))]
            bits += ratio[patterns.levels[comparison]]
        is_one = 1 / (1 + np.exp2(-np.clip(bits, -60, 60))) * possible
        for comparison in set(start) - silent:
            weighed = np.bincount(patterns.levels[comparison], times * is_one, len(start[comparison]) + 1)[1:]
            m[comparison] = _shares(weighed, _SMOOTH)
        share = float(np.clip((times * is_one).sum() / times.sum(), 1e-6, 1 - 1e-6))
    return m, float((times * is_one).sum())


def _mean(learnt: list[tuple[float, NDArray[np.float64]]]) -> NDArray[np.float64]:
    """The mean of what the lessons taught, each by the pairs that it rests on."""
    total = sum(w for w, _ in learnt) or 1.0
    return np.asarray(sum(w / total * m for w, m in learnt), dtype=np.float64)


def _pooled(m: NDArray[np.float64], u: NDArray[np.float64], levels: tuple[str, ...], falling: tuple[str, ...]) -> Pair:
    """m and u with neighbouring levels of `falling` pooled until each says less for one person than the one before."""
    m, u = m.copy(), u.copy()
    groups: list[list[int]] = []
    for level in falling:
        groups.append([levels.index(level)])
        while len(groups) > 1 and _ratio(m, u, groups[-1]) > _ratio(m, u, groups[-2]):
            last = groups.pop()
            groups[-1] += last
    for group in groups:
        ratio, share = _ratio(m, u, group), u[group]
        m[group] = ratio * share
    return m, u


def _ratio(m: NDArray[np.float64], u: NDArray[np.float64], group: list[int]) -> float:
    return float(m[group].sum() / u[group].sum())


def _with_prior(comparer: Comparer, model: Model) -> Model:
    """The model with the share of all pairs of profiles that are one person, as the model itself counts them."""
    profiles, matching = comparer.profiles, comparer.matching
    a, b = pairs(profiles, matching)
    levels = _levels(comparer, a, b)
    possible = ~evident_others(levels, matching)
    every_pair = max(profiles.size * (profiles.size - 1) / 2, 1.0)
    model = replace(model, prior=1 / max(profiles.size, 2))
    for _ in range(_PRIOR_STEPS):
        bits = weigh(levels, a, b, profiles, model)[possible]
        expected = float((1 / (1 + np.exp2(-np.clip(bits, -60, 60)))).sum())
        model = replace(model, prior=float(np.clip(expected / every_pair, 1e-12, 0.5)))
    return model
