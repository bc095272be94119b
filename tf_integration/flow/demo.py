"""The demonstration: a county of synthetic families, its nights one after another, and what comes of them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tf_integration import county, serve
from tf_integration.flow import explain, explain_words, setup
from tf_integration.flow.access import ADMIN, PASSWORD_FILE
from tf_integration.flow.night import Night, Watch, night, report
from tf_integration.flow.worklist import worklist
from tf_integration.model.errors import CallError
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

LAST_NIGHT = date(2019, 11, 20)     # inside the years of the plan that the county is attached under
SHOWN_FIRST = ("ready", "in_progress", "blocked_by_data", "eligible", "cannot_tell")


@dataclass(frozen=True)
class Order:
    """Which county is asked for: the same order gives the same bytes."""

    families: int
    nights: int
    seed: int
    last_night: date = LAST_NIGHT


@dataclass(frozen=True)
class Voice:
    """How the demonstration speaks: a sentence, a night's outcome, a wait, and a step of the start."""

    say: Callable[[str], None]
    tell: Callable[[Night], None]
    watch: Watch
    step: Callable[[str], AbstractContextManager[Any]]


def demo(settings: Settings, order: Order, voice: Voice) -> dict[str, Any]:
    """Start the platform, make the county unless it stands, and run each night that has not been run.

    Returns `nights` (each as `Night.as_dict`), `worklist`, `explained` (one household's reasons in words, or
    blank) and `next` (where to look: what, where).

    Raises:
        CallError: the home holds another county, or the warehouse holds somebody's deliveries.
        ServiceError: the platform did not start, or a night could not be run.
    """
    _refuse_another(settings, order)
    settings = serve.up(settings, setup.prepare, step=voice.step)
    _refuse_real_data(settings)
    nights = []
    for planned in _county(settings, order, voice):
        as_at = date.fromisoformat(planned["as_at"])
        told = report(settings, as_at)
        if told.run_id is None:
            deliver_night(settings, planned)
            told = night(settings, as_at, voice.watch)
            voice.tell(told)
        else:
            voice.say(f"The night of {as_at} has been run already: run {told.run_id}.")
        nights.append(told.as_dict())
    listed = worklist(settings, each=3)
    return {"nights": nights, "worklist": listed, "explained": _one_explained(settings, listed),
            "next": _where_next(settings)}


def deliver_night(settings: Settings, planned: dict[str, Any]) -> None:
    """Put a night's files where the partners would: each whole or not at all, its control file after it."""
    for name in planned["files"]:
        source = _folder(settings) / name
        _, partner, box, file = Path(name).parts
        target = settings.home / "partners" / partner / box / file
        part = target.with_name(f".{file}.part")
        shutil.copyfile(source, part)
        os.replace(part, target)


def _county(settings: Settings, order: Order, voice: Voice) -> list[dict[str, Any]]:
    """The nights of the county, each with `as_at` and `files`."""
    folder = _folder(settings)
    plan = folder / "nights.json"
    if plan.exists():
        voice.say(f"The county of an earlier demonstration is in {folder}; going on with it.")
    else:
        shutil.rmtree(folder, ignore_errors=True)     # half a county, from a demonstration that was stopped
        made = county.generate(folder, order.families, order.seed, order.last_night, order.nights)
        settings.example_file.write_text(_written(order))
        voice.say(f"A county of {made.families:,} families, {made.persons:,} people: {made.files} files.")
    return list(json.loads(plan.read_text()))


def _refuse_another(settings: Settings, order: Order) -> None:
    file = settings.example_file
    if not file.exists() or file.read_text() == _written(order):
        return
    was = ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in json.loads(file.read_text()).items())
    raise CallError(f"another county stands here ({was}).", where=str(settings.home),
                    mend="Ask for the same one, or set TFI_HOME to a new folder.")


def _refuse_real_data(settings: Settings) -> None:
    """Synthetic families must never join real ones."""
    with warehouse.transaction(settings) as conn:
        holds = warehouse.scalar(conn, "SELECT count(*) FROM landing.delivery")
    if holds and not settings.example_file.exists():
        raise CallError(f"the warehouse already holds {holds} deliveries that no demonstration made.",
                        where=str(settings.home), mend="Set TFI_HOME to a new folder for the demonstration.")


def _one_explained(settings: Settings, listed: dict[str, list[dict[str, Any]]]) -> str:
    for status in SHOWN_FIRST:
        for row in listed["households"]:
            if row["status"] == status:
                return explain_words.as_text(explain.explain(settings, row["household_id"]), short=True)
    return ""


def _where_next(settings: Settings) -> dict[str, str]:
    return {
        "the pages": f"{serve.pages_url(settings)} (user {ADMIN})",
        "their password": f"{settings.home}/secrets/{PASSWORD_FILE}",
        "Airflow": f"{settings.airflow_url} (user admin)",
        "its password": f"{settings.home}/secrets/airflow_admin_password",
        "feed board": f"{settings.airflow_url}/plugin/feed-board (Browse, Feed board)",
        "any SQL client": "tfi dsn --reader; schema mart, from claim_readiness_v1 to criterion_evidence_v1",
        "one family": "tfi explain HOUSEHOLD, tfi timeline HOUSEHOLD",
        "the feeds": "tfi feeds",
        "the truth": f"{_folder(settings)}/truth",
        "stop": "tfi down",
    }


def _written(order: Order) -> str:
    return json.dumps(asdict(order), default=str)


def _folder(settings: Settings) -> Path:
    return settings.home / "county"
