"""Who is of one household, on which days, by what."""

from __future__ import annotations

from decimal import Decimal

import pytest

AT_1 = {"address": "1 High Street", "postcode": "AB1 2CD"}
AT_2 = {"address": "2 Low Road", "postcode": "AB1 2CE"}


@pytest.fixture
def family(county):
    """Two parents and a child, without a home or a reference."""
    return [
        county.someone("early_help", f"E{n}", name, "Lee", born, nhs_number=f"943476591{n}")
        for n, (name, born) in enumerate(
            [("Ann", "1985-03-02"), ("Joe", "1984-01-01"), ("Tom", "2010-05-05")]
        )
    ]


def households(county):
    return county.rows(
        "SELECT basis, formed_on::text, ended_on::text FROM identity.household "
        "WHERE known_to = 'infinity' ORDER BY 1, 2, 3"
    )


def address_household(county):
    return county.one(
        "SELECT household_id FROM identity.household WHERE basis = 'address' AND known_to = 'infinity'"
    )


# --- early help ---


def test_membership_runs_from_joined_on_to_left_on_and_a_blank_start_is_always(county, family):
    ann, joe, tom = family
    county.listed("F1", ann)
    county.listed("F1", joe, "2019-01-01", "2019-09-01", role="partner")
    county.listed("F1", tom, "2019-03-01", role="child")
    county.resolve()
    h = county.household("early_help", "early_help", "F1")
    assert county.household_of("early_help", "F1") == h
    assert [county.days(h, p) for p in family] == [["(,)"], ["[2019-01-01,2019-09-01)"], ["[2019-03-01,)"]]
    assert county.rows(
        "SELECT relationship, basis, confidence FROM identity.membership WHERE person_id = :p", p=tom
    ) == [("child", "early_help", Decimal(1))]
    assert households(county) == [("early_help", None, None)]


def test_memberships_with_a_gap_are_two_spells_and_spells_that_touch_are_one(county, family):
    ann, joe, _ = family
    county.listed("F1", ann, "2018-01-01", "2018-06-01")
    county.listed("F1", ann, "2018-09-01", "2019-01-01")
    county.listed("F1", joe, "2018-01-01", "2018-06-01", role="partner")
    county.listed("F1", joe, "2018-06-01", "2019-01-01", role="parent")
    county.resolve()
    h = county.household_of("early_help", "F1")
    assert county.days(h, ann) == ["[2018-01-01,2018-06-01)", "[2018-09-01,2019-01-01)"]
    assert county.days(h, joe) == ["[2018-01-01,2019-01-01)"]
    assert county.one("SELECT relationship FROM identity.membership WHERE person_id = :p", p=joe) == "parent"
    assert households(county) == [("early_help", "2018-01-01", "2019-01-01")]


def test_a_listed_non_resident_is_a_member(county, family):
    county.listed("F1", family[0], is_flagged=True)
    county.listed("F1", family[1], is_flagged=False)
    county.resolve()
    assert set(county.members(county.household_of("early_help", "F1"))) == set(family[:2])


def test_others_at_the_address_are_not_members(county):
    ann = county.someone("early_help", "E1", uprn="100")
    lodger = county.someone("police", "P1", "Max", "Fox", uprn="100")
    county.listed("F1", ann)
    county.resolve()
    assert set(county.members(county.household_of("early_help", "F1"))) == {ann}
    assert set(county.members(address_household(county))) == {lodger}


def test_a_person_may_be_in_two_early_help_households_at_once(county, family):
    ann, joe, tom = family
    for family_ref, parent in (("F1", ann), ("F2", joe)):
        county.listed(family_ref, parent)
        county.listed(family_ref, tom, role="child")
    county.resolve()
    assert county.days(county.household_of("early_help", "F1"), tom) == ["(,)"]
    assert county.days(county.household_of("early_help", "F2"), tom) == ["(,)"]


def test_a_listing_that_ends_before_it_starts_lists_nobody(county, family):
    county.listed("F1", family[0])
    county.listed("F1", family[1], "2019-05-01", "2019-05-01")
    county.listed("F1", family[2], "2019-05-01", "2019-01-01")
    county.resolve()
    assert set(county.members(county.household_of("early_help", "F1"))) == {family[0]}


