"""Two plain peers on a labelled table: exact keys in SQL (DuckDB), and `recordlinkage` as its documentation has it. Alone.

`keys`: records that agree on a whole key are one person. `recordlinkage`: blocks on names and birth date, Jaro-Winkler at 0.85
for words and equality for the rest; more than half agreeing (its guide's rule), and its ECM classifier, which needs no labels.
"""

# ruff: noqa: S608, E501
import json
import sys
import time
import warnings
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
file, roles, linking, which = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3] == "link", sys.argv[4]
people = pd.read_parquet(file)
NAMES = [c for c, r in roles.items() if r in ("forename", "surname")]
BORN = [c for c, r in roles.items() if r == "date_of_birth"]
FURTHER = [c for c, r in roles.items() if r == "further"]


def clusters(a, b):
    root = np.arange(len(people))

    def find(n):
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    for x, y in zip(a, b, strict=True):
        root[find(x)] = find(y)
    return np.array([find(n) for n in range(len(root))])


def told(found, seconds):
    frame = pd.DataFrame({"true": people.person.to_numpy(), "found": found})
    both, linked, true = (
        float((n * (n - 1) / 2).sum())
        for n in (frame.groupby(by).size() for by in (["true", "found"], ["found"], ["true"]))
    )
    p, r = both / max(linked, 1), both / true
    return {"seconds": seconds, "P": p, "R": r, "F1": 2 * p * r / max(p + r, 1e-9)}


def by_keys():
    con = duckdb.connect(":memory:")
    con.register("people", people)
    rule = "l.source_file < r.source_file" if linking else "l.row_number < r.row_number"
    named = " OR ".join(f'l."{c}" = r."{c}"' for c in NAMES) or "true"

    def tells(column):  # records that share it mostly share a name
        query = f'SELECT avg(({named})::int) FROM people l JOIN people r ON {rule} AND l."{column}" = r."{column}"'
        return (con.execute(query).fetchall()[0][0] or 0) > 0.7

    telling = [c for c in FURTHER if people[c].nunique() > 0.3 * people[c].notna().sum() and tells(c)]
    plain = [c for c in FURTHER if c not in telling and people[c].nunique() >= 60]
    keys = [[c] for c in telling] + [[*NAMES, c] for c in BORN + plain] + [[n, *BORN, c] for n in NAMES for c in plain]
    joins = [
        f"SELECT l.row_number AS a, r.row_number AS b FROM people l JOIN people r ON {rule} AND "
        + " AND ".join(f'l."{c}" = r."{c}"' for c in key)
        for key in keys
    ]
    return con.execute(" UNION ".join(joins)).fetchnumpy().values()


def compared():
    import recordlinkage

    sides = [people[people.source_file == n] for n in (0, 1)] if linking else [people]
    index = recordlinkage.Index()
    for column in NAMES + BORN:
        index.block(column)
    pairs = index.index(*sides)
    compare = recordlinkage.Compare()
    for column in (*NAMES, *BORN, *FURTHER):
        digits = people[column].dropna().str.contains("[0-9]").mean()
        if digits > 0.5:
            compare.exact(column, column, label=column)
        else:
            compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    return recordlinkage, compare.compute(pairs, *sides)


if which == "keys":
    started = time.perf_counter()
    a, b = by_keys()
    at = {"exact keys in SQL": told(clusters(a, b), time.perf_counter() - started)}
else:
    started = time.perf_counter()
    library, features = compared()
    ready = time.perf_counter() - started
    at = {}
    for name in ("more than half agree", "ECM"):
        before = time.perf_counter()
        if name == "ECM":
            kept = library.ECMClassifier().fit_predict((features > 0).astype(int))
        else:
            kept = features.index[features.sum(axis=1) > features.shape[1] / 2]
        a, b = (kept.get_level_values(n).to_numpy() for n in (0, 1))
        at[f"recordlinkage, {name}"] = told(clusters(a, b), ready + time.perf_counter() - before)
peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({"rss_mib": peak, "cpu_s": time.process_time(), "at": at}))
