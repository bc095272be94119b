"""How a plan goes towards its target: counts by month, and a forecast that is held against what comes."""

from __future__ import annotations

from datetime import date
from typing import Any

from tf_integration.claim.acts import named, record
from tf_integration.claim.audit import load_audit
from tf_integration.model.errors import CallError
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def note(conn: Connection, as_at: date, run_id: int) -> None:
    """Keep this run's counts as its month's, and make the forecast again."""
    rules = load_audit().forecast
    about = {"as_at": as_at, "run_id": run_id}
    warehouse.run(conn, "claim/progress__note.sql", **about)
    warehouse.run(conn, "claim/progress__foretell.sql", as_at=as_at)
    warehouse.run(conn, "claim/progress__forget.sql")
    warehouse.run(
        conn,
        "claim/progress__forecast.sql",
        **about,
        within_days=rules.within_days,
        deviations=rules.deviations,
        months_ahead=rules.months_ahead,
    )


def set_target(
    conn: Connection, plan_id: str, families: int, by: str, because: str, valid_from: date | None = None
) -> dict[str, Any]:
    """Set the number of families to turn around under a plan, from a day on (its first, when none is given).

    Raises:
        CallError: the plan is not known, and no day was given.
    """
    who = named(by)
    known = warehouse.scalar(conn, "SELECT EXISTS (SELECT FROM claim.exclusion WHERE plan_id = :p)", p=plan_id)
    stored = warehouse.scalar(conn, "SELECT EXISTS (SELECT FROM assess.plan WHERE plan_id = :p)", p=plan_id)
    if not known or not (stored or valid_from):
        raise CallError(
            "no such plan stands here.", where=plan_id, mend="See `tfi plan list`, or give --from for an earlier one."
        )
    day = warehouse.run(
        conn,
        "claim/target__set.sql",
        plan_id=plan_id,
        valid_from=valid_from,
        families=families,
        by=who,
        because=because,
    ).scalar_one()
    record(conn, "target set", who, because, detail={"plan_id": plan_id, "families": families, "valid_from": day})
    return {"plan_id": plan_id, "target": families, "valid_from": day}


def latest(conn: Connection) -> list[dict[str, Any]]:
    """How each plan stands in its latest month."""
    return [dict(r) for r in warehouse.run(conn, "claim/list__progress.sql").mappings()]
