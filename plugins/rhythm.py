"""What every DAG shares: the business date, patience with a fault, and faults that tell no values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pendulum
from airflow.sdk import (
    CronTriggerTimetable,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryDecision,
    RetryRule,
)

from tf_integration.model.settings import Settings

WATCHED_DELAY = timedelta(seconds=3)
AWAY_DELAY = timedelta(minutes=2)      # then twice that; a task that was killed waits seconds only
AS_AT = Param(None, type=["null", "string"], format="date",
              description="The business date to speak for; blank for the run's own day.")
NEXT_STEP_LIES_WITH_A_PERSON = ["tf_integration.model.errors.CallError",
                                "tf_integration.model.errors.NeedsAPerson"]



class Patience(ExceptionRetryPolicy):
    """Minutes between tries at night, as a server that is away may come back; seconds while somebody waits.

    A wrong contract or setting stays wrong however often it is read: that is never tried again.
    """

    def evaluate(self, exception: BaseException, try_number: int, max_tries: int,
                 context: Any = None) -> RetryDecision:
        decision = super().evaluate(exception, try_number, max_tries, context)
        if decision.action is RetryAction.FAIL:
            return decision
        if not asked_by_night(context):
            return RetryDecision.retry(delay=AWAY_DELAY * 2 ** (max(try_number, 1) - 1), reason="it may come back")
        return RetryDecision.retry(delay=WATCHED_DELAY, reason="somebody is waiting for this night")


def asked_by_night(context: Any) -> bool:
    """Whether `tfi night` started the run."""
    return bool(context and (context["dag_run"].conf or {}).get("night"))


# A DAG that began paused would wait for somebody to look: no night would come, and no retention, alert or model.
AT_WORK: dict[str, Any] = {"catchup": False, "max_active_runs": 1, "is_paused_upon_creation": False}
PATIENCE: dict[str, Any] = {
    "retries": 2,
    "retry_delay": timedelta(seconds=5),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=20),
    "retry_policy": Patience([RetryRule(NEXT_STEP_LIES_WITH_A_PERSON, RetryAction.FAIL,
                                        reason="a person has to mend this")]),
}


def nightly(cron: str) -> CronTriggerTimetable | None:
    """The council's local hour, summer and winter; no clock at all in a home that holds the example county.

    The county lives in days of its own, which `tfi demo` and `tfi night` name; today would end its coverage.
    DAGs have no start date, so that a fresh platform waits for its first night and makes up none; a plain False
    would run the night before too, on a platform begun within a tenth of a day after it.
    """
    settings = Settings.load()
    if settings.example_file.exists():
        return None
    return CronTriggerTimetable(cron, timezone=settings.timezone, run_immediately=timedelta(0))


def business_date(context: Any) -> date:
    """The day that a run speaks for.

    What it was asked for (`as_at` in its conf), else the latest day among the feeds' changes that started it,
    else its own day there. The same on every retry, for it never asks the clock.
    """
    run = context["dag_run"]
    if asked := (run.conf or {}).get("as_at"):
        return date.fromisoformat(asked)
    changes = [e.extra["as_at"] for events in context["triggering_asset_events"].values() for e in events
               if "as_at" in e.extra]
    if changes:
        return date.fromisoformat(max(changes))
    return pendulum.instance(run.run_after).in_timezone(Settings.load().timezone).date()


@contextmanager
def without_values() -> Iterator[None]:
    """Let our own errors through and say of any other only its type and place: its words may quote a row.

    The task's log gets every place that it passed through.
    """
    from tf_integration.flow.faults import place, shape
    from tf_integration.model.errors import PlatformError

    try:
        yield
    except PlatformError:
        raise
    except Exception as error:
        print("\n".join(shape(error)))
        raise PlatformError(f"{place(error)}.", mend="The task's log has the whole way there.") from None
