"""All records at once, in memory, without a warehouse: what bench/ measures, under the same guards as by night."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tf_integration.identify import settling
from tf_integration.identify.blocking import Rows, distinct
from tf_integration.identify.clusters import Clusters, Weighed
from tf_integration.identify.evidence import EvidenceOrder
from tf_integration.identify.matching import IDENTIFIERS
from tf_integration.identify.pairing import Edges, Records

_EVERY_PAIR = 60  # records of one knot that are compared each with each (settling.py)


def persons(records: Records, edges: Edges, order: EvidenceOrder) -> Rows:
    """The number of each record's person: the same identifiers first, then the edges.

    `records` has a unit per record, from 0 on. Knots in which nothing contradicts are one person at once; only the
    others are settled step by step.
    """
    shared = _sharing(records)
    knot = settling.connected(np.arange(records.size), np.r_[edges.a, shared[0]], np.r_[edges.b, shared[1]])
    one, other = settling.unlike_pairs(records, edges, knot)
    found = knot.copy()
    rows = np.flatnonzero(_contested(records, knot, one)[knot])
    if len(rows):
        found[rows] = len(knot) + _settled(records, edges, rows, (one, other), order)
    return np.unique(found, return_inverse=True)[1]


def _sharing(records: Records) -> tuple[Rows, Rows]:
    """Neighbours in the chain of records that share an identifier."""
    a, b = [], []
    for identifier in IDENTIFIERS:
        code = records.profiles.code(identifier)[records.profile]
        rows = np.flatnonzero(code >= 0)
        rows = rows[np.argsort(code[rows], kind="stable")]
        same = code[rows[1:]] == code[rows[:-1]]
        a.append(rows[:-1][same])
        b.append(rows[1:][same])
    return np.concatenate(a), np.concatenate(b)


def _contested(records: Records, knot: Rows, unlike: Rows) -> NDArray[np.bool_]:
    """Per knot: two of its records are unlike, it holds two identifiers of one kind, or it is too large."""
    bad = np.bincount(knot) > min(records.matching.most_records, _EVERY_PAIR)
    bad[knot[unlike]] = True
    for identifier in IDENTIFIERS:
        code = records.profiles.code(identifier)[records.profile].astype(np.int64)
        held = distinct((knot[code >= 0] << 32) | code[code >= 0]) >> 32
        bad |= np.bincount(held, minlength=len(bad)) > 1
    return np.asarray(bad)


def _settled(records: Records, edges: Edges, rows: Rows, unlike: tuple[Rows, Rows], order: EvidenceOrder) -> Rows:
    """The roots of these rows, settled strongest evidence first."""
    at = np.full(records.size, -1)
    at[rows] = np.arange(1, len(rows) + 1)
    clusters = Clusters(len(rows), order, records.matching.most_records)
    clusters.describe(_described(records, rows, order))
    for name, rank in order.ranks.items():
        if name in IDENTIFIERS:
            for units in _units_by_value(records.profiles.code(name)[records.profile[rows]]):
                clusters.agree(rank, units)
    edges = edges.where((at[edges.a] > 0) & (at[edges.b] > 0))
    edges = edges.where(~settling.torn(edges, *unlike, records.matching.lead))
    both = (at[unlike[0]] > 0) & (at[unlike[1]] > 0)
    clusters.know_unlike(zip(at[unlike[0][both]].tolist(), at[unlike[1][both]].tolist(), strict=True))
    strongest = edges.where(np.lexsort((edges.b, edges.a, -edges.weight)))
    weighed = zip(at[strongest.a].tolist(), at[strongest.b].tolist(), strongest.weight.tolist(), strict=True)
    clusters.weigh(order.ranks["model"], (Weighed(a, b, w, "") for a, b, w in weighed))
    return np.array([clusters.find(unit) for unit in range(1, len(rows) + 1)])


def _described(records: Records, rows: Rows, order: EvidenceOrder) -> Iterator[tuple[int, int, int]]:
    profile = records.profile[rows]
    slots = {order.ranks[i]: records.profiles.code(i)[profile] + 1 for i in IDENTIFIERS}
    slots[Clusters.SURNAME] = records.profiles.code("surname")[profile] + 1
    slots[Clusters.INITIAL] = records.profiles.code("forename_initial")[profile] + 1
    slots[Clusters.BIRTH] = records.profiles.code("date_of_birth")[profile] + 1
    for slot, values in slots.items():
        known = np.flatnonzero(values)
        yield from zip((known + 1).tolist(), [slot] * len(known), values[known].tolist(), strict=True)


def _units_by_value(code: NDArray[np.int32]) -> Iterator[list[int]]:
    known = np.flatnonzero(code >= 0)
    known = known[np.argsort(code[known], kind="stable")]
    for units in np.split(known + 1, np.flatnonzero(np.diff(code[known])) + 1):
        if len(units) > 1:
            yield units.tolist()
