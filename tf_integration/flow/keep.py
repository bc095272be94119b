"""Nightly keeping, and every few minutes a look: what is wrong, who is to be told, and telling them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from tf_integration.keep import incidents, outbox
from tf_integration.keep.outbox import Send
from tf_integration.keep.rules import load_rules
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse


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
