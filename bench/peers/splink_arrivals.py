"""The peer of `arrivals`: Splink 5's predict_between, scores alone, new records against known ones. Its training is not timed."""

# ruff: noqa: S608, E501
import json
import sys
import time
from pathlib import Path

import duckdb
import splink_people
from splink import DuckDBAPI, Linker

known, nights = sys.argv[1], sys.argv[2:]
SAID = """
    SELECT partner || '|' || person_ref AS unique_id, forename, surname, forename || ' ' || surname AS full_name,
           CAST(date_of_birth AS varchar) AS date_of_birth, sex, postcode, uprn, nhs_number, nino FROM read_parquet('{}')"""
con = duckdb.connect(":memory:")
api = DuckDBAPI(connection=con)
con.execute(f"CREATE TABLE known AS {SAID.format(known)}")
people = api.register("known")
linker = Linker(people, splink_people.settings(("nhs_number", "nino")))
splink_people.train(linker, 1e6)
for column in ("forename", "surname", "full_name"):
    linker.table_management.compute_tf_table(column)
told = []
for number, file in enumerate(nights):
    con.execute(f"CREATE TABLE night_{number} AS {SAID.format(file)}")
    new = api.register(f"night_{number}")
    started, cpu = time.perf_counter(), time.process_time()
    scored = linker.inference.predict_between(people, new, threshold_match_weight=0)
    pairs = con.execute(f"SELECT count(*) FROM {scored.physical_name}").fetchall()[0][0]
    told.append({"seconds": time.perf_counter() - started, "cpu_s": time.process_time() - cpu, "pairs": pairs})
peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({"nights": told, "rss_mib": peak}))
