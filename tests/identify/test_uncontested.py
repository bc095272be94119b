"""Joining the uncontested at once gives what joining all one by one gives."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tf_integration.identify import uncontested
from tf_integration.identify.clusters import Clusters
from tf_integration.identify.evidence import load_evidence
from tf_integration.identify.pairing import Edges

ORDER = load_evidence()
MODEL = ORDER.ranks["model"]
UNITS = 300


def described(seed: int) -> Clusters:
    rng = random.Random(seed)
    clusters = Clusters(UNITS, ORDER, most_records=12)
    slots = (*ORDER.identifiers, Clusters.SURNAME, Clusters.BIRTH, Clusters.INITIAL)
    clusters.describe((rng.randrange(1, UNITS + 1), rng.choice(slots), rng.randrange(1, 3)) for _ in range(UNITS))
    clusters.keep_apart((rng.randrange(1, UNITS), UNITS) for _ in range(2))
    clusters.seal((rng.randrange(1, UNITS), UNITS) for _ in range(2))
    return clusters


def shared(seed: int) -> uncontested.Shared:
    rng = random.Random(seed + 1000)
    rows = []
    for no, rank in enumerate(sorted(rng.choice(list(ORDER.of_values.values())) for _ in range(40))):
        rows += [(no, rank, unit) for unit in sorted(rng.sample(range(1, UNITS + 1), rng.randrange(2, 4)))]
    return uncontested.Shared(*np.array(rows).T)


def edges(seed: int) -> Edges:
    rng = random.Random(seed + 2000)
    pairs = sorted((-rng.randrange(6, 30), *sorted(rng.sample(range(1, UNITS + 1), 2))) for _ in range(90))
    weight, a, b = (np.array(column) for column in zip(*pairs, strict=True))
    return Edges(a, b, -weight.astype(float), np.arange(len(a)))


def test_describing_at_once_gives_what_one_by_one_gives():
    rng = random.Random(5)
    rows = [(rng.randrange(1, UNITS + 1), Clusters.BIRTH, rng.randrange(1, 9)) for _ in range(UNITS)]
    one_by_one, at_once = (Clusters(UNITS, ORDER, most_records=12) for _ in range(2))
    one_by_one.describe(rows)
    units, _, values = np.array(rows).T
    uncontested.describe(at_once, Clusters.BIRTH, units, values)
    assert told(at_once) == told(one_by_one)


def told(clusters: Clusters) -> tuple[object, ...]:
    of_model = [u for u in range(UNITS + 1) if clusters.evidence[u] == MODEL]
    weighed = {u: clusters.weighed[u] for u in of_model}
    roots = [clusters.find(u) for u in range(UNITS + 1)]
    values = [{r: slot.values(r) for r in roots} for slot in clusters.slots.values()]
    return roots, list(clusters.evidence), clusters.refused, weighed, values, [clusters.members[r] for r in roots]


@pytest.mark.parametrize("seed", range(60))
def test_at_once_gives_what_one_by_one_gives(seed: int):
    values, found = shared(seed), edges(seed)
    words = {int(n): f"pair {n}" for n in found.levels}
    one_by_one, at_once = described(seed), described(seed)
    for no in np.unique(values.no):
        held = values.no == no
        one_by_one.agree(int(values.evidence[held][0]), values.unit[held].tolist())
    uncontested.agree(at_once, values)
    assert told(at_once) == told(one_by_one)
    unlike = [(int(a), int(b)) for a, b in zip(found.a[::30], found.b[::30], strict=True)]
    for clusters in (one_by_one, at_once):
        clusters.know_unlike(unlike)
    one_by_one.weigh(MODEL, (uncontested._edge(found, n, words) for n in range(len(found.a))))
    uncontested.weigh(at_once, MODEL, found, words)
    assert told(at_once) == told(one_by_one)
