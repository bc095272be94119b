"""Pairs that wait, words that decide, and words that are taken back."""

from __future__ import annotations

from typing import Any

import pytest
from reviewed import Reviewed

from tf_integration.model.errors import CallError, NeedsAPerson

TWIN = {"nhs_number": "9434765919"}


def pair_of(a: int, b: int) -> str:
    return f"{a}:{b}"


@pytest.fixture
def mother_and_child(reviewed: Reviewed) -> tuple[int, int]:
    """A mother's NHS number on her child's record: a union that is refused."""
    a = reviewed.county.someone("health", "H1", "Ann", "Lee", **TWIN)
    b = reviewed.county.someone("schools", "S1", "Tom", "Moss", "2010-05-05", **TWIN)
    return a, b


@pytest.fixture
def two_anns(reviewed: Reviewed) -> tuple[int, int]:
    """One woman, whom no rule joins, in a family that is worked with."""
    a = reviewed.county.someone("early_help", "E1", "Ann", "Lee", uprn="100")
    b = reviewed.county.someone("police", "P1", "Anna", "Lea", "1985-02-03", uprn="101")
    kid = reviewed.county.someone("early_help", "E2", "Tom", "Lee", "2010-05-05", uprn="100")
    for r in (a, kid):
        reviewed.county.listed("F1", r, "2019-01-01")
    reviewed.county.fact("family_attached", None, "2019-05-01", family_ref="F1")
    reviewed.county.fact("call_out", b, "2020-03-01", partner="police", role="victim", ref="O1")
    return a, b


def test_a_refused_union_waits_until_somebody_has_spoken(reviewed: Reviewed, mother_and_child: tuple[int, int]) -> None:
    reviewed.refresh()
    (waits,) = reviewed.waiting()
    assert (waits["listed_as"], {waits["record_a"], waits["record_b"]}) == ("refused", set(mother_and_child))
    assert waits["because"] == "same NHS number, but name and date of birth disagree"
    said = reviewed.say(waits["pair_id"], "different")
    assert said["decides"]
    assert reviewed.waiting() == []
    reviewed.refresh()
    assert reviewed.waiting() == []


def test_a_word_takes_effect_at_the_next_refresh(reviewed: Reviewed, two_anns: tuple[int, int]) -> None:
    reviewed.refresh()
    reviewed.say(pair_of(*two_anns), "same")
    assert not reviewed.county.is_one_person(*two_anns)
    reviewed.refresh()
    assert reviewed.county.is_one_person(*two_anns)


@pytest.mark.parametrize("back", ["undo", "different"])
def test_an_unmerge_leaves_every_public_view_as_it_was(
        reviewed: Reviewed, two_anns: tuple[int, int], back: str) -> None:
    reviewed.refresh()
    before = reviewed.marts()
    reviewed.say(pair_of(*two_anns), "same")
    reviewed.refresh()
    between = reviewed.marts()
    assert between["household_problem_v1"] != before["household_problem_v1"]
    assert between["person_source_v1"] != before["person_source_v1"]
    reviewed.say(pair_of(*two_anns), back, by="Ben")
    reviewed.refresh()
    after = reviewed.marts()
    assert {v for v in before if after[v] != before[v]} == set()


def test_a_split_that_is_taken_back_leaves_every_public_view_as_it_was(reviewed: Reviewed) -> None:
    a = reviewed.county.someone("early_help", "E1", "Ann", "Lee", **TWIN)
    b = reviewed.county.someone("health", "H1", "Ann", "Lee", **TWIN)
    reviewed.county.listed("F1", a)
    reviewed.refresh()
    before = reviewed.marts()
    reviewed.say(pair_of(a, b), "different")
    reviewed.refresh()
    assert not reviewed.county.is_one_person(a, b)
    reviewed.say(pair_of(a, b), "undo")
    reviewed.refresh()
    assert reviewed.marts() == before


def claimed(reviewed: Reviewed, family_ref: str) -> None:
    reviewed.county.one("UPDATE assess.readiness SET status = 'claimed' WHERE household_id = :h RETURNING 1",
                        h=reviewed.county.household_of("early_help", family_ref))


def test_a_merge_that_touches_a_claim_needs_two_different_people(reviewed: Reviewed, two_anns: tuple[int, int]) -> None:
    reviewed.refresh()
    claimed(reviewed, "F1")
    pair = pair_of(*two_anns)
    first = reviewed.say(pair, "same", by="Ada")
    assert (first["people"], first["people_needed"], first["decides"]) == (1, 2, False)
    with pytest.raises(NeedsAPerson, match="said so already"):
        reviewed.say(pair, "same", by=" ada ")
    reviewed.refresh()
    assert not reviewed.county.is_one_person(*two_anns)
    claimed(reviewed, "F1")
    second = reviewed.say(pair, "same", by="Ben")
    assert (second["people"], second["decides"]) == (2, True)
    reviewed.refresh()
    assert reviewed.county.is_one_person(*two_anns)
    assert reviewed.county.one("SELECT by_whom FROM identity.decision") == "Ada, Ben"


