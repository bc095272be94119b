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
    ("household_member_v1", "household_id"),
    ("household_member_v1", "person_id"),
    ("household_problem_v1", "household_id"),
    ("household_criterion_v1", "household_id"),
    ("household_test_v1", "household_id"),
    ("claim_readiness_v1", "household_id"),
    ("person_source_v1", "person_id"),
]
SMALL = {"run", "kind", "plan", "feed", "half_term"}  # reference and run rows: a handful, in any county


def scans(node: dict[str, Any]) -> Iterator[str]:
    """Tables read from end to end: in their own order, or in an index's without a condition."""
    unasked = node["Node Type"] in ("Index Scan", "Index Only Scan") and "Index Cond" not in node
    if node["Node Type"] == "Seq Scan" or unasked:
        yield node["Relation Name"]
    for inner in node.get("Plans", []):
        yield from scans(inner)


def read_whole(conn: Connection, sql: str) -> set[str]:
    """Tables that this query can only answer by reading them from end to end."""
    for way in ("seqscan", "mergejoin", "hashjoin"):  # an empty warehouse has no statistics to choose by
        conn.execute(sa.text(f"SET LOCAL enable_{way} = off"))
    plan = conn.execute(sa.text(f"EXPLAIN (FORMAT JSON) {sql}")).scalar_one()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return set(scans(plan[0]["Plan"])) - SMALL


@pytest.mark.parametrize(("view", "column"), ASKED)
def test_a_view_asked_about_one_reads_one(db: Connection, view: str, column: str) -> None:
    marts.create(db)
    assert read_whole(db, f"SELECT * FROM mart.{view} WHERE {column} = 1") == set()  # noqa: S608


def test_a_query_that_reads_a_whole_table_is_seen(db: Connection) -> None:
    marts.create(db)
    assert read_whole(db, "SELECT * FROM mart.household_problem_v1 WHERE evidence_count = 3") == {
        "problem_verdict"
    }
