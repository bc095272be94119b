"""Measure this project beside its peers, print a table and write bench/out/latest.json. See bench/README.md."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import arrivals
import households
import judging
import labelled
import loading
import matching
import spark
from place import BENCH, Line, place
from rich.console import Console
from rich.table import Table

CASES = ("load", "assess", "incremental", "households", "match", "labelled", "spark", "arrivals")
PEERS = ("to_sql", "dlt", "duckdb", "splink")


def arguments() -> argparse.Namespace:
    """Of the command line, and of BENCH_ARGS (`make bench BENCH_ARGS="--rows 5000000"`)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the attendance extract")
    parser.add_argument("--households", type=int, default=20_000, help="households judged, about 100 facts each")
    parser.add_argument("--families", type=int, default=300, help="families of each county of `households`")
    parser.add_argument("--matched", type=int, default=8_000, help="families whose records `match` matches, 11 each")
    parser.add_argument("--labelled", action="append", default=[], help="a set for `labelled`: A.csv, or A.csv,B.csv")
    parser.add_argument("--labels", type=Path, help="CSV of the pairs that are one person, where no column says so")
    parser.add_argument("--columns", type=Path, help="YAML that says what columns are whose names do not")
    parser.add_argument("--persisted", type=int, default=100_000, help="records that `arrivals` knows already")
    parser.add_argument("--arriving", default="1000", help="new records of each of its nights: 1000,10000")
    parser.add_argument("--people", type=Path, help="records for `match` that match_records.py has made before")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each side; the median is shown")
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--peers", default=",".join(PEERS))
    found = parser.parse_args(shlex.split(os.environ.get("BENCH_ARGS", "")) + sys.argv[1:])
    for name, known in (("cases", CASES), ("peers", PEERS)):
        asked = getattr(found, name).split(",")
        if unknown := set(asked) - set(known):
            parser.error(f"--{name}: {', '.join(sorted(unknown))} is none of {', '.join(known)}")
        setattr(found, name, asked)
    return found


def measure(asked: argparse.Namespace) -> list[Line]:
    """Every case asked for, on one cluster."""
    lines: list[Line] = []
    with place() as here:
        if "households" in asked.cases:
            print(households.shown(households.run(here, asked.families)), flush=True)
        if "arrivals" in asked.cases:
            sizes = [int(n) for n in asked.arriving.split(",")]
            lines += arrivals.run(here, asked.persisted, sizes, asked.peers)
        if "match" in asked.cases:
            lines += matching.run(here, asked.matched, asked.repeat, asked.peers, asked.people)
        if "labelled" in asked.cases:
            sets = [labelled.Asked(tuple(map(Path, x.split(","))), asked.labels, asked.columns) for x in asked.labelled]
            lines += labelled.run(here, sets, asked.peers)
        if "spark" in asked.cases:
            lines += spark.run(here.folder)
        if "load" in asked.cases:
            lines += loading.run(here, asked.rows, asked.repeat, asked.peers)
        if {"assess", "incremental"} & set(asked.cases):
            lines += judging.run(here, asked.households, asked.repeat, asked.cases, asked.peers)
    return lines


def show(lines: list[Line], load: tuple[float, float]) -> None:
    """The table, then what each line leaves unsaid."""
    table = Table(
        title=f"ours beside peers, {os.cpu_count()} cores; load average {load[0]:.1f} before, {load[1]:.1f} after"
    )
    for heading in ("", "case", "peer", "ours s", "peer s", "ours / peer", "goal", "peak MiB", "runs"):
        table.add_column(heading, justify="left" if heading in ("case", "peer") else "right")
    for n, x in enumerate(lines, 1):
        goal = "" if x.goal is None else f"{x.goal:.2f}{'' if x.ratio <= x.goal else ' missed'}"
        rss = "" if x.rss_mib is None else f"{x.rss_mib:.0f}"
        table.add_row(
            str(n), x.case, x.peer, f"{x.ours_s:.2f}", f"{x.peer_s:.2f}", f"{x.ratio:.3f}", goal, rss, str(x.runs)
        )
    console = Console(width=130)
    console.print(table)
    for n, x in enumerate(lines, 1):
        if x.note:
            console.print(f"{n}: {x.note}", highlight=False)


def main() -> None:
    asked, before = arguments(), os.getloadavg()[0]
    lines = measure(asked)
    after = os.getloadavg()[0]
    out = BENCH / "out"
    out.mkdir(exist_ok=True)
    (out / "latest.json").write_text(json.dumps([asdict(x) for x in lines], indent=1) + "\n")
    told = {
        "rows": asked.rows,
        "households": asked.households,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load_before": before,
        "load_after": after,
    }
    (out / "latest.about.json").write_text(json.dumps(told, indent=1) + "\n")
    if lines:
        show(lines, (before, after))


if __name__ == "__main__":
    main()
