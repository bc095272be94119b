"""The peer Splink 5 on DuckDB, as its documentation has it for people. Runs in an environment of its own, alone."""

# ruff: noqa: S608, E501
import json
import sys
import time
from pathlib import Path

import duckdb
import splink_people
from splink import DuckDBAPI, Linker

file, edges_file, thresholds = sys.argv[1], sys.argv[2], [float(t) for t in sys.argv[3].split(",")]
started, cpu = time.perf_counter(), time.process_time()
con = duckdb.connect(":memory:")
con.execute(
    f"""CREATE TABLE people AS
    SELECT unique_id, forename, surname, forename || ' ' || surname AS full_name, CAST(date_of_birth AS varchar) AS date_of_birth,
           nullif(sex, 'U') AS sex, postcode, uprn, upn, nhs_number, nino
    FROM read_parquet('{file}')"""
)
linker = Linker(DuckDBAPI(connection=con).register("people"), splink_people.settings())
splink_people.train(linker, 1e7)
predicted = linker.inference.predict(threshold_match_weight=0)
scored = time.perf_counter()
found = {}
for threshold in thresholds:
    before = time.perf_counter()
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_probability=threshold
    )
    found[threshold] = (clusters, time.perf_counter() - before)
    if threshold == thresholds[0]:
        cpu = time.process_time() - cpu
peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
con.execute(
    f"""COPY (SELECT unique_id_l AS a, unique_id_r AS b, match_weight AS weight FROM {predicted.physical_name}
    WHERE match_weight >= 9) TO '{edges_file}' (FORMAT parquet)"""
)
PAIRS = "SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM told GROUP BY {})"
told = []
for threshold, (clusters, seconds) in found.items():
    con.execute(
        f"""CREATE OR REPLACE TABLE told AS SELECT p.person, c.cluster_id
        FROM read_parquet('{file}') p JOIN {clusters.physical_name} c USING (unique_id)"""
    )
    both, linked, true = (
        float(con.execute(PAIRS.format(by)).fetchall()[0][0]) for by in ("person, cluster_id", "cluster_id", "person")
    )
    p, r = both / max(linked, 1), both / true
    told.append(
        {"threshold": threshold, "seconds": scored - started + seconds, "P": p, "R": r, "F1": 2 * p * r / (p + r)}
    )
print(json.dumps({"rss_mib": peak, "cpu_s": cpu, "at": told}))
