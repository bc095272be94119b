"""What `tfi claims list` and its neighbours show."""

from __future__ import annotations

from typing import Any

from tf_integration.claim import window as windows
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

# what is asked -> the public view that answers
NEAR = {"soon": "near_miss_v1", "missed": "missed_claim_v1", "at_risk": "at_risk_v1"}


def claims(settings: Settings, window: str | None = None, state: str | None = None) -> list[dict[str, Any]]:
    """Claims, of a window or in a state where one is named.

    Raises:
        CallError: no such window or state: a slip in a name is not an empty list.
    """
    with warehouse.transaction(settings) as conn:
        if window is not None:
            windows.window(conn, window)
        states = [r["state"] for r in warehouse.rows(conn, "SELECT state FROM claim.state WHERE nth > 0 ORDER BY nth")]
        if state not in (None, *states):
            raise CallError("a claim has no such state.", where="--state", mend=f"Use one of: {', '.join(states)}.")
        found = warehouse.run(conn, "claim/list__claims.sql", window_name=window, state=state).mappings()
        return [dict(r) for r in found]


def all_windows(settings: Settings) -> list[dict[str, Any]]:
    """The windows with their last step, claims and money."""
    with warehouse.transaction(settings) as conn:
        return [dict(r) for r in warehouse.run(conn, "claim/list__windows.sql").mappings()]


def window(settings: Settings, name: str) -> dict[str, Any]:
    """One window: its steps, its claims by state, and the sample with the auditor's last word on each."""
    with warehouse.transaction(settings) as conn:
        found = windows.window(conn, name)
        sampled = windows.audited(conn, found["window_id"])
        drawn = warehouse.rows(
            conn,
            "SELECT seed, share, at_least, claims, error_rate_before, drawn_from FROM claim.sample "
            "WHERE window_id = :w",
            w=found["window_id"],
        )
    return found | {"sample": drawn[0] if drawn else None, "sampled": sampled}


def ready(settings: Settings) -> list[dict[str, Any]]:
    """The households that could be claimed for now."""
    with warehouse.transaction(settings) as conn:
        return [dict(r) for r in warehouse.run(conn, "claim/list__ready.sql").mappings()]


def near(settings: Settings, which: str) -> list[dict[str, Any]]:
    """The households that are nearly there (`soon`), unattached with a result (`missed`), or soon to lapse (`at_risk`).

    Raises:
        NeedsAPerson: this warehouse has no such view yet.
    """
    view = NEAR[which]
    with warehouse.transaction(settings) as conn:
        if not warehouse.run(conn, "claim/list__near.sql", view=view).scalar_one():
            raise NeedsAPerson(f"this warehouse has no view {view} yet.", where="mart", mend="Run `tfi up`.")
        return warehouse.rows(conn, f"SELECT * FROM mart.{view} ORDER BY household_id")  # noqa: S608 - our own names


def months(settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """The rows of `mart.programme_progress_v1` of each plan, in order of time, with the plan's `title`."""
    found: dict[str, list[dict[str, Any]]] = {}
    with warehouse.transaction(settings) as conn:
        for row in warehouse.run(conn, "claim/list__months.sql").mappings():
            found.setdefault(row["plan_id"], []).append(dict(row))
    return found


def conflicts(settings: Settings) -> list[dict[str, Any]]:
    """Pairs of standing claims that turned out to be for one child."""
    with warehouse.transaction(settings) as conn:
        return [dict(r) for r in warehouse.run(conn, "claim/list__conflicts.sql").mappings()]
