"""The peer of `arrivals`: Splink 5's predict_between, scores alone, new records against known ones. Its training is not timed."""

# ruff: noqa: S608, E501
import json
import sys
import time
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

known, nights = sys.argv[1], sys.argv[2:]
BLOCKS = [
    block_on("nhs_number"),
    block_on("nino"),
    block_on("date_of_birth", "postcode"),
    block_on("surname", "date_of_birth"),
    block_on("forename", "date_of_birth"),
    block_on("surname", "postcode"),
    block_on("forename", "postcode"),
    block_on("uprn", "substr(forename, 1, 1)"),
]
settings = SettingsCreator(
    link_type="dedupe_only",
    unique_id_column_name="unique_id",
    blocking_rules_to_generate_predictions=BLOCKS,
    comparisons=[
        cl.ForenameSurnameComparison("forename", "surname", forename_surname_concat_col_name="full_name"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
        cl.PostcodeComparison("postcode"),
        cl.ExactMatch("uprn"),
        cl.ExactMatch("sex"),
        cl.ExactMatch("nhs_number"),
        cl.ExactMatch("nino"),
    ],
)
SAID = """
    SELECT partner || '|' || person_ref AS unique_id, forename, surname, forename || ' ' || surname AS full_name,
           CAST(date_of_birth AS varchar) AS date_of_birth, sex, postcode, uprn, nhs_number, nino FROM read_parquet('{}')"""
con = duckdb.connect(":memory:")
api = DuckDBAPI(connection=con)
con.execute(f"CREATE TABLE known AS {SAID.format(known)}")
people = api.register("known")
linker = Linker(people, settings)
linker.training.estimate_probability_two_random_records_match(
    [block_on("nhs_number"), block_on("forename", "surname", "date_of_birth")], recall=0.7
)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
for block in (("surname", "date_of_birth"), ("forename", "postcode"), ("nhs_number",)):
    linker.training.estimate_parameters_using_expectation_maximisation(block_on(*block))
for column in ("forename", "surname", "full_name"):
    linker.table_management.compute_tf_table(column)
told = []
for number, file in enumerate(nights):
    con.execute(f"CREATE TABLE night_{number} AS {SAID.format(file)}")
    new = api.register(f"night_{number}")
    started = time.perf_counter()
    scored = linker.inference.predict_between(people, new, threshold_match_weight=0)
    pairs = con.execute(f"SELECT count(*) FROM {scored.physical_name}").fetchall()[0][0]
    told.append({"seconds": time.perf_counter() - started, "pairs": pairs})
peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({"nights": told, "rss_mib": peak}))
