"""Resolve source records into persons and persons into households; write only what changed.

What may have changed is worked out again from the current records, facts and decisions, so the result is a function
of what is known and not of the order in which it came (a pair that has joined holds down to a lower weight, and no
more); then it is compared with what is written, and the differences alone are written. What may have changed is noted
by the statements that change it (triggers of `core.source_record`, `core.fact` and `identity.decision`).
"""

from __future__ import annotations

import json
from datetime import date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from tf_integration.identify import steps
from tf_integration.identify.bases import load_bases
from tf_integration.identify.evidence import load_evidence
from tf_integration.identify.households import resolve_households
from tf_integration.identify.persons import resolve_persons
from tf_integration.model.errors import CallError
from tf_integration.store import planner, warehouse

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_LOCK = 7352         # one resolution at a time
# What a night looks up is mostly in memory: told so, the planner looks up the few and does not read through all.
# The size of a work table is known by a small sample: a large one costs more here than it saves.
_PLANNED_BY = {"seq_page_cost": "0.1", "random_page_cost": "0.1", "default_statistics_target": "10"}


def resolve(conn: Connection, as_at: date, known_at: datetime | None = None) -> dict[str, Any]:
    """Link every current source record to a person, form households, write what differs.

    Args:
        as_at: the business date, recorded with the run. It does not alter who is who: memberships are dated.
        known_at: the instant stamped on what this run opens and closes; now, when not given.

    Returns:
        `run_id` and counts: records, looked_at (records that something new may touch), waiting (records that nobody
        has introduced yet), persons,
        links_changed, merges, splits, contradictions, households, memberships, memberships_changed, and
        touched (households in identity.touched under this run).

    Raises:
        CallError: `known_at` is not later than an earlier run's.
    """
    conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    with planner.settings(conn, _PLANNED_BY):
        return _resolve(conn, as_at, known_at)


def _resolve(conn: Connection, as_at: date, known_at: datetime | None) -> dict[str, Any]:
    run = warehouse.run(conn, "identity/run__start.sql", as_at=as_at, known_at=known_at,
                        code_version=version("tf-integration")).mappings().one()
    if not run["is_later"]:
        raise CallError("an earlier run is stamped with that instant or a later one.", where="identify",
                        mend="Give a later known_at, or none.")
    stamp = {"run_id": run["run_id"], "known_at": run["known_at"]}
    counts = resolve_persons(conn, load_evidence(), stamp) | resolve_households(conn, load_bases(), stamp)
    counts["touched"] = steps.write(conn, "touched", **stamp)
    warehouse.run(conn, "identity/run__finish.sql", run_id=stamp["run_id"], counts=json.dumps(counts))
    return {"run_id": stamp["run_id"], **counts}
