"""Homes: communal addresses are no household, and a household that comes back is the one that left."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_county import County

from tf_integration.identify.communal import load_communal
from tf_integration.model.errors import ContractError

AT_1 = {"address": "1 High Street", "postcode": "AB1 2CD"}
AT_2 = {"address": "2 Low Road", "postcode": "AB1 2CE"}


def formed(county: County) -> int:
    return int(county.one("SELECT count(*) FROM identity.household WHERE known_to = 'infinity'"))


@pytest.mark.parametrize(("surnames", "households"), [(4, 1), (5, 0)])
def test_many_surnames_at_one_address_are_no_household(county: County, surnames: int, households: int) -> None:
    for n in range(6):
        county.someone("police", f"P{n}", f"Ann{n}", f"Sur{min(n, surnames - 1)}", **AT_1)
    county.resolve()
    assert formed(county) == households


def test_surnames_that_were_never_there_on_one_day_do_not_make_a_home_communal(county: County) -> None:
    """A house whose lodgers change, one at a time, beside an owner who stays."""
    county.someone("police", "P9", "Owen", "Stay", seen="2020-01-01", **AT_1)
    for n in range(6):
        county.someone("police", f"P{n}", f"Ann{n}", f"Sur{n}", seen=f"2020-0{n + 1}-01", **AT_1)
        county.someone("police", f"P{n}", f"Ann{n}", f"Sur{n}", seen=f"2020-0{n + 1}-20", **AT_2)
    county.resolve()
    at_1 = county.one("SELECT count(DISTINCT person_id) FROM identity.membership WHERE household_id = "
                      "(SELECT household_id FROM identity.membership WHERE person_id = :p)",
                      p=county.hash_id("person|police|people|P9"))
    assert at_1 == 7


def test_a_family_that_leaves_and_returns_is_the_household_that_left(county: County) -> None:
    for seen, home in (("2020-01-01", AT_1), ("2020-02-01", AT_2), ("2020-04-01", AT_1)):
        for n, name in enumerate(("Ann", "Tom")):
            county.someone("police", f"P{n}", name, born=f"199{n}-01-01", seen=seen, **home)
    county.resolve()
    (first,) = {h for (h,) in county.rows("SELECT household_id FROM identity.membership WHERE lower_inf(valid)")}
    assert list(county.members(first).values()) == [["(,2020-02-01)", "[2020-04-01,)"]] * 2
    assert formed(county) == 2


def test_another_family_between_is_another_household_and_the_first_comes_back_as_itself(county: County) -> None:
    def at(ref: str, surname: str, seen: str, home: dict[str, str]) -> int:
        return county.someone("police", ref, "Ann", surname, f"19{ref[1:]}-01-01", seen=seen, **home)

    lee = at("P80", "Lee", "2020-01-01", AT_1)
    at("P80", "Lee", "2020-02-01", AT_2)
    fox = at("P81", "Fox", "2020-02-10", AT_1)
    at("P81", "Fox", "2020-03-01", {"address": "3 Hill", "postcode": "AB1 2CF"})
    at("P80", "Lee", "2020-04-01", AT_1)
    county.resolve()
    mine = {h for (h,) in county.rows("SELECT household_id FROM identity.membership WHERE person_id = :p", p=lee)}
    theirs = {h for (h,) in county.rows("SELECT household_id FROM identity.membership WHERE person_id = :p", p=fox)}
    assert len(mine) == 2
    assert not mine & theirs
    back = county.one(
        "SELECT household_id FROM identity.membership WHERE person_id = :p AND valid @> date '2020-05-01'", p=lee)
    assert county.days(back, lee) == ["(,2020-02-01)", "[2020-04-01,)"]


def test_of_a_home_shared_out_anew_half_is_not_the_household_come_back(county: County) -> None:
    for n in (1, 2):
        county.someone("police", f"P{n}", f"Ann{n}", born=f"198{n}-01-01", seen="2020-01-01", **AT_1)
        county.someone("police", f"P{n}", f"Ann{n}", born=f"198{n}-01-01", seen="2020-02-01", **AT_2)
    for ref, name, born in (("P1", "Ann1", "1981-01-01"), ("P3", "Max", "1983-01-01")):
        county.someone("police", ref, name, born=born, seen="2020-04-01", **AT_1)
    county.resolve()
    homes = {h for (h,) in county.rows("SELECT household_id FROM identity.membership WHERE person_id = :p",
                                       p=county.hash_id("person|police|people|P1"))}
    assert len(homes) == 3


@pytest.mark.parametrize("row", ["000100,,,refuge", ",1 high street,ab1 2cd,refuge"])
def test_an_address_that_the_council_knows_to_be_a_refuge_binds_nobody(
        county: County, tmp_path: Path, row: str) -> None:
    ann = county.someone("police", "P1", "Ann", uprn="100", **AT_1)
    tom = county.someone("schools", "S1", "Tom", born="2010-05-05", uprn="100", **AT_1)
    elsewhere = county.someone("police", "P2", "Max", "Fox", **AT_2)
    (tmp_path / "communal.csv").write_text(f"uprn,address,postcode,kind\n{row}\n")
    assert load_communal(county.conn, tmp_path) == 1
    county.resolve()
    assert county.rows("SELECT person_id FROM identity.membership") == [(elsewhere,)]
    (tmp_path / "communal.csv").unlink()
    assert load_communal(county.conn, tmp_path) == 0
    county.resolve()
    assert formed(county) == 2
    assert {p for (p,) in county.rows("SELECT person_id FROM identity.membership WHERE known_to = 'infinity'")
            } == {ann, tom, elsewhere}


@pytest.mark.parametrize("text", ["uprn,kind\n1,refuge\n", "uprn,address,postcode,kind\n,1 Canary Road,,refuge\n",
                                  "uprn,address,postcode,kind\n12,,,\n"])
def test_a_bad_list_of_communal_addresses_is_refused_without_a_value(county: County, tmp_path: Path, text: str) -> None:
    (tmp_path / "communal.csv").write_text(text)
    with pytest.raises(ContractError) as refused:
        load_communal(county.conn, tmp_path)
    assert "Canary" not in str(refused.value)
