"""Analysts read twins of the views: pseudonyms that join, months and sectors, and no way back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from tiny_world import Family

from tf_integration.flow import marts
from tf_integration.flow.readers import reader_url
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

VIEWS = [v.name for v in marts.views(marts.ANALYST)]
PARTICULARS = ("Quillfeather", "CT1 2AB", "1984-06-02", "F1", "P1", "O-77", "calls.csv")
NEW_KEY = "UPDATE identity.pseudonym_key SET key = sha256(key)"


@pytest.fixture
def analyst(family: Family) -> Connection:
    """A connection with the analyst's role, over a family whose mother's postcode is known."""
    conn = family.world.conn
    conn.execute(sa.text("UPDATE core.source_record SET postcode = 'CT1 2AB' WHERE person_ref = 'P1'"))
    conn.execute(sa.text("SET LOCAL ROLE tfi_analyst"))
    return conn


def shown(conn: Connection, view: str) -> list[str]:
    return [str(row) for row in conn.execute(sa.text(f"SELECT v::text FROM analyst.{view} v")).scalars()]  # noqa: S608


@pytest.mark.parametrize("view", VIEWS)
def test_an_analyst_finds_no_number_and_no_particular(analyst: Connection, family: Family, view: str) -> None:
    rows = shown(analyst, view)
    assert rows
    numbers = [str(n) for n in (family.household_id, family.mum, family.kid)]
    assert not [word for row in rows for word in (*PARTICULARS, *numbers) if word in row]


def test_a_child_that_joined_at_its_birth_shows_a_month(family: Family) -> None:
    world = family.world
    born = date(2008, 5, 17)
    made = world.delivery("early_help_members", "early_help", "born.csv", "person_ref\nE9\n", sequence=2)
    kid = world.record("early_help_members", "early_help", "E9", made, born)
    for line, kind in enumerate(("family_member", "tenancy", "enrolment"), 2):
        world.fact(made, line, kind, born, of=kid, feed="early_help_members", partner="early_help")
    spring = "happened_on BETWEEN '2008-04-01' AND '2008-06-30'"
    asked = f"SELECT DISTINCT happened_on FROM analyst.timeline_v1 WHERE {spring}"  # noqa: S608
    assert world.conn.execute(sa.text(asked)).scalars().all() == [date(2008, 5, 1)]


@pytest.mark.parametrize("table", ["mart.household_v1", "identity.pseudonym_key", "core.source_record"])
def test_an_analyst_reads_nothing_else(analyst: Connection, table: str) -> None:
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), analyst.begin_nested():
        analyst.execute(sa.text(f"TABLE {table}"))


def test_pseudonyms_join_and_say_a_month_and_a_sector(analyst: Connection) -> None:
    found = analyst.execute(
        sa.text(
            "SELECT m.born_month::text, m.postcode_sector, t.kind, r.status FROM analyst.household_member_v1 m"
            " JOIN analyst.claim_readiness_v1 r USING (household_pseudonym)"
            " JOIN analyst.household_problem_v1 p USING (household_pseudonym)"
            " JOIN analyst.timeline_v1 t USING (person_pseudonym) WHERE t.kind = 'call_out'"
        )
    ).all()
    assert [tuple(row) for row in found] == [("1984-06-01", "CT1 2", "call_out", "in_progress")]


def test_another_key_gives_other_pseudonyms(family: Family) -> None:
    conn = family.world.conn
    asked = sa.text("SELECT person_pseudonym FROM analyst.household_member_v1")
    before = set(conn.execute(asked).scalars())
    assert before == set(conn.execute(asked).scalars())
    conn.execute(sa.text(NEW_KEY))
    assert not before & set(conn.execute(asked).scalars())


def test_who_consumes_the_tables_signs_in_and_reads_the_views_alone(
    home: Path, warehouse_url: str
) -> None:
    settings = Settings(home=home, warehouse_url=warehouse_url)
    with warehouse.transaction(settings) as conn:
        marts.create(conn)
    url = reader_url(settings)
    assert reader_url(settings) == url
    engine = sa.create_engine(warehouse.normal_url(url), poolclass=sa.NullPool)
    with engine.connect() as conn:
        assert conn.execute(sa.text("SELECT count(*) FROM mart.claim_readiness_v1")).scalar() == 0
    for table in ("core.source_record", "identity.person", "web.account", "analyst.timeline_v1", "sealed.seal"):
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), engine.connect() as conn:
            conn.execute(sa.text(f"TABLE {table}"))
    for statement in ("CREATE TABLE mart.x (a int)", "DELETE FROM mart.incident_v1"):
        with pytest.raises(sa.exc.ProgrammingError, match=r"permission denied|cannot delete"), engine.connect() as conn:
            conn.execute(sa.text(statement))
