"""Who is one person: the evidence, what it may not join, and what is kept of it."""

from __future__ import annotations

HOME = {"address": "1 High Street", "postcode": "AB1 2CD"}
NHS, OTHER_NHS = "9434765919", "9434765870"
NINO, OTHER_NINO = "AB123456C", "CE654321A"


def test_all_records_of_one_partner_reference_are_one_person(county):
    first = county.record("police", "P1", "incidents", forename="Ann", surname="Lee")
    other = county.record("police", "P1", "nominations", forename="Anne", surname="Leigh", date_of_birth="1985-03-02")
    elsewhere = county.record("health", "P1", forename="Ann", surname="Lee")
    county.resolve()
    assert county.is_one_person(first, other)
    assert not county.is_one_person(first, elsewhere)
    assert county.because(first) == ("identifier", "same partner reference")


def test_two_feeds_of_one_partner_that_disagree_both_stand(county):
    first = county.record("police", "P1", "incidents", forename="Ann", surname="Lee", date_of_birth="1985-03-02", nhs_number=NHS)
    other = county.record("police", "P1", "nominations", forename="Bob", surname="Fox", date_of_birth="2001-09-09", nhs_number=OTHER_NHS)
    county.resolve()
    assert county.is_one_person(first, other)


def test_same_nhs_number_is_one_person(county):
    a = county.someone("police", "P1", "Ann", "Lee", nhs_number=NHS)
    b = county.someone("health", "H1", "Ann", "Fox", nhs_number=NHS)
    county.resolve()
    assert county.is_one_person(a, b)
    assert county.because(b) == ("identifier", "same NHS number")


def test_smoke(county):
    a = county.someone("early_help", "E1", "Ann", "Lee", **HOME)
    b = county.someone("early_help", "E2", "Tom", "Lee", "2010-01-01", **HOME)
    county.listed("F1", a)
    county.listed("F1", b, "2019-01-01", role="child")
    print(county.resolve())
    print(county.state())
    before = county.everything()
    print(county.resolve())
    assert county.everything() == before
