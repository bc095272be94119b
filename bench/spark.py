"""Case `spark`: the shipped model's settings on Splink's Spark backend, on DuckDB, and our own weights: all equal."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from matching import peers_python
from place import Line, child

from tf_integration.identify import artefact
from tf_integration.identify.matching import load_matching, load_nicknames
from tf_integration.identify.pairing import Matcher, Records
from tf_integration.identify.profiles import COLUMNS
from tf_integration.identify.weighing import rarities, weigh

SLACK = 1e-6  # bits
FAMILIES = 150  # a proof that the settings run there, not a measurement


def run(folder: Path, families: int = FAMILIES) -> list[Line]:
    """Spark and DuckDB beside each other, and the greatest difference of a weight from ours.

    Raises:
        SystemExit: they find other pairs, or weigh one otherwise.
    """
    python = peers_python()
    if python is None:
        return []
    file = folder / "people.parquet"
    child("match_records.py", str(families), "77", str(file))
    records = _records(pl.read_parquet(file))
    _profiles(records).write_parquet(folder / "profiles.parquet")
    found = {}
    for dialect in ("duckdb", "spark"):
        settings = artefact.to_splink(records.model, records.matching, dialect)
        (folder / f"{dialect}.json").write_text(json.dumps(settings))
        told = child("peers/splink_model.py", dialect, str(folder), python=python)
        found[dialect] = told | {"pairs": pl.read_parquet(folder / f"{dialect}.parquet").sort("a", "b")}
    spark, duck = found["spark"], found["duckdb"]
    if not spark["pairs"].select("a", "b").equals(duck["pairs"].select("a", "b")):
        raise SystemExit("spark: not the pairs that DuckDB finds")
    apart = float((spark["pairs"]["weight"] - duck["pairs"]["weight"]).abs().max() or 0)
    ours, compared = _beside_ours(records, spark["pairs"])
    if apart > SLACK or ours > SLACK:
        raise SystemExit(f"spark: weights differ by up to {apart} bits from DuckDB's, {ours} from ours")
    note = (
        f"{records.profiles.size:,} profiles, {spark['pairs'].height:,} pairs, the same and of equal weight on both; "
        f"{compared:,} of them weighed by us too, equal without names' rarity; a nickname is known to us alone"
    )
    return [Line("spark", "Splink, same model, DuckDB", spark["seconds"], duck["seconds"], spark["rss_mib"], note=note)]


def _records(frame: pl.DataFrame) -> Records:
    said = frame.select(*COLUMNS, unit=pl.int_range(pl.len()), partner=pl.col("partner").rank("dense").cast(pl.Int64))
    return Records(said, Matcher(artefact.load(), load_matching(), load_nicknames()))


def _profiles(records: Records) -> pl.DataFrame:
    """The encoded profiles as text again: what the settings' SQL reads."""
    said = {}
    for field, column in records.profiles.columns.items():
        values = np.array([*column.values, None], dtype=object)
        said[field] = pl.Series(values[column.code].tolist(), dtype=pl.String)
    sexes = pl.Series([("U", "M", "F")[s] for s in records.profiles.sex])
    return (
        pl.DataFrame(said)
        .with_columns(sex=sexes, date_of_birth=pl.col("date_of_birth").str.to_date())
        .with_row_index("unique_id")
    )


def _beside_ours(records: Records, pairs: pl.DataFrame) -> tuple[float, int]:
    """The greatest difference of a weight from ours without names' rarity, and over how many pairs.

    Names that our own lists relate (nicknames, one of several names, names of their own) are passed over.
    """
    a, b = (pairs[c].cast(pl.Int64).to_numpy() for c in ("a", "b"))
    levels = records.comparer.levels(a, b)
    weight = weigh(levels, a, b, records.profiles, records.model)
    for bits in rarities(levels["name"], a, b, records.profiles, records.model).values():
        weight = weight - bits
    plain = np.isin(levels["name"], [0, *(records.matching.level("name", n) for n in ("exact", "swapped", "other"))])
    apart = np.abs(weight - pairs["weight"].to_numpy())[plain & (pairs["name_is_plain"].to_numpy())]
    return float(apart.max(initial=0)), len(apart)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tfi-bench-") as made:
        for line in run(Path(made)):
            print(f"Spark {line.ours_s:.0f} s, DuckDB {line.peer_s:.0f} s: {line.note}")
