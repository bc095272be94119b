"""Splink with our model's settings as they stand, on DuckDB or on local Spark. Runs in an environment of its own, alone."""

# ruff: noqa: E501, S608
import json
import sys
import time
from pathlib import Path

from splink import Linker

dialect, folder = sys.argv[1], Path(sys.argv[2])
settings = json.loads((folder / f"{dialect}.json").read_text())
settings["retain_intermediate_calculation_columns"] = True
PLAIN = ("exact", "swapped", "other", "nothing to compare")
names = next(c for c in settings["comparisons"] if c["output_column_name"] == "name")
labels = [x["label_for_charts"] for x in names["comparison_levels"]]
number = {-1: "nothing to compare"} | {len(labels) - 1 - n: label for n, label in enumerate(labels) if n}


def backend():
    if dialect == "duckdb":
        import duckdb
        from splink import DuckDBAPI

        con = duckdb.connect(":memory:")
        con.execute(f"CREATE TABLE people AS SELECT * FROM read_parquet('{folder / 'profiles.parquet'}')")
        return DuckDBAPI(connection=con), "people"
    from pyspark.sql import SparkSession
    from splink import SparkAPI
    from splink.backends.spark import similarity_jar_location

    made = (
        SparkSession.builder.master("local[2]").config("spark.driver.memory", "3g").config("spark.ui.enabled", "false")
    )
    made = (
        made.config("spark.jars", similarity_jar_location())
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.default.parallelism", "4")
    )
    made = made.config("spark.sql.ansi.enabled", "false").config("spark.local.dir", str(folder / "spark"))
    session = made.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    session.sparkContext.setCheckpointDir(str(folder / "spark"))
    return SparkAPI(spark_session=session, num_partitions_on_repartition=4), session.read.parquet(
        str(folder / "profiles.parquet")
    )


api, people = backend()
table = api.register(people)
started = time.perf_counter()
linker = Linker(table, settings)
predicted = linker.inference.predict(threshold_match_weight=-20).as_pandas_dataframe()
seconds = time.perf_counter() - started
left, right = predicted.unique_id_l, predicted.unique_id_r
predicted["a"], predicted["b"] = left.where(left < right, right), right.where(left < right, left)
predicted["name_is_plain"] = [number[n] in PLAIN for n in predicted.gamma_name]
predicted["weight"] = predicted.match_weight
predicted[["a", "b", "weight", "name_is_plain"]].to_parquet(folder / f"{dialect}.parquet")
peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({"seconds": seconds, "rss_mib": peak, "records": len(predicted)}))
