"""Stage a file as a delivery does, then ask its suite; one process, so that its peak memory is its own."""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import sys
import time
from pathlib import Path

import sqlalchemy as sa
from attendance import SNAPSHOT_ON
from place import clock, peak_mib

from tf_integration import conform
from tf_integration.check import guards as guard
from tf_integration.check import suite as expectations
from tf_integration.check.rows import staged_rows
from tf_integration.model.feed import load_feeds

FEED = "schools_attendance"
REGISTER = """
    INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode, sha256,
                                  contract_version, code_version, state)
    VALUES (1, :feed, 'schools', 'bench', :day, 1, 'window', 'bench', '', '', 'parsed') ON CONFLICT DO NOTHING"""


def main(url: str, file: Path) -> dict[str, float]:
    feed, engine = load_feeds()[FEED], sa.create_engine(url)
    with engine.begin() as conn:
        conn.execute(sa.text(REGISTER), {"feed": FEED, "day": SNAPSHOT_ON})
    with engine.begin() as conn:
        source = conform.source_of(conn, feed, 1)
        with clock() as staging:
            staged = conform.stage(conn, file, source)
        peak = peak_mib()
        start = time.perf_counter()
        expectations._context()  # the import of Great Expectations, told apart
        opened = time.perf_counter() - start
        with clock() as asking:
            asked = expectations.load_suite(FEED)
            most = guard.load_guards().rows_in_memory
            frame = staged_rows(conn, feed, expectations.columns_of(asked), staged.rows_loaded, most)
            expectations.run(asked, frame, staged.rows_loaded, SNAPSHOT_ON)
    assert not staged.faults
    return {
        "stage_s": staging[0],
        "suite_s": asking[0],
        "import_s": opened,
        "rss_mib": peak,
        "rss_all_mib": peak_mib(),
        "read": staged.rows_read,
        "rejected": staged.rows_rejected,
        "most": most,
    }


if __name__ == "__main__":
    profile = cProfile.Profile()
    if os.environ.get("BENCH_PROFILE"):
        profile.enable()
    said = main(sys.argv[1], Path(sys.argv[2]))
    if os.environ.get("BENCH_PROFILE"):
        profile.disable()
        pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(25)
    print(json.dumps(said))
