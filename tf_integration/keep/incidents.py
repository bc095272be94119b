"""What stands wrong now against what was known to: opened, raised, reminded, resolved, each with one message."""

from __future__ import annotations

import json
from datetime import date

from tf_integration.keep.rules import Rules
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

_LOCK = 7353
_STEPS = ("open", "raise", "remind", "resolve")


def sweep(conn: Connection, as_at: date, rules: Rules) -> dict[str, int]:
    """Compare what is wrong on `as_at` with the open incidents; returns how many of each step were written.

    Looking again on the same day writes nothing more. A day before the board's own is read as the board's.
    """
    warehouse.scalar(conn, "SELECT pg_advisory_xact_lock(:lock)", lock=_LOCK)
    kinds = [{"kind": name, "severity": k.severity, "remind_after_days": k.remind_after_days}
             for name, k in rules.kinds.items()]
    for table in ("told_kind", "standing"):
        conn.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{table}")
    warehouse.run(conn, "keep/told_kind.sql", kinds=json.dumps(kinds))
    warehouse.run(conn, "keep/standing.sql", as_at=as_at, refresh_after_days=rules.refresh_after_days)
    return {step: warehouse.run(conn, f"keep/incident__{step}.sql", as_at=as_at).rowcount for step in _STEPS}


def note_run(conn: Connection, dag_id: str, run_id: str, state: str, as_at: date | None) -> None:
    """Note how a DAG's run ended; the last one counts."""
    warehouse.run(conn, "keep/note_run.sql", dag_id=dag_id, run_id=run_id, state=state, as_at=as_at)
