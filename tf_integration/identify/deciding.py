"""Which units are one person: what they share first, then what the model finds alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from tf_integration.identify import settling, uncontested
from tf_integration.identify.clusters import Clusters
from tf_integration.identify.evidence import EvidenceOrder
from tf_integration.identify.matching import Matching
from tf_integration.identify.pairing import Edges, Matcher, Records
from tf_integration.identify.reasons import sentences
from tf_integration.identify.steps import read

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def decide_by_model(conn: Connection, clusters: Clusters, order: EvidenceOrder, matcher: Matcher) -> None:
    """Join what the model found alike among the records of `work_record`, on top of what is joined already.

    A pair joins at `join_at`; one that was of one person stays so down to `hold_at`.
    """
    frame = read(conn, "particulars")
    if frame.is_empty():
        return
    records = Records(frame, matcher)
    edges = _edges(conn, frame, matcher.matching)
    root = clusters.roots()[records.unit]
    one, other = settling.unlike_pairs(records, edges, root)
    edges = edges.where(~settling.torn(edges, one, other, matcher.matching.lead))
    clusters.know_unlike(zip(records.unit[one].tolist(), records.unit[other].tolist(), strict=True))
    edges = _of_units(records, edges)
    uncontested.weigh(clusters, order.ranks["model"], edges, sentences(edges.levels, matcher.matching))


def _edges(conn: Connection, frame: pl.DataFrame, matching: Matching) -> Edges:
    """What was kept of these records, by row of the frame, as far as it can join or hold them."""
    kept = read(conn, "likely")
    place = frame["place"].to_numpy()
    person = frame["person_id"].fill_null(-1).to_numpy()
    a, b = (np.searchsorted(place, kept[c].to_numpy()) for c in ("a", "b"))
    weight = kept["match_weight"].to_numpy()
    edges = Edges(np.minimum(a, b), np.maximum(a, b), weight, kept["levels"].to_numpy())
    held = (person[a] == person[b]) & (person[a] >= 0) & (weight >= matching.hold_at)
    return edges.where((weight >= matching.join_at) | held)


def _of_units(records: Records, edges: Edges) -> Edges:
    """The edges between units, strongest first; among equals those seen first."""
    one, other = np.sort(np.stack([records.unit[edges.a], records.unit[edges.b]]), axis=0)
    return Edges(one, other, edges.weight, edges.levels).where(np.lexsort((other, one, -edges.weight)))
