"""One night under the running Airflow: every feed's DAG, then the refresh, then what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from tf_integration.flow import keep
from tf_integration.flow.faults import other_version
from tf_integration.model.errors import PlatformError, ServiceError
from tf_integration.model.feed import load_feeds
from tf_integration.model.settings import Settings
from tf_integration.serve.airflow_api import FINISHED, Api
from tf_integration.store import warehouse

REFRESH = "refresh"
POLL_SECONDS = 0.7
SETTLED = ("accepted", "accepted_with_rejects", "duplicate")
Watch = Callable[[str, int, int], None]   # what is waited for, how many are done, of how many


@dataclass
class Night:
    """What a night brought: lists of mappings of ids, names of ours, codes and counts; never a value."""

    as_at: str
    arrived: list[dict[str, Any]] = field(default_factory=list)     # one per file
    failed: list[dict[str, str]] = field(default_factory=list)      # a run: dag, task, because, see
    without: list[dict[str, Any]] = field(default_factory=list)     # one per feed the refresh went without
    statuses: list[dict[str, Any]] = field(default_factory=list)    # status, n_before, n_now
    moved: list[dict[str, Any]] = field(default_factory=list)       # because, n
    broken: list[str] = field(default_factory=list)                 # mart checks that name an offender
    run_id: int | None = None
    seconds: dict[str, float] = field(default_factory=dict)         # feeds, refresh

    @property
    def unsettled(self) -> list[dict[str, Any]]:
        """The files that somebody has to look at."""
        return [a for a in self.arrived if a["status"] not in SETTLED]

    @property
    def exit_code(self) -> int:
        """0 all well, 1 a file, a feed's run or a mart check needs a person, 3 there was no refresh."""
        if self.run_id is None or any(f["dag"] == REFRESH for f in self.failed):
            return 3
        return 1 if self.unsettled or self.failed or self.broken else 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"exit_code": self.exit_code}


def night(settings: Settings, as_at: date, watch: Watch, patience_seconds: float = 4 * 3600) -> Night:
    """Run every feed for the business day, then one refresh, and say what came of it.

    Doing it again is safe: a file is known by its digest. A feed whose run fails holds up nobody.

    Raises:
        ServiceError: the warehouse is of another version, Airflow is absent or its scheduler has stopped, or lacks a
            DAG, or patience ran out.
    """
    if lacks := other_version(settings):
        raise lacks
    api = Api(settings, tries=4)  # a busy machine answers late
    dags = ready_dags(api)
    named = f"night__{as_at.isoformat()}__{datetime.now(UTC):%H%M%S%f}"
    asked = {"as_at": as_at.isoformat(), "night": True}
    started = time.monotonic()
    for dag in dags:
        api.trigger(dag, named, asked)
    ended = _wait(api, dags, named, watch, patience_seconds)
    failed = [d.removeprefix("feed_") for d, state in ended.items() if state == "failed"]
    feeds_done = time.monotonic()
    api.trigger(REFRESH, named, asked | {"without": failed})
    ended |= _wait(api, [REFRESH], named, watch, patience_seconds)
    told = report(settings, as_at)
    if told.broken:      # the refresh stands, and its run shows red for the mart checks that name an offender
        ended.pop(REFRESH)
    told.failed = [_failure(api, d, named) for d, state in ended.items() if state == "failed"]
    told.seconds = {"feeds": round(feeds_done - started, 1),
                    "refresh": round(time.monotonic() - feeds_done, 1)}
    try:
        keep.sweep(settings, as_at)     # a home without a clock has nobody else who looks
    except PlatformError as fault:
        told.failed.append({"dag": "alerts", "task": "tell", "because": str(fault), "see": ""})
    return told


def report(settings: Settings, as_at: date) -> Night:
    """What the warehouse says of a business day: its files, its run, what moved."""
    told = Night(as_at.isoformat())
    with warehouse.transaction(settings) as conn:
        told.arrived = _rows(warehouse.run(conn, "night/arrived.sql", as_at=as_at))
        run = warehouse.run(conn, "night/latest_run.sql", as_at=as_at).mappings().first()
        if run:
            told.run_id, told.broken = run["run_id"], list(run["broken"])
            told.without = _rows(warehouse.run(conn, "night/board_lines.sql", feeds=list(run["without"])))
            told.statuses = _rows(warehouse.run(conn, "night/status_counts.sql", run_id=told.run_id))
            told.moved = _rows(warehouse.run(conn, "night/why_moved.sql", run_id=told.run_id))
    return told


def ready_dags(api: Api) -> list[str]:
    """The DAG of each contract, switched on.

    Raises:
        ServiceError: Airflow does not (yet) have one of them, with what its files say.
    """
    wanted = [f"feed_{feed}" for feed in load_feeds()]
    missing = sorted({*wanted, REFRESH} - set(api.dag_ids()))
    if missing:
        faults = "; ".join(api.import_errors()) or "no fault in the files"
        raise ServiceError(f"Airflow lacks {', '.join(missing)} ({faults}).", where=api.url,
                           mend="Wait a minute for the files to be read, or mend the file named.")
    for dag in [*wanted, REFRESH]:
        api.unpause(dag)
    return wanted


def _wait(api: Api, dags: list[str], named: str, watch: Watch, patience_seconds: float) -> dict[str, str]:
    """The end state of each DAG's run of that name, once all have ended."""
    ended: dict[str, str] = {}
    what = "refresh" if dags == [REFRESH] else "feeds"
    watch(what, 0, len(dags))
    for _ in _ticks(api, patience_seconds):
        ended = {dag: state for dag, state in api.states(named).items() if dag in dags and state in FINISHED}
        watch(what, len(ended), len(dags))
        if len(ended) == len(dags):
            break
    return ended


def _ticks(api: Api, patience_seconds: float) -> Iterator[int]:
    """A beat every POLL_SECONDS; now and then a look whether the scheduler still lives.

    Raises:
        ServiceError: it does not, or patience has run out.
    """
    until, n = time.monotonic() + patience_seconds, 0
    while time.monotonic() < until:
        yield n
        n += 1
        time.sleep(POLL_SECONDS)
        if n % 40 == 0 and api.health()["scheduler"]["status"] != "healthy":
            raise ServiceError("Airflow's scheduler has stopped.", where=api.url,
                               mend="Run `tfi down`, then `tfi up`.")
    raise ServiceError(f"the night is not over after {patience_seconds / 60:.0f} minutes.", where=api.url,
                       mend="Look at the runs there; asking again is safe.")


def _failure(api: Api, dag: str, named: str) -> dict[str, str]:
    failed = [t for t in api.tasks(dag, named) if t["state"] == "failed"]
    return {"dag": dag, "task": ", ".join(sorted({t["task_id"] for t in failed})),
            "because": api.fault(dag, named, failed[0]) if failed else "",
            "see": f"{api.url}/dags/{dag}/runs/{named}"}


def _rows(result: Any) -> list[dict[str, Any]]:
    return [dict(r) for r in result.mappings()]
