"""How each run of ours ended, as the scheduler saw it: a run that was killed tells nobody itself.

A listener runs in the scheduler, which a fault of ours may not stop: whatever goes wrong here is told to its log, by
type. A warehouse that is away cannot be told; then the next run's end tells it.
"""

from __future__ import annotations

import logging
import sys
from datetime import date
from typing import Any

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

log = logging.getLogger(__name__)
OURS = ("feed_", "refresh", "keep", "alerts")


@hookimpl
def on_dag_run_success(dag_run: Any, msg: str) -> None:
    """Note that a run of ours ended well."""
    _note(dag_run, "success")


@hookimpl
def on_dag_run_failed(dag_run: Any, msg: str) -> None:
    """Note that a run of ours failed."""
    _note(dag_run, "failed")


def _note(dag_run: Any, state: str) -> None:
    if not dag_run.dag_id.startswith(OURS):
        return
    try:
        from tf_integration.flow.keep import note_run
        from tf_integration.model.settings import Settings

        asked = (dag_run.conf or {}).get("as_at")
        note_run(Settings.load(), dag_run.dag_id, dag_run.run_id, state, date.fromisoformat(asked) if asked else None)
    except Exception as error:
        log.warning("the end of %s could not be noted (%s)", dag_run.dag_id, type(error).__name__)


class RunListener(AirflowPlugin):
    """Registers this module's hooks."""

    name = "run_listener"
    listeners = [sys.modules[__name__]]  # noqa: RUF012
