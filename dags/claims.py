"""By hand: a window of claims, drafted and sampled, then a named person's approval, then frozen with its evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param, dag, get_current_context, task
from rhythm import AT_WORK, PATIENCE, without_values

from tf_integration.model.settings import Settings

ABOUT = """Start with a name for the window and your own. The ready families are drafted and a sample drawn for internal
audit, whose verdicts come in by `tfi claims audit`. Then the run waits for somebody else to approve or reject it here
(`Required actions`). The answer goes onto the chain of acts; an approved window is frozen, as by `tfi claims`.
A rejected window stays a draft: withdraw its claims."""
APPROVE, REJECT = "Approve", "Reject"


@dag(dag_id="claims", schedule=None, **AT_WORK, dagrun_timeout=timedelta(days=60),
     tags=["claims"], default_args=PATIENCE | {"owner": "claims staff"}, doc_md=ABOUT, params={
             "window": Param(None, type="string", minLength=1, description="The window's name: 2019-q2."),
             "drafted_by": Param(None, type="string", minLength=1, description="Your own name."),
             "plan": Param(None, type=["null", "string"], description="Claims under this plan only.")})
def build() -> None:
    @task(execution_timeout=timedelta(hours=1))
    def draft() -> dict[str, Any]:
        from tf_integration.flow.claims import begin
        asked = get_current_context()["params"]
        with without_values():
            return begin(Settings.load(), asked["window"], asked["drafted_by"], asked["plan"])

    approval = HITLOperator(
        task_id="approval", execution_timeout=timedelta(minutes=20), response_timeout=timedelta(days=30),
        subject="Claims of {{ params.window }}: approve, when audit has seen the sample?", options=[APPROVE, REJECT],
        body="{{ ti.xcom_pull(task_ids='draft')['claims'] }} claims drafted by {{ params.drafted_by }}, of which "
             "{{ ti.xcom_pull(task_ids='draft')['sampled'] }} are sampled. See `tfi claims show {{ params.window }}`.",
        params={"name": Param("", type="string", description="Your own name; your Airflow user's when blank."),
                "because": Param("", type="string", description="Why, in words that an auditor will read.")})

    @task(execution_timeout=timedelta(hours=4))
    def decide(answer: dict[str, Any]) -> dict[str, Any]:
        from tf_integration.flow.claims import decided
        user, said = answer["responded_by_user"]["name"], answer["params_input"]
        window = get_current_context()["params"]["window"]
        with without_values():
            return decided(Settings.load(), window, answer["chosen_options"] == [APPROVE], said.get("name") or user,
                           f"{said.get('because') or 'no reason given'} (Airflow user {user})")

    draft() >> approval
    decide(approval.output)


build()
