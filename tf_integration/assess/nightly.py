"""One run of the assessment: which households, as at which day, with which knowledge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from importlib.metadata import version
from typing import Any

from tf_integration.assess.run import judge, prepare, start_run, stored_plans, want, write
from tf_integration.model.plan import Plan
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

# A delivery stamps its rows when its transaction starts and shows them when it commits: look back over that gap.
_OVERLAP = timedelta(minutes=15)


def assess(
    conn: Connection,
    as_at: date,
    known_at: datetime | None = None,
    households: Sequence[int] | None = None,
    full: bool = False,
    dry: bool = False,
    without: Sequence[str] = (),
    plans: Sequence[Plan] | None = None,
) -> dict[str, Any]:
    """Judge households and write the verdicts; the caller's transaction decides whether they stay.

    Args:
        as_at: the day asked about.
        known_at: the state of knowledge; now when None.
        households: only these ids; None means every household (`full`), or those whose answer can have changed.
        dry: the caller will roll back (an explanation of a past day), so earlier runs decide nothing.
        without: feeds that the night went without, recorded with the run.
        plans: judge by these instead of those that judge, or judged then.

    Returns:
        run_id, scope (full or due), households (how many were judged), and statuses {status: households} of those.
    """
    last = _last_run(conn)
    now = known_at is None
    known_at = known_at or warehouse.scalar(conn, "SELECT core.instant_of_all()")
    plans = stored_plans(conn, None if now else known_at) if plans is None else plans
    hashes = {p.plan: p.hash for p in plans}
    signature = prepare(conn, as_at, known_at, plans)
    if households is not None or full or dry or not now or not _goes_on(last, as_at, hashes, signature):
        want(conn, households, known_at)
        scope = "due" if households is not None else "full"
    else:
        assert last is not None
        warehouse.run(
            conn,
            "assess/005_changed.sql",
            as_at=as_at,
            since=last["known_at"] - _OVERLAP,
            identity_run=last["identity_run"],
        )
        scope = "due"
    run_id = start_run(conn, as_at, known_at, hashes, scope, without, signature)
    write(conn, run_id, judge(conn, as_at, known_at))
    if households is None:
        warehouse.run(conn, "assess/006_gone.sql")
    return _finish(conn, run_id, scope)


def _last_run(conn: Connection) -> Mapping[str, Any] | None:
    found = warehouse.run(conn, "assess/run__last.sql").mappings().first()
    return dict(found) if found else None


def _goes_on(last: Mapping[str, Any] | None, as_at: date, hashes: dict[str, str], signature: str) -> bool:
    """Whether the last run's verdicts still stand for households about which nothing has changed."""
    return (
        last is not None
        and last["as_at"] <= as_at
        and last["plan_hashes"] == hashes
        and last["code_version"] == version("tf-integration")
        and last["coverage_signature"] == signature
    )


def _finish(conn: Connection, run_id: int, scope: str) -> dict[str, Any]:
    counts = warehouse.run(conn, "assess/run__finish.sql", run_id=run_id).scalar_one()
    for table in warehouse.temp_tables(conn):
        conn.exec_driver_sql(f"DROP TABLE pg_temp.{table}")
    return {"run_id": run_id, "scope": scope, "households": counts["households"], "statuses": counts["statuses"]}
