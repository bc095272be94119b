"""Bring weighed pairs of records into the clusters, strongest first, as far as nothing speaks against it."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from tf_integration.identify.blocking import Rows, runs
from tf_integration.identify.pairing import Edges, Records

_MOST_COMPARED = 60  # records of one knot that are compared each with each; of a larger one only its own edges


def unlike_pairs(records: Records, edges: Edges, root: Rows) -> tuple[Rows, Rows]:
    """Pairs of records that are evidently two people, wherever edges or earlier evidence might bring them together.

    `root` gives each record's cluster so far. Records that edges and clusters connect are a knot: within one, each
    is compared with each.
    """
    knot = connected(root, edges.a, edges.b)
    order = np.argsort(knot, kind="stable")
    first = np.flatnonzero(np.r_[True, np.diff(knot[order]) != 0]) if len(knot) else np.empty(0, np.int64)
    length = np.diff(np.r_[first, len(knot)])
    small = (length > 1) & (length <= _MOST_COMPARED)
    a, b = runs(order, first[small], length[small])
    large = np.isin(knot[edges.a], knot[order[first[length > _MOST_COMPARED]]])
    a, b = np.r_[a, edges.a[large]], np.r_[b, edges.b[large]]
    found = records.unlike(a, b)
    return a[found], b[found]


def connected(root: Rows, a: Rows, b: Rows) -> Rows:
    """The number of the connected part of each row: rows of one root, and rows that a pair joins, are connected."""
    _, label = np.unique(root, return_inverse=True)
    x, y = label[a], label[b]
    part = np.arange(int(np.max(label)) + 1 if len(label) else 0)
    while True:
        low = np.minimum(part[x], part[y])
        before = part.copy()
        np.minimum.at(part, x, low)
        np.minimum.at(part, y, low)
        part = np.minimum(part, part[part])
        if np.array_equal(part, before):
            return part[label]


def torn(edges: Edges, one: Rows, other: Rows, lead: float) -> NDArray[np.bool_]:
    """Edges of a record that fits two people who cannot be one, without a clear lead: it joins neither.

    `one` and `other` are the pairs that cannot be one. With a lead, the weaker edge alone is dropped.
    """
    near: dict[int, dict[int, int]] = defaultdict(dict)
    apart = np.unique(np.r_[one, other])
    for e in np.flatnonzero(np.isin(edges.a, apart) | np.isin(edges.b, apart)).tolist():
        a, b = int(edges.a[e]), int(edges.b[e])
        near[a][b] = near[b][a] = e
    dropped = np.zeros(len(edges.a), dtype=bool)
    for p, q in zip(one.tolist(), other.tolist(), strict=True):
        for middle in near[p].keys() & near[q].keys():
            e, f = near[p][middle], near[q][middle]
            ahead = edges.weight[e] - edges.weight[f]
            dropped[e] |= bool(ahead < lead)
            dropped[f] |= bool(ahead > -lead)
    return dropped
