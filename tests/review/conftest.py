"""A small warehouse that is refreshed for real, and a home to ask it from. Plans and views are loaded once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "identify"))

from reviewed import Reviewed
from small_county import County
from warehouses import MIGRATED, fresh, outside

from tf_integration.flow.setup import prepare
from tf_integration.model.settings import Settings
from tf_integration.serve.postgres import Cluster
from tf_integration.store import warehouse

DAY = date(2020, 6, 1)
PREPARED = "template_reviewed"


@pytest.fixture(scope="session")
def prepared(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """The cluster, with a template that holds plans, kinds and views."""
    outside(cluster, f"CREATE DATABASE {PREPARED} TEMPLATE {MIGRATED}")
    url = cluster.database_url(PREPARED)
    prepare(Settings(home=tmp_path_factory.mktemp("prepared"), warehouse_url=url))
    warehouse.engine(warehouse.normal_url(url)).dispose()
    return cluster


@pytest.fixture
def reviewed(home: Path, prepared: Cluster) -> Iterator[Reviewed]:
    with fresh(prepared, PREPARED) as url:
        settings = Settings(home=home, warehouse_url=url)
        with warehouse.warehouse(settings).connect() as conn:
            yield Reviewed(settings, County(conn), DAY)
