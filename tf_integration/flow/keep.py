"""Nightly keeping, and every few minutes a look: what is wrong, who is to be told, and telling them."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tf_integration.flow.refresh import alone
from tf_integration.keep import audit, incidents, outbox
from tf_integration.keep import retention as past
from tf_integration.keep.outbox import Send
from tf_integration.keep.rules import load_rules
from tf_integration.land.open import remove_folder_files
from tf_integration.land.redact import only_keep
from tf_integration.model.errors import NeedsAPerson
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

_HALF_COPY_SECONDS = 86_400


def sweep(settings: Settings, as_at: date) -> dict[str, int]:
    """Open, raise, remind of and resolve incidents as they stand on `as_at`; how many of each.

    Raises:
        CallError: the council's alerts.yaml is not usable.
    """
    with warehouse.transaction(settings) as conn:
        return incidents.sweep(conn, as_at, load_rules(settings.home))


def dispatch(settings: Settings, senders: Mapping[str, Send]) -> dict[str, dict[str, int]]:
    """Send what is due through each channel; by channel how many were sent, refused, or met it down.

    A channel that is down is left until its next try. With no channel nothing is sent, and the board still shows all.
    """
    rules = load_rules(settings.home)
    with warehouse.transaction(settings) as conn:
        outbox.queue(conn, sorted(senders))
    told = {}
    for channel, send in sorted(senders.items()):
        counts: Counter[str] = Counter()
        while (said := _one(settings, channel, send, rules)) is not None:
            counts[said] += 1
            if said == "down":
                break
        told[channel] = dict(counts)
    return told


def _one(settings: Settings, channel: str, send: Send, rules: Any) -> str | None:
    with warehouse.transaction(settings) as conn:
        return outbox.send_next(conn, channel, send, rules)


def note_run(settings: Settings, dag_id: str, run_id: str, state: str, as_at: date | None = None) -> None:
    """Note how a DAG's run ended, for the next look."""
    with warehouse.transaction(settings) as conn:
        incidents.note_run(conn, dag_id, run_id, state, as_at)


def standing(settings: Settings, everything: bool = False) -> list[dict[str, Any]]:
    """The open incidents, or all, the newest first, each with what was told through which channel."""
    with warehouse.transaction(settings) as conn:
        return [dict(r) for r in warehouse.run(conn, "keep/incidents.sql", everything=everything).mappings()]


def retention(settings: Settings, as_at: date, dry_run: bool = False) -> dict[str, Any]:
    """Remove rows of people and landed files that are past their contract's retention on a day.

    Returns `rows` (feed, because, records, facts), `files` (deliveries) and `deleted` (rows by table; none in a trial).
    Written to the audit chain when anything went.

    Raises:
        ServiceError: a refresh is running and does not end.
    """
    with warehouse.transaction(settings) as conn:
        alone(conn)
        if not dry_run:
            _clear_leftovers(conn, settings.landed)
        told: dict[str, Any] = past.find(conn, as_at) | {"deleted": {}, "as_at": as_at.isoformat(), "is_trial": dry_run}
        if dry_run or not (told["rows"] or told["files"]):
            return told
        told["deleted"] = past.remove(conn, told, as_at)
        audit.note(conn, "retention", "remove", as_at.isoformat(), "kept past the contracts' retention",
                   rows=told["rows"], files=[f["delivery_id"] for f in told["files"]], deleted=told["deleted"])
    for file in told["files"]:
        remove_folder_files(settings.landed / str(file["delivery_id"]))
    return told


def _clear_leftovers(conn: warehouse.Connection, landed: Path) -> None:
    """Remove what an erasure that was killed left behind: files beside the copy that took their place, half a copy."""
    for row in warehouse.run(conn, "keep/kept_copies.sql").mappings():
        copy = landed / row["landed_path"]
        if copy.is_file() and len(list(copy.parent.iterdir())) > 1:
            only_keep(copy)
    for half in landed.glob("*.kept"):
        with tempfile.NamedTemporaryFile(dir=landed) as now:                # the disk's own clock, not this machine's
            age_seconds = Path(now.name).stat().st_mtime - half.stat().st_mtime
        if age_seconds > _HALF_COPY_SECONDS:                                # a younger one may be at work
            half.unlink(missing_ok=True)


def check_audit(settings: Settings) -> list[dict[str, Any]]:
    """Where the audit chain does not hold; none when it holds. Its end is noted outside the warehouse."""
    with warehouse.transaction(settings) as conn:
        return audit.check(conn, settings.home / "audit" / "anchors.txt")


def insist_on_audit(settings: Settings) -> int:
    """The number of audit events, all in their chain.

    Raises:
        NeedsAPerson: the chain does not hold, with the first places.
    """
    if faults := check_audit(settings):
        places = "; ".join(f"event {f['event_id']}: {f['fault']}" for f in faults)
        raise NeedsAPerson(f"the audit chain does not hold ({places}).", where="audit.event",
                           mend="Keep the warehouse as it is, and find who wrote to it.")
    with warehouse.transaction(settings) as conn:
        return int(warehouse.scalar(conn, "SELECT count(*) FROM audit.event") or 0)
