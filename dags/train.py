"""Once a month: learn a matching model from the current records, keep it, and say what it would change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, get_current_context, task
from rhythm import AS_AT, AT_WORK, PATIENCE, business_date, nightly, without_values

from tf_integration.model.settings import Settings

ABOUT = """Learns weights from all current records, which needs no labels, and keeps them as a dated model.

It makes nothing live: the run says how many persons would merge and split, `tfi model preview` names them, and a
person decides (`tfi model activate`). `tfi model rollback` brings back the model before."""


@dag(dag_id="train", schedule=nightly("0 21 1 * *"), **AT_WORK,
     dagrun_timeout=timedelta(hours=6), params={"as_at": AS_AT}, tags=["people"],
     default_args=PATIENCE | {"owner": "data engineering"}, doc_md=ABOUT)
def build() -> None:
    @task(execution_timeout=timedelta(hours=3))
    def learn() -> str:
        from tf_integration.flow import models
        with without_values():
            return str(models.train(Settings.load(), business_date(get_current_context()), "the DAG train")["model_id"])

    @task(execution_timeout=timedelta(hours=2))
    def foresee(model_id: str) -> dict[str, Any]:
        from tf_integration.flow import models
        with without_values():
            told = models.preview(Settings.load(), model_id)
        return {k: v for k, v in told.items() if k not in ("merges", "splits")}

    foresee(learn())


build()
