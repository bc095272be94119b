"""Case `load`: an attendance extract into typed rows with their lines, checks and rejects, beside four peers."""

# ruff: noqa: E501
from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median

from place import BENCH, Line, Place, child, clock

from tf_integration.store import warehouse

ENV = BENCH / "env"
SAMPLE = 100_000  # rows for the peers that go row by row; scaled, and said so
TABLE = """
    CREATE TABLE public.floor (
        person_ref text, establishment text, period_start date, period_end date, sessions_possible bigint,
        sessions_attended bigint, sessions_authorised bigint, sessions_unauthorised bigint)"""


def run(place: Place, rows: int, repeat: int, peers: list[str]) -> list[Line]:
    """Interleaved runs of ours and the floor; then one run of each slow peer on the first rows, scaled."""
    faulty, clean, few = (place.folder / f"{name}.csv" for name in ("faulty", "clean", "few"))
    child("attendance.py", str(rows), str(faulty), str(clean))
    with clean.open("rb") as source, few.open("wb") as out:
        for _, line in zip(range(SAMPLE + 1), source, strict=False):
            out.write(line)
    place.database("load")
    place.outside("load", TABLE)
    ours, floor = [], []
    for _ in range(repeat):
        place.outside("load", "CHECKPOINT")
        ours.append(child("stage_child.py", place.url("load"), str(faulty)))
        floor.append(_copy(place, clean))
    staged, last = median(r["stage_s"] for r in ours), ours[-1]
    peak = max(r["rss_mib"] for r in ours)
    what = f"{last['read']:,} rows, {last['rejected']:,} rejected"
    lines = [
        Line(
            "load",
            "server COPY, logged typed table",
            staged,
            median(floor),
            peak,
            2.5,
            repeat,
            f"{what}; the peer reads the file without the faulty rows, and neither checks nor numbers lines",
        )
    ]
    asked = median(r["suite_s"] for r in ours)
    lines.append(
        Line(
            "check",
            "the load itself (ours)",
            asked,
            staged,
            max(r["rss_all_mib"] for r in ours),
            1.0,
            repeat,
            f"Great Expectations on an even sample of {last['most']:,}; its import, {last['import_s']:.1f} s, not counted",
        )
    )
    scale = min(rows, SAMPLE)
    for peer in peers:
        seconds = _slow_peer(place, peer, few)
        if seconds is not None:
            lines.append(
                Line(
                    "load",
                    peer,
                    staged,
                    seconds * rows / scale,
                    peak,
                    1 / 15,
                    1,
                    f"the peer ran {scale:,} rows in {seconds:.1f} s; scaled by rows",
                )
            )
    return lines


def _copy(place: Place, file: Path) -> float:
    engine = warehouse.engine(place.url("load"))
    with engine.begin() as conn:
        conn.exec_driver_sql("TRUNCATE public.floor")
    with clock() as taken, engine.begin() as conn:
        conn.exec_driver_sql(f"COPY public.floor FROM '{file}' WITH (FORMAT csv, HEADER)")
    return taken[0]


def _slow_peer(place: Place, peer: str, file: Path) -> float | None:
    if peer == "to_sql":
        return float(child("peers/to_sql.py", place.url("load"), str(file))["seconds"])
    if peer == "dlt":
        python = _dlt_python()
        if python:
            url = place.cluster.database_url("load")
            return float(child("peers/dlt_load.py", url, str(file), python=python)["seconds"])
    return None


def _dlt_python() -> str | None:
    """The interpreter of bench/env with dlt in it, made when it is not there; None, and a line why, when it cannot be."""
    python, uv = ENV / "bin" / "python", BENCH.parent / ".venv" / "bin" / "uv"
    steps = [
        [str(uv), "venv", "-q", "--allow-existing", "--python", sys.executable, str(ENV)],
        [str(uv), "pip", "install", "-q", "--python", str(python), "dlt[postgres]"],
    ]
    if not (ENV / "installed").exists():
        for step in steps:
            try:
                done = subprocess.run(step, capture_output=True, text=True, check=False, timeout=300)
            except (OSError, subprocess.TimeoutExpired) as error:
                print(f"dlt left out: {type(error).__name__} while it was installed into bench/env")
                return None
            if done.returncode:
                print(f"dlt left out: it could not be installed into bench/env ({done.stderr.strip()[-200:]})")
                return None
        (ENV / "installed").touch()
    return str(python)
