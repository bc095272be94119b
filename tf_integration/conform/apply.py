"""Staged rows into core: source records, facts, absences and coverage, once, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from tf_integration.conform import views
from tf_integration.conform.source import Source
from tf_integration.model.feed import Feed
from tf_integration.model.kind import load_kinds
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def apply(conn: Connection, source: Source, known_at: datetime, loading: int | None = None) -> dict[str, int]:
    """Write what `staging` says that core does not say yet; returns counts of what changed.

    `known_at` is later than every earlier one of this feed. Applying the same rows again changes nothing. Only the
    latest delivery of its feed and partner may be applied; an earlier one goes through `rebuild`, which gives the
    delivery that it is `loading` while it applies the others.
    """
    lock(conn, source)
    counts = _facts(conn, source.feed, known_at)
    if source.feed.mode == "whole":
        counts |= _absences(conn, source.feed, known_at)
    counts |= _source_records(conn, known_at)
    warehouse.run(
        conn,
        "core/coverage.sql",
        covers_from=source.covers_from,
        covers_to=source.covers_to,
        known_at=known_at,
        loading=loading or source.delivery_id,
    )
    counts["places_covered"] = warehouse.run(conn, "core/coverage__place.sql", known_at=known_at).rowcount
    return counts


def lock(conn: Connection, source: Source) -> None:
    """One writer for a feed and partner at a time; held to the end of the transaction."""
    warehouse.scalar(
        conn,
        "SELECT pg_advisory_xact_lock(core.hash_id('conform|' || :f || '|' || :p))",
        f=source.feed.feed,
        p=source.partner,
    )


def prepare_rows(conn: Connection) -> None:
    """Make `staged_row` from `staging` unless it is made already."""
    if warehouse.scalar(conn, "SELECT to_regclass('pg_temp.staged_row')") is None:
        warehouse.run(conn, "core/staged_row.sql")
        conn.exec_driver_sql("ANALYZE staged_row")


def _facts(conn: Connection, feed: Feed, known_at: datetime) -> dict[str, int]:
    """Rows that say what is known already are found by digest, and nothing is written for them."""
    kinds = views.kinds(feed)
    prepare_rows(conn)
    warehouse.run(conn, "core/staged_touched.sql", kinds=kinds)
    warehouse.run(conn, "core/staged_touched__returned.sql", kinds=kinds)
    conn.exec_driver_sql("ANALYZE staged_touched")
    closed = warehouse.run(conn, "core/fact__close.sql", kinds=kinds, known_at=known_at).rowcount
    opened = warehouse.run(conn, "core/fact__open.sql", known_at=known_at).rowcount
    return {"facts_closed": closed, "facts_opened": opened}


def _absences(conn: Connection, feed: Feed, known_at: datetime) -> dict[str, int]:
    shapes = load_kinds()
    spells, states = ([k for k in views.kinds(feed) if shapes[k].shape == shape] for shape in ("spell", "state"))
    warehouse.run(conn, "core/absence__forget.sql")
    recorded = warehouse.run(conn, "core/absence__record.sql", kinds=views.kinds(feed)).rowcount
    conn.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.staged_ending")
    warehouse.run(conn, "core/staged_ending.sql", spells=spells, states=states)
    warehouse.run(conn, "core/ending__close.sql", known_at=known_at)
    ended = warehouse.run(conn, "core/ending__open.sql", known_at=known_at).rowcount
    return {"keys_absent": recorded, "facts_ended_by_absence": ended}


def _source_records(conn: Connection, known_at: datetime) -> dict[str, int]:
    warehouse.run(conn, "core/staged_change.sql")
    changed = warehouse.run(conn, "core/source_record__close.sql", known_at=known_at).rowcount
    opened = warehouse.run(conn, "core/source_record__open.sql", known_at=known_at).rowcount
    return {"persons_new": opened - changed, "persons_changed": changed}
