"""What goes on when nobody looks: every few minutes what is wrong is told; every night the keeping."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, get_current_context, task
from rhythm import AS_AT, PATIENCE, business_date, nightly, without_values

from tf_integration.model.settings import Settings

ALERTS = """Late and missing feeds, held and refused files, accounts, failed runs, broken mart checks: one incident
each, told through the channels of the settings file, said again while it stands, and resolved when it is over."""
COMMON: dict[str, Any] = {"catchup": False, "max_active_runs": 1, "params": {"as_at": AS_AT},
                          "default_args": PATIENCE | {"owner": "data engineering"}}


@dag(dag_id="alerts", schedule=nightly("*/10 * * * *"), dagrun_timeout=timedelta(minutes=30), tags=["keep"],
     doc_md=ALERTS, **COMMON)
def alerts() -> None:
    @task(execution_timeout=timedelta(minutes=20))
    def tell() -> dict[str, Any]:
        from alerts import senders

        from tf_integration.flow import keep
        from tf_integration.keep.rules import load_rules
        settings, context = Settings.load(), get_current_context()
        with without_values():
            found = keep.sweep(settings, business_date(context))
            channels = senders(settings, context, load_rules(settings.home).channel_seconds)
            return {"incidents": found, "told": keep.dispatch(settings, channels)}

    tell()


alerts()
