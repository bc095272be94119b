"""One warehouse for the run with the plans loaded; each question put to it is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from warehouses import fresh

from reference.claims import ONE_RESULT_ACROSS
from reference.meanings import IN_FORCE
from tf_integration.serve.postgres import Cluster
from tf_integration.store import warehouse


@pytest.fixture(scope="session")
def planned(cluster: Cluster) -> Iterator[Engine]:
    """An engine on an empty warehouse that holds `national-2015`, and its rules under the other plans' ids and days."""
    from tf_integration.assess import load_plans

    with fresh(cluster) as url:
        engine = warehouse.engine(warehouse.normal_url(url))
        with engine.begin() as conn:
            load_plans(conn)
            _stand_in(conn)
        yield engine


def _stand_in(conn: sa.engine.Connection) -> None:
    """The other plans have its rules under their own id and days: the evaluator states its rules alone, and which plan judges."""
    from tf_integration.assess.plans import store_plan
    from tf_integration.model.plan import InForce, load_plans

    shipped = load_plans()
    for plan_id, first, last in IN_FORCE:
        if plan_id != "national-2015":
            days = InForce(**{"from": first, "to": last})
            store_plan(conn, shipped["national-2015"].model_copy(update={
                "plan": plan_id, "in_force": days, "hash": plan_id, "one_result_across": _together(plan_id)}))


def _together(plan_id: str) -> tuple[str, ...]:
    return next((tuple(sorted(t)) for t in ONE_RESULT_ACROSS if plan_id in t), (plan_id,))
