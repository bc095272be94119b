"""Case `match`: the county's records into persons, beside Splink: the same columns, and no labels for either."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from place import BENCH, Line, Place, child
from rich.console import Console
from rich.table import Table

ENV = BENCH / "env" / "linkage"
INSTALLED = ("splink==5.0.0", "recordlinkage==0.16", "pyspark==4.3.0")
SEED = "4242"
THRESHOLDS = "0.99,0.999,0.9999"


def run(place: Place, families: int, repeat: int, peers: list[str], people: Path | None = None) -> list[Line]:
    """Ours, Splink at the usual threshold and at its best one, and our guards over its edges.

    `people`: records that `match_records.py` has made before.
    """
    file, edges = people or place.folder / "people.parquet", place.folder / "edges.parquet"
    if people is None:
        child("match_records.py", str(families), SEED, str(file))
    ours = [child("match_child.py", str(file)) for _ in range(repeat)]
    python = peers_python() if "splink" in peers else None
    _show_calibration(ours[-1]["calibration"])
    if python is None:
        print(f"match: ours alone: {ours[-1]['records']:,} records, {_told(ours[-1])}, {ours[-1]['seconds']:.1f} s")
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
            f"{last['records']:,} records; ours {_told(last)}; Splink {_told(at)}, peak {splink['rss_mib']:.0f} MiB, "
            f"ours {peak / splink['rss_mib']:.2f} of it; CPU seconds {last['cpu_s']:.1f} and {splink['cpu_s']:.1f}",
        )
        for at in ([documented] if documented is best else [documented, best])
    ]
    lines[-1].note += f"; our guards over Splink's edges {_told(guarded)}"
    return lines


def _show_calibration(bands: list[dict[str, float]]) -> None:
    """What a weight, read as a probability, would promise, and what it keeps: why no score is shown as one."""
    table = Table(title="weights read as probabilities: pairs of profiles that are one person")
    for heading in ("weight from", "pairs", "by the weight", "in truth"):
        table.add_column(heading, justify="right")
    for x in bands:
        table.add_row(f"{x['from']:.0f}", f"{x['pairs']:,}", f"{x['said']:.4f}", f"{x['true']:.4f}")
    Console(width=130).print(table)


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
