"""Each family of `edges`, from partners' files over SFTP to what the marts say of it."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from edges import AS_AT, county

from tf_integration.flow.deliver import deliver, discover
from tf_integration.flow.refresh import refresh
from tf_integration.flow.setup import prepare
from tf_integration.model.settings import Settings
from tf_integration.serve.postgres import Cluster
from tf_integration.store import warehouse

sys.path.append(str(Path(__file__).parents[1] / "land"))
from sftp_partner import open_accounts

TOWN, FAMILIES = county()
ASKED = """
    SELECT h.family_refs[1] AS ref, r.status, r.result, r.earliest_on, r.problems_present, r.problems_improved
    FROM mart.household_v1 h JOIN mart.claim_readiness_v1 r USING (household_id) WHERE h.family_refs <> '{}'"""


@pytest.fixture(scope="module")
def answers(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """What the marts say of each family reference after one night of files."""
    home = tmp_path_factory.mktemp("home")
    name = f"families_{secrets.token_hex(4)}"
    admin = sa.create_engine(warehouse.normal_url(cluster.url), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as conn:
        conn.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template_tfi"))
    settings = Settings(home=home, warehouse_url=cluster.database_url(name))
    prepare(settings)
    (home / "limits.yaml").write_text("settle_seconds: 0.05\npause_seconds: 0\nconnect_seconds: 5\n")
    TOWN.write(home / "partners")
    started = list(open_accounts(settings, home / "partners"))
    came = [deliver(settings, d, AS_AT)["status"] for feed in TOWN.feeds for d in discover(settings, feed, AS_AT)]
    assert came == ["accepted"] * len(TOWN.feeds)
    assert refresh(settings, AS_AT)["broken"] == []
    with warehouse.transaction(settings) as conn:
        found = warehouse.rows(conn, ASKED)
    yield {r["ref"]: r for r in found}
    for partner in started:
        partner.stop()
    warehouse.engine(warehouse.normal_url(settings.warehouse_url or "")).dispose()


@pytest.mark.parametrize("family", FAMILIES, ids=[f.says for f in FAMILIES])
def test_a_family_gets_what_the_plan_makes_of_its_partners_rows(family: Any, answers: dict[str, dict[str, Any]]) -> None:
    found = answers[family.ref]
    assert {what: found[what] for what in family.expected} == family.expected