@pytest.mark.parametrize("between", ["undo", "different"])
def test_another_word_between_starts_the_count_of_people_again(
        reviewed: Reviewed, two_anns: tuple[int, int], between: str) -> None:
    reviewed.refresh()
    claimed(reviewed, "F1")
    pair = pair_of(*two_anns)
    reviewed.say(pair, "same", by="Ada")
    reviewed.say(pair, between, by="Cleo")
    assert not reviewed.say(pair, "same", by="Ben")["decides"]


def test_a_split_of_a_claimed_person_needs_one(reviewed: Reviewed, two_anns: tuple[int, int]) -> None:
    reviewed.refresh()
    claimed(reviewed, "F1")
    assert reviewed.say(pair_of(*two_anns), "different")["decides"]


def test_what_touches_a_claim_waits_first_then_attached_families(reviewed: Reviewed, two_anns: tuple[int, int]) -> None:
    c = reviewed.county
    claim = c.someone("early_help", "E9", "Eve", "Fox", nhs_number="9434765870")
    c.listed("F9", claim)
    nobody = c.someone("dwp", "D1", "Al", "Ray", nino="AB123456A")
    c.someone("jcp", "J1", "Bo", "Sun", "1990-01-01", nino="AB123456A")
    c.conn.exec_driver_sql("UPDATE core.source_record SET nhs_number = '9434765919' WHERE person_ref = 'E1'")
    c.someone("health", "H1", "Zoe", "Ash", "2001-01-01", nhs_number="9434765919")
    c.someone("health", "H2", "Yan", "Elm", "2002-01-01", nhs_number="9434765870")
    reviewed.refresh()
    claimed(reviewed, "F9")
    waits = reviewed.waiting()
    assert [w["would_change"] for w in waits] == ["a claim", "an attached family", "no household"]
    for wait, record in zip(waits, (claim, two_anns[0], nobody), strict=True):
        assert record in (wait["record_a"], wait["record_b"])
    assert len(reviewed.waiting(most=1)) == 1


def test_a_sealed_pair_is_in_no_list_not_shown_and_not_joined(
        reviewed: Reviewed, mother_and_child: tuple[int, int]) -> None:
    reviewed.refresh()
    pair = pair_of(*mother_and_child)
    reviewed.say(pair, "never")
    reviewed.refresh()
    assert reviewed.waiting() == []
    with pytest.raises(NeedsAPerson, match="never"):
        reviewed.show(pair)
    with pytest.raises(NeedsAPerson, match="never"):
        reviewed.say(pair, "same")
    assert not reviewed.say(pair, "undo", by="Ada")["decides"]
    assert reviewed.say(pair, "undo", by="Ben")["decides"]
    reviewed.refresh()
    assert reviewed.show(pair)["listed_as"] == "refused"


def test_a_seal_holds_for_every_record_of_the_two_persons(reviewed: Reviewed, two_anns: tuple[int, int]) -> None:
    other = reviewed.county.record("police", "P1", "more", forename="Anna", surname="Lea", date_of_birth="1985-02-03")
    reviewed.refresh()
    reviewed.say(pair_of(*two_anns), "never")
    with pytest.raises(NeedsAPerson, match="never"):
        reviewed.say(pair_of(two_anns[0], other), "same")


def test_words_that_contradict_each_other_wait_as_a_conflict(reviewed: Reviewed) -> None:
    a, b, c = (reviewed.county.someone(p, p, n, "Lee") for p, n in (("dwp", "Ann"), ("jcp", "Bea"), ("police", "Cat")))
    reviewed.refresh()
    reviewed.say(pair_of(a, b), "same")
    reviewed.say(pair_of(b, c), "same")
    reviewed.say(pair_of(a, c), "different")
    reviewed.refresh()
    assert [w["listed_as"] for w in reviewed.waiting()] == ["conflict"]


def test_uncertain_pairs_wait_by_weight_and_go_when_their_persons_are_one(
        reviewed: Reviewed, two_anns: tuple[int, int]) -> None:
    c = reviewed.county
    third = c.someone("dwp", "D1", "Al", "Ray")
    reviewed.refresh()
    for (x, y), weight, kind in ((two_anns, 11.5, "uncertain"), ((two_anns[1], third), 13.0, "uncertain"),
                                 (two_anns, None, "twins")):
        c.put("identity.uncertain", source_record_a=x, source_record_b=y, kind=kind, match_weight=weight,
              because="alike", run_id=1, known_from="2020-01-01")
    waits = reviewed.waiting()
    assert [(w["match_weight"], w["n_reasons"]) for w in waits] == [(11.5, 2), (13.0, 1)]  # the first touches a family
    assert reviewed.waiting(kind="twins") == []
    reviewed.say(pair_of(*two_anns), "same")
    assert [w["match_weight"] for w in reviewed.waiting()] == [13.0]     # at once, before any refresh


