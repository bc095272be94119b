"""What Debian has is older than the wheel's; the warehouse must come up and answer there too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from tf_integration import assess, identify
from tf_integration.assess.examples import run_examples
from tf_integration.assess.run import stored_plans
from tf_integration.flow.reference import load_reference
from tf_integration.serve import postgres
from tf_integration.serve.postgres import Cluster, free_port
from tf_integration.store import warehouse

DEBIANS = sorted(p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DEBIANS, reason="no PostgreSQL of Debian's is installed here"),
]


def test_the_oldest_of_debians_servers_takes_the_warehouse_and_answers_every_worked_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "binaries", lambda: DEBIANS[0])
    cluster = Cluster(tmp_path / "postgres" / "data", free_port(), "p")
    cluster.start()
    try:
        engine = sa.create_engine(warehouse.normal_url(cluster.url), poolclass=sa.NullPool)
        with engine.begin() as conn:
            version = warehouse.scalar(conn, "SELECT current_setting('server_version_num')::int / 10000")
            assert str(version) == DEBIANS[0].parent.name
            warehouse.migrate(conn)
            load_reference(conn)
            assess.load_plans(conn)
            assert identify.resolve(conn, date(2019, 5, 1))["records"] == 0
            told = [r for plan in stored_plans(conn) for r in run_examples(conn, plan)]
        assert len(told) > 50
        assert [r for r in told if not r.is_right] == []
    finally:
        cluster.remove()
