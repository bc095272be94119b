"""What became of each household, and which of the families to find are told of twice."""

from __future__ import annotations

from datetime import date

import pytest
from small_county import County

from tf_integration.flow import marts


@pytest.fixture
def told(county: County) -> County:
    marts.create(county.conn)
    return county


@pytest.fixture
def family(county: County) -> list[int]:
    return [county.someone("early_help", f"E{n}", name, "Lee", born, nhs_number=f"943476591{n}")
            for n, (name, born) in enumerate((("Ann", "1985-03-02"), ("Joe", "1984-01-01"), ("Tom", "2002-02-28")))]


def events(county: County, household: int | None) -> list[tuple[object, ...]]:
    return county.rows("""
        SELECT happened_on::text, event, person_id, other_household_id, persons
        FROM mart.household_event_v1 WHERE household_id = :h ORDER BY 1, 2, 3""", h=household)


def test_joining_leaving_and_coming_back_are_events(told: County, family: list[int]) -> None:
    ann, joe, _ = family
    told.listed("F1", ann, "2018-01-01")
    told.listed("F1", joe, "2018-02-01", "2018-06-01")
    told.listed("F1", joe, "2019-01-01")
    told.resolve()
    assert events(told, told.household_of("early_help", "F1")) == [
        ("2018-01-01", "formed", None, None, 0), ("2018-01-01", "joined", ann, None, 1),
        ("2018-02-01", "joined", joe, None, 1), ("2018-06-01", "left", joe, None, 1),
        ("2019-01-01", "returned", joe, None, 1)]


def test_a_birth_and_an_eighteenth_birthday_are_events(told: County, family: list[int]) -> None:
    tom = family[2]
    baby = told.someone("early_help", "E9", "Eve", "Lee", "2019-05-05")
    leap = told.someone("early_help", "E8", "Kit", "Lee", "2000-02-29")
    for p, joined in ((tom, "2015-01-01"), (baby, "2019-05-05"), (leap, "2015-01-01")):
        told.listed("F1", p, joined, role="child")
    told.resolve()
    found = events(told, told.household_of("early_help", "F1"))
    assert ("2020-02-28", "came_of_age", tom, None, 1) in found
    assert ("2018-03-01", "came_of_age", leap, None, 1) in found
    assert ("2019-05-05", "born", baby, None, 1) in found
    assert not [e for e in found if e[1] == "came_of_age" and e[2] == baby]


def test_a_separation_a_move_and_a_merger_say_where_people_went(told: County, family: list[int]) -> None:
    ann, joe, tom = family
    for p in family:
        told.listed("F1", p, "2015-01-01", "2018-01-01" if p == joe else "2019-01-01")
    told.listed("F2", joe, "2018-01-01")
    told.listed("F2", told.someone("early_help", "E7", "Zoe", "Fox"), "2018-01-01")
    for p in (ann, tom):
        told.listed("F2", p, "2019-01-01")
    told.resolve()
    first, second = told.household_of("early_help", "F1"), told.household_of("early_help", "F2")
    went = [e for e in events(told, first) if e[1] in ("split", "moved")]
    assert went == [("2018-01-01", "split", None, second, 1), ("2019-01-01", "moved", None, second, 2)]
    came = [e for e in events(told, second) if e[1] == "came_from"]
    assert came == [("2018-01-01", "came_from", None, first, 1), ("2019-01-01", "came_from", None, first, 2)]


def judged(county: County, status: str = "eligible") -> None:
    """Every household is of this status."""
    county.put("assess.run", as_at=date(2020, 6, 1), known_at="2020-06-01", plan_hashes="{}", code_version="0",
               scope="full")
    for (household,) in county.rows("SELECT household_id FROM identity.household WHERE known_to = 'infinity'"):
        county.put("assess.readiness", household_id=household, status=status, problems_present="{}",
                   problems_improved="{}",
                   has_assessment=False, has_plan=False, has_lead_worker=False, has_tfop=False, value_pounds=0,
                   plan_id="p", as_at=date(2020, 6, 1), run_id=1)


def aside(county: County) -> dict[int, tuple[str | None, int | None]]:
    found = county.rows("SELECT household_id, aside, within_id FROM mart.to_find_v1")
    return {h: (why, other) for h, why, other in found}


def test_a_family_that_social_care_lists_in_part_is_found_once(told: County) -> None:
    ann, tom = told.someone("housing", "H1", "Ann"), told.someone("housing", "H2", "Tom", born="2010-05-05")
    for p in (ann, tom):
        told.fact("tenancy", p, "2018-01-01", partner="housing", ref="T1", role="tenant")
    told.fact("cin", tom, "2019-05-01", partner="social_care", family_ref="SC1")
    told.resolve()
    judged(told)
    whole, part = told.household("tenancy", "housing", "T1"), told.household_of("social_care", "SC1")
    assert aside(told) == {whole: (None, None), part: ("within", whole)}
    told.one("UPDATE assess.readiness SET status = 'not_eligible' WHERE household_id = :h RETURNING 1", h=whole)
    assert aside(told) == {part: (None, None)}


def test_a_household_that_has_ended_is_no_family_to_find(told: County) -> None:
    ann = told.someone("housing", "H1", "Ann")
    told.fact("tenancy", ann, "2018-01-01", "2019-01-01", partner="housing", ref="T1", role="tenant")
    told.fact("tenancy", ann, "2019-01-01", partner="housing", ref="T2", role="tenant")
    told.resolve()
    judged(told)
    old, new = (told.household("tenancy", "housing", t) for t in ("T1", "T2"))
    assert aside(told) == {old: ("ended", None), new: (None, None)}


def test_households_that_share_some_people_are_two_families(told: County, family: list[int]) -> None:
    ann, joe, tom = family
    for ref, parent in (("F1", ann), ("F2", joe)):
        told.listed(ref, parent)
        told.listed(ref, tom, role="child")
    told.resolve()
    judged(told)
    assert {why for why, _ in aside(told).values()} == {None}
    assert told.one("SELECT count(*) FROM mart.household_overlap_v1") == 0
