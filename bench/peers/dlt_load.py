"""The peer `dlt`, as its tutorial has it: a resource of CSV rows into PostgreSQL. Runs in bench/env, alone."""

import csv
import json
import os
import sys
import tempfile
import time

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import dlt

url, file = sys.argv[1:]


@dlt.resource(name="attendance", write_disposition="replace")
def attendance():
    with open(file, newline="") as handle:
        yield from csv.DictReader(handle)


with tempfile.TemporaryDirectory() as folder:
    start = time.perf_counter()
    to = dlt.destinations.postgres(url)
    pipeline = dlt.pipeline("bench", destination=to, dataset_name="dlt_rows", pipelines_dir=folder)
    pipeline.run(attendance())
    print(json.dumps({"seconds": time.perf_counter() - start}))
