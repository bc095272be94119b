"""Each mart check passes on a sound world, and fails on one broken in the way it is for."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from tiny_world import Family

from tf_integration.flow import marts

_CLAIMED = """INSERT INTO claim.claim (claim_id, claim_ref, plan_id, result, claimed_on, amount_pounds)
    VALUES (1, 'C1', 'a-plan', 'sustained', '2019-01-01', 800), (2, 'C2', 'a-plan', 'sustained', '2019-01-01', 800);
    INSERT INTO claim.transfer (claim_id, state_was, state_is, by_whom, because)
    SELECT claim_id, 'outside', 'paid', 'Ada', 'x' FROM claim.claim;
    INSERT INTO claim.event (act, by_whom, because) VALUES ('imported', 'Ada', 'x'), ('imported', 'Ada', 'y');"""

# a claim for the child and one for its mother, found to be for one child before
_OF_EACH = """INSERT INTO claim.person (claim_id, partner, person_ref)
    SELECT DISTINCT CASE WHEN date_of_birth = '2008-05-01' THEN 1 ELSE 2 END, partner, person_ref
    FROM core.source_record;
    INSERT INTO claim.conflict (claim_a, claim_b, person_id) VALUES (1, 2, 1);"""

# check -> what breaks it, in the tiny world
BREAKS = {
    "attachment_agrees": "UPDATE assess.readiness SET attached_on = '2018-01-01'",
    "claim_acts_are_whole": _CLAIMED + "ALTER TABLE claim.event DISABLE TRIGGER ALL;"  # noqa: S608
    " DELETE FROM claim.event WHERE event_id = (SELECT min(event_id) FROM claim.event)",
    "claim_ledger_balances": _CLAIMED + "INSERT INTO claim.entry (transfer_id, claim_id, account, claims, pounds)"  # noqa: S608
    " SELECT transfer_id, claim_id, 'paid', 1, 800 FROM claim.transfer LIMIT 1",
    "claims_do_not_conflict": _CLAIMED + _OF_EACH + "UPDATE identity.person_link SET person_id ="  # noqa: S608
    " (SELECT person_id FROM identity.person WHERE date_of_birth = '2008-05-01')",
    "earliest_lies_ahead": "UPDATE assess.readiness SET earliest_on = as_at",
    "every_household_is_judged": "DELETE FROM assess.problem_verdict",
    "evidence_has_its_line": "DELETE FROM core.fact WHERE kind = 'call_out'",
    "households_exist": "UPDATE identity.household SET known_to = known_from + interval '1 hour'",
    "members_exist": "DELETE FROM identity.person WHERE date_of_birth = '2008-05-01'",
    "met_has_evidence": "DELETE FROM assess.facts_used WHERE side = 'identified'",
    "no_status_outlives_its_day": "UPDATE assess.readiness SET run_id = 2",
    "not_known_says_why": "UPDATE assess.problem_verdict SET present = 'not_known'",
    "present_follows_criteria": "UPDATE assess.problem_verdict SET present = 'not_met'",
    "ready_is_proved": "UPDATE assess.readiness SET status = 'ready', value_pounds = 800",
    "result_has_its_place": "UPDATE assess.readiness SET claimed_as = 'C-1'",
    "spells_do_not_overlap": "INSERT INTO identity.membership SELECT household_id, person_id,"
    " '[2018-06-01,)', relationship, basis, 1, 1, known_from FROM identity.membership LIMIT 1",
    "status_fits_attachment": "UPDATE assess.readiness SET attached_on = NULL",
    "why_not_is_said": "UPDATE assess.readiness SET why_not = NULL",
}


def test_a_sound_world_breaks_no_check(family: Family) -> None:
    found = marts.check(family.world.conn)
    assert marts.broken(found) == []
    assert len(found) == len(BREAKS) + len(marts.views())


def test_claims_that_are_in_order_break_no_check(family: Family) -> None:
    family.world.conn.execute(sa.text(_CLAIMED))
    assert marts.broken(marts.check(family.world.conn)) == []


def test_claims_for_two_who_are_told_apart_again_break_no_check(family: Family) -> None:
    family.world.conn.execute(sa.text(_CLAIMED + _OF_EACH))
    assert marts.broken(marts.check(family.world.conn)) == []


def test_every_check_has_a_way_to_break_it() -> None:
    assert set(BREAKS) == {f.stem for f in (marts.MART / "checks").glob("*.sql")}


@pytest.mark.parametrize("check", BREAKS)
def test_the_check_sees_its_fault_and_names_the_household(family: Family, check: str) -> None:
    family.world.conn.execute(sa.text(BREAKS[check]))
    found = {c["check"]: c for c in marts.broken(marts.check(family.world.conn))}
    assert check in found
    assert found[check]["broken"] == len(found[check]["examples"]) > 0
    assert "Quillfeather" not in str(found)


def test_a_key_that_is_not_one_is_seen(family: Family) -> None:
    """Two deliveries' worth of evidence for the same fact would make two rows alike."""
    conn = family.world.conn
    conn.execute(
        sa.text("INSERT INTO assess.facts_used SELECT * FROM assess.facts_used WHERE side = 'identified'")
    )
    assert [c["check"] for c in marts.broken(marts.check(conn))] == ["criterion_evidence_v1: key"]


def test_a_household_due_again_by_the_latest_run_may_not_keep_its_old_word(family: Family) -> None:
    world = family.world
    world.insert("assess.due", household_id=family.household_id, due_on="2019-03-16")
    world.insert(
        "assess.run",
        as_at="2019-03-16",
        known_at="2019-03-16+00",
        plan_hashes={},
        code_version="0",
        scope="due",
    )
    assert [c["check"] for c in marts.broken(marts.check(world.conn))] == ["no_status_outlives_its_day"]


def test_a_night_checks_the_households_that_it_judged(family: Family) -> None:
    conn = family.world.conn
    conn.execute(sa.text(BREAKS["present_follows_criteria"]))
    assert marts.judged_in(conn, 1) == [family.household_id]
    assert "present_follows_criteria" in [c["check"] for c in marts.broken(marts.check(conn, [family.household_id]))]
    assert marts.broken(marts.check(conn, [])) == []
