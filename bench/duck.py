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
from tf_integration.model.plan import Plan
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
# What is compared: our rows, and the peer's; the columns in the same order.
OUTCOMES = {
    "verdicts": (
        "SELECT household_id, side, problem, criterion, verdict::text FROM assess.every_verdict WHERE side IN ('identified', 'improved')",
        "SELECT household_id, side, problem, criterion, verdict FROM every_verdict WHERE side IN ('identified', 'improved')",
    ),
    "problems": (
        "SELECT household_id, problem, present::text, present_since::text, improved::text, array_to_string(criteria_met, ' ') AS criteria_met,"
        " first_met_on, evidence_count, not_known_because FROM assess.problem_verdict",
        "SELECT household_id, problem, present, present_since, improved, array_to_string(criteria_met, ' '), first_met_on, evidence_count,"
        " not_known_because FROM problem_verdict",
    ),
    "principles and results": (
        "SELECT household_id, side, criterion, verdict::text FROM assess.every_verdict WHERE side IN ('principle', 'result')",
        "SELECT household_id, side, criterion, verdict FROM outcome_verdict",
    ),
    "readiness": (
        "SELECT household_id, status, result, attached_on, array_to_string(problems_present, ' ') AS problems_present,"
        " array_to_string(problems_improved, ' ') AS problems_improved, has_assessment, has_plan, has_lead_worker, has_tfop, why_not, what_next,"
        " earliest_on, array_to_string(binds, ' ') AS binds, blocked_by_feed, value_pounds::float8 FROM assess.readiness",
        "SELECT * REPLACE (array_to_string(problems_present, ' ') AS problems_present, array_to_string(problems_improved, ' ') AS problems_improved,"
        " array_to_string(binds, ' ') AS binds) FROM readiness",
    ),
    "near misses": (
        "SELECT household_id, ord, test, verdict::text, says, what_next, array_to_string(feeds, ' ') AS feeds, fine_on, whose FROM assess.missing",
        "SELECT * EXCLUDE (would_be_fine_on) REPLACE (array_to_string(feeds, ' ') AS feeds) FROM missing",
    ),
    "criteria kept, with their measures": (
        "SELECT household_id, side, problem, criterion, verdict::text, measure::float8, array_to_string(unknown_feeds, ' ') AS feeds, test_no"
        " FROM assess.criterion_verdict WHERE side IN ('identified', 'improved')",
        "SELECT * REPLACE (array_to_string(unknown_feeds, ' ') AS unknown_feeds) FROM verdict",
    ),
    "lapses": ("SELECT household_id, lapses_on, because FROM assess.lapse", "FROM lapse"),
    "days due": ("SELECT household_id, due_on FROM assess.due", "FROM due"),
    "evidence": (
        "SELECT household_id, side, problem, criterion, person_id, fact_id, kind FROM assess.evidence",
        "SELECT household_id, side, problem, criterion, person_id, fact_id, kind FROM evidence",
    ),
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
            "CREATE TABLE question (side TEXT, problem TEXT, criterion TEXT, told_by TEXT, window_from DATE, is_of_schools BOOLEAN, test_no INT)"
        )
        duck.executemany("INSERT INTO question VALUES (?, ?, ?, ?, ?, ?, ?)", questions(conn, as_at))
        _words(conn, duck, as_at)
        duck.execute("CHECKPOINT")
    return file


def _words(conn: Connection, duck: Any, as_at: date) -> None:
    """What the plan says of its problems and principles, what it asks for, and its money."""
    rows = plan_rows([_plan(conn)], as_at)
    wanted = {
        "plan": ("needs", "counts"),
        "plan_problem": ("problem", "says", "improved_says"),
        "principle": ("principle", "says", "asks"),
        "fees": ("sustained_pounds", "employment_pounds"),
    }
    for table, names in wanted.items():
        values = [[r[n] if isinstance(r[n], int | str) else float(r[n]) for n in names] for r in rows[table]]
        columns = ", ".join(
            f"{n} {'TEXT' if isinstance(v, str) else 'INT' if isinstance(v, int) else 'DOUBLE'}"
            for n, v in zip(names, values[0], strict=True)
        )
        duck.execute(f"CREATE TABLE {table} ({columns})")
        duck.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", values)


def _plan(conn: Connection) -> Plan:
    return next(p for p in stored_plans(conn) if p.plan == "national-2015")


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
        f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM read_csv('{csv}', header = true, columns = {columns}, nullstr = '\\N', quote = '\"', escape = '\"')"
    )
    csv.unlink()


def questions(conn: Connection, as_at: date) -> list[tuple[Any, ...]]:
    """One per criterion of the plan in force: who could have told, and since when."""
    found: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for r in plan_rows([_plan(conn)], as_at)["rule"]:
        n, unit = r["window_n"], r["window_unit"] or ""
        first = (
            less_months(as_at, n)
            if unit == "months"
            else date.fromordinal(as_at.toordinal() - 7 * n)
            if unit == "weeks"
            else None
        )
        key = (r["side"], r["problem"], r["criterion"])
        of_schools = (r["every"] and unit.startswith("terms")) or r["ask"] == "rate"
        found.setdefault(key, (*key, " ".join(r["told_by"]), first, of_schools, r["test_no"]))
    return list(found.values())


def judge(file: Path, as_at: date, folder: Path) -> float:
    """Seconds for the verdicts and evidence, written to the file and checkpointed."""
    copy = folder / "judged.duckdb"
    copy.unlink(missing_ok=True)
    copy.write_bytes(file.read_bytes())
    with duckdb.connect(str(copy)) as duck:
        for name, day in {
            "d": as_at,
            "far": less_months(as_at, -36),
            **{f"d{n}": less_months(as_at, n) for n in (3, 6)},
        }.items():
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
    """What either side alone wrote, row for row, of each outcome that is compared; and how many rows the peer wrote of each."""
    told: list[str] = []
    counts: dict[str, int] = {}
    with duckdb.connect(str(folder / "judged.duckdb")) as duck:
        for name, (ours, peer) in OUTCOMES.items():
            _take(conn, duck, folder / "ours.csv", "ours", ours)
            duck.execute(f"CREATE OR REPLACE TEMP VIEW theirs AS {peer}")
            for side, rows in (
                ("ours", "FROM ours EXCEPT ALL FROM theirs"),
                ("DuckDB", "FROM theirs EXCEPT ALL FROM ours"),
            ):
                alone = duck.execute(rows).fetchall()
                if alone:
                    told.append(f"{name}: {len(alone)} rows of {side} alone, such as {min(alone, key=str)}")
            counts[name] = duck.execute("SELECT count(*) FROM theirs").fetchall()[0][0]
        counts["facts"] = duck.execute("SELECT count(*) FROM fact").fetchall()[0][0]
    return told, counts
