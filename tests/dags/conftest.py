"""Airflow in this process: its own home and SQLite, set before its first import; our DAGs, parsed once."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

PROJECT = Path(__file__).resolve().parents[2]
_AIRFLOW_HOME = tempfile.TemporaryDirectory(prefix="tfi-airflow-")
os.environ |= {
    "AIRFLOW_HOME": _AIRFLOW_HOME.name,
    "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
    "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
}


@pytest.fixture(scope="session")
def bag() -> DagBag:
    """Every DAG file of the project, whatever words it holds (safe mode off)."""
    from airflow.dag_processing.dagbag import DagBag

    with pytest.MonkeyPatch.context() as patch:      # not a developer's own home, which may hold the example county
        patch.setenv("TFI_HOME", str(Path(_AIRFLOW_HOME.name) / "tfi"))
        return DagBag(str(PROJECT / "dags"), safe_mode=False)


@pytest.fixture(scope="session")
def airflow_tables() -> None:
    """Airflow's own tables, which `dag.test()` needs."""
    from airflow.utils.db import initdb

    initdb()
