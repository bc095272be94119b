"""Write the example county's records of people as a parquet file, each with the person who is truly behind it."""

from __future__ import annotations

import gzip
import json
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

import polars as pl

from tf_integration import county
from tf_integration.text import frames

PARTICULARS = (
    "forename",
    "surname",
    "date_of_birth",
    "sex",
    "address",
    "postcode",
    "uprn",
    "upn",
    "nhs_number",
    "nino",
)
IDENTIFIERS = ("upn", "nhs_number", "nino")


def records(folder: Path) -> pl.DataFrame:
    """One row per partner's reference, its latest word, identifiers only where they check; `person` is the truth."""
    said = []
    for file in sorted(folder.glob("night_*/*/extracts/*.csv*")):
        if file.suffix == ".json":
            continue
        raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        frame = pl.read_csv(raw.removeprefix(b"\xef\xbb\xbf"), infer_schema=False, truncate_ragged_lines=True)
        if {"surname", "person_ref"} <= set(frame.columns):
            blank = [pl.lit(None, pl.String).alias(c) for c in PARTICULARS if c not in frame.columns]
            kept = frame.with_columns(blank).select(pl.col("person_ref", *PARTICULARS).replace("", None))
            said.append(kept.with_columns(partner=pl.lit(file.parts[-3])))
    latest = pl.concat(said).group_by("partner", "person_ref", maintain_order=True).last()
    truth = pl.read_csv(folder / "truth" / "source_rows.csv", infer_schema=False)
    truth = truth.unique(["partner", "person_ref"]).select("partner", "person_ref", person="person_id")
    checked = latest.join(truth, on=["partner", "person_ref"]).with_columns(
        upn=frames.upn(pl.col("upn")),
        nhs_number=frames.nhs_number(pl.col("nhs_number")),
        nino=frames.nino(pl.col("nino")),
        uprn=frames.uprn(pl.col("uprn")),
        postcode=frames.postcode(pl.col("postcode")),
        date_of_birth=frames.date(pl.col("date_of_birth"), "%Y-%m-%d"),
    )
    is_somebody = pl.any_horizontal(pl.col("surname", *IDENTIFIERS).is_not_null())
    return checked.filter(is_somebody).with_row_index("unique_id")


if __name__ == "__main__":
    families, seed, out = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    place = Path(tempfile.mkdtemp(prefix="tfi-bench-county-"))
    try:
        county.generate(place / "county", families, seed, date(2019, 11, 20), 1)
        made = records(place / "county")
    finally:
        shutil.rmtree(place, ignore_errors=True)
    made.write_parquet(out)
    print(json.dumps({"records": made.height, "persons": made["person"].n_unique()}))
