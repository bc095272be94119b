"""Match a labelled table with this project's matcher, trained on the table itself without its labels. Prints JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
from foreign import ForeignRecords, blank
from labelled_table import Labelled, dates, read
from match_child import pairwise
from place import peak_mib

from tf_integration.identify import batch
from tf_integration.identify.evidence import load_evidence
from tf_integration.text import names

_SEXES = {"m": "M", "male": "M", "f": "F", "female": "F"}


def records(table: Labelled) -> ForeignRecords:
    """The table as the matcher takes it."""
    known, said = blank(table.frame.height), table.frame
    if sex := table.of("sex"):
        told = said[sex].str.to_lowercase().replace_strict(_SEXES, default=None, return_dtype=pl.String)
        known = known.with_columns(sex=told)
    known = known.with_columns(said[c].alias(r) for r in ("forename", "surname") if (c := table.of(r)))
    born = table.of("date_of_birth")
    further = [c for c, r in table.role.items() if r == "further"]
    plain = said.select(pl.col(c).map_elements(names.plain, return_dtype=pl.String).replace("", None) for c in further)
    plain = plain.rename({c: f"column {c}" for c in further})  # not to be taken for a column that the matcher knows
    return ForeignRecords(
        known,
        dates(said[born]) if born else pl.Series([None] * len(said), dtype=pl.Int64),
        plain,
        table.source,
        table.settings,
    )


def main() -> None:
    files, labels, columns = (json.loads(x) for x in sys.argv[1:4])
    table = read([Path(f) for f in files], Path(labels) if labels else None, Path(columns) if columns else None)
    started, cpu = time.perf_counter(), time.process_time()
    found = records(table)
    edges = found.edges(*found.candidates(), found.matching.join_at)
    persons = batch.persons(found, edges, load_evidence())
    told = {"seconds": time.perf_counter() - started, "cpu_s": time.process_time() - cpu, "rss_mib": peak_mib()}
    truth = pl.Series(table.person)
    print(json.dumps(told | {"records": len(truth)} | pairwise(truth, np.asarray(persons))))


if __name__ == "__main__":
    main()
