"""Plans from their files into the warehouse."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tf_integration.model import plan as plan_model
from tf_integration.model.plan import Plan

_UPSERT = """
INSERT INTO assess.plan (plan_id, title, in_force, plan_hash, needs, attachment_pounds, result_pounds, document)
VALUES (:plan_id, :title, CAST(:in_force AS daterange), :hash, :needs, :attachment, :result, CAST(:document AS jsonb))
ON CONFLICT (plan_id) DO UPDATE SET title = excluded.title, in_force = excluded.in_force, plan_hash = excluded.plan_hash,
    needs = excluded.needs, attachment_pounds = excluded.attachment_pounds, result_pounds = excluded.result_pounds, document = excluded.document
WHERE assess.plan.plan_hash <> excluded.plan_hash
"""


def load_plans(conn: Connection, folder: Path = plan_model.PLANS) -> list[str]:
    """Write every plan of a folder to `assess.plan`; returns their ids. A plan whose text is unchanged is not touched."""
    plans = plan_model.load_plans(folder)
    for plan in plans.values():
        store_plan(conn, plan)
    return list(plans)


def store_plan(conn: Connection, plan: Plan) -> None:
    """Write one plan to `assess.plan`."""
    end = plan.in_force.to
    conn.execute(sa.text(_UPSERT), {
        "plan_id": plan.plan, "title": plan.title, "in_force": f"[{plan.in_force.from_},{end or ''}{']' if end else ')'}",
        "hash": plan.hash, "needs": plan.needs, "attachment": plan.money.attachment, "result": plan.money.result,
        "document": plan.model_dump_json(by_alias=True, exclude={"hash"})})
