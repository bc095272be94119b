"""A contract as SQL: a typed temporary table for its rows, and views that give them keys, facts and persons.

The statements in `sql/core` read these views, so that they are the same for every feed. Names and codes come from
contracts, never from a file, and are quoted all the same.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter

from tf_integration.conform.parse import CHECKED_REF
from tf_integration.conform.source import Source
from tf_integration.model.feed import Column, Fact, Feed
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

TYPES = {"date": "date", "integer": "bigint", "decimal": "numeric"}
FACT_COLUMNS = {
    "starts_on": "date",
    "ends_on": "date",
    "happened_on": "date",
    "quantity": "numeric",
    "out_of": "numeric",
    "authorised": "numeric",
    "unauthorised": "numeric",
    "code": "text",
    "role": "text",
    "outcome": "text",
    "place": "text",
    "ref": "text",
    "family_ref": "text",
    "is_flagged": "boolean",
}
PARTICULARS = {
    "forename": "text",
    "surname": "text",
    "date_of_birth": "date",
    "sex": "text",
    "address": "text",
    "postcode": "text",
    "uprn": "text",
    "upn": "text",
    "former_upn": "text",
    "nhs_number": "text",
    "nino": "text",
}
_TABLES = (
    "staging",
    "staging_refused",
    "staging_superseded",
    "staging_source",
    "staged_row",
    "staged_touched",
    "staging_candidate",
    "staged_change",
)


def create(conn: Connection, source: Source) -> None:
    """Make the temporary tables and views for one delivery, in place of earlier ones; they end with the transaction."""
    feed = source.feed
    for table in _TABLES:
        conn.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{table} CASCADE")
    columns = ", ".join(f"{q(c.name)} {TYPES.get(c.type, 'text')}" for c in feed.columns)
    for table in ("staging", "staging_refused", "staging_superseded"):
        conn.exec_driver_sql(
            f"CREATE TEMP TABLE {table} (line_no bigint NOT NULL, {columns}, {q(CHECKED_REF)} text) ON COMMIT DROP"
        )
    conn.exec_driver_sql("CREATE TEMP TABLE staging_candidate (line_no bigint PRIMARY KEY) ON COMMIT DROP")
    warehouse.run(
        conn,
        "core/stage_source.sql",
        feed=feed.feed,
        partner=source.partner,
        delivery_id=source.delivery_id,
        sha256=source.sha256,
        snapshot_on=source.snapshot_on,
        sequence=source.sequence,
        introduces=feed.who == "person",
        sends_changes=feed.mode == "increment",
    )
    conn.exec_driver_sql(f"CREATE TEMP VIEW staged_keyed AS {keyed(feed, 'staging')}")
    conn.exec_driver_sql(f"CREATE TEMP VIEW refused_keyed AS {keyed(feed, 'staging_refused')}")
    conn.exec_driver_sql(f"CREATE TEMP VIEW staged_fact AS {facts(feed)}")
    conn.exec_driver_sql(f"CREATE TEMP VIEW staged_person AS {persons(feed)}")
    conn.exec_driver_sql(f"CREATE TEMP VIEW staged_period AS {periods(feed)}")


def q(name: str) -> str:
    """A quoted identifier."""
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'


def literal(text: str) -> str:
    """A quoted literal."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def kinds(feed: Feed) -> list[str]:
    """The kinds that the contract makes: with them a statement reads only their partition."""
    return sorted({f.kind for f in feed.facts})


def _digest(parts: list[str]) -> str:
    """md5 of parts kept apart by a character that no cell may hold."""
    return f"md5(concat_ws(chr(31), {', '.join(parts)}))::uuid"


def keyed(feed: Feed, table: str) -> str:
    """line_no, op, person_ref, row_key, row_digest of a staged table's rows."""
    names = {c.name for c in feed.columns}
    key = [f"coalesce(s.{q(n)}::text, '')" for n in feed.key]
    told = [f"coalesce(s.{q(c.name)}::text, '')" for c in feed.columns if not c.personal and c.name != "op"]
    return (
        f"SELECT s.line_no, {'s.op' if 'op' in names else literal('U') + '::text'} AS op, "  # noqa: S608
        f"{'s.person_ref' if 'person_ref' in names else 'NULL::text'} AS person_ref, "
        f"{_digest(['d.partner', 'd.feed', *key])} AS row_key, {_digest([literal(_salt(feed)), *told])} AS row_digest "
        f"FROM {table} s CROSS JOIN staging_source d"
    )


