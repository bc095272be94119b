"""Contracts, kinds and the school calendar as rows, where SQL reads them."""

from __future__ import annotations

from pathlib import Path

from tf_integration.model.calendar import load_bank_holidays, load_terms
from tf_integration.model.feed import load_feeds
from tf_integration.model.kind import load_kinds
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def load_reference(conn: Connection, reference: Path | None = None) -> None:
    """Write `core.feed`, `core.kind`, `core.half_term` and `keep.holiday`; what is unchanged stays untouched.

    Args:
        reference: the council's own reference folder (`terms.csv`, `bank_holidays.csv`), when it has one.
    """
    _feeds(conn)
    _kinds(conn)
    load_calendar(conn, reference)


def load_calendar(conn: Connection, reference: Path | None = None) -> None:
    """Write `core.half_term` and `keep.holiday` as the reference folder has them, else as shipped.

    Raises:
        ContractError: a line of either file cannot be read, with its number.
    """
    _half_terms(conn, reference)
    _holidays(conn, reference)


def _feeds(conn: Connection) -> None:
    rows: list[dict[str, object]] = [
        {
            "feed": f.feed,
            "partner": f.partner,
            "owner": f.owner.here,
            "mode": f.mode,
            "rhythm": f.rhythm,
            "stale_days": f.stale_after.days,
            "stale_half_terms": f.stale_after.half_terms,
            "contract_version": f.version,
            "title": f.title,
            "late_after_days": f.late_after_days,
            "due_skips": [*f.due_skips],
            "keep_weeks_without_family": f.keep.weeks_without_family if f.keep else None,
            "keep_years_after_claim": f.keep.years_after_claim if f.keep else None,
            "usual_low": f.usual_rows[0],
            "usual_high": f.usual_rows[1],
        }
        for f in load_feeds().values()
    ]
    warehouse.execute(conn, "DELETE FROM core.feed WHERE feed <> ALL (:feeds)", [{"feeds": [r["feed"] for r in rows]}])
    _upsert(conn, "core.feed", ("feed",), rows)


def _kinds(conn: Connection) -> None:
    rows = [k.model_dump(exclude={"columns"}) for k in load_kinds().values()]
    _upsert(conn, "core.kind", ("kind",), rows)


def _half_terms(conn: Connection, reference: Path | None) -> None:
    rows = [vars(t) for t in load_terms(reference)]
    warehouse.execute(conn, "DELETE FROM core.half_term")
    _upsert(conn, "core.half_term", ("place", "school_year", "half_term"), rows)


def _holidays(conn: Connection, reference: Path | None) -> None:
    rows = [{"day": day, "says": says} for day, says in load_bank_holidays(reference).items()]
    warehouse.execute(conn, "DELETE FROM keep.holiday")
    if rows:
        _upsert(conn, "keep.holiday", ("day",), rows)


def _upsert(conn: Connection, table: str, key: tuple[str, ...], rows: list[dict[str, object]]) -> None:
    names = list(rows[0])
    rest = [n for n in names if n not in key]
    warehouse.execute(
        conn,
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(':' + n for n in names)}) "  # noqa: S608 - our own names
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {', '.join(f'{n} = excluded.{n}' for n in rest)}",
        rows,
    )
