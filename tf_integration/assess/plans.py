"""Plans from their files into the warehouse, and what forbids it."""

from __future__ import annotations

from pathlib import Path

from tf_integration.model import plan as plan_model
from tf_integration.model.plan import Plan
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def load_plans(conn: Connection, folder: Path = plan_model.PLANS) -> list[str]:
    """Write every plan of a folder to `assess.plan`; returns their ids. An unchanged plan is not touched.

    A plan that somebody has activated here stays as activated, and one that claims rest on stays as it was.
    """
    plans = plan_model.load_plans(folder)
    kept = {r["plan_id"] for r in warehouse.run(conn, "assess/plan__kept.sql").mappings()}
    for plan in plans.values():
        if plan.plan not in kept:
            store_plan(conn, plan)
    return list(plans)


def claims_on(conn: Connection, plan_id: str) -> int:
    """How many claims made here rest on a plan, whatever became of them."""
    return int(warehouse.run(conn, "assess/plan__claims.sql", plan_id=plan_id).scalar_one())


def store_plan(conn: Connection, plan: Plan) -> None:
    """Write one plan to `assess.plan`."""
    end = plan.in_force.to
    warehouse.run(
        conn,
        "assess/plan__store.sql",
        plan_id=plan.plan,
        title=plan.title,
        hash=plan.hash,
        needs=plan.needs,
        in_force=f"[{plan.in_force.from_},{end or ''}{']' if end else ')'}",
        attachment=plan.money.attachment,
        result=plan.money.result,
        document=plan.model_dump_json(by_alias=True, exclude={"hash"}),
    )
