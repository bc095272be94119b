"""Who is one person: the evidence, what it may not join, and what is kept of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tf_integration import identify
from tf_integration.model.errors import CallError

HOME = {"address": "1 High Street", "postcode": "AB1 2CD"}
NHS, OTHER_NHS = "9434765919", "9434765870"
NINO, OTHER_NINO = "AB123456C", "CE654321A"
UPN, NEW_UPN, THIRD_UPN = "B801200005001", "H801200001001", "K801200001002"


def contradictions(county):
    return county.rows("SELECT because FROM identity.contradiction WHERE known_to = 'infinity' ORDER BY 1")


def test_all_records_of_one_partner_reference_are_one_person(county):
    first = county.record("police", "P1", "incidents", forename="Ann", surname="Lee")
    other = county.record("police", "P1", "nominations", forename="Anne", surname="Leigh")
    elsewhere = county.record("health", "P1", forename="Ann", surname="Lee")
    county.resolve()
    assert county.is_one_person(first, other)
    assert not county.is_one_person(first, elsewhere)
    assert county.because(first) == ("identifier", "same partner reference")


def test_two_feeds_of_one_partner_that_disagree_both_stand_as_one_person(county):
    first = county.record(
        "police", "P1", "incidents", surname="Lee", date_of_birth="1985-03-02", nhs_number=NHS
    )
    other = county.record(
        "police", "P1", "other", surname="Fox", date_of_birth="2001-09-09", nhs_number=OTHER_NHS
    )
    county.resolve()
    assert county.is_one_person(first, other)


@pytest.mark.parametrize(
    ("column", "value", "because"),
    [
        ("nhs_number", NHS, "same NHS number"),
        ("upn", UPN, "same UPN, or the one before it"),
        ("nino", NINO, "same NINO"),
    ],
)
def test_the_same_checked_identifier_is_one_person(county, column, value, because):
    a = county.someone("police", "P1", "Ann", "Lee", **{column: value})
    b = county.someone("health", "H1", "Ann", "Fox", **{column: value})
    county.resolve()
    assert county.is_one_person(a, b)
    assert county.because(a) == county.because(b) == ("identifier", because)


def test_exact_name_birth_date_and_postcode_is_one_person_however_it_is_written(county):
    a = county.someone("police", "P1", "Zoë-Ann", "O'Neil", **HOME)
    b = county.someone("health", "H1", "ZOE ANN", "o neil", postcode="ab12cd")
    county.resolve()
    assert county.is_one_person(a, b)
    assert county.because(b) == ("identifier", "same name, date of birth and postcode")


@pytest.mark.parametrize(
    ("lacks", "decided_by"),
    [("forename", None), ("surname", None), ("date_of_birth", "model"), ("postcode", "model")],
)
def test_a_match_without_an_identifier_needs_both_names_and_a_birth_date_or_home(county, lacks, decided_by):
    said = {
        "forename": "Ann",
        "surname": "Lee",
        "date_of_birth": "1985-03-02",
        "postcode": "AB1 2CD",
        lacks: None,
    }
    a, b = county.record("police", "P1", **said), county.record("health", "H1", **said)
    county.resolve()
    assert county.is_one_person(a, b) == (decided_by is not None)
    assert county.because(b)[0] == (decided_by or "identifier")


def test_names_of_other_scripts_compare(county):
    a = county.someone("police", "P1", "Олена", "Шевченко", **HOME)
    b = county.someone("health", "H1", "Олена", "Шевченко", **HOME)
    c = county.someone("jcp", "J1", "Ірина", "Шевченко", **HOME)
    county.resolve()
    assert county.is_one_person(a, b)
    assert not county.is_one_person(a, c)


def test_twins_do_not_merge(county):
    a = county.someone("schools", "S1", "Tom", "Lee", "2010-05-05", uprn="100", **HOME)
    b = county.someone("health", "H1", "Tim", "Lee", "2010-05-05", uprn="100", **HOME)
    county.resolve()
    assert not county.is_one_person(a, b)


def test_father_and_son_of_one_name_do_not_merge(county):
    a = county.someone("schools", "S1", "John", "Lee", "2010-05-05", **HOME)
    b = county.someone("police", "P1", "John", "Lee", "1980-05-05", **HOME)
    county.resolve()
    assert not county.is_one_person(a, b)


@pytest.mark.parametrize(
    ("column", "one", "other"),
    [("nhs_number", NHS, OTHER_NHS), ("upn", UPN, NEW_UPN), ("nino", NINO, OTHER_NINO)],
)
def test_conflicting_identifiers_of_one_kind_never_merge(county, column, one, other):
    a = county.someone("police", "P1", **HOME, **{column: one})
    b = county.someone("health", "H1", **HOME, **{column: other})
    counts = county.resolve()
    assert not county.is_one_person(a, b)
    assert counts["contradictions"] == 1
    assert contradictions(county)[0][0].startswith("same name, date of birth and postcode, but not the same")


def test_a_conflict_holds_for_whole_clusters_through_a_record_without_identifiers(county):
    a = county.someone("police", "P1", **HOME, nhs_number=NHS)
    b = county.someone("health", "H1", **HOME, nhs_number=OTHER_NHS)
    bridge = county.someone("jcp", "J1", **HOME)
    county.resolve()
    assert not county.is_one_person(a, b)
    assert sum(county.is_one_person(bridge, r) for r in (a, b)) == 1


def test_an_agreeing_identifier_does_not_outweigh_a_conflicting_one(county):
    a = county.someone("police", "P1", nhs_number=NHS, nino=NINO)
    b = county.someone("health", "H1", nhs_number=OTHER_NHS, nino=NINO)
    county.resolve()
    assert not county.is_one_person(a, b)
    assert contradictions(county) == [("same NINO, but not the same NHS number",)]


@pytest.mark.parametrize(
    ("forename", "surname", "born", "joined"),
    [
        ("Bob", "Fox", "2001-09-09", False),  # both differ
        ("Ann", "Fox", "2001-09-09", False),  # surname and birth date
        ("Tom", "Lee", "2001-09-09", False),  # a mother's number on her child's record
        ("Ann", "Fox", "1985-03-02", True),  # married: the birth date stands
        ("Annie", "Lee", "1985-03-20", True),  # a slip in the birth date: the name stands
        ("Bob", "Fox", None, True),  # nothing to contradict with
    ],
)
def test_an_identifier_contradicted_by_birth_date_and_name_does_not_link(
    county, forename, surname, born, joined
):
    a = county.someone("police", "P1", "Ann", "Lee", "1985-03-02", nino=NINO)
    b = county.someone("dwp", "D1", forename, surname, born, nino=NINO)
    county.resolve()
    assert county.is_one_person(a, b) == joined
    assert contradictions(county) == ([] if joined else [("same NINO, but name and date of birth disagree",)])


def test_a_record_that_refuses_the_first_holder_of_its_number_still_joins_the_second(county):
    wrong = county.someone("dwp", "D1", "Bob", "Fox", "2001-09-09", nino=NINO, seen="2019-06-03")
    a = county.someone("police", "P1", nino=NINO)
    b = county.someone("jcp", "J1", nino=NINO)
    county.resolve()
    assert county.is_one_person(a, b)
    assert not county.is_one_person(a, wrong)


def test_a_value_on_very_many_records_is_a_placeholder(county):
    records = [county.someone("police", f"P{n}", "Ann", f"Lee{n}", nino=NINO) for n in range(51)]
    county.resolve()
    assert len({county.person_of(r) for r in records}) == 51
    assert contradictions(county) == [("same NINO, on more than 50 records",)]


def test_a_new_upn_joins_the_former_one(county):
    old = county.someone("schools", UPN, "Tom", "Lee", "2010-05-05", upn=UPN, seen="2019-06-03")
    new = county.someone("schools", NEW_UPN, "Tom", "Lee", "2010-05-05", upn=NEW_UPN, former_upn=UPN)
    newer = county.someone(
        "schools", THIRD_UPN, "Tom", "Lee", "2010-05-05", upn=THIRD_UPN, former_upn=NEW_UPN
    )
    elsewhere = county.someone("health", "H1", "Thomas", "Lee", "2010-05-05", upn=UPN)
    county.resolve()
    assert county.is_one_person(old, new, newer, elsewhere)
    assert county.person_of(newer) == old


def test_two_upns_without_a_former_upn_between_them_never_merge(county):
    old = county.someone("schools", UPN, "Tom", "Lee", "2010-05-05", upn=UPN, **HOME)
    new = county.someone("schools", NEW_UPN, "Tom", "Lee", "2010-05-05", upn=NEW_UPN, **HOME)
    county.resolve()
    assert not county.is_one_person(old, new)


def test_a_former_upn_that_two_children_claim_joins_nobody(county):
    a = county.someone("schools", NEW_UPN, "Tom", "Lee", "2010-05-05", upn=NEW_UPN, former_upn=UPN)
    b = county.someone("schools", THIRD_UPN, "Tim", "Lee", "2010-05-05", upn=THIRD_UPN, former_upn=UPN)
    county.resolve()
    assert not county.is_one_person(a, b)
    assert contradictions(county) == [("two children claim one former UPN",)]


def test_r_rows_wait_for_their_person_and_join_later(county):
    attendance = county.record("schools", UPN, "attendance", introduces=False)
    assert county.resolve()["waiting"] == 1
    assert county.person_of(attendance) is None
    pupil = county.someone("schools", UPN, "Tom", "Lee", "2010-05-05", upn=UPN, seen="2020-02-03")
    assert county.resolve()["waiting"] == 0
    assert county.is_one_person(attendance, pupil)
    assert county.because(attendance) == ("identifier", "same partner reference")


def test_r_rows_under_an_old_upn_join_through_former_upn(county):
    attendance = county.record("schools", UPN, "attendance", introduces=False)
    pupil = county.someone("schools", NEW_UPN, "Tom", "Lee", "2010-05-05", upn=NEW_UPN, former_upn=UPN)
    county.resolve()
    assert county.is_one_person(attendance, pupil)
    assert county.because(attendance) == ("identifier", "same UPN, or the one before it")


def test_an_r_row_of_another_partner_under_that_reference_stays_waiting(county):
    county.someone("schools", NEW_UPN, "Tom", "Lee", "2010-05-05", upn=NEW_UPN, former_upn=UPN)
    other = county.record("housing", UPN, "actions", introduces=False)
    county.resolve()
    assert county.person_of(other) is None


def test_a_persons_word_joins_what_identifiers_forbid(county):
    a = county.someone("police", "P1", nhs_number=NHS)
    b = county.someone("health", "H1", "Bob", "Fox", "2001-09-09", nhs_number=OTHER_NHS)
    county.says(a, b, "same")
    county.resolve()
    assert county.is_one_person(a, b)
    assert county.because(b) == ("person", "a person said that they are the same")


@pytest.mark.parametrize("word", ["different", "never"])
def test_a_persons_word_parts_what_identifiers_join(county, word):
    a = county.someone("police", "P1", nhs_number=NHS)
    b = county.someone("health", "H1", nhs_number=NHS)
    county.resolve()
    assert county.is_one_person(a, b)
    county.says(b, a, word)
    counts = county.resolve()
    assert not county.is_one_person(a, b)
    assert (counts["splits"], counts["contradictions"]) == (1, 0)
    assert county.because(b) == ("person", "a person said that they are different")


def test_a_persons_word_parts_records_of_one_partner_reference(county):
    a = county.record("police", "P1", "incidents", forename="Ann", surname="Lee")
    b = county.record("police", "P1", "nominations", forename="Bob", surname="Fox")
    c = county.record("police", "P1", "other", forename="Ann", surname="Lee", seen="2020-02-03")
    county.says(a, b, "different")
    county.resolve()
    assert not county.is_one_person(a, b)
    assert sum(county.is_one_person(c, r) for r in (a, b)) == 1


def test_a_persons_word_holds_through_a_third_record(county):
    a = county.someone("police", "P1", nhs_number=NHS)
    b = county.someone("health", "H1", nino=NINO)
    bridge = county.someone("jcp", "J1", nhs_number=NHS, nino=NINO)
    county.says(a, b, "different")
    county.resolve()
    assert county.is_one_person(a, bridge)
    assert not county.is_one_person(a, b)


def test_the_last_word_on_a_pair_stands(county):
    a, b = county.someone("police", "P1"), county.someone("health", "H1", "Bob", "Fox")
    county.says(a, b, "different")
    county.says(b, a, "same")
    county.resolve()
    assert county.is_one_person(a, b)


def test_words_that_contradict_one_another_are_kept_for_a_person(county):
    a, b, c = (county.someone("police", f"P{n}") for n in range(3))
    county.says(a, b, "same")
    county.says(b, c, "same")
    county.says(a, c, "different")
    county.resolve()
    assert not county.is_one_person(a, c)
    assert contradictions(county) == [
        ("a person said that they are the same, but a person said that they are different",)
    ]


def test_a_person_is_named_after_its_earliest_record_whichever_came_first(county):
    late = county.someone("police", "P1", nhs_number=NHS, seen="2020-03-02")
    county.resolve()
    early = county.someone("health", "H1", nhs_number=NHS, seen="2019-06-03")
    county.resolve()
    assert county.person_of(late) == early
    assert county.rows("SELECT person_id, event, other_id FROM identity.person_event") == [
        (early, "merge", late)
    ]


def test_a_merge_by_new_evidence_and_its_disappearance_give_back_the_former_state(county):
    county.someone("police", "P1", born=None, nhs_number=NHS)
    county.someone("health", "H1", born=None, nino=NINO)
    county.resolve()
    before = county.state()
    bridge = county.someone("jcp", "J1", born=None, nhs_number=NHS, nino=NINO, seen="2020-02-03")
    assert county.resolve()["merges"] == 1
    county.withdraw(bridge)
    assert county.resolve()["splits"] == 1
    assert county.state() == before
    versions = county.rows(
        "SELECT count(*), count(*) FILTER (WHERE known_to = 'infinity') FROM identity.person_link"
    )
    assert versions[0][0] > versions[0][1] == 2


def test_a_contradiction_is_closed_when_it_is_resolved(county):
    county.someone("police", "P1", "Ann", "Lee", "1985-03-02", nino=NINO)
    county.someone("dwp", "D1", "Bob", "Fox", "2001-09-09", nino=NINO)
    county.resolve()
    assert len(contradictions(county)) == 1
    county.someone("dwp", "D1", "Bob", "Fox", "2001-09-09", nino=OTHER_NINO, seen="2020-02-03")
    county.resolve()
    assert contradictions(county) == []


def test_a_refusal_that_other_evidence_overcame_is_no_contradiction(county):
    a = county.someone("police", "P1", "Ann", "Lee", "1985-03-02", nhs_number=NHS, upn=UPN)
    b = county.someone("dwp", "D1", "Bob", "Fox", "2001-09-09", nhs_number=NHS, nino=NINO)
    c = county.someone("health", "H1", "Ann", "Lee", "2001-09-09", upn=UPN, nino=NINO)
    county.resolve()
    assert county.is_one_person(a, b, c)
    assert contradictions(county) == []


def test_birth_date_and_sex_are_what_most_records_say(county):
    a = county.someone("police", "P1", born="1985-03-20", nhs_number=NHS, sex="M", seen="2019-06-03")
    county.someone("health", "H1", born="1985-03-02", nhs_number=NHS, sex="F")
    county.someone("jcp", "J1", born="1985-03-02", nhs_number=NHS, sex="F")
    county.resolve()
    assert county.rows("SELECT date_of_birth, sex FROM identity.person WHERE person_id = :a", a=a) == [
        (date(1985, 3, 2), "F")
    ]


def test_among_equals_the_record_seen_first_settles_the_birth_date(county):
    county.someone("health", "H1", born="1985-03-02", nhs_number=NHS, sex="U")
    county.someone("police", "P1", born="1985-03-20", nhs_number=NHS, sex="M", seen="2019-06-03")
    county.resolve()
    assert county.rows("SELECT date_of_birth, sex FROM identity.person") == [(date(1985, 3, 20), "M")]


def test_an_unknown_birth_date_stays_unknown(county):
    county.someone("police", "P1", born=None)
    county.resolve()
    assert county.rows("SELECT date_of_birth, sex FROM identity.person") == [(None, None)]


def test_an_earlier_instant_than_the_last_run_is_refused(county):
    first = datetime(2020, 6, 1, tzinfo=UTC)
    identify.resolve(county.conn, date(2020, 6, 1), first)
    with pytest.raises(CallError, match="stamped"):
        identify.resolve(county.conn, date(2020, 6, 1), first)
    identify.resolve(county.conn, date(2020, 6, 1), first + timedelta(hours=1))
    assert county.rows("SELECT known_at FROM identity.run ORDER BY 1 LIMIT 1") == [(first,)]
