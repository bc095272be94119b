"""Families never attached that have done what a result asks: they are judged as if they had been.

Nothing of a household's verdicts is touched: the supposition lives in working tables alone.
"""

from __future__ import annotations

from datetime import date, datetime

from tf_integration.assess.run import judge, prepare, stored_plans
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def find_missed(conn: Connection, as_at: date, known_at: datetime | None = None) -> int:
    """Write `assess.missed` anew, after a run; returns how many families it holds.

    A family that nobody attached is supposed to have been on the day of its first whole-family assessment, as far
    back as its plan looks ahead.
    """
    plans = stored_plans(conn, known_at)
    known_at = known_at or warehouse.scalar(conn, "SELECT core.instant()")
    prepare(conn, as_at, known_at, plans)
    supposed = warehouse.run(conn, "assess/suppose.sql", as_at=as_at, known_at=known_at).rowcount
    conn.exec_driver_sql("DELETE FROM assess.missed")
    if supposed:
        judge(conn, as_at, known_at)
        warehouse.run(conn, "assess/missed__keep.sql", as_at=as_at)
    for table in warehouse.temp_tables(conn):
        conn.exec_driver_sql(f"DROP TABLE pg_temp.{table}")
    return int(warehouse.scalar(conn, "SELECT count(*) FROM assess.missed"))
