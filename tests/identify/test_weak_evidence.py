"""Weak evidence makes nobody one: placeholder birth dates, communal addresses, what a family shares; twins are told."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError
from small_county import County

from tf_integration import identify
from tf_integration.identify import models
from tf_integration.identify.matching import Matching, load_matching
from tf_integration.identify.pairing import Matcher
from tf_integration.model.feed import load_feeds

HOSTEL = {"address": "Harbour House, 9 Quay Street", "postcode": "AB1 2CD"}
HOME = {"address": "1 High Street", "postcode": "AB1 2CD"}


def known_hostel(county: County) -> None:
    county.put("identity.communal", written="HARBOURHOUSE9QUAYSTREET|AB12CD", kind="hostel")


@pytest.mark.parametrize("known", [True, False])
def test_two_strangers_of_one_name_at_one_hostel_are_two(county: County, known: bool):
    """And if nobody knew that it is a hostel, they would be joined."""
    if known:
        known_hostel(county)
    a = county.someone("police", "P1", "Thomas", "Wainwright", "1985-03-02", **HOSTEL)
    b = county.someone("health", "H1", "Thomas", "Wainwright", None, **HOSTEL)
    county.resolve()
    assert county.is_one_person(a, b) is not known


def test_an_address_that_becomes_communal_parts_those_whom_it_alone_had_joined(county: County):
    a = county.someone("police", "P1", "Thomas", "Wainwright", "1985-03-02", **HOSTEL)
    b = county.someone("health", "H1", "Thomas", "Wainwright", None, **HOSTEL)
    county.resolve()
    assert county.is_one_person(a, b)
    known_hostel(county)
    county.resolve()
    assert not county.is_one_person(a, b)
    county.conn.exec_driver_sql("DELETE FROM identity.communal")
    county.resolve()
    assert county.is_one_person(a, b)


def test_a_name_with_a_birth_date_and_a_hostels_postcode_is_weighed_and_no_identifier(county: County):
    known_hostel(county)
    a = county.someone("police", "P1", "Thomas", "Wainwright", "1985-03-02", **HOSTEL)
    b = county.someone("health", "H1", "Thomas", "Wainwright", "1985-03-02", **HOSTEL)
    county.resolve()
    assert county.is_one_person(a, b)                   # name and birth date are enough of themselves
    assert county.because(b) == ("model", "same name, same date of birth")


@pytest.mark.parametrize(("days", "joined"), [(["01-01"], False), ([], True)])
def test_a_placeholder_birth_date_does_not_join_namesakes(
        county: County, monkeypatch: pytest.MonkeyPatch, days: list[str], joined: bool):
    """And if it were taken for a birth date like any other, they would be one."""
    shipped = load_matching().model_dump(mode="json")
    shipped["births"] |= {"placeholder_days": days}
    shipped["names"]["placeholders"] = sorted(shipped["names"]["placeholders"])
    live = models.active(county.conn)
    changed = Matcher(live.model, Matching.model_validate(shipped), live.nicknames)
    monkeypatch.setattr("tf_integration.identify.models.active", lambda conn: changed)
    a = county.someone("police", "P1", "James", "Smith", "1985-01-01", address="1 High Street", postcode="AB1 2CD")
    b = county.someone("health", "H1", "James", "Smith", "1985-01-01", address="7 Far Lane", postcode="XY9 9ZZ")
    county.resolve()
    assert county.is_one_person(a, b) == joined


def test_mother_and_daughter_who_share_a_home_and_a_telephone_are_two(county: County):
    """A telephone number is no evidence: no extract may carry one, and matching.yaml refuses it."""
    mother = county.someone("police", "P1", "Sarah", "Wainwright", "1980-03-02", **HOME)
    daughter = county.someone("health", "H1", "Sara", "Wainwright", "2008-07-01", **HOME)
    county.resolve()
    assert not county.is_one_person(mother, daughter)
    columns = {c.name for feed in load_feeds().values() for c in feed.columns}
    assert not [c for c in columns if "phone" in c or "mobile" in c or "email" in c]
    said = yaml.safe_load(Path(identify.__file__).with_name("matching.yaml").read_text())
    with pytest.raises(ValidationError, match="no such field: phone"):
        Matching.model_validate(said | {"blocks": [["phone"]]})


def twins(county: County) -> list[tuple[object, ...]]:
    return county.rows(
        "SELECT source_record_a, source_record_b, because FROM identity.uncertain WHERE kind = 'twins' "
        "AND known_to = 'infinity' ORDER BY 1, 2")


def test_possible_twins_are_told_of_once_and_until_somebody_speaks(county: County):
    a = county.someone("schools", "S1", "Tom", "Wainwright", "2010-05-05", **HOME)
    b = county.someone("health", "H1", "Kim", "Wainwright", "2010-05-05", **HOME)
    county.someone("police", "P1", "Kim", "Wainwright", "2010-05-05", **HOME)
    county.resolve()
    assert not county.is_one_person(a, b)
    ((one, other, because),) = twins(county)
    assert county.person_of(one) != county.person_of(other)
    assert because == "same surname, another forename, same date of birth, same address"
    assert county.resolve()["looked_at"] == 0
    assert len(twins(county)) == 1
    county.says(one, other, "different")
    county.resolve()
    assert twins(county) == []


def test_twins_whom_identifiers_tell_apart_are_not_asked_about(county: County):
    county.someone("schools", "S1", "Tom", "Wainwright", "2010-05-05", nhs_number="9434765919", **HOME)
    county.someone("health", "H1", "Kim", "Wainwright", "2010-05-05", nhs_number="9434765870", **HOME)
    county.resolve()
    assert twins(county) == []
