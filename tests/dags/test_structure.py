"""What every DAG must be, before anything runs."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pendulum
import pytest

from tf_integration.model.errors import CallError, ContractError, NeedsAPerson, ServiceError
from tf_integration.model.feed import load_feeds

pytestmark = pytest.mark.airflow
PROJECT = Path(__file__).resolve().parents[2]
FILES = sorted((PROJECT / "dags").glob("*.py"))
HEAVY = ("great_expectations", "pandas", "polars", "paramiko", "splink", "duckdb")
_SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\b\s+\w")


def faults(dag: Any) -> set[str]:
    """What is missing of what every DAG of ours must have."""
    said = {
        "tags": not dag.tags,
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs != 1,
        "begins paused": dag.is_paused_upon_creation is not False,     # nobody would look, and no night would come
        "made up nights": dag.start_date is not None,     # a fresh platform would begin with the night before
        "dagrun_timeout": dag.dagrun_timeout is None,
        "doc_md": not dag.doc_md,
        "London": dag.schedule is not None and "Europe/London" not in str(_cron(dag.timetable).timezone),
    }
    for task in dag.tasks:
        said |= {
            f"{task.task_id} owner": task.owner in ("", "airflow"),
            f"{task.task_id} retries": task.retries != 2 or not task.retry_exponential_backoff,
            f"{task.task_id} timeout": not isinstance(task.execution_timeout, timedelta),
        }
    return {name for name, wrong in said.items() if wrong}


def _cron(timetable: Any) -> Any:
    return getattr(timetable, "timetable", timetable)


def test_every_dag_file_loads(bag: Any) -> None:
    assert bag.import_errors == {}


def test_there_is_one_dag_per_contract_and_those_of_every_feed(bag: Any) -> None:
    assert set(bag.dags) == {f"feed_{feed}" for feed in load_feeds()} | {"refresh", "alerts", "keep", "claims", "train"}


def test_every_dag_has_owner_tags_retries_and_time_outs(bag: Any) -> None:
    assert {dag_id: faults(dag) for dag_id, dag in bag.dags.items() if faults(dag)} == {}


def test_a_careless_dag_is_found_out() -> None:
    from airflow.sdk import DAG, CronTriggerTimetable
    from airflow.sdk import task as as_task

    with DAG("careless", schedule=CronTriggerTimetable("@daily", timezone="UTC"), catchup=True,
             start_date=pendulum.datetime(2020, 1, 1)) as dag:
        as_task(lambda: None, task_id="look")()
    assert faults(dag) == {"tags", "catchup", "max_active_runs", "made up nights", "dagrun_timeout", "doc_md",
                           "begins paused", "London", "look owner", "look retries", "look timeout"}


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_a_dag_file_is_short_and_holds_no_sql(file: Path) -> None:
    text = file.read_text()
    assert len(text.splitlines()) < 60
    assert not _SQL.search(text)


def test_the_search_for_sql_finds_sql() -> None:
    assert _SQL.search('rows("SELECT feed FROM core.feed")')


def test_reading_the_dag_files_imports_nothing_heavy() -> None:
    look = (f"import sys; sys.path[:0] = ['{PROJECT}/plugins', '{PROJECT}/dags']\n"
            "import claims, feeds, refresh, keep, feed_board, run_listener, alerts\n"
            f"print([m for m in {HEAVY} if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr


def test_a_feeds_files_go_one_at_a_time(bag: Any) -> None:
    delivers = [dag.get_task("deliver") for dag_id, dag in bag.dags.items() if dag_id.startswith("feed_")]
    assert {task.max_active_tis_per_dagrun for task in delivers} == {1}


def test_the_refresh_follows_each_feed_and_the_clock(bag: Any) -> None:
    timetable = bag.dags["refresh"].timetable
    assert type(timetable.asset_condition).__name__ == "AssetAny"
    assert {a.name for a in timetable.asset_condition.objects} == {f"feed_{feed}" for feed in load_feeds()}
    assert timetable.timetable.expression == "0 6 * * *"


@pytest.mark.parametrize(("fault", "again"), [
    (CallError("x"), False), (ContractError("x"), False), (NeedsAPerson("x"), False),
    (ServiceError("x"), True), (ConnectionError("x"), True)])
def test_only_what_may_pass_by_itself_is_tried_again(bag: Any, fault: Exception, again: bool) -> None:
    for dag in bag.dags.values():
        for task in dag.tasks:
            decided = task.retry_policy.evaluate(fault, try_number=1, max_tries=2)
            assert (decided.action.value != "fail") is again


def test_a_night_that_somebody_watches_is_tried_again_within_seconds(bag: Any) -> None:
    policy = bag.dags["refresh"].get_task("refresh").retry_policy
    runs = [{"dag_run": SimpleNamespace(conf=conf)} for conf in ({"night": True}, {})]
    delays = [policy.evaluate(ServiceError("x"), 1, 2, run).retry_delay for run in runs]
    assert delays == [timedelta(seconds=3), timedelta(minutes=2)]
    assert policy.evaluate(ServiceError("x"), 2, 2, runs[1]).retry_delay == timedelta(minutes=4)
