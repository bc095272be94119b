"""Fixtures that every test shares: one real PostgreSQL for the run, a fresh migrated database for each that asks."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from warehouses import MIGRATED, fresh, outside

from tf_integration.serve.postgres import Cluster, free_port
from tf_integration.store import warehouse

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that wait longest, so that no process is left with one at the end."""
    long = {item.path for item in items if item.get_closest_marker("airflow")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL cluster for this test run, with a migrated template database."""
    own = Cluster(tmp_path_factory.mktemp("pg") / "data", free_port(), secrets.token_hex(12))
    own.start()
    try:
        # hundreds of databases come and go, and would wait for the disk; what kills a server here kills no machine
        for off in ("fsync", "full_page_writes"):
            outside(own, f"ALTER SYSTEM SET {off} = off")
        outside(own, "SELECT pg_reload_conf()")
        outside(own, f"CREATE DATABASE {MIGRATED}")
        built = sa.create_engine(warehouse.normal_url(own.database_url(MIGRATED)), poolclass=sa.NullPool)
        with built.begin() as conn:
            warehouse.migrate(conn)
        built.dispose()
        yield own
    finally:
        own.remove()


@pytest.fixture
def warehouse_url(cluster: Cluster) -> Iterator[str]:
    """The connection string of a fresh, migrated, empty warehouse."""
    with fresh(cluster) as url:
        yield url


@pytest.fixture
def db(warehouse_url: str) -> Iterator[sa.engine.Connection]:
    """One open transaction on a fresh warehouse; rolled back at the end."""
    with warehouse.engine(warehouse.normal_url(warehouse_url)).connect() as conn:
        yield conn


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty TFI_HOME."""
    monkeypatch.setenv("TFI_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"
