"""One warehouse for the run with the plans loaded; each question put to it is rolled back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from tf_integration.serve.postgres import Cluster
from tf_integration.store import warehouse


@pytest.fixture(scope="session")
def planned(cluster: Cluster) -> Iterator[Engine]:
    """An engine on an empty warehouse that holds the shipped plans."""
    from tf_integration.assess import load_plans

    name = f"planned_{secrets.token_hex(4)}"
    admin = sa.create_engine(warehouse.normal_url(cluster.url), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as conn:
        conn.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template_tfi"))
    engine = warehouse.engine(warehouse.normal_url(cluster.database_url(name)))
    with engine.begin() as conn:
        load_plans(conn)
    yield engine
    engine.dispose()
