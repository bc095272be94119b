"""The peer DuckDB: the same facts in its own tables, the same verdicts by plain SQL (bench/sql/duckdb), and the comparison."""

# ruff: noqa: E501, S608
from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from place import BENCH, clock

from tf_integration.assess.plan_rows import plan_rows
from tf_integration.assess.run import stored_plans
from tf_integration.model.calendar import less_months
from tf_integration.store.warehouse import Connection

# What is exported before the clock runs: the rows known now, ranges as two days.
EXPORTS = {
    "fact": "SELECT fact_id, source_record_id, partner, family_ref, kind, starts_on, ends_on, happened_on, quantity::float8, out_of::float8, authorised::float8,"
    " unauthorised::float8, code, outcome, place, ref, is_flagged, delivery_id AS file_id, line_no FROM core.fact WHERE known_to = 'infinity'",
    "person_link": "SELECT source_record_id, person_id FROM identity.person_link WHERE known_to = 'infinity'",
    "membership": "SELECT household_id, person_id, lower(valid) AS joined_on, upper(valid) AS left_on FROM identity.membership WHERE known_to = 'infinity'",
    "person": "SELECT person_id, date_of_birth FROM identity.person",
    "household": "SELECT household_id FROM identity.household WHERE known_to = 'infinity'",
    "household_ref": "SELECT household_id, partner, family_ref FROM identity.household_ref WHERE known_to = 'infinity'",
    "coverage": "SELECT feed, place, lower(covers) AS covers_from, upper(covers) AS covers_to FROM core.coverage WHERE known_to = 'infinity'",
    "half_term": "SELECT place, school_year, term, half_term, starts_on, ends_on FROM core.half_term",
    "feed": "SELECT feed, stale_days, stale_half_terms FROM core.feed",
}
TYPES = {
    "int8": "BIGINT",
    "int4": "INTEGER",
    "int2": "SMALLINT",
    "date": "DATE",
    "text": "VARCHAR",
    "bool": "BOOLEAN",
    "float8": "DOUBLE",
}


def export(conn: Connection, folder: Path, as_at: date) -> Path:
    """The facts and what joins them, as the native tables of a DuckDB file."""
    file = folder / "peer.duckdb"
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as duck:
        for table, query in EXPORTS.items():
            _take(conn, duck, folder / f"{table}.csv", table, query)
        duck.execute(
            "CREATE TABLE question (side TEXT, problem TEXT, criterion TEXT, told_by TEXT, window_from DATE, is_of_schools BOOLEAN)"
        )
        duck.executemany("INSERT INTO question VALUES (?, ?, ?, ?, ?, ?)", questions(conn, as_at))
        duck.execute("CHECKPOINT")
    return file


def _take(conn: Connection, duck: Any, csv: Path, table: str, query: str) -> None:
    with conn.connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query}) q LIMIT 0")
        oids = {c.name: c.type_code for c in cursor.description}
        cursor.execute("SELECT oid, typname FROM pg_type WHERE oid = ANY (%s)", (list(oids.values()),))
        names = dict(cursor.fetchall())
        with csv.open("wb") as out:
            cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER, NULL '\\N')", out)
    columns = {n: TYPES[names[oid]] for n, oid in oids.items()}
    duck.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM read_csv('{csv}', header = true, columns = {columns}, nullstr = '\\N')"
    )
    csv.unlink()


def questions(conn: Connection, as_at: date) -> list[tuple[Any, ...]]:
    """One per criterion of the plan in force: who could have told, and since when."""
    plan = next(p for p in stored_plans(conn) if p.plan == "national-2015")
    found: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for r in plan_rows([plan], as_at)["rule"]:
        n, unit = r["window_n"], r["window_unit"] or ""
        first = (
            less_months(as_at, n)
            if unit == "months"
            else date.fromordinal(as_at.toordinal() - 7 * n)
            if unit == "weeks"
            else None
        )
        key = (r["side"], r["problem"], r["criterion"])
        found.setdefault(
            key, (*key, " ".join(r["told_by"]), first, (r["every"] and unit.startswith("terms")) or r["ask"] == "rate")
        )
    return list(found.values())


def judge(file: Path, as_at: date, folder: Path) -> float:
    """Seconds for the verdicts and evidence, written to the file and checkpointed."""
    copy = folder / "judged.duckdb"
    copy.unlink(missing_ok=True)
    copy.write_bytes(file.read_bytes())
    with duckdb.connect(str(copy)) as duck:
        for name, day in {"d": as_at, **{f"d{n}": less_months(as_at, n) for n in (3, 6, 12)}}.items():
            duck.execute(f"SET VARIABLE {name} = DATE '{day}'")
        with clock() as taken:
            for statement in sorted((BENCH / "sql" / "duckdb").glob("*.sql")):
                with clock() as one:
                    duck.execute(statement.read_text())
                if os.environ.get("BENCH_PROFILE"):
                    print(f"    {one[0]:7.2f}  duckdb/{statement.name}")
            duck.execute("CHECKPOINT")
    return taken[0]


def differences(conn: Connection, folder: Path) -> tuple[list[str], dict[str, int]]:
    """Criteria and problems on which the two disagree, household by household; and how much each wrote."""
    with duckdb.connect(str(folder / "judged.duckdb")) as duck:
        _take(
            conn,
            duck,
            folder / "v.csv",
            "ours",
            "SELECT household_id, side, problem, criterion, verdict::text FROM assess.every_verdict WHERE side IN ('identified', 'improved')",
        )
        _take(
            conn,
            duck,
            folder / "p.csv",
            "ours_present",
            "SELECT household_id, problem, present::text FROM assess.problem_verdict",
        )
        criteria = duck.execute(
            "SELECT coalesce(a.side, b.side), coalesce(a.problem, b.problem), coalesce(a.criterion, b.criterion), count(*),"
            " any_value(coalesce(a.household_id, b.household_id)), any_value(a.verdict), any_value(b.verdict)"
            " FROM ours a FULL JOIN verdict b USING (household_id, side, problem, criterion)"
            " WHERE a.verdict IS DISTINCT FROM b.verdict GROUP BY 1, 2, 3 ORDER BY 4 DESC"
        ).fetchall()
        problems = duck.execute(
            "SELECT coalesce(a.problem, b.problem), count(*) FROM ours_present a FULL JOIN present b USING (household_id, problem)"
            " WHERE a.present IS DISTINCT FROM b.present GROUP BY 1"
        ).fetchall()
        counts = dict(
            duck.execute(
                "SELECT 'verdicts', count(*) FROM verdict UNION ALL SELECT 'evidence', count(*) FROM evidence"
                " UNION ALL SELECT 'facts', count(*) FROM fact UNION ALL SELECT 'not_known', count(*) FROM verdict WHERE verdict = 'not_known'"
            ).fetchall()
        )
    told = [f"{s} {p}/{c}: {n} households, such as {h} (ours {a}, DuckDB {b})" for s, p, c, n, h, a, b in criteria]
    return told + [f"problem {p}: {n} households" for p, n in problems], counts