def test_two_references_with_exactly_the_same_people_are_one_household(county, family):
    for p in family:
        county.listed("F1", p, "2018-01-01", "2018-06-01")
        county.listed("F0", p, "2019-01-01")
    county.resolve()
    h = county.household("early_help", "early_help", "F0")
    assert county.household_of("early_help", "F0") == county.household_of("early_help", "F1") == h
    assert county.days(h, family[0]) == ["[2018-01-01,2018-06-01)", "[2019-01-01,)"]
    assert len(households(county)) == 1


def test_two_references_with_one_person_more_are_two_households(county, family):
    for p in family:
        county.listed("F1", p)
    for p in family[:2]:
        county.listed("F2", p)
    county.resolve()
    assert county.household_of("early_help", "F1") != county.household_of("early_help", "F2")


def test_one_persons_two_references_are_one_household_after_their_records_merge(county):
    a = county.someone("early_help", "E1", "Ann", "Lee")
    b = county.someone("early_help", "E2", "Bea", "Lee")
    county.listed("F1", a)
    county.listed("F2", b)
    county.resolve()
    assert county.household_of("early_help", "F1") != county.household_of("early_help", "F2")
    county.says(a, b, "same")
    county.resolve()
    assert county.household_of("early_help", "F1") == county.household_of("early_help", "F2")


def test_a_reference_with_milestones_and_no_members_is_a_household(county):
    county.fact("family_attached", None, "2019-05-01", family_ref="F9")
    county.fact("family_attached", None, "2019-05-01", family_ref="F8")
    county.resolve()
    h = county.household_of("early_help", "F9")
    assert h == county.household("early_help", "early_help", "F9") != county.household_of("early_help", "F8")
    assert households(county) == [("early_help", None, None)] * 2
    assert county.members(h) == {}


def test_milestones_of_a_listed_reference_make_no_second_household(county, family):
    county.listed("F1", family[0])
    county.fact("family_attached", None, "2019-05-01", family_ref="F1")
    county.resolve()
    assert len(households(county)) == 1


# --- social care ---


def test_a_social_care_reference_holds_every_person_of_its_facts_always(county, family):
    for p, kind in zip(family[1:], ("cin", "s47"), strict=True):
        county.fact(kind, p, "2019-05-01", partner="social_care", family_ref="SC1")
    county.fact("missing", family[0], "2019-05-01", partner="police")
    county.resolve()
    h = county.household("social_care", "social_care", "SC1")
    assert county.members(h) == {p: ["(,)"] for p in sorted(family[1:])}
    assert county.household_of("social_care", "SC1") == h


def test_social_care_holds_a_person_only_outside_the_early_help_days(county, family):
    county.listed("F1", family[2], "2019-03-01", role="child")
    for p in family[1:]:
        county.fact("cin", p, "2018-05-01", partner="social_care", family_ref="SC1")
    county.resolve()
    h = county.household_of("social_care", "SC1")
    assert county.days(h, family[2]) == ["(,2019-03-01)"]
    assert county.days(h, family[1]) == ["(,)"]


def test_a_social_care_reference_with_an_early_help_households_people_is_its_second_name(county, family):
    for p in family:
        county.listed("F1", p, "2019-03-01")
        county.fact("cin", p, "2018-05-01", partner="social_care", family_ref="SC1")
    county.resolve()
    h = county.household("early_help", "early_help", "F1")
    assert county.household_of("social_care", "SC1") == county.household_of("early_help", "F1") == h
    assert county.days(h, family[0]) == ["[2019-03-01,)"]
    assert len(households(county)) == 1


# --- tenancy ---


def test_a_tenancy_is_dated_by_the_tenancy(county, family):
    ann, joe, _ = family
    county.fact("tenancy", ann, "2018-01-01", partner="housing", ref="T1", role="tenant")
    county.fact("tenancy", joe, "2018-01-01", "2019-01-01", partner="housing", ref="T1", role="joint")
    county.fact("tenancy", joe, "2019-01-01", partner="housing", ref="T2", role="tenant")
    county.resolve()
    first, second = (county.household("tenancy", "housing", t) for t in ("T1", "T2"))
    assert county.members(first) == dict(
        sorted({ann: ["[2018-01-01,)"], joe: ["[2018-01-01,2019-01-01)"]}.items())
    )
    assert county.members(second) == {joe: ["[2019-01-01,)"]}
    assert county.rows(
        "SELECT relationship, basis, confidence FROM identity.membership WHERE person_id = :a", a=ann
    ) == [("tenant", "tenancy", Decimal("0.9"))]
    assert county.one("SELECT count(*) FROM identity.household_ref") == 0


