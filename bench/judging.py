"""Cases `assess` and `incremental`: the assessment of a synthetic county, beside DuckDB and beside itself."""

# ruff: noqa: E501
from __future__ import annotations

from datetime import date, timedelta
from statistics import median
from typing import Any

import duck
import night
import sqlalchemy as sa
from place import BENCH, Line, Place, clock
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


def full_run(place: Place, engine: sa.Engine, as_at: date) -> float:
    """Seconds of one full run, its commit included. Dead rows of the run before are cleared outside the clock."""
    place.outside("judge", "VACUUM ANALYZE", "CHECKPOINT")
    with watched("full"), clock() as taken, engine.begin() as conn:
        assess.assess(conn, as_at, full=True)
    return taken[0]


def _full(place: Place, engine: sa.Engine, repeat: int, beside_duckdb: bool) -> list[Line]:
    ours: list[float] = []
    peer: list[float] = []
    if beside_duckdb:
        with engine.begin() as conn:
            file = duck.export(conn, place.folder, AS_AT)
    for _ in range(repeat):
        ours.append(full_run(place, engine, AS_AT))
        if beside_duckdb:
            peer.append(duck.judge(file, AS_AT, place.folder))
    print(f"full runs: ours {_told(ours)} s, DuckDB {_told(peer)} s")
    if not beside_duckdb:
        return []
    return [_beside(engine, place, median(ours), median(peer), repeat)]


def _beside(engine: sa.Engine, place: Place, ours: float, peer: float, repeat: int) -> Line:
    with engine.begin() as conn:
        different, counts = duck.differences(conn, place.folder)
        said: dict[str, Any] = dict(
            conn.execute(
                sa.text(
                    "SELECT (SELECT count(*) FROM identity.household) AS households, (SELECT count(*) FROM assess.evidence) AS evidence"
                )
            )
            .mappings()
            .one()
        )
    if different:
        raise SystemExit("verdicts differ from DuckDB's:\n" + "\n".join(different))
    note = (
        f"{said['households']:,} households, {counts['facts']:,} facts; {counts['verdicts']:,} verdicts equal row for row; evidence {said['evidence']:,}"
        f" rows, DuckDB's {counts['evidence']:,} (ours since attachment too). Ours alone: each problem since attachment, principles, results,"
        " readiness in words, earliest day"
    )
    return Line("assess", "DuckDB, same verdicts", ours, peer, None, 3.0, repeat, note)


def _told(seconds: list[float]) -> str:
    return ", ".join(f"{s:.1f}" for s in seconds)
