"""Each family of `edges`, from partners' files over SFTP to what the marts say of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from edges import AS_AT, county
from warehouses import fresh

from tf_integration.model.settings import Settings
from tf_integration.serve.postgres import Cluster
from tf_integration.store import warehouse

sys.path.append(str(Path(__file__).parents[1] / "land"))
from one_night import one_night

TOWN, FAMILIES = county()
ASKED = """
    SELECT h.family_refs[1] AS ref, r.status, r.result, r.earliest_on, r.problems_present, r.problems_improved
    FROM mart.household_v1 h JOIN mart.claim_readiness_v1 r USING (household_id) WHERE h.family_refs <> '{}'"""


@pytest.fixture(scope="module")
def answers(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """What the marts say of each family reference after one night of files."""
    with fresh(cluster) as url:
        settings = Settings(home=tmp_path_factory.mktemp("home"), warehouse_url=url)
        TOWN.write(settings.home / "partners")
        came = one_night(settings, TOWN.feeds, AS_AT)
        assert came == ["accepted"] * len(TOWN.feeds)
        with warehouse.transaction(settings) as conn:
            yield {r["ref"]: r for r in warehouse.rows(conn, ASKED)}


@pytest.mark.parametrize("family", FAMILIES, ids=[f.says for f in FAMILIES])
def test_a_family_gets_what_the_plan_makes_of_its_partners_rows(
    family: Any, answers: dict[str, dict[str, Any]]
) -> None:
    found = answers[family.ref]
    assert {what: found[what] for what in family.expected} == family.expected
