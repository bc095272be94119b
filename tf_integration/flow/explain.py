"""The verdict of one household in words, down to the file and the line that each fact came from.

What is read is what a run wrote. For another day, or another state of knowledge, the same run is made again
for this household alone, in a transaction that is rolled back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from tf_integration.flow import families
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

STATUS_SAYS = {
    "not_eligible": "Not eligible: not attached, and fewer problems present than the plan needs.",
    "cannot_tell": "Cannot tell: not attached, and what is not known could make it eligible.",
    "eligible": "Eligible: not attached, with enough problems present. A family to find.",
    "in_progress": "In progress: attached, and no result yet.",
    "blocked_by_data": "Blocked by data: everything that is known is met, and something is not known.",
    "ready": "Ready: a result with every principle met, and no claim yet.",
    "claimed": "Claimed: a claim stands for this family.",
}
_INSTANT = "%Y-%m-%d %H:%M"
VERDICT_SAYS = {"met": "met", "not_met": "not met", "not_known": "not known"}


def explain(where: Settings | Connection, household: str | int, problem: str | None = None,
            as_at: date | None = None, known_at: datetime | None = None) -> dict[str, Any]:
    """Why a household stands where it does.

    `household` is its number or a partner's family reference. Without `as_at` and `known_at` the latest
    run's word is read; with either, the household is judged again for that day and with what was known
    then, and nothing is kept. Returns the status with its words, `why_not`, `what_next`, `earliest_on`, and
    `gone_since` (when records were last erased or passed their retention after `known_at`, anybody's), and
    `problems`, `principles` and `results`: each with its verdicts, and each verdict with its evidence
    (`says`, dates, `feed`, `file_name`, `line_no`, `file_sha256`). No person's particulars.

    Raises:
        CallError: no such household, none then, or the plan has no such problem.
        NeedsAPerson: the household has not been judged.
    """
    with _connection(where) as conn:
        household_id = families.household(conn, household)
        with _judged(conn, household_id, as_at, known_at):
            told = _read(conn, household_id, problem)
        gone = known_at and warehouse.run(conn, "explain/gone_since.sql", known_at=known_at).scalar()
        return told | {"gone_since": gone or None}


@contextmanager
def _connection(where: Settings | Connection) -> Iterator[Connection]:
    if isinstance(where, Settings):
        with warehouse.transaction(where) as conn:
            yield conn
    else:
        yield where


@contextmanager
def _judged(conn: Connection, household_id: int, as_at: date | None,
            known_at: datetime | None) -> Iterator[None]:
    """The verdict tables hold the word that was asked for, inside; whatever was written is gone after."""
    stands = warehouse.run(conn, "explain/household.sql", household_id=household_id).mappings().first()
    day = as_at or (stands["as_at"] if stands else None)
    if day is None or (stands and stands["as_at"] == day and known_at in (None, stands["known_at"])):
        yield
        return
    _known(conn, household_id, known_at)
    from tf_integration import assess

    trial = conn.begin_nested()
    try:
        assess.assess(conn, day, known_at, households=[household_id], dry=True)
        yield
    finally:
        trial.rollback()


def _known(conn: Connection, household_id: int, known_at: datetime | None) -> None:
    """Of a household that was not known then nothing can be said, not even that it was not eligible.

    Raises:
        CallError: it was not known then, or is no more.
    """
    spells = list(warehouse.run(conn, "explain/known.sql", household_id=household_id, known_at=known_at).mappings())
    if spells and not any(s["is_then"] for s in spells):
        said = " and ".join(f"from {s['known_from']:{_INSTANT}}" + (f" to {s['known_to']:{_INSTANT}}" if s["known_to"]
                            else "") for s in spells)  # fmt: skip
        raise CallError(f"this household was known {said} UTC, and not then.", where=str(household_id),
                        mend="Ask with a `--known-at` in that time.")


def _read(conn: Connection, household_id: int, problem: str | None) -> dict[str, Any]:
    head = warehouse.run(conn, "explain/household.sql", household_id=household_id).mappings().first()
    if head is None:
        raise NeedsAPerson("this household has not been judged.", where=str(household_id),
                           mend="Run a refresh, or give --as-at.")
    told = dict(head)
    plan = told.pop("document") or {}
    if problem is not None and problem not in plan.get("problems", {problem: None}):
        raise CallError(f"the plan {told['plan_id']} has no such problem.", where="--problem",
                        mend=f"It has {', '.join(sorted(plan['problems']))}.")
    told["status_says"] = STATUS_SAYS[told["status"]]
    verdicts = _verdicts(conn, household_id, problem, plan)
    rows = warehouse.run(conn, "explain/problems.sql", household_id=household_id, problem=problem).mappings()
    told["problems"] = [
        dict(row) | {"says": plan.get("problems", {}).get(row["problem"], {}).get("says", row["problem"]),
                     "improved_when": _improved_when(plan, row["problem"]),
                     "identified": verdicts["identified", row["problem"]],
                     "improvement": verdicts["improved", row["problem"]]}
        for row in rows
    ]
    told["principles"] = verdicts["principle", ""]
    told["results"] = verdicts["result", ""]
    return told


def _verdicts(conn: Connection, household_id: int, problem: str | None,
              plan: dict[str, Any]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """By side and problem: each verdict with the plan's rule and its evidence."""
    asked = {"household_id": household_id, "problem": problem}
    facts: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in warehouse.run(conn, "explain/evidence.sql", **asked).mappings():
        fact = dict(row)
        facts[fact.pop("side"), fact.pop("problem"), fact.pop("criterion")].append(fact)
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in warehouse.run(conn, "explain/verdicts.sql", **asked).mappings():
        key = row["side"], row["problem"], row["criterion"]
        found[key[:2]].append(dict(row) | {"rule": _rule(plan, *key), "evidence": facts[key]})
    return found


def _improved_when(plan: dict[str, Any], problem: str) -> str | None:
    return plan.get("problems", {}).get(problem, {}).get("improved", {}).get("says")


def _rule(plan: dict[str, Any], side: str, problem: str, criterion: str) -> str | None:
    """The plan's own words for a criterion or principle, where it has them."""
    if side == "identified":
        place = plan.get("problems", {}).get(problem, {}).get("identified", {}).get(criterion)
    else:
        place = plan.get("principles", {}).get(criterion) if side == "principle" else None
    return place.get("says") if place else None
