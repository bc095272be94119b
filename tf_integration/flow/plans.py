"""What can be asked of a plan before it decides anything: its examples, its differences, its effect."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

from tf_integration.assess import assess
from tf_integration.assess.examples import Result, run_examples
from tf_integration.assess.plans import store_plan
from tf_integration.flow.reference import load_reference
from tf_integration.model.errors import CallError
from tf_integration.model.plan import PLANS, Plan, load_plan
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse


def find_plan(named: str) -> tuple[Plan, Path]:
    """A plan by its id among those shipped, or by the path of its file.

    Raises:
        CallError: there is none.
    """
    file = Path(named)
    for path in (file, PLANS / f"{named}.yaml"):
        if path.is_file():
            return load_plan(path), path
    known = ", ".join(sorted(p.stem for p in PLANS.glob("*.yaml")))
    raise CallError(
        f"there is no plan of that name; there are {known}.", where=named, mend="Or give the path of a plan's file."
    )


def try_examples(settings: Settings, plan: Plan) -> list[Result]:
    """Run the plan's worked examples in the warehouse; nothing stays."""
    with warehouse.warehouse(settings).connect() as conn:
        load_reference(conn, settings.reference)
        try:
            return run_examples(conn, plan)
        finally:
            conn.rollback()


def differences(was: Path, is_: Path) -> list[str]:
    """The lines that differ, as a unified diff without context."""
    return [
        line
        for line in difflib.unified_diff(
            was.read_text().splitlines(), is_.read_text().splitlines(), was.stem, is_.stem, n=0, lineterm=""
        )
        if line
    ]


def impact(settings: Settings, plan: Plan) -> dict[str, Any]:
    """How many households would change status, on the latest run's day, with this plan in place of its stored self.

    Returns `as_at` and `moves`: a list of {status_was, status_is, households}. Nothing stays.

    Raises:
        CallError: nothing has been assessed yet.
    """
    with warehouse.warehouse(settings).connect() as conn:
        as_at = warehouse.scalar(
            conn, "SELECT as_at FROM assess.run WHERE finished_at IS NOT NULL ORDER BY run_id DESC LIMIT 1"
        )
        if as_at is None:
            raise CallError("nothing has been assessed yet.", mend="Run `tfi night` first.")
        try:
            was = {
                r["household_id"]: r["status"]
                for r in warehouse.rows(conn, "SELECT household_id, status FROM assess.readiness")
            }
            store_plan(conn, plan)
            assess(conn, as_at, full=True)
            moved: dict[tuple[str, str], int] = {}
            for row in warehouse.rows(conn, "SELECT household_id, status FROM assess.readiness"):
                pair = (was.get(row["household_id"], "none"), row["status"])
                if pair[0] != pair[1]:
                    moved[pair] = moved.get(pair, 0) + 1
        finally:
            conn.rollback()
    return {
        "as_at": as_at.isoformat(),
        "moves": [{"status_was": a, "status_is": b, "households": n} for (a, b), n in sorted(moved.items())],
    }
