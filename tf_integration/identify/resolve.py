"""Resolve source records into persons and persons into households; write only what changed.

The whole is worked out again on every run from the current records, facts and decisions, so the result is a
function of what is known and not of the order in which it came; then it is compared with what is written, and
the differences alone are written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from tf_integration.identify.bases import Bases, load_bases
from tf_integration.identify.clusters import Clusters
from tf_integration.identify.deciding import decide_by_model
from tf_integration.identify.evidence import EvidenceOrder, load_evidence
from tf_integration.identify.matching import IDENTIFIERS, load_matching
from tf_integration.model.errors import CallError
from tf_integration.store import warehouse

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_BLOCK = 100_000     # agreements or units read at a time
_LOCK = 7352         # one resolution at a time


def resolve(conn: Connection, as_at: date, known_at: datetime | None = None) -> dict[str, Any]:
    """Link every current source record to a person, form households, write what differs.

    Args:
        as_at: the business date, recorded with the run. It does not alter who is who: memberships are dated.
        known_at: the instant stamped on what this run opens and closes; now, when not given.

    Returns:
        `run_id` and counts: records, waiting (records that nobody has introduced yet), persons,
        links_changed, merges, splits, contradictions, households, memberships, memberships_changed, and
        touched (households in identity.touched under this run).

    Raises:
        CallError: `known_at` is not later than an earlier run's.
    """
    conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    run = warehouse.run(conn, "identity/run__start.sql", as_at=as_at, known_at=known_at,
                        code_version=version("tf-integration")).mappings().one()
    if not run["is_later"]:
        raise CallError("an earlier run is stamped with that instant or a later one.", where="identify",
                        mend="Give a later known_at, or none.")
    stamp = {"run_id": run["run_id"], "known_at": run["known_at"]}
    counts = _persons(conn, load_evidence(), stamp) | _households(conn, load_bases(), stamp)
    counts["touched"] = _write(conn, "touched", **stamp)
    warehouse.run(conn, "identity/run__finish.sql", run_id=stamp["run_id"], counts=json.dumps(counts))
    return {"run_id": stamp["run_id"], **counts}


def _persons(conn: Connection, order: EvidenceOrder, stamp: dict[str, Any]) -> dict[str, int]:
    _build(conn, "work_decision")
    _build(conn, "work_record")
    clusters = _cluster(conn, order)
    _store_clusters(conn, clusters, order)
    _build(conn, "work_link", evidence=order.as_json(), partner_ref=order.ranks["partner_ref"])
    _build(conn, "work_link_change")
    events = [e for (e,) in warehouse.run(conn, "identity/person_event.sql", **stamp)]
    _write(conn, "person_link__close", known_at=stamp["known_at"])
    _write(conn, "person_link__open", **stamp)
    _build(conn, "work_person_change")
    _write(conn, "person", run_id=stamp["run_id"])
    _build(conn, "work_contradiction")
    _write(conn, "contradiction__close", known_at=stamp["known_at"])
    _write(conn, "contradiction__open", **stamp)
    counted = warehouse.rows(conn, """
        SELECT (SELECT count(*) FROM work_record) AS records,
               (SELECT count(*) FROM work_record) - (SELECT count(*) FROM work_link) AS waiting,
               (SELECT count(DISTINCT person_id) FROM work_link) AS persons,
               (SELECT count(*) FROM work_link_change) AS links_changed,
               (SELECT count(*) FROM work_contradiction) AS contradictions""")[0]
    return {**counted, "merges": events.count("merge"), "splits": events.count("split")}


def _cluster(conn: Connection, order: EvidenceOrder) -> Clusters:
    ranks = order.ranks
    _build(conn, "work_upn")
    _build(conn, "work_token", **order.of_values)
    _build(conn, "work_agreement", partner_ref=ranks["partner_ref"], most_records=order.most_records)
    _build(conn, "work_profile", identifiers=list(order.identifiers), surname=Clusters.SURNAME,
           birth=Clusters.BIRTH, initial=Clusters.INITIAL)
    n_units = warehouse.scalar(conn, "SELECT coalesce(max(place), 0) FROM work_record")
    clusters = Clusters(n_units, order, load_matching().most_records)
    for low in range(1, n_units + 1, _BLOCK):
        clusters.describe(warehouse.run(conn, "identity/profile.sql", low=low, below=low + _BLOCK))
    clusters.keep_apart(warehouse.run(conn, "identity/apart.sql"))
    n_agreements = warehouse.scalar(conn, "SELECT count(*) FROM work_agreement")
    for low in range(1, n_agreements + 1, _BLOCK):
        for evidence, units in warehouse.run(conn, "identity/agreement.sql", low=low, below=low + _BLOCK):
            clusters.agree(evidence, units)
    _build(conn, "work_particulars", **{n: ranks[n] for n in IDENTIFIERS})
    decide_by_model(conn, clusters, order)
    return clusters


def _store_clusters(conn: Connection, clusters: Clusters, order: EvidenceOrder) -> None:
    """Bring the clusters and the refusals back as work tables."""
    _build(conn, "work_cluster")
    _build(conn, "work_refusal", most_records=order.most_records, evidence=order.as_json())
    warehouse.copy_in(conn, "work_cluster", ["unit", "root", "evidence", "weight", "because"],
                      _blocks(_cluster_line(clusters, *joined) for joined in clusters.joined()))
    words = [e.because.replace('"', '""') for e in order.evidence]
    warehouse.copy_in(conn, "work_refusal", ["unit_a", "unit_b", "because"], _blocks(
        f'{r.unit_a},{r.unit_b},"{words[r.evidence]}, but {r.but}"\n' for r in clusters.refused))
    conn.exec_driver_sql("ANALYZE work_cluster")


def _cluster_line(clusters: Clusters, unit: int, root: int, evidence: int) -> str:
    weighed = clusters.weighed.get(unit)
    told = f'{weighed.weight},"{weighed.because}"' if weighed else ","
    return f"{unit},{root},{evidence},{told}\n"


def _households(conn: Connection, bases: Bases, stamp: dict[str, Any]) -> dict[str, int]:
    rows = bases.as_rows()
    _build(conn, "work_listing")
    for basis in rows:
        _list(conn, basis)
    conn.exec_driver_sql("ANALYZE work_listing")
    _build(conn, "work_house", bases=json.dumps(rows))
    _build(conn, "work_held")
    _build(conn, "work_membership", bases=json.dumps(rows))
    _build(conn, "work_household")
    _build(conn, "work_household_ref")
    changed = 0
    for table in ("household", "household_ref", "membership"):
        changed = _write(conn, f"{table}__close", known_at=stamp["known_at"])
        changed += _write(conn, f"{table}__open", **stamp)
    counted = warehouse.rows(conn, """
        SELECT (SELECT count(*) FROM work_household) AS households,
               (SELECT count(*) FROM work_membership) AS memberships""")[0]
    return {**counted, "memberships_changed": changed}


def _list(conn: Connection, basis: dict[str, Any]) -> None:
    """Fill work_listing with the people whom one basis lists."""
    if basis["homes"]:
        _build(conn, "work_sighting")
        _build(conn, "work_stay")
        _build(conn, "work_occupied", most_people=basis["most_people"], most_surnames=basis["most_surnames"])
        _write(conn, "work_listing__home", rank=basis["rank"], fewest_people=basis["fewest_people"])
        return
    kinds = basis["kinds"] or [k["kind"] for k in warehouse.rows(
        conn, "SELECT kind FROM core.kind WHERE domain = :domain ORDER BY kind", domain=basis["domain"])]
    if kinds:
        _write(conn, "work_listing__fact", rank=basis["rank"], ref=basis["ref"], kinds=kinds,
               dated=basis["dated_by"] == "fact", relationship=basis["relationship"],
               flag_is_residence=basis["flag_is_residence"])


def _build(conn: Connection, table: str, **params: Any) -> None:
    """Make a work table afresh by `sql/identity/<table>.sql`, and let the planner know its size."""
    conn.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{table}")
    warehouse.run(conn, f"identity/{table}.sql", **params)
    conn.exec_driver_sql(f"ANALYZE {table}")


def _write(conn: Connection, statement: str, **params: Any) -> int:
    """Run `sql/identity/<statement>.sql`; the number of rows that it wrote."""
    return warehouse.run(conn, f"identity/{statement}.sql", **params).rowcount


def _blocks(lines: Iterator[str], size: int = 10_000) -> Iterator[bytes]:
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == size:
            yield "".join(block).encode()
            block.clear()
    yield "".join(block).encode()
