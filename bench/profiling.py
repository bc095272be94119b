"""BENCH_PROFILE=1: seconds per SQL file of a run. BENCH_PROFILE=explain: also the plans of the slowest, in bench/out/plans.txt."""

# ruff: noqa: E501
from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from place import BENCH

from tf_integration.store import warehouse

SHOWN = int(os.environ.get("BENCH_SHOWN", "12"))


@contextmanager
def watched(what: str) -> Iterator[None]:
    """Print the slowest SQL files of the block, when asked for by the environment."""
    asked = os.environ.get("BENCH_PROFILE")
    if not asked:
        yield
        return
    times: dict[str, float] = {}
    plans: dict[str, str] = {}
    plain = warehouse.run

    def timed(conn: Any, path: str, **params: Any) -> Any:
        start = time.perf_counter()
        text = warehouse.statement(path)
        body = "\n".join(x for x in text.splitlines() if not x.startswith("--")).lstrip()
        if (
            asked == "explain"
            and path.startswith("assess/")
            and path[7].isdigit()
            and body.startswith(("CREATE TEMP TABLE", "INSERT", "WITH"))
        ):
            explained = conn.execute(sa.text(f"EXPLAIN (ANALYZE, BUFFERS) {body}"), params)
            plans[path] = "\n".join(explained.scalars())
            result = None
        else:
            result = plain(conn, path, **params)
        times[path] = times.get(path, 0) + time.perf_counter() - start
        return result

    warehouse.run = timed
    try:
        yield
    finally:
        warehouse.run = plain
    slow = sorted(times, key=lambda p: -times[p])[:SHOWN]
    print(
        f"  {what}: {sum(times.values()):.1f} s in SQL files\n" + "\n".join(f"    {times[p]:7.2f}  {p}" for p in slow)
    )
    if plans:
        out = BENCH / "out"
        out.mkdir(exist_ok=True)
        (out / "plans.txt").write_text("\n\n".join(f"=== {p} {times[p]:.2f} s\n{plans.get(p, '')}" for p in slow))