def _salt(feed: Feed) -> str:
    """Changes when the contract makes other facts of the same row, so that they are made again."""
    said = json.dumps([f.model_dump() for f in feed.facts], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def facts(feed: Feed) -> str:
    """One row per fact that a staged row makes: line_no, kind, part, the columns of core.fact and detail."""
    parts: Counter[str] = Counter()
    selects = []
    for fact in feed.facts:
        columns = ", ".join(
            f"({_source(feed, fact.set.get(name), kind)})::{kind} AS {name}" for name, kind in FACT_COLUMNS.items()
        )
        where = " AND ".join(
            [_condition(n, codes) for n, codes in fact.when.items()]
            + (["s.op = 'U'"] if feed.mode == "increment" else [])
        )
        selects.append(
            f"SELECT s.line_no, {literal(fact.kind)}::text AS kind, {parts[fact.kind]}::smallint AS part, {columns}, "  # noqa: S608
            f"{_detail(feed, fact)} AS detail FROM staging s CROSS JOIN staging_source d WHERE {where or 'true'}"
        )
        parts[fact.kind] += 1
    return " UNION ALL ".join(selects)


def _source(feed: Feed, said: str | None, kind: str) -> str:
    if said is None:
        return "NULL"
    if said.startswith("="):
        return literal(said[1:])
    if said.startswith("$"):
        return f"d.{q(said[1:])}"
    if "=" in said:
        name, _, code = said.partition("=")
        return f"s.{q(name)}::text = {literal(code)}"
    return f"coalesce({', '.join('s.' + q(n) for n in said.split('|'))})"


def _condition(name: str, codes: tuple[str, ...] | str) -> str:
    if codes == "filled":
        return f"s.{q(name)} IS NOT NULL"
    if codes == "blank":
        return f"s.{q(name)} IS NULL"
    listed = ", ".join(literal(c) for c in codes)
    return f"coalesce(s.{q(name)}::text, '') IN ({listed})"


def _detail(feed: Feed, fact: Fact) -> str:
    """The filled columns that the kind and the fact do not tell, by name; never a particular of the person."""
    plain = {n for n, codes in fact.when.items() if not isinstance(codes, str) and len(codes) == 1}
    plain |= {said.split("=")[0].split("|")[0] for said in fact.set.values() if said[0] not in "=$"}
    rest = [c.name for c in feed.columns if not c.personal and c.name != "op" and c.name not in plain]
    if not rest:
        return "'{}'::jsonb"
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(f'{literal(n)}, s.{q(n)}' for n in rest)}))"


def persons(feed: Feed) -> str:
    """line_no, person_ref and the particulars of each row that speaks of a person, overruled ones too: a later line of
    a key takes the place of what the row says, not of who it is about."""
    if feed.who == "family":
        columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in {"person_ref": "text", **PARTICULARS}.items())
        return f"SELECT NULL::bigint AS line_no, {columns} FROM staging WHERE false"  # noqa: S608
    held = {c.name: c for c in feed.columns}
    columns = ", ".join(f"{_particular(feed, name, held)}::{kind} AS {name}" for name, kind in PARTICULARS.items())
    where = "s.op = 'U'" if feed.mode == "increment" else "true"
    rows = "SELECT * FROM staging UNION ALL SELECT * FROM staging_superseded"
    return f"SELECT s.line_no, s.person_ref, {columns} FROM ({rows}) s WHERE {where}"  # noqa: S608


def _particular(feed: Feed, name: str, held: dict[str, Column]) -> str:
    column = f"s.{q(name)}" if name in held else "NULL"
    return f"coalesce({column}, s.{q(CHECKED_REF)})" if name == feed.person_ref_is else column


def periods(feed: Feed) -> str:
    """place, starts_on, ends_on that each staged row speaks for; none for a feed without periods."""
    if not feed.period:
        return "SELECT NULL::text AS place, NULL::date AS starts_on, NULL::date AS ends_on FROM staging WHERE false"
    place = f"s.{q(feed.covers_place)}::text" if feed.covers_place else "NULL::text"
    return (
        f"SELECT {place} AS place, s.{q(feed.period[0])} AS starts_on, s.{q(feed.period[1])} AS ends_on "  # noqa: S608
        "FROM staging s"
    )
