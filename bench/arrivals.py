"""Case `arrivals`: a night's new records against a region that is already known: settled, housed and written.

The peer, Splink's predict_between, scores them and no more; our clock holds the comparing, the settling, the households
and every write, on one server with logged tables. The note tells it in two parts: persons (compared, settled, written),
and households. Nights come one after the other, each of other records; 70% of them
are of people who are known. Alone: `python bench/arrivals.py --persisted 1000000 --nights 1000,10000 --peers splink`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import matching
import polars as pl
import sqlalchemy as sa
from place import Line, Place, child, clock, peak_mib, place, server_cpu
from profiling import watched
from region import COLUMNS, districts

from tf_integration import identify
from tf_integration.store import warehouse

DAY = date(2019, 12, 2)
EACH = 250_000
GOAL = 0.2
LATE = 0.03  # of all records arrive later, or as many more as the nights ask for
_DELIVERIES = """
    INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode, contract_version,
                                  code_version, state)
    SELECT n + 1, 'people', 'any', 'day ' || n, date '2016-01-01' + n, n + 1, 'whole', '1', '1', 'accepted'
    FROM generate_series(0, 1500) n"""
_STAGE = "CREATE TEMP TABLE arriving AS SELECT {0} FROM core.source_record LIMIT 0"
_PUT = """
    INSERT INTO core.source_record (source_record_id, {0})
    SELECT core.hash_id('person|' || partner || '|' || feed || '|' || person_ref), {0} FROM arriving"""


def run(here: Place, persisted: int, sizes: list[int], peers: list[str]) -> list[Line]:
    """A line a night, beside Splink where it is at hand."""
    files = [here.folder / f"night_{n}.parquet" for n in range(len(sizes))]
    known = here.folder / "known.parquet"
    late = _establish(here, persisted, known, max(LATE, 1.2 * sum(sizes) / persisted))
    at = 0
    for file, size in zip(files, sizes, strict=True):
        late[at : at + size].write_parquet(file)
        at += size
    ours = list(_nights(here, files))
    python = matching.peers_python() if "splink" in peers else None
    if python is None:
        print("\n".join(f"arrivals: ours alone: {json.dumps(night)}" for night in ours))
        return []
    splink = child("peers/splink_arrivals.py", str(known), *map(str, files), python=python)
    return [
        Line(
            "arrivals",
            f"Splink 5, predict_between, {night['new']:,} new against {persisted:,}",
            night["seconds"],
            peer["seconds"],
            night["rss_mib"],
            GOAL,
            1,
            f"persons {night['persons_s']:.1f} s ({night['persons_s'] / peer['seconds']:.2f}), households the rest; "
            f"CPU seconds {night['cpu_s']:.1f} (persons {night['persons_cpu_s']:.1f}) and {peer['cpu_s']:.1f}; "
            f"ours wrote {night['links_changed']:,} links and {night['memberships_changed']:,} memberships; "
            f"{night['looked_at']:,} looked at; Splink {peer['pairs']:,} pairs, peak {splink['rss_mib']:.0f} MiB",
        )
        for night, peer in zip(ours, splink["nights"], strict=True)
    ]


def _establish(here: Place, records: int, known: Any, share: float) -> pl.DataFrame:
    """A region of so many records in a database of its own, all settled; the share that is held back, shuffled."""
    engine, late, stands = here.database("region"), [], []
    with engine.begin() as conn:
        conn.exec_driver_sql(_DELIVERIES)
    for district in districts(records, min(EACH, records), 7, share):
        with engine.begin() as conn:
            _put(conn, district.stands)
        late.append(district.held_back)
        stands.append(district.stands)
    pl.concat(stands).write_parquet(known)
    here.outside("region", "VACUUM ANALYZE core.source_record")
    with engine.begin() as conn, watched("all at once"):
        identify.resolve(conn, DAY)
    here.outside("region", "VACUUM ANALYZE")
    return pl.concat(late).sample(fraction=1, shuffle=True, seed=1)


def _nights(here: Place, files: list[Any]) -> Iterator[dict[str, Any]]:
    engine = warehouse.engine(here.url("region"))
    for number, file in enumerate(files):
        arriving = pl.read_parquet(file)
        with engine.begin() as conn:
            _put(conn, arriving.with_columns(known_from=pl.lit(f"2019-12-{3 + number:02d}")))
        with clock() as taken, engine.begin() as conn, watched(f"{arriving.height:,} new"), _of_persons() as persons:
            before = _cpu(conn)
            counts = identify.resolve(conn, DAY)
            cpu = _cpu(conn) - before
        yield {"new": arriving.height, "seconds": taken[0], "cpu_s": cpu, "rss_mib": peak_mib(), **counts, **persons}


def _cpu(conn: sa.Connection) -> float:
    return server_cpu(conn) + time.process_time()


@contextmanager
def _of_persons() -> Iterator[dict[str, float]]:
    """Wall and CPU seconds of a resolution's part that concerns persons."""
    module: Any = importlib.import_module("tf_integration.identify.resolve")
    plain, taken = module.resolve_persons, {"persons_s": 0.0, "persons_cpu_s": 0.0}

    def timed(conn: sa.Connection, *given: Any) -> Any:
        start, before = time.perf_counter(), _cpu(conn)
        counts = plain(conn, *given)
        taken["persons_s"], taken["persons_cpu_s"] = time.perf_counter() - start, _cpu(conn) - before
        return counts

    module.resolve_persons = timed
    try:
        yield taken
    finally:
        module.resolve_persons = plain


def _put(conn: sa.Connection, frame: pl.DataFrame) -> None:
    """Put records in as current ones."""
    names = ", ".join(COLUMNS)
    conn.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.arriving")
    conn.exec_driver_sql(_STAGE.format(names))
    warehouse.copy_in(conn, "arriving", COLUMNS, [frame.select(COLUMNS).write_csv(include_header=False).encode()])
    conn.exec_driver_sql(_PUT.format(names))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persisted", type=int, default=1_000_000)
    parser.add_argument("--nights", default="1000,10000")
    parser.add_argument("--peers", default="")
    asked = parser.parse_args()
    sizes = [int(n) for n in asked.nights.split(",")]
    with place() as here:
        for line in run(here, asked.persisted, sizes, asked.peers.split(",")):
            print(json.dumps(line.__dict__), flush=True)


if __name__ == "__main__":
    main()
