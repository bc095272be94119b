"""The sealed list: a new identity and a former one are never rejoined, and nothing tells that they could be."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from reviewed import Reviewed
from test_models import kept

from tf_integration.flow import models, seal
from tf_integration.flow.person import export
from tf_integration.model.errors import CallError, NeedsAPerson

ROOT = Path(__file__).resolve().parents[2]
TWO = ("Ada", "Ben")
HOME = {"address": "1 High Street", "postcode": "AB1 2CD", "sex": "F"}
OLD_NHS, NEW_NHS = "9434765919", "9434765870"


@pytest.fixture
def adopted(reviewed: Reviewed) -> tuple[int, int]:
    """A girl under her former name with two partners, and under her new one with another: alike enough to be joined."""
    c = reviewed.county
    old = c.someone("social_care", "S1", "Philippa", "Quennell", "2012-03-02", nhs_number=OLD_NHS, **HOME)
    c.someone("health", "H1", "Philippa", "Quennell", "2012-03-02", nhs_number=OLD_NHS)
    new = c.someone("schools", "U1", "Philippa", "Quennell-Ash", "2012-03-02", **HOME)
    c.listed("F1", old, role="child")
    reviewed.refresh()
    assert c.is_one_person(old, new)
    return old, new


def sealed(reviewed: Reviewed, adopted: tuple[int, int]) -> None:
    reviewed.county.conn.commit()
    seal.seal(reviewed.settings, f"{adopted[0]}:{adopted[1]}", TWO, "an order")
    reviewed.refresh()


def apart(reviewed: Reviewed, adopted: tuple[int, int], *later: int) -> bool:
    reviewed.county.conn.commit()
    return all(not reviewed.county.is_one_person(adopted[1], other) for other in (adopted[0], *later))


def test_a_sealed_identity_is_not_rejoined_by_later_nights_a_model_or_a_word(
        reviewed: Reviewed, adopted: tuple[int, int]) -> None:
    sealed(reviewed, adopted)
    assert apart(reviewed, adopted)
    c = reviewed.county
    c.someone("schools", "U1", "Philippa", "Quennell", "2012-03-02", seen="2020-03-02", nhs_number=NEW_NHS, **HOME)
    reviewed.refresh()
    assert apart(reviewed, adopted)
    models.activate(reviewed.settings, kept(reviewed, -0.0001), "Ada", "retrained")
    reviewed.refresh()
    assert apart(reviewed, adopted)
    with pytest.raises(CallError, match="no such pair"):
        reviewed.say(f"{adopted[0]}:{adopted[1]}", "same")
    reviewed.county.says(*adopted, "same")              # even past the command
    reviewed.refresh()
    assert apart(reviewed, adopted)
    assert reviewed.waiting() == []


@pytest.mark.parametrize("said", [
    {"nhs_number": OLD_NHS},                            # her former number
    HOME,                                               # her former name and birth date, at the home of both
    {"nhs_number": NEW_NHS, **HOME},                    # a bridge: her former name under her new number
])
def test_a_later_record_of_the_former_identity_does_not_join_the_new_one(
        reviewed: Reviewed, adopted: tuple[int, int], said: dict[str, Any]) -> None:
    c = reviewed.county
    c.someone("schools", "U1", "Philippa", "Quennell-Ash", "2012-03-02", seen="2020-02-03", nhs_number=NEW_NHS, **HOME)
    sealed(reviewed, adopted)
    for former in ("social_care", "health"):
        c.withdraw(c.one("SELECT source_record_id FROM core.source_record WHERE partner = :p", p=former))
    later = c.someone("police", "P1", "Philippa", "Quennell", "2012-03-02", seen="2020-03-02", **said)
    again = c.someone("dwp", "D1", "Philippa", "Quennell-Ash", "2012-03-02", seen="2020-03-02", **HOME)
    reviewed.refresh()
    assert apart(reviewed, (later, adopted[1]))
    assert c.is_one_person(adopted[1], again)           # her new life goes on
    assert reviewed.waiting() == []


def test_nothing_tells_of_a_seal(reviewed: Reviewed, adopted: tuple[int, int], tmp_path: Path) -> None:
    sealed(reviewed, adopted)
    c = reviewed.county
    with pytest.raises(CallError, match="no such pair"):
        reviewed.show(f"{adopted[0]}:{adopted[1]}")
    assert "a person said" not in json.dumps(reviewed.marts())
    assert ("person",) not in c.rows("SELECT DISTINCT decided_by FROM identity.person_link")
    export(reviewed.settings, str(c.person_of(adopted[1])),
           tmp_path / "her.json", "Ada", "she asked")
    told = (tmp_path / "her.json").read_text()
    assert "Quennell-Ash" in told
    assert not {"S1", "H1", OLD_NHS, str(adopted[0])} & set(re.findall(r"\w+", told))
    both = {str(a) for a in adopted}
    for (table,) in c.rows("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN "
                           "('identity', 'audit', 'keep', 'assess', 'claim')"):
        for (row,) in c.rows(f"SELECT t::text FROM {table} t"):  # noqa: S608
            assert not both <= set(re.findall(r"\d+", row)), table
    may = "SELECT bool_or(has_schema_privilege(r, 'sealed', 'USAGE')) FROM unnest(ARRAY['tfi_reader', 'public']) r"
    assert c.one(may) is False


def test_where_they_belonged_together_and_who_looked_at_both_are_told_nowhere(
        reviewed: Reviewed, tmp_path: Path) -> None:
    c = reviewed.county
    old = c.someone("social_care", "S2", "Rosalind", "Quennell", "2012-03-02", nhs_number=OLD_NHS, **HOME)
    new = c.someone("schools", "U2", "Rosalind", "Quennell-Ash", "2012-03-02", **HOME)
    c.listed("F2", new, role="child")                       # her new family, while the two were one person
    reviewed.refresh()
    assert c.is_one_person(old, new)
    both = c.person_of(old)
    look = "INSERT INTO identity.review_look (source_record_a, source_record_b, by_whom) VALUES (:a, :b, 'Eve')"
    c.conn.execute(sa.text(look), {"a": old, "b": new})
    new_home = c.one("SELECT household_id FROM identity.household_ref WHERE family_ref = 'F2'")
    assert c.rows("SELECT person_id FROM identity.membership WHERE basis = 'early_help'") == [(both,)]
    sealed(reviewed, (old, new))
    former = c.person_of(old)
    assert c.rows("SELECT person_id FROM identity.membership WHERE basis = 'early_help'") == [(c.person_of(new),)]
    assert c.rows("SELECT 1 FROM identity.review_look") == []
    export(reviewed.settings, str(former), tmp_path / "former.json", "Ada", "asked")
    assert str(new_home) not in (tmp_path / "former.json").read_text()


def test_the_reader_of_the_marts_may_not_read_it(reviewed: Reviewed) -> None:
    reviewed.county.conn.exec_driver_sql("SET LOCAL ROLE tfi_reader")
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        reviewed.county.conn.exec_driver_sql("SELECT count(*) FROM sealed.seal")
    reviewed.county.conn.rollback()


def test_no_statement_but_those_that_settle_and_seal_names_it() -> None:
    statements = [f for f in (ROOT / "sql").rglob("*.sql") if re.search(r"\bsealed\.\w", f.read_text())]
    named = {f.relative_to(ROOT).as_posix() for f in statements}
    named = {n for n in named if not n.startswith(("sql/sealed/", "sql/migrations/"))}
    assert named == {"sql/identity/sealed__close.sql", "sql/identity/sealed__open.sql", "sql/identity/work_sealed.sql"}
    code = [f.name for f in (ROOT / "tf_integration").rglob("*.py") if '"sealed/' in f.read_text()]
    assert code == ["seal.py"]


def test_a_lifted_seal_lets_evidence_speak_again(reviewed: Reviewed, adopted: tuple[int, int]) -> None:
    sealed(reviewed, adopted)
    with pytest.raises(NeedsAPerson, match="sealed already"):
        seal.seal(reviewed.settings, f"{adopted[0]}:{adopted[1]}", TWO, "an order")
    seal.unseal(reviewed.settings, f"{adopted[0]}:{adopted[1]}", TWO, "revoked")
    reviewed.refresh()
    assert not apart(reviewed, adopted)


@pytest.mark.parametrize(("named", "people", "because"), [
    ("12", TWO, "x"), ("12:12", TWO, "x"), ("12:13", TWO, "x"), ("12:13", ("Ada", " ada"), "x"), ("12:13", TWO, " ")])
def test_a_seal_needs_two_records_two_people_and_a_reason(
        reviewed: Reviewed, named: str, people: tuple[str, str], because: str) -> None:
    with pytest.raises(CallError):
        seal.seal(reviewed.settings, named, people, because)
