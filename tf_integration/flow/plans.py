"""What can be asked of a plan before it decides anything: where it is, its examples, its differences, its effect."""

from __future__ import annotations

import difflib
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tf_integration.assess import assess
from tf_integration.assess.examples import Result, run_examples
from tf_integration.assess.run import stored_plans
from tf_integration.flow.reference import load_reference
from tf_integration.flow.refresh import alone
from tf_integration.model.errors import CallError
from tf_integration.model.plan import PLANS, InForce, Plan, load_plan
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

Verdicts = dict[tuple[str, str, str], str]
_UNATTACHED = {"not_eligible", "cannot_tell", "eligible"}
_UNASKED = {"identified": "not_met", "improved": "met", "principle": "met"}  # what a rule that a plan lacks comes to


def find_plan(named: str, settings: Settings | None = None) -> tuple[Plan, Path]:
    """A plan by the path of its file, or by its id among the council's own (`TFI_HOME/plans`) and those shipped.

    Raises:
        CallError: there is none.
        ContractError: it holds a mistake.
    """
    folders = [*([settings.home / "plans"] if settings else []), PLANS, PLANS / "local"]
    for path in (Path(named), *(folder / f"{named}.yaml" for folder in folders)):
        if path.is_file():
            return load_plan(path), path
    known = ", ".join(dict.fromkeys(p.stem for folder in folders for p in sorted(folder.glob("*.yaml"))))
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


def stands_before(named: str, settings: Settings) -> Path:
    """The plan whose place a plan takes: the one of its id that stands here, else the one in force the day before it.

    Raises:
        CallError: there is neither.
    """
    plan, file = find_plan(named, settings)
    folders = (settings.home / "plans", PLANS, PLANS / "local")
    files = [f for folder in folders for f in sorted(folder.glob("*.yaml")) if f.resolve() != file.resolve()]
    known = [(load_plan(f), f) for f in files]
    eve = plan.in_force.from_ - timedelta(days=1)
    of_its_id = [f for p, f in known if p.plan == plan.plan]
    on_its_eve = [f for p, f in known if p.in_force.from_ <= eve and (p.in_force.to is None or eve <= p.in_force.to)]
    if found := [*of_its_id, *on_its_eve]:
        return found[0]
    raise CallError("no plan was in force before it.", where=named, mend="Name the plan to compare it with.")


def from_day(plan: Plan, from_on: date | None, where: str = "--from") -> Plan:
    """The plan as it would judge from a day: the first day on which it is in force, and a hash that says so.

    Raises:
        CallError: the plan's own text does not let it be in force then.
    """
    first, last = plan.in_force.from_, plan.in_force.to
    if from_on is None or from_on == first:
        return plan
    if from_on < first or (last is not None and from_on > last):
        raise CallError(
            f"the plan's `in_force` runs from {first} to {last or 'now on'}.", where=where, mend="Give a day in it."
        )
    days = InForce.model_validate({"from": from_on, "to": last})
    hashed = hashlib.sha256(f"{plan.hash} from {from_on}".encode()).hexdigest()
    return plan.model_copy(update={"in_force": days, "hash": hashed})


def impact(settings: Settings, plan: Plan, from_on: date | None = None) -> dict[str, Any]:
    """Which households' status would change, and which rules move them, had this plan judged last night.

    It stands in place of the plan of its id, or beside the others when there is none. Returns `as_at`; `moves`, a list
    of {status_was, status_is, households}; `rules`, how many each rule moves; and `households`, each with its statuses,
    plans and `moved_by`. The same day and the same knowledge as the latest run's; nothing stays.

    Raises:
        CallError: nothing has been assessed yet, or the plan is not in force on `from_on`.
    """
    with warehouse.warehouse(settings).connect() as conn:
        try:
            return _impact(conn, from_day(plan, from_on))
        finally:
            conn.rollback()


def _impact(conn: Connection, plan: Plan) -> dict[str, Any]:
    alone(conn)
    last = warehouse.run(conn, "assess/impact__run.sql").mappings().first()
    if last is None:
        raise CallError("nothing has been assessed yet.", mend="Run `tfi night` first.")
    was = _statuses(conn)
    plans = [p for p in stored_plans(conn) if p.plan != plan.plan] + [plan]
    with conn.begin_nested() as trial:
        assess(conn, last["as_at"], last["known_at"], full=True, dry=True, plans=plans)
        is_ = _statuses(conn)
        moved = sorted(h for h in was.keys() & is_.keys() if was[h][0] != is_[h][0])
        now = _verdicts(conn, moved)
        trial.rollback()
    before = _verdicts(conn, moved)
    households = [_moved(h, was[h], is_[h], before[h], now[h]) for h in moved]
    pairs = Counter((h["status_was"], h["status_is"]) for h in households)
    return {
        "plan": plan.plan,
        "as_at": last["as_at"].isoformat(),
        "from_on": plan.in_force.from_.isoformat(),
        "moves": [{"status_was": a, "status_is": b, "households": n} for (a, b), n in sorted(pairs.items())],
        "rules": dict(Counter(rule for h in households for rule in h["moved_by"]).most_common()),
        "households": households,
    }


def _statuses(conn: Connection) -> dict[int, tuple[str, str]]:
    found = warehouse.run(conn, "assess/impact__was.sql").mappings()
    return {r["household_id"]: (r["status"], r["plan_id"]) for r in found}


def _verdicts(conn: Connection, households: Iterable[int]) -> dict[int, Verdicts]:
    found: dict[int, Verdicts] = defaultdict(dict)
    for r in warehouse.run(conn, "assess/impact__verdicts.sql", households=list(households)).mappings():
        found[r["household_id"]][r["side"], r["problem"], r["criterion"]] = r["verdict"]
    return found


def _moved(
    household: int, was: tuple[str, str], is_: tuple[str, str], before: Verdicts, now: Verdicts
) -> dict[str, Any]:
    """One household's move; where no rule's verdict differs, it is how many the plan needs."""
    asked = ("identified",) if {was[0], is_[0]} <= _UNATTACHED else tuple(_UNASKED)
    differs = sorted(
        key
        for key in before.keys() | now.keys()
        if key[0] in asked and before.get(key, _UNASKED[key[0]]) != now.get(key, _UNASKED[key[0]])
    )
    rules = [f"{problem or side}.{criterion}" + (" (improved)" if side == "improved" else "")
             for side, problem, criterion in differs]  # fmt: skip
    return {
        "household_id": household,
        "status_was": was[0],
        "status_is": is_[0],
        "plan_was": was[1],
        "plan_is": is_[1],
        "moved_by": rules or ["needs"],
    }
