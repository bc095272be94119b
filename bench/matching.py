"""Case `match`: the county's records into persons, beside Splink: the same columns, and no labels for either."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from typing import Any

from place import BENCH, Line, Place, child

ENV = BENCH / "env" / "linkage"
INSTALLED = ("splink==5.0.0", "recordlinkage==0.16", "pyspark==4.3.0")
THRESHOLDS = "0.99,0.999,0.9999"


def run(place: Place, families: int, repeat: int, peers: list[str]) -> list[Line]:
    """Ours, Splink at the usual threshold and at its best one, and our guards over its edges."""
    file, edges = place.folder / "people.parquet", place.folder / "edges.parquet"
    child("match_records.py", str(families), "4242", str(file))
    ours = [child("match_child.py", str(file)) for _ in range(repeat)]
    python = peers_python() if "splink" in peers else None
    if python is None:
        print(f"match: ours alone: {_told(ours[-1])}")
        return []
    splink = child("peers/splink_match.py", str(file), str(edges), THRESHOLDS, python=python)
    guarded = child("match_child.py", str(file), str(edges))
    seconds, last = median(o["seconds"] for o in ours), ours[-1]
    peak = max(o["rss_mib"] for o in ours)
    documented, best = splink["at"][0], max(splink["at"], key=lambda at: at["F1"])
    lines = [
        Line(
            "match",
            f"Splink 5, DuckDB, at {at['threshold']}",
            seconds,
            at["seconds"],
            peak,
            0.25,
            repeat,
            f"{last['records']:,} records; ours {_told(last)}; Splink {_told(at)}, peak {splink['rss_mib']:.0f} MiB",
        )
        for at in ([documented] if documented is best else [documented, best])
    ]
    lines[-1].note += f"; our guards over Splink's edges {_told(guarded)}"
    return lines


def _told(found: dict[str, Any]) -> str:
    return f"P {found['P']:.4f} R {found['R']:.4f} F1 {found['F1']:.4f}"


def peers_python() -> str | None:
    """The interpreter of bench/env/linkage with the peers in it, made when it is not there; None when it cannot be."""
    python, uv = ENV / "bin" / "python", BENCH.parent / ".venv" / "bin" / "uv"
    if not (ENV / "installed").exists() or (ENV / "installed").read_text() != " ".join(INSTALLED):
        steps = (
            [str(uv), "venv", "-q", "--allow-existing", "--python", sys.executable, str(ENV)],
            [str(uv), "pip", "install", "-q", "--python", str(python), *INSTALLED],
        )
        for step in steps:
            try:
                done = subprocess.run(step, capture_output=True, text=True, check=False, timeout=600)
            except (OSError, subprocess.TimeoutExpired) as error:
                print(f"Splink left out: {type(error).__name__} while it was installed into {ENV.name}")
                return None
            if done.returncode:
                print(f"Splink left out: it could not be installed ({done.stderr.strip()[-200:]})")
                return None
        (ENV / "installed").write_text(" ".join(INSTALLED))
    return str(python)
