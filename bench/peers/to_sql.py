"""The peer `pandas.to_sql`: read the CSV with its dates, and insert the frame."""

from __future__ import annotations

import json
import sys
import time

import pandas as pd
import sqlalchemy as sa

url, file = sys.argv[1:]
engine = sa.create_engine(url)
start = time.perf_counter()
frame = pd.read_csv(file, parse_dates=["period_start", "period_end"], dtype={"establishment": "string"})
frame.to_sql("to_sql_rows", engine, if_exists="replace", index=False)
print(json.dumps({"seconds": time.perf_counter() - start}))
