"""Cases `assess` and `incremental`: the assessment of a synthetic county, beside DuckDB and beside itself."""

# ruff: noqa: E501
from __future__ import annotations

import time
from datetime import date, timedelta
from statistics import median

import duck
import night
import sqlalchemy as sa
from place import BENCH, Line, Place, clock, server_cpu
from profiling import watched

from tf_integration import assess

AS_AT = date(2019, 3, 15)


def run(place: Place, households: int, repeat: int, cases: list[str], peers: list[str]) -> list[Line]:
    """Full runs (the later ones replace the earlier's verdicts), DuckDB between them, then nights of changes."""
    engine = place.database("judge")
    world = (BENCH / "sql" / "world.sql").read_text().replace(":households", str(households))
    with engine.begin() as conn, conn.connection.cursor() as cursor:
        cursor.execute(world)
    place.outside("judge", "VACUUM ANALYZE")
    lines: list[Line] = []
    if "assess" in cases:
        lines = _full(place, engine, repeat, "duckdb" in peers)
    if "incremental" in cases:
        lines += night.run(place, engine, AS_AT + timedelta(days=1))
    return lines


def full_run(place: Place, engine: sa.Engine, as_at: date) -> tuple[float, float]:
    """Seconds of one full run, its commit included, and the server's CPU seconds. Dead rows are cleared outside the clock."""
    place.outside("judge", "VACUUM ANALYZE", "CHECKPOINT")
    with watched("full"), clock() as taken, engine.begin() as conn:
        before = server_cpu(conn)
        assess.assess(conn, as_at, full=True)
        cpu = server_cpu(conn) - before
    return taken[0], cpu


def _full(place: Place, engine: sa.Engine, repeat: int, beside_duckdb: bool) -> list[Line]:
    ours: list[float] = []
    peer: list[float] = []
    cpu: list[tuple[float, float]] = []
    if beside_duckdb:
        with engine.begin() as conn:
            file = duck.export(conn, place.folder, AS_AT)
    for _ in range(repeat):
        taken, used = full_run(place, engine, AS_AT)
        ours.append(taken)
        if beside_duckdb:
            before = time.process_time()
            peer.append(duck.judge(file, AS_AT, place.folder))
            cpu.append((used, time.process_time() - before))
    print(f"full runs: ours {_told(ours)} s, DuckDB {_told(peer)} s")
    if not beside_duckdb:
        return []
    line = _beside(engine, place, median(ours), median(peer), repeat)
    line.note += f". CPU seconds, one server process and all of DuckDB's threads: {median(c for c, _ in cpu):.1f} and {median(c for _, c in cpu):.1f}"
    return [line]


def _beside(engine: sa.Engine, place: Place, ours: float, peer: float, repeat: int) -> Line:
    with engine.begin() as conn:
        different, counts = duck.differences(conn, place.folder)
        households = conn.execute(sa.text("SELECT count(*) FROM identity.household")).scalar_one()
    if different:
        raise SystemExit("what was judged differs from DuckDB's:\n" + "\n".join(different))
    equal = ", ".join(f"{n:,} {name}" for name, n in counts.items() if name != "facts")
    note = (
        f"{households:,} households, {counts['facts']:,} facts; equal row for row: {equal}."
        " Ours alone: claims that stand, and why a status moved"
    )
    return Line("assess", "DuckDB, same outcome", ours, peer, None, 3.0, repeat, note)


def _told(seconds: list[float]) -> str:
    return ", ".join(f"{s:.1f}" for s in seconds)
