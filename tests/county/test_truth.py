"""The truth beside the extracts is whole and true."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from stdnum.gb import nhs
from stdnum.gb import upn as stdnum_upn

from tf_integration.county.world import data
from tf_integration.text import identifiers

from .reading import AS_AT, FAMILIES, County, Extract

CHECKS = {"upn": identifiers.upn, "nhs_number": identifiers.nhs_number, "nino": identifiers.nino}


def test_every_row_has_its_true_person(county: County, extracts: list[Extract]) -> None:
    behind = {(s["feed"], s["partner"], s["person_ref"]) for s in county.truth("source_rows")}
    for e in (e for e in extracts if e.feed.who != "family"):
        assert all((e.feed.feed, e.partner, row["person_ref"]) in behind for row in e.good())


def test_every_family_reference_has_its_true_household(county: County, extracts: list[Extract]) -> None:
    known = {(r["partner"], r["kind"], r["ref"]) for r in county.truth("references")}
    for e in extracts:
        for column in {"family_ref", "tenancy_ref"} & set(e.header):
            refs = {row[column] for row in e.good() if row[column]}
            assert {(e.partner, column, ref) for ref in refs} <= known


def test_identifiers_check_unless_the_truth_says_mistyped(county: County, extracts: list[Extract]) -> None:
    marks = {(s["feed"], s["partner"], s["person_ref"]): s for s in county.truth("source_rows")}
    persons = {p["person_id"]: p for p in county.truth("persons")}
    seen: Counter[str] = Counter()
    for e in (e for e in extracts if e.feed.who == "person"):
        for row in e.good():
            source = marks[e.feed.feed, e.partner, row["person_ref"]]
            for name, check in CHECKS.items():
                if not row[name]:
                    continue
                mark, true = source[name], persons[source["person_id"]]
                seen[mark] += 1
                assert (check(row[name]) == row[name]) == (mark != "mistyped")
                assert (row[name] in (true[name], true["former_upn"])) == (mark == "own")
    assert min(seen["own"], seen["mistyped"], seen["anothers"]) > 0


def test_true_identifiers_check_by_an_independent_reckoning_and_are_nobody_elses(county: County) -> None:
    persons = county.truth("persons")
    for name in CHECKS:
        assert len({p[name] for p in persons}) == len(persons)
    assert all(nhs.is_valid(p["nhs_number"]) and stdnum_upn.is_valid(p["upn"]) for p in persons)
    assert all(stdnum_upn.is_valid(p["former_upn"]) for p in persons if p["former_upn"])


def test_a_partners_reference_is_one_persons_in_all_its_feeds(county: County) -> None:
    behind: dict[tuple[str, str], set[str]] = defaultdict(set)
    for s in county.truth("source_rows"):
        behind[s["partner"], s["person_ref"]].add(s["person_id"])
    assert all(len(persons) == 1 for persons in behind.values())


def test_every_special_case_is_there(county: County) -> None:
    cases = Counter(s["case"] for s in county.truth("special"))
    assert set(data("stories")["quirks"]) <= set(cases)
    assert {"amended", "withdrawn"} <= set(cases)


def test_twins_share_a_birthday_and_a_father_and_son_a_name(county: County) -> None:
    persons = {p["person_id"]: p for p in county.truth("persons")}
    by_case: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for s in county.truth("special"):
        if s["case"] in ("twins", "father_and_son"):
            by_case[s["case"], s["household_id"]].append(persons[s["person_id"]])
    for (case, _), pair in by_case.items():
        assert len(pair) == 2
        assert (pair[0]["date_of_birth"] == pair[1]["date_of_birth"]) == (case == "twins")
        assert (pair[0]["forename"] == pair[1]["forename"]) == (case == "father_and_son")
        assert pair[0]["surname"] == pair[1]["surname"]


def test_every_story_is_told_and_some_families_are_in_no_early_help(county: County) -> None:
    told = Counter(h["story"] for h in county.truth("households"))
    assert sum(told.values()) == FAMILIES
    assert set(told) == {s["name"] for s in data("stories")["stories"]}
    helped = Counter(h["help"] for h in county.truth("households"))
    assert min(helped["attached"], helped["referred"], helped["none"]) > FAMILIES * 0.05


def test_an_attached_family_has_a_dependent_child_at_attachment_and_now(county: County) -> None:
    attached = {h["household_id"]: h["attached_on"] for h in county.truth("households") if h["attached_on"]}
    born = defaultdict(list)
    for p in county.truth("persons"):
        born[p["household_id"]].append(date.fromisoformat(p["date_of_birth"]))
    for household, on in attached.items():
        for day in (date.fromisoformat(on), AS_AT):
            assert any(b < day and (day - b).days < 17.99 * 365.25 for b in born[household])


def test_spells_are_dated_in_order(county: County) -> None:
    assert all(not m["valid_to"] or m["valid_from"] < m["valid_to"] for m in county.truth("memberships"))


def test_one_offence_is_told_by_police_and_youth_justice(extracts: list[Extract], county: County) -> None:
    person = {(s["partner"], s["person_ref"]): s["person_id"] for s in county.truth("source_rows")}
    police = {
        (person[e.partner, r["person_ref"]], r["occurred_on"])
        for e in extracts
        if e.feed.feed == "police_incidents"
        for r in e.good()
        if r["role"] == "offender"
    }
    joint = [
        r
        for e in extracts
        if e.feed.feed == "youth_justice_disposals"
        for r in e.good()
        if (person[e.partner, r["person_ref"]], r["offence_on"]) in police
    ]
    assert len(joint) > 5
