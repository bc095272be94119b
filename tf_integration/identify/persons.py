"""Resolve source records into persons; write only what changed.

Only records that something new may touch are worked out again (`work_touched`): whatever shares an identifier, a
likeness, a person or a person's word with them, and what shares with those, so that the rest cannot be concerned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tf_integration.identify import models, remembering, uncertain, uncontested
from tf_integration.identify.clusters import Clusters
from tf_integration.identify.deciding import decide_by_model
from tf_integration.identify.evidence import EvidenceOrder
from tf_integration.identify.matching import IDENTIFIERS
from tf_integration.identify.pairing import Matcher
from tf_integration.identify.steps import analyse, blocks, build, copy, write
from tf_integration.store import warehouse

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_BLOCK = 100_000  # agreements or units read at a time
_NOBODY = np.empty(0, np.int64)


def resolve_persons(conn: Connection, order: EvidenceOrder, stamp: dict[str, Any]) -> dict[str, int]:
    """Link records to persons and write what differs; the counts of `resolve` that concern persons.

    Leaves `work_link_change` and `work_person_change` behind, for what depends on persons.
    """
    matcher = models.active(conn)
    build(conn, "work_decision")
    remembering.remember(conn, matcher, order.most_records)
    write(conn, "sealed__close")
    write(conn, "sealed__open")
    build(conn, "work_sealed")
    write(conn, "match_edge__sealed")
    write(conn, "work_edge__sealed")
    write(conn, "match_twin__sealed")
    build(conn, "work_record")
    _store_clusters(conn, _cluster(conn, order, matcher), order)
    build(conn, "work_link", evidence=order.as_json(), partner_ref=order.ranks["partner_ref"])
    build(conn, "work_link_change")
    events = [e for (e,) in warehouse.run(conn, "identity/person_event.sql", **stamp)]
    write(conn, "person_link__close", known_at=stamp["known_at"])
    write(conn, "person_link__open", **stamp)
    build(conn, "work_person_change")
    write(conn, "person", run_id=stamp["run_id"])
    build(conn, "work_sealed_person")
    build(conn, "work_contradiction", evidence=order.as_json(), most_records=order.most_records)
    too_many = f", on more than {order.most_records} records"
    common = [e.because + too_many for e in order.evidence if e.name in IDENTIFIERS]
    write(conn, "contradiction__close", known_at=stamp["known_at"], common=common)
    write(conn, "contradiction__open", **stamp)
    uncertain.keep(conn, matcher, stamp)
    counted = remembering.settled(conn, matcher)
    counted |= warehouse.rows(
        conn,
        """
        SELECT (SELECT count(*) FROM work_record) AS looked_at,
               (SELECT count(*) FROM work_link_change) AS links_changed,
               (SELECT count(*) FROM identity.contradiction WHERE known_to = 'infinity') AS contradictions""",
    )[0]
    return {**counted, "merges": events.count("merge"), "splits": events.count("split")}


def _cluster(conn: Connection, order: EvidenceOrder, matcher: Matcher) -> Clusters:
    ranks = order.ranks
    build(conn, "work_upn")
    days = list(matcher.matching.births.placeholder_days)
    build(conn, "work_token", placeholder_days=days, **dict[str, Any](order.of_values))
    build(conn, "work_agreement", partner_ref=ranks["partner_ref"], most_records=order.most_records)
    build(
        conn,
        "work_profile",
        identifiers=list(order.identifiers),
        surname=Clusters.SURNAME,
        birth=Clusters.BIRTH,
        initial=Clusters.INITIAL,
    )
    n_units = warehouse.scalar(conn, "SELECT coalesce(max(place), 0) FROM work_record")
    clusters = Clusters(n_units, order, matcher.matching.most_records)
    for low in range(1, n_units + 1, _BLOCK):
        for slot, units, values in warehouse.run(conn, "identity/profile.sql", low=low, below=low + _BLOCK):
            uncontested.describe(clusters, slot, np.array(units), np.array(values))
    clusters.seal(warehouse.run(conn, "identity/sealed_units.sql"))
    clusters.keep_apart(warehouse.run(conn, "identity/apart.sql"))
    uncontested.agree(clusters, _shared(conn))
    decide_by_model(conn, clusters, order, matcher)
    return clusters


def _shared(conn: Connection) -> uncontested.Shared:
    """The values that units share, read a block at a time."""
    n_agreements = warehouse.scalar(conn, "SELECT count(*) FROM work_agreement")
    evidence, units = [], []
    for low in range(1, n_agreements + 1, _BLOCK):
        for rank, of_value in warehouse.run(conn, "identity/agreement.sql", low=low, below=low + _BLOCK):
            evidence.append(rank)
            units.append(np.array(of_value, np.int64))
    no = np.repeat(np.arange(len(units)), [len(u) for u in units])
    return uncontested.Shared(no, np.array(evidence, np.int64)[no], np.concatenate([_NOBODY, *units]))


def _store_clusters(conn: Connection, clusters: Clusters, order: EvidenceOrder) -> None:
    """Bring the clusters and the refusals back as work tables."""
    build(conn, "work_cluster")
    build(conn, "work_refusal", most_records=order.most_records, evidence=order.as_json())
    evidence = np.frombuffer(clusters.evidence, np.int8)
    units = np.flatnonzero(evidence >= 0)
    weighed = [clusters.weighed.get(unit) for unit in units.tolist()]
    joined: dict[str, Any] = {
        "unit": units,
        "root": clusters.roots()[units],
        "evidence": evidence[units],
        "weight": [w and w.weight for w in weighed],
        "because": [w and w.because for w in weighed],
    }
    copy(conn, "work_cluster", joined)
    words = [quoted(e.because) for e in order.evidence]
    warehouse.copy_in(
        conn,
        "work_refusal",
        ["unit_a", "unit_b", "because"],
        blocks(f'{r.unit_a},{r.unit_b},"{words[r.evidence]}, but {r.but}"\n' for r in clusters.refused),
    )
    analyse(conn, "work_cluster")


def quoted(words: str) -> str:
    """Words as they stand between quotes of CSV."""
    return words.replace('"', '""')
