"""Evidence is written as one row for a person's facts of a kind, and read fact by fact."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tf_integration.flow import marts
from tf_integration.store import warehouse

AS_IT_WAS = """
DROP VIEW assess.evidence;
DROP TABLE assess.facts_used;
CREATE TABLE assess.evidence (household_id bigint NOT NULL, side text NOT NULL, problem text NOT NULL,
    criterion text NOT NULL, person_id bigint, fact_id bigint NOT NULL, kind text NOT NULL, plan_id text NOT NULL,
    as_at date NOT NULL, run_id bigint NOT NULL)
"""
ROWS = [
    (1, "identified", "p", "c", 7, 70, "call_out"),
    (1, "identified", "p", "c", 7, 71, "call_out"),
    (1, "principle", "", "plan", None, 72, "family_plan"),
    (2, "identified", "p", "c", 8, 70, "call_out"),
]
FILL = """
INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode, contract_version,
    code_version, state, sha256) VALUES (1, 'f', 'p', 'f', '2019-01-01', 1, 'whole', '', '', 'accepted', '');
INSERT INTO core.source_record (source_record_id, partner, feed, person_ref, introduces, first_snapshot_on,
    delivery_id, line_no, known_from)
    SELECT n, 'p', 'f', 'R' || n, true, '2019-01-01', 1, n, '2019-01-01' FROM generate_series(1, 2) n;
INSERT INTO core.fact (fact_id, source_record_id, feed, partner, kind, starts_on, row_key, delivery_id, line_no,
    known_from)
    SELECT n + 69, n, 'f', 'p', 'call_out', '2018-05-01', md5('x' || n)::uuid, 1, n, '2019-01-01'
    FROM generate_series(1, 2) n;
INSERT INTO assess.facts_used
    SELECT n, 'identified', 'p', 'c', n + 6, 'call_out', ids::bigint[], 'plan', '2019-03-15', 1
    FROM (VALUES (1, '{70,71}'), (2, '{70}'), (3, '{71}')) v (n, ids);
CREATE TEMP TABLE forgotten ON COMMIT DROP AS SELECT 1::bigint AS source_record_id
"""


def evidence(conn: Connection) -> list[tuple[object, ...]]:
    columns = "household_id, side, problem, criterion, person_id, fact_id, kind"
    found = conn.execute(sa.text(f"SELECT {columns} FROM assess.evidence"))  # noqa: S608 - our own names
    return sorted((tuple(row) for row in found), key=str)


def test_what_was_a_row_a_fact_is_carried_over_and_the_public_view_reads_on(db: Connection) -> None:
    db.execute(sa.text(AS_IT_WAS))
    db.execute(
        sa.text("INSERT INTO assess.evidence VALUES (:a, :b, :c, :d, :e, :f, :g, 'plan', '2019-03-15', 1)"),
        [dict(zip("abcdefg", row, strict=True)) for row in ROWS],
    )
    marts.create(db)
    db.exec_driver_sql(warehouse.statement("migrations/0110_facts_used.sql"))
    assert evidence(db) == sorted(ROWS, key=str)
    assert db.execute(sa.text("SELECT count(*) FROM assess.facts_used")).scalar_one() == 3
    read = db.execute(sa.text("SELECT count(*) FROM mart.criterion_evidence_v1"))
    assert read.scalar_one() == 0  # no run has been
    assert marts.create(db) == []


def test_a_forgotten_fact_leaves_the_rest_of_its_row(db: Connection) -> None:
    db.execute(sa.text(FILL))
    assert warehouse.run(db, "keep/forgotten__evidence.sql").rowcount == 2
    assert [row[0::5] for row in evidence(db)] == [(1, 71), (3, 71)]
