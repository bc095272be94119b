"""Part lists, whole lists, and the days on which a weaker household keeps a person whom a stronger one names."""

from __future__ import annotations

import pytest
from small_county import County

AT_1 = {"address": "1 High Street", "postcode": "AB1 2CD"}


@pytest.fixture
def mother_and_child(county: County) -> tuple[int, int]:
    """Of one tenancy since 2018."""
    ann = county.someone("housing", "H1", "Ann", "Lee")
    tom = county.someone("housing", "H2", "Tom", "Lee", "2010-05-05")
    for p, role in ((ann, "tenant"), (tom, "child")):
        county.fact("tenancy", p, "2018-01-01", partner="housing", ref="T1", role=role)
    return ann, tom


def worked_with(county: County, person: int, on: str = "2019-05-01", ref: str = "SC1") -> None:
    county.fact("cin", person, on, partner="social_care", family_ref=ref)


def test_a_child_that_social_care_works_with_stays_of_its_mothers_tenancy(
        county: County, mother_and_child: tuple[int, int]) -> None:
    ann, tom = mother_and_child
    worked_with(county, tom)
    county.resolve()
    assert county.members(county.household("social_care", "social_care", "SC1")) == {tom: ["(,)"]}
    assert set(county.members(county.household("tenancy", "housing", "T1"))) == {ann, tom}
    assert county.rows("SELECT basis, confidence::float FROM identity.membership WHERE person_id = :p ORDER BY 1", p=tom
                       ) == [("social_care", 1.0), ("tenancy", 0.9)]


def test_a_tenancy_of_nobody_else_is_the_social_care_family_again(
        county: County, mother_and_child: tuple[int, int]) -> None:
    for person in mother_and_child:
        worked_with(county, person)
    county.resolve()
    assert set(county.members(county.household("social_care", "social_care", "SC1"))) == set(mother_and_child)
    assert county.one("SELECT count(*) FROM identity.household WHERE basis <> 'social_care'") == 0


def test_a_child_stays_of_the_tenancy_only_while_somebody_else_is_of_it(county: County) -> None:
    ann = county.someone("housing", "H1", "Ann", "Lee")
    tom = county.someone("housing", "H2", "Tom", "Lee", "2010-05-05")
    county.fact("tenancy", ann, "2018-01-01", "2019-01-01", partner="housing", ref="T1", role="tenant")
    county.fact("tenancy", tom, "2018-01-01", "2020-01-01", partner="housing", ref="T1", role="child")
    worked_with(county, tom)
    county.resolve()
    assert county.days(county.household("tenancy", "housing", "T1"), tom) == ["[2018-01-01,2019-01-01)"]


def test_two_children_worked_with_apart_stay_together_at_their_tenancy(county: County) -> None:
    kids = [county.someone("housing", f"H{n}", name, "Lee", f"201{n}-05-05") for n, name in enumerate(("Tom", "Eve"))]
    for n, kid in enumerate(kids):
        county.fact("tenancy", kid, "2018-01-01", partner="housing", ref="T1", role="child")
        worked_with(county, kid, ref=f"SC{n}")
    county.resolve()
    assert set(county.members(county.household("tenancy", "housing", "T1"))) == set(kids)


def test_early_help_lists_a_whole_family_and_takes_it_from_tenancy_and_home(
        county: County, mother_and_child: tuple[int, int]) -> None:
    ann, tom = mother_and_child
    county.listed("F1", tom, "2019-01-01", role="child")
    worked_with(county, tom)
    county.resolve()
    assert county.days(county.household("tenancy", "housing", "T1"), tom) == ["[2018-01-01,2019-01-01)"]
    assert county.days(county.household("tenancy", "housing", "T1"), ann) == ["[2018-01-01,)"]


def test_kinship_care_is_a_household_with_the_grandparent_while_the_mother_keeps_hers(county: County) -> None:
    said = (("Ann", "1985-03-02"), ("Joan", "1955-01-01"), ("Tom", "2010-05-05"))
    mum, gran, tom = (county.someone("early_help", f"E{n}", name, "Lee", born, nhs_number=f"943476591{n}")
                      for n, (name, born) in enumerate(said))
    county.listed("F1", mum, "2015-01-01", role="mother")
    county.listed("F1", tom, "2015-01-01", "2019-06-01", role="child")
    county.listed("F2", gran, "2019-06-01", role="grandparent")
    county.listed("F2", tom, "2019-06-01", role="child")
    county.resolve()
    assert county.days(county.household_of("early_help", "F1"), tom) == ["[2015-01-01,2019-06-01)"]
    assert county.days(county.household_of("early_help", "F2"), tom) == ["[2019-06-01,)"]
    assert county.days(county.household_of("early_help", "F1"), mum) == ["[2015-01-01,)"]


def test_a_child_between_two_homes_is_of_both_tenancies(county: County) -> None:
    mum, dad = county.someone("housing", "H1", "Ann"), county.someone("housing", "H2", "Joe", born="1984-01-01")
    tom = county.someone("housing", "H3", "Tom", born="2010-05-05")
    for ref, adult in (("T1", mum), ("T2", dad)):
        county.fact("tenancy", adult, "2018-01-01", partner="housing", ref=ref, role="tenant")
        county.fact("tenancy", tom, "2018-01-01", partner="housing", ref=ref, role="child")
    county.resolve()
    assert set(county.members(county.household("tenancy", "housing", "T1"))) == {mum, tom}
    assert set(county.members(county.household("tenancy", "housing", "T2"))) == {dad, tom}


@pytest.mark.parametrize(("flag", "resident"), [(True, True), (False, False), (None, None)])
def test_a_membership_says_whether_the_member_lives_there(
        county: County, flag: bool | None, resident: bool | None) -> None:
    ann = county.someone("early_help", "E1")
    county.listed("F1", ann, is_flagged=flag)
    county.resolve()
    assert county.rows("SELECT resident FROM identity.membership") == [(resident,)]


def test_temporary_accommodation_by_its_tenancies_is_one_household_each_and_by_its_address_none(county: County) -> None:
    people = [county.someone("housing", f"H{n}", f"Ann{n}", f"Sur{n}", **AT_1) for n in range(6)]
    for n, p in enumerate(people[:4]):
        county.fact("tenancy", p, "2020-01-01", partner="housing", ref=f"TA{n // 2}", role="tenant", code="TA")
    county.resolve()
    assert set(county.members(county.household("tenancy", "housing", "TA0"))) == set(people[:2])
    assert county.rows("SELECT basis, count(*) FROM identity.household GROUP BY 1") == [("tenancy", 2)]
