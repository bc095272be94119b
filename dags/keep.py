"""What goes on when nobody looks: every few minutes what is wrong is told; every night the keeping."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, get_current_context, task
from rhythm import AS_AT, AT_WORK, PATIENCE, business_date, nightly, without_values

from tf_integration.model.settings import Settings

ALERTS = """Late and missing feeds, held and refused files, accounts, failed runs, broken mart checks: one incident
each, told through the channels of the settings file, said again while it stands, and resolved when it is over."""
KEEPING = """Rows and files past their contracts' retention go, unless evidence or a claim rests on them; then the
chain of audit events is checked to its first. What is late or missing, `alerts` looks for, every few minutes."""
COMMON: dict[str, Any] = AT_WORK | {"params": {"as_at": AS_AT}, "tags": ["keep"],
                          "default_args": PATIENCE | {"owner": "data engineering"}}


@dag(dag_id="alerts", schedule=nightly("*/10 * * * *"), dagrun_timeout=timedelta(minutes=30), doc_md=ALERTS, **COMMON)
def alerts() -> None:
    @task(execution_timeout=timedelta(minutes=20))
    def tell() -> dict[str, Any]:
        from alerts import senders

        from tf_integration.flow import keep
        from tf_integration.keep.rules import load_rules
        settings, context = Settings.load(), get_current_context()
        with without_values():
            found = keep.sweep(settings, business_date(context))
            told = keep.dispatch(settings, senders(settings, context, load_rules(settings.home).channel_seconds))
            return {"incidents": found, "told": told}

    tell()


alerts()


@dag(dag_id="keep", schedule=nightly("0 2 * * *"), dagrun_timeout=timedelta(hours=3), doc_md=KEEPING, **COMMON)
def keeping() -> None:
    @task(execution_timeout=timedelta(hours=2))
    def retention() -> dict[str, Any]:
        from tf_integration.flow import keep
        with without_values():
            done = keep.retention(Settings.load(), business_date(get_current_context()))
            return {"rows": done["rows"], "files": len(done["files"])}

    @task(execution_timeout=timedelta(minutes=20), trigger_rule="all_done")
    def audit() -> int:
        from tf_integration.flow import keep
        with without_values():
            return keep.insist_on_audit(Settings.load())
    retention() >> audit()


keeping()
