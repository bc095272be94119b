"""A view asked about one household reads that household, however large the county."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tf_integration.flow import marts

ASKED = [
    ("timeline_v1", "household_id"),
    ("timeline_v1", "person_id"),
    ("criterion_evidence_v1", "household_id"),
    ("household_v1", "household_id"),
    ("household_event_v1", "household_id"),
    ("household_member_v1", "household_id"),
    ("household_member_v1", "person_id"),
    ("household_problem_v1", "household_id"),
    ("household_criterion_v1", "household_id"),
    ("household_test_v1", "household_id"),
    ("claim_readiness_v1", "household_id"),
    ("person_source_v1", "person_id"),
]
# reference rows and runs: a handful in any county; deliveries: some thousands at most
SMALL = {"run", "kind", "plan", "feed", "half_term", "delivery"}

# A county without people in it: enough rows for the planner to have a choice. One household in four persons.
FILL = """
INSERT INTO core.kind VALUES ('enrolment', 'school', 'spell', 'x'), ('call_out', 'crime', 'event', 'x'),
    ('family_closed', 'family', 'event', 'x');
INSERT INTO assess.run (as_at, known_at, plan_hashes, code_version, scope)
    VALUES ('2019-03-15', now(), '{}', '0', 'full');
INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode, contract_version,
    code_version, state) VALUES (1, 'f', 'p', 'f.csv', '2019-03-15', 1, 'whole', 'c', '0', 'accepted');
INSERT INTO core.source_record (source_record_id, partner, feed, person_ref, introduces, first_snapshot_on, delivery_id,
    line_no, known_from)
    SELECT n, 'p', 'f', 'R' || n, true, '2019-01-01', 1, n, '2019-01-01' FROM generate_series(1, 8000) n;
INSERT INTO identity.person SELECT n, '1990-01-01', 'F', 1 FROM generate_series(1, 8000) n;
INSERT INTO identity.person_link SELECT n, n, 1, 'identifier', 'x', 1, '2019-01-01' FROM generate_series(1, 8000) n;
INSERT INTO identity.household SELECT n, 'early_help', NULL, NULL, 1, '2019-01-01' FROM generate_series(1, 2000) n;
INSERT INTO identity.household_ref SELECT n, 'p', 'F' || n, 1, '2019-01-01' FROM generate_series(1, 2000) n;
INSERT INTO identity.membership SELECT n / 4, n, '[2018-01-01,)', 'child', 'early_help', 1, 1, '2019-01-01'
    FROM generate_series(1, 8000) n;
INSERT INTO core.fact (fact_id, source_record_id, feed, partner, family_ref, kind, starts_on, row_key, delivery_id,
    line_no, known_from)
    SELECT n, CASE WHEN k <> 'family_closed' THEN n % 8000 + 1 END, 'f', 'p',
        CASE WHEN k = 'family_closed' THEN 'F' || n % 2000 END, k, '2018-05-01', md5(k || n)::uuid, 1, n, '2019-01-01'
    FROM generate_series(1, 16000) n, (VALUES ('enrolment'), ('call_out'), ('family_closed')) v (k);
INSERT INTO assess.facts_used
    SELECT n / 8, 'identified', 'p', 'c', n % 8000 + 1, 'call_out', ARRAY[n], 'plan', '2019-03-15', 1
    FROM generate_series(1, 16000) n;
INSERT INTO assess.criterion_verdict (household_id, side, problem, criterion, verdict, says, plan_id, as_at, run_id)
    SELECT n, s, 'p', 'c' || i, 'met', 'x', 'plan', '2019-03-15', 1
    FROM generate_series(1, 2000) n, generate_series(1, 5) i, (VALUES ('identified'), ('improved')) v (s);
INSERT INTO assess.problem_verdict SELECT n, 'p' || i, 'met', 'met', 'met', '{}', NULL, 1, NULL, 'plan', '2019-03-15', 1
    FROM generate_series(1, 2000) n, generate_series(1, 6) i;
INSERT INTO assess.readiness (household_id, status, problems_present, problems_improved, has_assessment, has_plan,
    has_lead_worker, has_tfop, value_pounds, plan_id, as_at, run_id)
    SELECT n, 'eligible', '{}', '{}', true, true, true, true, 0, 'plan', '2019-03-15', 1 FROM generate_series(1, 2000) n
"""


@pytest.fixture
def county(db: Connection) -> Connection:
    marts.create(db)
    db.execute(sa.text(FILL))
    db.exec_driver_sql("ANALYZE")
    return db


def scans(node: dict[str, Any]) -> Iterator[str]:
    """What is read from end to end: a table, or an index without a condition."""
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    if node["Node Type"] in ("Index Scan", "Index Only Scan") and "Index Cond" not in node:
        yield node["Index Name"]
    for inner in node.get("Plans", []):
        yield from scans(inner)


def read_whole(conn: Connection, sql: str) -> set[str]:
    """Tables and indexes of people and families that this query reads whole; empty ones do not count."""
    plan = conn.execute(sa.text(f"EXPLAIN (FORMAT JSON) {sql}")).scalar_one()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    found = set(scans(plan[0]["Plan"])) - SMALL
    empty = conn.execute(sa.text("SELECT relname FROM pg_class WHERE reltuples = 0 AND relkind IN ('r', 'i')"))
    return found - set(empty.scalars())


def test_a_view_asked_about_one_reads_one(county: Connection) -> None:
    read = {
        asked: read_whole(county, f"SELECT * FROM mart.{asked[0]} WHERE {asked[1]} = 77")  # noqa: S608
        for asked in ASKED
    }
    assert {asked: tables for asked, tables in read.items() if tables} == {}


def test_a_query_that_reads_a_whole_table_is_seen(county: Connection) -> None:
    whole = read_whole(county, "SELECT * FROM mart.household_problem_v1 WHERE evidence_count = 3")
    assert whole == {"problem_verdict"}
