"""The refresh: from what was delivered to who is who, which households, which verdicts, and sound marts."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tf_integration import assess, identify
from tf_integration.claim import progress
from tf_integration.claim.watch import watch
from tf_integration.flow import clock, marts
from tf_integration.flow.board import feed_board
from tf_integration.flow.reference import load_calendar
from tf_integration.identify.communal import load_communal
from tf_integration.model.errors import ServiceError
from tf_integration.model.feed import load_feeds
from tf_integration.model.settings import Settings
from tf_integration.store import planner, warehouse
from tf_integration.store.warehouse import Connection

_LOCK = 7352


def refresh(settings: Settings, as_at: date, without: Sequence[str] = (),
            patience_seconds: float = 900) -> dict[str, Any]:
    """Bring identities, households and verdicts up to `as_at`, in one transaction: readers see a night whole.

    `without` names the feeds whose runs failed; those that the feed board shows as held, late or missing are
    added. Returns `run_id`, `as_at`, the counts of `identify` and `assess`, `without`, and `broken`: the mart
    checks that name an offender. The verdicts stand all the same, for a person to look at.

    Raises:
        ServiceError: another refresh is still running after `patience_seconds`, or the clocks disagree.
        ContractError: the council's terms, bank holidays or communal addresses cannot be read.
    """
    clock.agree(settings)
    with warehouse.transaction(settings) as conn:
        alone(conn, patience_seconds)
        load_calendar(conn, settings.reference)
        load_communal(conn, settings.reference)
        return refreshed(conn, as_at, without)


def refreshed(conn: Connection, as_at: date, without: Sequence[str] = ()) -> dict[str, Any]:
    """The same within the caller's transaction, who holds the refresh's lock (`alone`)."""
    planner.look_again(conn)
    people = identify.resolve(conn, as_at)
    conflicts = watch(conn)
    planner.look_again(conn)
    verdicts = assess.assess(conn, as_at)
    assess.find_missed(conn, as_at)
    progress.note(conn, as_at, verdicts["run_id"])
    late = warehouse.run(conn, "night/feeds_without.sql").scalars()
    went = sorted({*without, *late})
    judged = marts.judged_in(conn, verdicts["run_id"]) if verdicts["scope"] == "due" else None
    broken = [str(c["check"]) for c in marts.broken(marts.check(conn, judged))]
    warehouse.run(conn, "night/close_refresh.sql", run_id=verdicts["run_id"], without=json.dumps(went),
                  noted=json.dumps({"identify": people, "broken": broken, "claim_conflicts": conflicts}, default=str))
    return {"run_id": verdicts["run_id"], "as_at": as_at.isoformat(), "identify": people, "assess": verdicts,
            "without": went, "broken": broken}


def silent_since(settings: Settings, as_at: date) -> date | None:
    """The last day that anybody has spoken for, where every feed is stale on `as_at`; else None, also before any file.

    A refresh of such a day could answer nothing, and would take the place of one that could.
    """
    feeds = load_feeds()
    spoke = {str(row["feed"]): row["covers_to"] for row in feed_board(settings) if row["covers_to"]}
    if not spoke or any(day + timedelta(days=feeds[feed].stale_after.days) >= as_at for feed, day in spoke.items()):
        return None
    return max(spoke.values())


def judge_again(settings: Settings, patience_seconds: float = 900) -> dict[str, Any] | None:
    """Judge what has changed since the last run, on that run's day; who is who stays as it was.

    Returns what `assess` returns, or None where nothing has been judged yet: the next refresh will.

    Raises:
        ServiceError: a refresh is still running after `patience_seconds`.
    """
    with warehouse.transaction(settings) as conn:
        alone(conn, patience_seconds)
        last = warehouse.rows(conn, "SELECT as_at, without FROM assess.run ORDER BY run_id DESC LIMIT 1")
        if not last:
            return None
        watch(conn)
        done = assess.assess(conn, last[0]["as_at"])
        assess.find_missed(conn, last[0]["as_at"])
        progress.note(conn, last[0]["as_at"], done["run_id"])
        without = json.dumps(last[0]["without"])
        warehouse.run(conn, "night/close_refresh.sql", run_id=done["run_id"], without=without, noted="{}")
        return done


def alone(conn: Connection, patience_seconds: float = 900) -> None:
    """Hold the refresh's lock to the end of the transaction.

    Raises:
        ServiceError: another refresh is still running after so many seconds.
    """
    until = time.monotonic() + patience_seconds
    while not warehouse.scalar(conn, "SELECT pg_try_advisory_xact_lock(:lock)", lock=_LOCK):
        if time.monotonic() > until:
            raise ServiceError(f"another refresh has been running for more than {patience_seconds:.0f} s.",
                               where="warehouse", mend="See the run `refresh` in Airflow; then ask again.")
        time.sleep(min(0.5, patience_seconds))
