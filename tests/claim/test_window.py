"""A window from draft to payment: who may do what, in which order, and what is frozen."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from reference.world import Membership

from claim.a_window import audited, frozen, step
from claim.council import Council, row
from tf_integration.claim.audit import draw
from tf_integration.flow import claim_lists, claims
from tf_integration.model.errors import CallError, NeedsAPerson


def test_a_window_goes_from_draft_to_payment_and_its_ledger_balances(council: Council) -> None:
    families = [council.ready(str(n)) for n in range(3)]
    council.judge()
    frozen(council)
    assert [council.status(f) for f in families] == [("claimed", f"w-000{n}") for n in (1, 2, 3)]
    sent = claims.submit(council.settings, "w", "Ada", "the window closes", council.settings.home)
    assert [r["state"] for r in csv.DictReader(Path(sent["file"]).read_text().splitlines())] == ["submitted"] * 3
    assert len(claims.move(council.settings, "w", "paid", "Dee", "remittance 7")["moved"]) == 3
    assert council.value("SELECT sum(amount_pounds) FROM claim.claim WHERE state = 'paid'") == 2400
    assert council.rows("SELECT sum(claims) AS n, sum(pounds) AS pounds FROM claim.entry") == [{"n": 0, "pounds": 0}]
    balances = council.rows(
        "SELECT account, sum(claims) AS n, sum(pounds) AS pounds FROM claim.entry GROUP BY 1 HAVING sum(claims) <> 0"
    )
    assert {b["account"]: (b["n"], b["pounds"]) for b in balances} == {"outside": (-3, -2400), "paid": (3, 2400)}
    assert council.value("SELECT count(*) FROM claim.event e WHERE hash <> claim.event_hash(e)") == 0


def test_a_window_counts_neither_what_was_withdrawn_nor_what_was_clawed_back(council: Council) -> None:
    for n in range(3):
        council.ready(str(n))
    council.judge()
    frozen(council)
    claims.submit(council.settings, "w", "Ada", "the window closes", council.settings.home)
    claims.move(council.settings, "w", "paid", "Dee", "remittance 7")
    claims.move(council.settings, "w-0001", "clawed_back", "Dee", "a mistake")
    (listed,) = claim_lists.all_windows(council.settings)
    told = claim_lists.window(council.settings, "w")
    assert (listed["claims"], listed["clawed_back"], listed["withdrawn"], listed["pounds"]) == (2, 1, 0, 1600)
    assert (told["claims"], told["clawed_back"], told["pounds"]) == (3, 1, 1600)


def test_an_act_done_twice_is_done_once(council: Council) -> None:
    council.ready()
    council.judge()
    frozen(council)
    claims.submit(council.settings, "w", "Ada", "closes", council.settings.home)
    before = council.value("SELECT count(*) FROM claim.entry")
    for _ in range(2):
        claims.move(council.settings, "w-0001", "paid", "Dee", "remittance")
    assert council.value("SELECT count(*) FROM claim.entry") == before + 2


def test_who_drafts_neither_audits_nor_approves_and_who_approves_does_not_submit(council: Council) -> None:
    council.ready()
    council.judge()
    claims.draft(council.settings, "w", "Ada", "x")
    step(council, "sample", "w", "Ben", "x")
    with pytest.raises(NeedsAPerson, match="does not audit"):
        step(council, "say_verdict", "w-0001", True, " ada ", "x")
    with pytest.raises(NeedsAPerson, match="no verdict"):
        step(council, "approve", "w", "Cas", "x")
    step(council, "say_verdict", "w-0001", True, "Ben", "x")
    with pytest.raises(NeedsAPerson, match="does not approve"):
        step(council, "approve", "w", "ADA", "x")
    step(council, "approve", "w", "Cas", "x")
    claims.freeze(council.settings, "w", "Ada", "x")
    with pytest.raises(NeedsAPerson, match="does not submit"):
        step(council, "submit", "w", "cas", "x")
    with pytest.raises(CallError, match="nobody is named"):
        step(council, "submit", "w", "  ", "x")


def test_the_database_refuses_an_approval_by_who_drafted(council: Council) -> None:
    council.ready()
    council.judge()
    claims.draft(council.settings, "w", "Ada", "x")
    with pytest.raises(Exception, match="may neither draft nor submit"):
        council.value(
            "INSERT INTO claim.window_step SELECT window_id, 'approved', 'ada', 'x' FROM claim.window RETURNING 1"
        )


def test_steps_are_taken_in_order_and_once(council: Council) -> None:
    council.ready()
    council.judge()
    with pytest.raises(CallError, match="no window"):
        step(council, "approve", "w", "Cas", "x")
    claims.draft(council.settings, "w", "Ada", "x")
    with pytest.raises(NeedsAPerson, match="not been sampled"):
        step(council, "approve", "w", "Cas", "x")
    with pytest.raises(NeedsAPerson, match="not been approved"):
        claims.freeze(council.settings, "w", "Ada", "x")
    step(council, "sample", "w", "Ben", "x")
    with pytest.raises(NeedsAPerson, match="sampled already"):
        step(council, "sample", "w", "Ben", "x")
    with pytest.raises(CallError, match="called w already"):
        claims.draft(council.settings, "w", "Ada", "x")


def test_no_window_or_claim_is_called_as_another_is(council: Council) -> None:
    """A claim is named where a window may be: `tfi claims withdraw w-0001` must mean one of them."""
    one, two = council.ready("one"), council.ready("two")
    council.judge()
    council.imports(row("q-0001", 999), row("old", 998))
    for name in ("q", "q-0001", "old"):
        with pytest.raises(CallError, match=r"called (q-0001|old) already"):
            claims.draft(council.settings, name, "Ada", "x")
    claims.draft(council.settings, "w-0001", "Ada", "x", households=[one.household_id])
    with pytest.raises(CallError, match="called w-0001 already"):
        claims.draft(council.settings, "w", "Ada", "x", households=[two.household_id])
    assert [f["column"] for f in council.imports(row("w-0001", 997))["refused"]] == ["claim_ref"]
    assert claims.draft(council.settings, "q-0", "Ada", "x", households=[two.household_id])["claims"] == 1


def test_a_claim_found_wrong_must_be_taken_out_and_its_error_is_carried_forward(council: Council) -> None:
    first, second = council.ready(), council.ready()
    council.judge()
    claims.draft(council.settings, "w", "Ada", "x", households=[first.household_id])
    step(council, "sample", "w", "Ben", "x")
    step(council, "say_verdict", "w-0001", False, "Ben", "no plan in the case file")
    with pytest.raises(NeedsAPerson, match="still in the window"):
        step(council, "approve", "w", "Cas", "x")
    claims.move(council.settings, "w-0001", "withdrawn", "Ada", "found wrong")
    assert step(council, "approve", "w", "Cas", "x")["error_rate"] == 1
    claims.draft(council.settings, "w2", "Ada", "x", households=[second.household_id])
    drawn = step(council, "sample", "w2", "Ben", "x")
    assert (drawn["error_rate_before"], drawn["share"]) == (1, 1)


def test_a_sampled_claim_that_is_taken_out_unseen_still_waits_for_the_auditor(council: Council) -> None:
    """Else who drafts could make the sample smaller, and its errors fewer."""
    council.ready("one"), council.ready("two")
    council.judge()
    claims.draft(council.settings, "w", "Ada", "x")
    step(council, "sample", "w", "Ben", "x")
    step(council, "say_verdict", "w-0001", True, "Ben", "seen")
    claims.move(council.settings, "w-0002", "withdrawn", "Ada", "a slip")
    with pytest.raises(NeedsAPerson, match="1 sampled claims have no verdict, w-0002"):
        step(council, "approve", "w", "Cas", "x")
    step(council, "say_verdict", "w-0002", False, "Ben", "no plan in the case file")
    assert step(council, "approve", "w", "Cas", "x")["error_rate"] == 0.5


def test_a_sample_can_be_drawn_again_from_what_was_kept_with_it(council: Council) -> None:
    """Whatever has come to be known of the families since."""
    for n in range(23):
        council.ready(str(n))
    council.judge()
    claims.draft(council.settings, "w", "Ada", "x")
    told = step(council, "sample", "w", "Ben", "x")
    council.value("UPDATE assess.readiness SET problems_present = '{}' WHERE household_id % 2 = 0 RETURNING 1")
    kept = claim_lists.window(council.settings, "w")["sample"]
    whole = [{"claim_ref": ref, "stratum": stratum} for ref, stratum in kept["drawn_from"].items()]
    again = draw(whole, float(kept["share"]), kept["at_least"], ["stratum"], kept["seed"])
    assert len(again) == 20
    assert again == {s["claim_ref"]: s["stratum"] for s in told["sampled"]}


def test_a_child_of_a_draft_is_in_no_other_draft(council: Council) -> None:
    one, other = council.ready("one"), council.ready("other")
    shared = one.names["kid"]
    other.memberships.append(Membership(other.household_id, shared, None))
    council.judge()
    told = claims.draft(council.settings, "w", "Ada", "x")
    assert (told["claims"], len(told["refused"])) == (1, 1)
    assert "shares a child" in told["refused"][0]["because"]
    with pytest.raises(NeedsAPerson, match="held by other claims"):
        claims.draft(council.settings, "w2", "Ada", "x")
    claims.move(council.settings, "w-0001", "withdrawn", "Ada", "the other one, then")
    assert claims.draft(council.settings, "w3", "Ada", "x", households=[other.household_id])["claims"] == 1


def test_a_household_that_is_refused_keeps_no_other_out_of_a_draft(council: Council) -> None:
    """The second shares a child with the first and another with the third: the third has nothing against it."""
    one, two, three = (council.ready(n) for n in ("one", "two", "three"))
    two.memberships.append(Membership(two.household_id, one.names["kid"], None))
    three.memberships.append(Membership(three.household_id, two.names["kid"], None))
    council.judge()
    told = claims.draft(council.settings, "w", "Ada", "x")
    assert (told["claims"], [r["household_id"] for r in told["refused"]]) == (2, [two.household_id])
    assert told["refused"][0]["because"] == f"it shares a child with household {one.household_id}"


def test_what_fell_between_draft_and_freeze_is_not_frozen(council: Council) -> None:
    family = council.ready()
    council.judge()
    audited(council)
    step(council, "approve", "w", "Cas", "x")
    council.value("UPDATE core.fact SET known_to = clock_timestamp() WHERE kind = 'family_plan' RETURNING 1")
    with pytest.raises(NeedsAPerson, match="w-0001"):
        claims.freeze(council.settings, "w", "Ada", "x")
    assert council.value("SELECT count(*) FROM claim.pack") == 0
    assert council.status(family) == ("ready", None)


def test_an_imported_claim_keeps_its_child_out_of_a_draft(council: Council) -> None:
    family = council.ready()
    council.judge()
    council.imports(row("C1", family.names["kid"]), judge=False)
    with pytest.raises(NeedsAPerson, match="held by other claims"):
        claims.draft(council.settings, "w", "Ada", "x")


@pytest.mark.parametrize("name", ["", "  ", "-q2", "../q2", "q2 ", "q2/3", "q2\n3"])
def test_a_window_bears_a_name_that_a_file_and_a_command_can_bear(council: Council, name: str) -> None:
    council.ready()
    council.judge()
    with pytest.raises(CallError, match="cannot be called that"):
        claims.draft(council.settings, name, "Ada", "the quarter's claims")
    assert council.value("SELECT count(*) FROM claim.claim") == 0


def test_a_reason_is_words(council: Council) -> None:
    council.ready()
    council.judge()
    claims.draft(council.settings, "w", "Ada", "the quarter's claims")
    ref = step(council, "sample", "w", "Ben", "audit")["sampled"][0]["claim_ref"]
    acts = council.value("SELECT count(*) FROM claim.event")
    for act in (
        lambda: step(council, "say_verdict", ref, True, "Ben", " "),
        lambda: claims.move(council.settings, ref, "withdrawn", "Ada", ""),
        lambda: step(council, "approve", "w", "Cas", " \t"),
    ):
        with pytest.raises(CallError, match=r"no reason|no verdict"):
            act()
        if not council.value("SELECT count(*) FROM claim.verdict"):
            step(council, "say_verdict", ref, True, "Ben", "seen")
            acts = council.value("SELECT count(*) FROM claim.event")
    assert council.value("SELECT count(*) FROM claim.event") == acts


@pytest.mark.parametrize("name", ["ADA", " ada ", "\uff21da", "Ada\u00a0"])
def test_one_person_is_not_two_by_how_a_name_is_written(council: Council, name: str) -> None:
    council.ready()
    council.judge()
    audited(council)
    with pytest.raises(NeedsAPerson, match="does not approve"):
        step(council, "approve", "w", name, "all valid")


def test_a_window_that_was_not_submitted_is_not_paid_in_silence(council: Council) -> None:
    council.ready()
    council.judge()
    claims.draft(council.settings, "w", "Ada", "the quarter's claims")
    with pytest.raises(NeedsAPerson, match="none of the window's claims can become paid"):
        claims.move(council.settings, "w", "paid", "Dee", "remittance 7")


def test_a_frozen_window_is_not_paid_before_it_is_submitted(council: Council) -> None:
    """Else who approved it could have it paid alone, and the list that was sent would lack it."""
    council.ready()
    council.judge()
    frozen(council)
    for named in ("w", "w-0001"):
        with pytest.raises(NeedsAPerson, match="become paid"):
            claims.move(council.settings, named, "paid", "Cas", "remittance 7")
    claims.submit(council.settings, "w", "Ada", "closes", council.settings.home)
    assert claims.move(council.settings, "w", "paid", "Dee", "remittance 7")["moved"]


def as_a_row(council: Council, person: int, **more: Any) -> dict[str, Any]:
    """The claim w-0001 as a row of a file of earlier claims."""
    claim = council.rows("SELECT plan_id, result, claimed_on, amount_pounds FROM claim.claim")[0]
    return row("w-0001", person, **{k: str(v) for k, v in claim.items()}, **more)


def test_a_file_of_earlier_claims_takes_no_step_of_a_window(council: Council) -> None:
    """It froze a claim without its evidence, and had it submitted by whoever had approved it."""
    family = council.ready()
    council.judge()
    audited(council)
    step(council, "approve", "w", "Cas", "all sampled are valid")
    kid = family.names["kid"]
    for state in ("frozen", "submitted", "paid"):
        told = council.imports(as_a_row(council, kid, state=state), judge=False)
        assert [(f["column"], "tfi claims" in f["remedy"]) for f in told["refused"]] == [("state", True)]
    assert council.value("SELECT state FROM claim.claim") == "approved"
    claims.freeze(council.settings, "w", "Ada", "approved")
    claims.submit(council.settings, "w", "Ada", "closes", council.settings.home)
    assert council.imports(as_a_row(council, kid, state="paid"), judge=False)["claims_moved"] == 1, "a remittance"


def test_a_file_of_earlier_claims_adds_nobody_to_a_claim_of_a_window(council: Council) -> None:
    council.ready()
    council.judge()
    frozen(council)
    told = council.imports(as_a_row(council, 999, state="frozen"), judge=False)
    assert [f["column"] for f in told["refused"]] == ["person_ref"]
    assert council.value("SELECT count(*) FROM claim.person WHERE person_ref = '999'") == 0


def test_the_database_lets_no_claim_pass_its_window(council: Council) -> None:
    council.ready()
    council.judge()
    audited(council)
    with pytest.raises(Exception, match="cannot go from drafted to approved"):
        council.value(
            "INSERT INTO claim.transfer (claim_id, state_was, state_is, by_whom, because) "
            "SELECT claim_id, 'drafted', 'approved', 'x', 'x' FROM claim.claim RETURNING 1"
        )
