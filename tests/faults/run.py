"""`make faults`: every test of the fault matrix at its full length, and a line for each kind of fault.

    .venv/bin/python tests/faults/run.py [--only 1,4,39] [--quick] [--seed N] [--at-once 4]

Runs count each case of a test, and each repetition of a randomised one. The exit code is 1 when any kind failed, or was
not run at all. Much of the time is waiting (for a server that has fallen silent, a database that comes back), so several
processes share the tests, each with a PostgreSQL of its own, and the longest begin first.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
TESTS = HERE.parent
LONGEST = ("test_transfers", "test_large", "test_nights", "test_crashes", "test_content", "test_canary")
TOLD_FROM = 5  # seconds: a test that takes longer is said when it ends


class Tally:
    """Collects, by test, how many runs there were, how many failed and how long they took."""

    def __init__(self) -> None:
        self.runs: dict[str, int] = defaultdict(int)
        self.failures: dict[str, int] = defaultdict(int)
        self.skipped: dict[str, int] = defaultdict(int)
        self.seconds: dict[str, float] = defaultdict(float)
        self.seeds: set[str] = set()
        self.measured: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.split("[")[0].removeprefix("tests/")
        self.seconds[name] += report.duration
        said = dict(report.user_properties)
        if report.when == "call" and not report.skipped:
            self.runs[name] += int(said.get("runs", 1))
            if "seed" in said:
                self.seeds.add(f"{name} TFI_SEED={said['seed']}")
            told = ", ".join(f"{k} {v}" for k, v in said.items() if k not in ("runs", "seed"))
            self.measured += [f"{report.nodeid.removeprefix('tests/')}: {told}"] if told else []
        if report.failed:
            self.failures[name] += 1
        if report.when == "call" and (report.failed or report.duration > TOLD_FROM):
            print(f"\n{time.strftime('%H:%M:%S')} {report.outcome} {report.duration:.0f} s {report.nodeid}", flush=True)
        if report.skipped:
            self.skipped[name] += 1

    def of(self, proofs: list[str]) -> tuple[int, int, int, float]:
        """(runs, failures, skipped, seconds) of the tests under these names."""
        mine = [n for n in {*self.runs, *self.failures, *self.skipped} if any(n == p or n.startswith(f"{p}::") for p in proofs)]
        return (
            sum(self.runs[n] for n in mine),
            sum(self.failures[n] for n in mine),
            sum(self.skipped[n] for n in mine),
            sum(self.seconds[n] for n in mine),
        )


def matrix() -> list[dict[str, Any]]:
    return list(yaml.safe_load((HERE / "matrix.yaml").read_text())["kinds"])


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--only", help="ids of the kinds to run, with commas between")
    given.add_argument("--quick", action="store_true", help="as long as in `make test`")
    given.add_argument("--at-once", type=int, default=4, help="how many processes share the tests")
    given.add_argument("--seed", help="the seed of every randomised test")
    asked = given.parse_args()
    os.environ["TFI_FAULTS"] = "quick" if asked.quick else "long"
    if asked.seed:
        os.environ["TFI_SEED"] = asked.seed
    chosen = [k for k in matrix() if not asked.only or str(k["id"]) in asked.only.split(",")]
    wanted = [str(TESTS / p) for p in sorted({p for k in chosen for p in k["proved"]}, key=longest_first)]
    tally, began = Tally(), time.monotonic()
    shared = ["-n", str(asked.at_once), "--dist", "load", "--maxschedchunk", "1", "--no-loadscope-reorder"]
    quiet = ["-q", "--no-header", "--tb=short", "-p", "no:cacheprovider", "--timeout=7200"]
    pytest.main([*quiet, *(shared if asked.at_once > 1 else []), *wanted], plugins=[tally])
    return told(chosen, tally, time.monotonic() - began)


def longest_first(proof: str) -> tuple[int, str]:
    """Where a test stands in the queue."""
    file = Path(proof.partition("::")[0]).stem
    return (LONGEST.index(file) if file in LONGEST else len(LONGEST)), proof


def told(chosen: list[dict[str, Any]], tally: Tally, seconds: float) -> int:
    print(f"\n{'':>2} {'kind of fault':<46} {'runs':>6} {'failures':>9} {'seconds':>8}")
    bad = 0
    for kind in chosen:
        runs, failures, skipped, took = tally.of(kind["proved"])
        bad += bool(failures) or not runs
        note = "  not run" if not runs else f"  {skipped} not possible here" if skipped else ""
        note += f"  open: {kind['open']}" if kind.get("open") else ""
        print(f"{kind['id']:>2} {kind['name']:<46} {runs:>6} {failures:>9} {took:>8.1f}{note}")
    print(f"\n{len(chosen)} kinds, {bad} with failures, {seconds:.0f} s. A test may stand for several kinds. Seeds:")
    print("\n".join(f"  {s}" for s in sorted(tally.seeds)) or "  none")
    print("\n".join(["Measured:", *(f"  {m}" for m in sorted(tally.measured))]) if tally.measured else "")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
