"""After the feeds, and each morning in any case: who is who, which households, which verdicts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, AssetAny, AssetOrTimeSchedule, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException
from rhythm import AS_AT, AT_WORK, PATIENCE, business_date, nightly, without_values

from tf_integration.model.errors import NeedsAPerson
from tf_integration.model.feed import load_feeds
from tf_integration.model.settings import Settings

ABOUT = """Identities, households, verdicts and mart checks, in one transaction.

Runs when any feed has loaded something new (changes that arrive during a run wait for the next, together)
and at 06:00 London time in any case, without the feeds that failed, are held or are late: the run says which.
Where every feed is stale (days long past, gone through by `tfi night`), only a run that is asked for a day is made.
`tfi night` asks for one refresh at its end; its feed runs announce no change, so nothing starts meanwhile.
"""

changes = AssetAny(*[Asset(name=f"feed_{feed}", uri=f"tfi://feed/{feed}") for feed in load_feeds()])
clock = nightly("0 6 * * *")


@dag(dag_id="refresh", schedule=AssetOrTimeSchedule(timetable=clock, assets=changes) if clock else changes,
     **AT_WORK, dagrun_timeout=timedelta(hours=6), params={"as_at": AS_AT},
     tags=["refresh"], default_args=PATIENCE | {"owner": "data engineering"}, doc_md=ABOUT)
def build() -> None:
    @task(execution_timeout=timedelta(hours=4))
    def refresh() -> dict[str, Any]:
        from tf_integration.flow import refresh as flow
        context = get_current_context()
        failed = (context["dag_run"].conf or {}).get("without", [])
        settings, as_at = Settings.load(), business_date(context)
        asked = "as_at" in (context["dag_run"].conf or {})
        if not asked and (last := flow.silent_since(settings, as_at)):
            raise AirflowSkipException(f"every feed is stale on {as_at}: nobody has spoken of a day after {last}.")
        with without_values():
            done = flow.refresh(settings, as_at, failed)
        print(f"Went without: {', '.join(done['without']) or 'nothing'}.")
        if done["broken"]:
            raise NeedsAPerson(f"the run stands, but mart checks name offenders: {done['broken']}.")
        return done

    refresh()


build()
