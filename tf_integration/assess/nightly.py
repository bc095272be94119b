"""One run of the assessment: which households, as at which day, with which knowledge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tf_integration.assess.run import judge, start_run, stored_plans, write
from tf_integration.store import warehouse


def assess(conn: Connection, as_at: date, known_at: datetime | None = None, households: Sequence[int] | None = None,
           full: bool = False, dry: bool = False, without: Sequence[str] = ()) -> dict[str, Any]:
    """Judge households and write the verdicts; the caller's transaction decides whether they stay.

    Args:
        as_at: the day asked about.
        known_at: the state of knowledge; now when None.
        households: only these ids; None means every household (`full`), or those whose answer can have changed.
        dry: the caller will roll back (an explanation of a past day): every household asked for is judged, nothing is skipped.
        without: feeds that the night went without, recorded with the run.

    Returns:
        run_id, households (how many were judged), and statuses {status: households} of those judged.
    """
    known_at = known_at or warehouse.scalar(conn, "SELECT clock_timestamp()")
    plans = stored_plans(conn)
    scope = "full" if households is None else "due"
    run_id = start_run(conn, as_at, known_at, plans, scope, without)
    params = judge(conn, as_at, known_at, households, plans)
    write(conn, run_id, params)
    counts = {r["status"]: r["n"] for r in warehouse.rows(
        conn, "SELECT status, count(*) AS n FROM new_readiness GROUP BY status ORDER BY status")}
    total = sum(counts.values())
    conn.execute(sa.text("UPDATE assess.run SET finished_at = clock_timestamp(), counts = CAST(:counts AS jsonb) WHERE run_id = :run_id"),
                 {"run_id": run_id, "counts": _json({"households": total, "statuses": counts})})
    for table in warehouse.temp_tables(conn):
        conn.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{table}")
    return {"run_id": run_id, "households": total, "statuses": counts}


def _json(value: Any) -> str:
    import json
    return json.dumps(value)