def test_what_is_shown_has_the_shape_of_values_unless_names_are_asked_for(
        reviewed: Reviewed, mother_and_child: tuple[int, int]) -> None:
    reviewed.refresh()
    pair = pair_of(*mother_and_child)
    told = str(reviewed.show(pair))
    for value in ("Moss", "2010-05-05", "9434765919"):
        assert value not in told
    assert "9999999999" in told
    assert reviewed.county.one("SELECT count(*) FROM identity.review_look") == 0
    told = str(reviewed.show(pair, names=True, by="Ada"))
    assert "Moss" in told
    reviewed.county.conn.rollback()
    assert reviewed.county.one("SELECT by_whom FROM identity.review_look") == "Ada"


def test_a_pair_is_shown_with_both_histories_and_what_was_said(reviewed: Reviewed, two_anns: tuple[int, int]) -> None:
    reviewed.county.someone("police", "P1", "Anna", "Lea", "1985-02-03", seen="2020-03-02", uprn="100")
    reviewed.refresh()
    reviewed.say(pair_of(*two_anns), "different", because="two passports")
    told = reviewed.show(pair_of(*two_anns))
    assert [(v["side"], v["partner"], str(v["snapshot_on"])) for v in told["histories"] if v["partner"] == "police"
            ] == [("a" if told["record_a"] == two_anns[1] else "b", "police", d) for d in ("2020-01-06", "2020-03-02")]
    assert told["compared"][-1]["total"] == told["weight"]
    assert sum(c["weight"] for c in told["compared"]) == pytest.approx(told["weight"], abs=0.01)
    assert told["verdict"] in ("joins", "holds", "for a person", "unlikely", "two people")
    assert [(w["says"], w["because"]) for w in told["words"]] == [("different", "two passports")]
    assert told["stands"] == "different"


@pytest.mark.parametrize("pair", ["", "zz", "12:13", "1:1"])
def test_a_pair_that_nobody_knows_is_a_wrong_call(reviewed: Reviewed, pair: str) -> None:
    with pytest.raises(CallError, match="no such pair"):
        reviewed.say(pair, "same")


def test_a_word_without_a_name_or_a_reason_is_a_wrong_call(reviewed: Reviewed, two_anns: tuple[int, int]) -> None:
    for by, because in ((" ", "x"), ("Ada", " ")):
        with pytest.raises(CallError, match="who decides and why"):
            reviewed.say(pair_of(*two_anns), "same", by, because)


def test_nothing_is_taken_back_where_nobody_spoke_nor_said_twice(reviewed: Reviewed, two_anns: tuple[int, int]) -> None:
    reviewed.refresh()
    with pytest.raises(NeedsAPerson, match="nobody's word"):
        reviewed.say(pair_of(*two_anns), "undo")
    reviewed.say(pair_of(*two_anns), "same")
    with pytest.raises(NeedsAPerson, match="stands"):
        reviewed.say(pair_of(*two_anns), "same", by="Ben")


def test_a_sample_of_links_is_drawn_by_its_seed_and_not_drawn_twice(reviewed: Reviewed) -> None:
    from tf_integration.flow.review import sample

    for n in range(6):
        nhs = f"943476{n}9{n}9"
        reviewed.county.someone("dwp", f"D{n}", f"Ann{n}", "Lee", nhs_number=nhs)
        reviewed.county.someone("jcp", f"J{n}", f"Ann{n}", "Lee", nhs_number=nhs)
    reviewed.refresh()
    drawn = [p["pair_id"] for p in sample(reviewed.settings, 3, "a")["pairs"]]
    assert drawn == [p["pair_id"] for p in sample(reviewed.settings, 3, "a")["pairs"]]
    assert drawn != [p["pair_id"] for p in sample(reviewed.settings, 3, "b")["pairs"]]
    reviewed.say(drawn[0], "same")
    again = [p["pair_id"] for p in sample(reviewed.settings, 6, "a")["pairs"]]
    assert len(again) == 5
    assert drawn[0] not in again


def test_the_command_says_it_in_a_terminal(
        reviewed: Reviewed, mother_and_child: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from tf_integration.cli.main import build

    reviewed.refresh()
    monkeypatch.setenv("TFI_WAREHOUSE_URL", str(reviewed.settings.warehouse_url))

    def tfi(*words: str) -> str:
        told = CliRunner().invoke(build(), ["review", *words])
        assert told.exit_code == 0, (told.output, told.exception)
        assert max(map(len, told.output.splitlines())) < 160
        return told.output

    assert tfi() == tfi("list")
    listed: Any = tfi("list")
    assert "refused" in listed
    pair = listed.splitlines()[1].split()[0]
    assert "birth date" in tfi("show", pair)
    assert "Moss" not in tfi("show", pair)
    assert "Moss" in tfi("show", pair, "--names")
    assert "next refresh" in tfi("different", pair, "--by", "Ada", "--because", "mother and son")
    assert "No pair waits" in tfi("list")
    assert '"waiting": 0' in tfi("list", "--json")
    assert "two people" in tfi("show", pair)
