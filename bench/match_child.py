"""Match a parquet file of people with this project's matcher, in memory: learn, pair, weigh, settle. Prints JSON."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import polars as pl
from place import peak_mib

from tf_integration.identify import batch
from tf_integration.identify.evidence import load_evidence
from tf_integration.identify.matching import load_matching, load_nicknames
from tf_integration.identify.pairing import Edges, Matcher, Records, distinct_profiles, pack
from tf_integration.identify.profiles import COLUMNS, encode
from tf_integration.identify.training import train
from tf_integration.identify.weighing import weigh

_CALIBRATED = 500_000  # pairs that calibration is measured on
_BANDS = (-10.0, -4.0, 0.0, 2.0, 4.0, 6.0, 8.0, 12.0, 20.0)  # bits


def pairwise(true: pl.Series, found: np.ndarray) -> dict[str, float]:
    """Precision, recall and F1 over all pairs of records."""
    frame = pl.DataFrame({"true": true, "found": found})

    def pairs(*columns: str) -> int:
        return int(frame.group_by(columns).len().select((pl.col("len") * (pl.col("len") - 1) // 2).sum()).item())

    both, linked, truly = pairs("true", "found"), pairs("found"), pairs("true")
    precision, recall = both / max(linked, 1), both / max(truly, 1)
    return {"P": precision, "R": recall, "F1": 2 * precision * recall / max(precision + recall, 1e-9)}


def calibration(records: Records, person: pl.Series) -> list[dict[str, float]]:
    """Per band of weight: pairs of profiles, the share that is one person by the model's word, and by the truth."""
    a, b = records.candidates()
    some = np.random.default_rng(1).choice(len(a), min(len(a), _CALIBRATED), replace=False)
    a, b = a[some], b[some]
    weight = weigh(records.comparer.levels(a, b), a, b, records.profiles, records.model)
    _, first = np.unique(records.profile, return_index=True)
    known = person.rank("dense").to_numpy()[first]
    is_one, said, band = known[a] == known[b], 1 / (1 + np.exp2(-weight)), np.digitize(weight, _BANDS)
    return [
        {"from": ([-np.inf, *_BANDS])[n], "pairs": int(at.sum()), "said": said[at].mean(), "true": is_one[at].mean()}
        for n in range(len(_BANDS) + 1)
        if (at := (band == n) & (a != b)).any()
    ]


def main() -> None:
    file, edges_file = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    started, cpu = time.perf_counter(), time.process_time()
    frame = pl.read_parquet(file, columns=[*COLUMNS, "partner"])
    matching, nicknames = load_matching(), load_nicknames()
    said = frame.select(*COLUMNS, unit=pl.int_range(pl.len()), partner=pl.col("partner").rank("dense").cast(pl.Int64))
    profile, distinct = distinct_profiles(said)
    said = said.select("unit", "partner")
    del frame
    profiles = encode(distinct, matching)
    del distinct
    model = train(profiles, matching, nicknames, "bench", "the file")
    learnt = time.perf_counter()
    records = Records(said, Matcher(model, matching, nicknames), (profile, profiles))
    if edges_file:  # another scorer's edges, under our guards
        found = pl.read_parquet(edges_file)
        a, b = (found[c].cast(pl.Int64).to_numpy() for c in ("a", "b"))
        levels = pack(records.comparer.levels(records.profile[a], records.profile[b]))
        edges = Edges(np.minimum(a, b), np.maximum(a, b), found["weight"].to_numpy(), levels)
    else:
        edges = records.edges(*records.candidates(), matching.join_at)
    scored = time.perf_counter()
    persons = batch.persons(records, edges, load_evidence())
    ended = time.perf_counter()
    told = {
        "seconds": ended - started,
        "learn_s": learnt - started,
        "score_s": scored - learnt,
        "settle_s": ended - scored,
        "cpu_s": time.process_time() - cpu,
        "rss_mib": peak_mib(),
    }
    person = pl.read_parquet(file, columns=["person"])["person"]
    if not edges_file:
        told["calibration"] = calibration(records, person)
    print(json.dumps(told | {"records": len(persons)} | pairwise(person, persons)))


if __name__ == "__main__":
    main()
