"""The model's settings on Splink's backends: the same model in every dialect, and the same weights on local Spark."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tf_integration.identify import artefact
from tf_integration.identify.matching import COMPARISONS, load_matching

BENCH = Path(__file__).resolve().parents[2] / "bench"
HAS_SPARK = any((BENCH / "env" / "linkage").glob("lib/python3*/site-packages/pyspark")) and shutil.which("java")


@pytest.mark.parametrize("dialect", sorted(artefact.DIALECTS))
def test_the_model_is_the_same_in_every_dialect(dialect: str):
    model = artefact.load()
    settings = json.loads(json.dumps(artefact.to_splink(model, load_matching(), dialect)))
    again = artefact.from_splink(settings, model.frequency, model.seldom)
    assert settings["sql_dialect"] == dialect
    assert again.prior == model.prior
    for comparison in COMPARISONS:
        assert np.array_equal(again.m[comparison], model.m[comparison])
        assert np.array_equal(again.u[comparison], model.u[comparison])


def test_the_shipped_file_is_what_the_model_says():
    assert artefact.to_splink(artefact.load(), load_matching()) == json.loads(artefact.SHIPPED.read_text())


@pytest.mark.slow
@pytest.mark.skipif(
    not HAS_SPARK, reason="no pyspark in bench/env/linkage, or no Java: `make spark` installs and runs it"
)
def test_spark_finds_the_pairs_and_weights_that_duckdb_and_we_find():
    done = subprocess.run(
        [sys.executable, str(BENCH / "spark.py")], capture_output=True, text=True, check=False, timeout=550
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "the same and of equal weight on both" in done.stdout