def test_a_weaker_basis_is_subtracted_only_for_the_days_covered(county):
    tom = county.someone("early_help", "E1", "Tom", "Lee", "2010-05-05", **AT_1)
    county.listed("F1", tom, "2019-03-01", "2019-09-01")
    county.fact("tenancy", tom, "2018-01-01", "2020-01-01", partner="housing", ref="T1", role="child")
    county.resolve()
    assert county.days(county.household_of("early_help", "F1"), tom) == ["[2019-03-01,2019-09-01)"]
    assert county.days(county.household("tenancy", "housing", "T1"), tom) == [
        "[2018-01-01,2019-03-01)",
        "[2019-09-01,2020-01-01)",
    ]
    assert county.days(address_household(county), tom) == ["(,2018-01-01)", "[2020-01-01,)"]


# --- home ---


def test_the_same_uprn_at_the_same_time_is_one_household(county):
    ann = county.someone("police", "P1", "Ann", uprn="000100")
    tom = county.someone("schools", "S1", "Tom", born="2010-05-05", uprn="100")
    max_ = county.someone("schools", "S2", "Max", born="2010-05-05", uprn="101")
    county.resolve()
    homes = {h: set(county.members(h)) for (h,) in county.rows("SELECT household_id FROM identity.household")}
    assert sorted(map(sorted, homes.values())) == sorted([sorted({ann, tom}), [max_]])
    assert county.rows("SELECT DISTINCT basis, confidence, valid::text FROM identity.membership") == [
        ("address", Decimal("0.7"), "(,)")
    ]


def test_a_written_address_is_the_same_home_however_it_is_written(county):
    ann = county.someone("police", "P1", "Ann", address="1, High Street", postcode="ab12cd")
    tom = county.someone("schools", "S1", "Tom", born="2010-05-05", **AT_1)
    other = county.someone(
        "schools", "S2", "Max", born="2010-05-05", address="1 High Street", postcode="ZZ9 9ZZ"
    )
    county.resolve()
    homes = sorted(
        sorted(county.members(h)) for (h,) in county.rows("SELECT household_id FROM identity.household")
    )
    assert homes == sorted([sorted([ann, tom]), [other]])


def test_a_written_address_seen_with_one_uprn_is_that_uprns_home(county):
    ann = county.someone("police", "P1", "Ann", **AT_1)
    tom = county.someone("schools", "S1", "Tom", born="2010-05-05", uprn="100", **AT_1)
    county.resolve()
    assert set(county.members(address_household(county))) == {ann, tom}


def test_a_home_ends_with_the_news_of_another(county):
    ann = county.someone("police", "P1", "Ann", **AT_1)
    tom = county.someone("schools", "S1", "Tom", born="2010-05-05", **AT_1)
    county.someone("police", "P1", "Ann", seen="2020-03-02", **AT_2)
    county.resolve()
    spells = county.rows("SELECT person_id, valid::text FROM identity.membership ORDER BY person_id, valid")
    assert sorted(spells) == sorted([(ann, "(,2020-03-02)"), (ann, "[2020-03-02,)"), (tom, "(,)")])


def test_among_disagreeing_partners_the_home_that_most_give_stands(county):
    nhs = {"nhs_number": "9434765919"}
    ann = county.someone("police", "P1", "Ann", **AT_1, **nhs)
    county.someone("health", "H1", "Ann", **AT_2, **nhs)
    county.someone("dwp", "D1", "Ann", **AT_2, **nhs)
    tom = county.someone("schools", "S1", "Tom", born="2010-05-05", **AT_2)
    county.resolve()
    assert set(county.members(address_household(county))) == {county.person_of(ann), tom}


