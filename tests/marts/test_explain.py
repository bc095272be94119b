"""`tfi explain` and `tfi timeline` on the tiny world: status, reasons, evidence to the very line."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from tiny_world import Family

from tf_integration.flow import families, lines
from tf_integration.flow.explain import STATUS_SAYS, explain
from tf_integration.flow.explain_words import as_text
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.feed import load_feeds


def test_a_household_is_explained_by_its_status_its_reason_and_what_next(family: Family) -> None:
    told = explain(family.world.conn, family.household_id)
    assert (told["status"], told["attached_on"]) == ("in_progress", date(2018, 4, 3))
    text = as_text(told)
    for words in (
        "In progress: attached, and no result yet.",
        "Why not       1 call-out in the last 6 months",
        "What next     record a plan that covers the whole family",
        "20 June 2019, if nothing new happens (it waits on no_call_out)",
        "+ call_out: met: 1 call-out in the last 12 months",
        "- no_call_out: not met: 1 call-out in the last 6 months",
        "- plan: not met: no plan for the whole family",
    ):
        assert words in text


def test_short_names_what_is_not_met_without_its_reasons(family: Family) -> None:
    told = explain(family.world.conn, "F1")
    whole, short = as_text(told), as_text(told, short=True)
    unmet = [f"  - {v['criterion']}: not met" for p in told["problems"] for v in p["identified"]
             if v["verdict"] == "not_met"]
    assert all(said in whole and said not in short for said in unmet)
    assert "+ call_out: met: 1 call-out in the last 12 months" in short
    assert "calls.csv line" in short


def test_the_line_that_is_named_is_the_row_of_the_landed_file(family: Family) -> None:
    told = explain(family.world.conn, "F1")
    fact = told["problems"][0]["identified"][0]["evidence"][0]
    landed = (family.home / "landed" / fact["file_name"]).read_text().splitlines()
    assert landed[fact["line_no"] - 1] == "P1,O-77"
    assert f"calls.csv line {fact['line_no']}" in as_text(told)
    assert f"domestic abuse call-out, as victim (mother {family.mum})" in as_text(told)


def test_no_particular_of_a_person_is_printed(family: Family) -> None:
    told = explain(family.world.conn, "F1")
    assert "Quillfeather" not in as_text(told) + str(told)
    assert "1984" not in as_text(told)


@pytest.mark.parametrize("named", ["F1", "early_help:F1"])
def test_a_household_answers_to_a_partners_family_reference(family: Family, named: str) -> None:
    assert families.household(family.world.conn, named) == family.household_id


def test_a_reference_that_two_partners_use_is_refused_with_both_named(family: Family) -> None:
    world = family.world
    world.insert(
        "identity.household", household_id=7, basis="social_care", run_id=1, known_from="2019-03-10+00"
    )
    world.insert(
        "identity.household_ref",
        household_id=7,
        partner="social_care",
        family_ref="F1",
        run_id=1,
        known_from="2019-03-10+00",
    )
    with pytest.raises(CallError, match="7 \\(social_care:F1\\)"):
        families.household(world.conn, "F1")
    assert families.household(world.conn, "social_care:F1") == 7


def test_a_name_that_nobody_answers_to_is_refused(family: Family) -> None:
    with pytest.raises(CallError, match="no household"):
        explain(family.world.conn, "nobody")


def test_a_problem_that_the_plan_does_not_know_is_refused_with_those_it_knows(family: Family) -> None:
    with pytest.raises(CallError, match="It has domestic_abuse"):
        explain(family.world.conn, "F1", problem="health")


def test_a_household_that_no_run_has_judged_needs_one(family: Family) -> None:
    family.world.conn.execute(sa.text("DELETE FROM assess.readiness"))
    with pytest.raises(NeedsAPerson, match="has not been judged"):
        explain(family.world.conn, "F1")


def test_every_status_that_the_warehouse_allows_has_words(family: Family) -> None:
    rule = family.world.conn.execute(
        sa.text(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = 'assess.readiness'::regclass AND pg_get_constraintdef(oid) LIKE '%ready%'"
        )
    ).scalar_one()
    assert set(STATUS_SAYS) == set(re.findall(r"'(\w+)'::text", rule))


def test_a_facts_line_is_shown_by_the_columns_that_its_rule_read_and_no_particular() -> None:
    for feed in load_feeds().values():
        personal = {c.name for c in feed.columns if c.personal}
        for fact in feed.facts:
            shown = lines.columns_read(feed, fact.kind)
            assert shown
            assert not personal & set(shown)


def test_a_row_is_read_back_from_its_line_even_when_an_earlier_one_spans_two(family: Family) -> None:
    feed = load_feeds()["police_incidents"]
    file = family.home / "landed" / "spans.csv"
    file.write_text('person_ref,surname,occurrence_ref\nP9,"a\nb",O-0\nP1,Quillfeather,O-77\n')
    assert lines._row(file, feed, 4) == {
        "person_ref": "P1",
        "surname": "Quillfeather",
        "occurrence_ref": "O-77",
    }


def test_a_person_is_found_by_number_and_by_a_partners_reference(family: Family) -> None:
    conn = family.world.conn
    assert families.person(conn, family.mum) == families.person(conn, "police:P1") == family.mum
    assert families.person(conn, "police:") is families.person(conn, "P1") is None
