"""Which units are one person: what they share first, then what the model finds alike."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from tf_integration.identify import artefact, settling
from tf_integration.identify.clusters import Clusters, Weighed
from tf_integration.identify.evidence import EvidenceOrder
from tf_integration.identify.matching import Matching, load_matching, load_nicknames
from tf_integration.identify.pairing import Edges, Records
from tf_integration.identify.profiles import COLUMNS
from tf_integration.identify.reasons import sentences
from tf_integration.store import warehouse

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_TYPES = {"place": pl.Int64, "unit": pl.Int64, "partner": pl.Int64, "date_of_birth": pl.Date}


def decide_by_model(conn: Connection, clusters: Clusters, order: EvidenceOrder) -> None:
    """Join what the model finds alike among the records of `work_particulars`, on top of what is joined already."""
    frame = particulars(conn)
    if frame.is_empty():
        return
    matching = load_matching()
    records = Records(frame, matching, load_nicknames(), artefact.load())
    edges = records.edges(*records.candidates(), matching.join_at)
    _settle(clusters, order, records, edges, matching)


def particulars(conn: Connection) -> pl.DataFrame:
    """What records say: `place`, `unit`, `partner` as numbers, and `profiles.COLUMNS`. In order of place."""
    text = warehouse.copy_out(conn, "SELECT * FROM work_particulars ORDER BY place")
    return pl.read_csv(io.BytesIO(text), schema_overrides={**dict.fromkeys(COLUMNS, pl.String), **_TYPES})


def _settle(clusters: Clusters, order: EvidenceOrder, records: Records, edges: Edges, matching: Matching) -> None:
    root = np.fromiter((clusters.find(int(u)) for u in records.unit), np.int64, records.size)
    one, other = settling.unlike_pairs(records, edges, root)
    edges = edges.where(~settling.torn(edges, one, other, matching.lead))
    clusters.know_unlike(zip(records.unit[one].tolist(), records.unit[other].tolist(), strict=True))
    clusters.weigh(order.ranks["model"], _weighed(records, edges, matching))


def _weighed(records: Records, edges: Edges, matching: Matching) -> Iterator[Weighed]:
    """The edges between units, strongest first; among equals those seen first."""
    strongest = np.lexsort((records.unit[edges.b], records.unit[edges.a], -edges.weight))
    edges = edges.where(strongest)
    words = sentences(edges.levels, matching)
    for a, b, weight, levels in zip(
        records.unit[edges.a].tolist(),
        records.unit[edges.b].tolist(),
        edges.weight.tolist(),
        edges.levels.tolist(),
        strict=True,
    ):
        yield Weighed(a, b, weight, words[levels])