def test_among_as_many_partners_the_latest_news_of_a_home_stands(county):
    nhs = {"nhs_number": "9434765919"}
    ann = county.someone("police", "P1", "Ann", **AT_1, **nhs)
    county.someone("health", "H1", "Ann", seen="2020-03-02", **AT_2, **nhs)
    tom = county.someone("schools", "S1", "Tom", born="2010-05-05", **AT_2)
    county.resolve()
    spells = county.rows("SELECT person_id, valid::text FROM identity.membership")
    assert sorted(spells) == sorted([(ann, "(,2020-03-02)"), (ann, "[2020-03-02,)"), (tom, "(,)")])


def test_who_comes_after_a_household_has_left_is_another_household(county):
    ann = county.someone("police", "P1", "Ann", **AT_1)
    county.someone("police", "P1", "Ann", seen="2020-02-03", **AT_2)
    new = county.someone("police", "P2", "Max", "Fox", seen="2020-04-06", **AT_1)
    county.resolve()
    mine = county.rows(
        "SELECT household_id, valid::text FROM identity.membership WHERE person_id = :p", p=new
    )
    assert [spell for _, spell in mine] == ["[2020-02-03,)"]
    assert set(county.members(mine[0][0])) == {new}
    assert county.person_of(ann) != new


@pytest.mark.parametrize(("people", "formed"), [(15, True), (16, False)])
def test_a_communal_address_is_no_household(county, people, formed):
    for n in range(people):
        county.someone("police", f"P{n}", f"Ann{n}", **AT_1)
    counts = county.resolve()
    assert (counts["households"] == 1) == formed


def test_a_person_without_reference_tenancy_or_home_is_in_no_household(county):
    county.someone("police", "P1")
    assert county.resolve()["households"] == 0


# --- what is read and written ---


def test_facts_and_listings_that_no_longer_stand_are_not_read(county, family):
    county.listed("F1", family[0])
    gone = county.listed("F1", family[1])
    county.one("UPDATE core.fact SET known_to = '2019-06-01' WHERE fact_id = :gone RETURNING 1", gone=gone)
    county.resolve()
    assert set(county.members(county.household_of("early_help", "F1"))) == {family[0]}


def test_a_correction_closes_one_version_and_opens_another(county, family):
    county.listed("F1", family[0], "2019-01-01")
    county.resolve()
    county.conn.exec_driver_sql("UPDATE core.fact SET starts_on = '2019-02-01'")
    counts = county.resolve()
    assert counts["memberships_changed"] == 2
    assert county.rows(
        "SELECT valid::text, known_to = 'infinity' FROM identity.membership ORDER BY known_from"
    ) == [("[2019-01-01,)", False), ("[2019-02-01,)", True)]
    assert county.one("SELECT count(*) FROM identity.household_ref") == 1


def test_members_follow_their_person_when_records_merge(county):
    a = county.someone("early_help", "E1", nhs_number="9434765919", seen="2020-02-03")
    county.listed("F1", a)
    county.resolve()
    older = county.someone("health", "H1", nhs_number="9434765919", seen="2019-06-03")
    counts = county.resolve()
    assert county.members(county.household_of("early_help", "F1")) == {older: ["(,)"]}
    assert counts["touched"] == 1


@pytest.mark.parametrize("news", ["link", "birth date", "reference", "member"])
def test_a_household_is_touched_by_its_own_news_only(county, family, news):
    ann, joe, tom = family
    county.listed("F1", ann)
    county.listed("F1", tom)
    county.listed("F2", joe)
    county.resolve()
    if news == "link":
        county.someone("police", "P1", "Ann", "Lee", nhs_number="9434765910", seen="2020-02-03")
    elif news == "birth date":
        county.someone(
            "early_help", "E0", "Ann", "Lee", "1985-03-20", nhs_number="9434765910", seen="2020-02-03"
        )
    elif news == "reference":
        county.listed("F0", ann)
        county.listed("F0", tom)
    else:
        county.listed("F1", joe, "2018-01-01", "2018-02-01")
    run = county.resolve()
    touched = county.rows("SELECT household_id FROM identity.touched WHERE run_id = :r", r=run["run_id"])
    assert county.household_of("early_help", "F1") in {h for (h,) in touched}
    assert county.household_of("early_help", "F2") not in {h for (h,) in touched}
    assert run["touched"] == len(touched)
