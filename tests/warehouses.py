"""Fresh databases on the run's own cluster."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from tf_integration.serve.postgres import Cluster
from tf_integration.store import warehouse

MIGRATED = "template_tfi"


def outside(cluster: Cluster, *statements: str) -> None:
    """Run statements that no transaction may hold, such as CREATE DATABASE."""
    engine = sa.create_engine(warehouse.normal_url(cluster.url), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as conn:
        for statement in statements:
            conn.execute(sa.text(statement))


@contextmanager
def fresh(cluster: Cluster, template: str = MIGRATED) -> Iterator[str]:
    """The connection string of a new copy of `template`, which is dropped at the end."""
    name = f"t_{secrets.token_hex(6)}"
    outside(cluster, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    url = cluster.database_url(name)
    try:
        yield url
    finally:
        warehouse.engine(warehouse.normal_url(url)).dispose()
        outside(cluster, f"DROP DATABASE {name} WITH (FORCE)")
