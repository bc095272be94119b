"""The special cases that are planted: each changes a family in place and labels it in the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from tf_integration.county import identifiers
from tf_integration.county.family import DAY, Family, Person
from tf_integration.county.world import pick

DAYS_A_YEAR = 365.25


def surname_of(rng: Random, names: dict[str, Any]) -> str:
    """A surname of the origin: common, compound or double."""
    if names["compounds"] and rng.random() < 0.45:
        return str(pick(rng, names["compounds"]))
    if rng.random() < 0.03:
        return f"{pick(rng, names['surnames'])}-{pick(rng, names['surnames'])}"
    return str(pick(rng, names["surnames"]))


def _twins(fam: Family) -> None:
    for child in fam.children[:2]:
        fam.label("twins", child)


def _father_and_son(fam: Family) -> None:
    for person in fam.people:
        if person.forename == fam.children[0].forename and person.sex == "M":
            fam.label("father_and_son", person)


def _other_parent(fam: Family, surname: str) -> Person:
    """A parent who lives elsewhere, in a home of their own."""
    oldest = fam.children[0]
    sex = "F" if fam.people[0].sex == "M" else "M"
    since = min(fam.world.ago(fam.between(500, 1400)), fam.world.ago(500))
    person = fam.add(
        "mother" if sex == "F" else "father",
        sex,
        oldest.born - timedelta(days=fam.between(int(19 * DAYS_A_YEAR), int(35 * DAYS_A_YEAR))),
        surname,
        oldest.born,
        homes=[(fam.homes[0][0], fam.homes[0][1]), (since, fam.further_home(4))],
    )
    person.resident, person.responsible = False, True
    return person


def _two_homes(fam: Family) -> None:
    for person in fam.people:
        if person.relationship == "father" and person is not fam.people[0]:
            person.resident = False
            person.homes = [(fam.homes[0][0], fam.homes[0][1]), (fam.ago(500, 1400), fam.further_home(4))]
            break
    else:
        person = _other_parent(fam, fam.children[0].surname)
    fam.label("two_homes", person)
    fam.label("two_homes", fam.children[0])


def _separation(fam: Family) -> None:
    father = next(p for p in fam.people if p.relationship == "father")
    father.left_on = fam.ago(60, 700)
    father.homes = [h for h in fam.homes if h[0] < father.left_on] + [(father.left_on, fam.further_home(5))]
    fam.label("separation", father)


def _stepfather(fam: Family) -> None:
    father = next(p for p in fam.people if p.relationship == "father")
    father.relationship, father.responsible = "partner", False
    father.joined_on = fam.ago(80, 600)
    father.surname = surname_of(fam.rng, fam.world.names.things[0])
    father.homes = [
        (fam.homes[0][0], fam.further_home(6)),
        (father.joined_on, fam.people[0].home_on(father.joined_on)),
    ]
    later = [h for h in fam.homes if h[0] > father.joined_on]
    father.homes += later
    fam.label("stepfather", father)


def _new_baby(fam: Family) -> None:
    mother = fam.people[0]
    mother.born = max(mother.born, fam.world.ago(int(43 * DAYS_A_YEAR)))
    if (
        mother.sex == "F"
        and mother.relationship == "mother"
        and (fam.children[0].born - mother.born).days > 16 * DAYS_A_YEAR
    ):
        born = fam.ago(20, 300)
        if all(abs((born - c.born).days) > 290 for c in fam.children):
            fam.label("new_baby", fam.add("child", pick(fam.rng, "MF"), born, fam.children[0].surname, born))


def _comes_of_age(fam: Family) -> None:
    fam.label("comes_of_age", fam.children[0])


def _renamed_mother(fam: Family) -> None:
    mother = fam.people[0]
    mother.old_surname = mother.surname
    mother.surname = surname_of(fam.rng, fam.world.names.things[0])
    mother.renamed_on = fam.ago(150, 800)
    fam.label("renamed_mother", mother)


def _new_upn(fam: Family) -> None:
    child = fam.children[0]
    child.old_upn = identifiers.upn(
        fam.index * identifiers.SLOTS + 14, fam.world.places["authority"], child.born.year, fam.world.salt
    )
    child.upn_changed_on = fam.ago(230, 600)
    fam.label("new_upn", child)


def _refuge(fam: Family) -> None:
    since = fam.homes[-1][0] + timedelta(days=200)
    start = max(since, fam.ago(120, 500))
    if start < fam.world.ago(30):
        fam.homes += [
            (start, pick(fam.rng, fam.world.communal)),
            (min(start + timedelta(days=fam.between(40, 150)), fam.world.ago(10)), fam.further_home(3)),
        ]
        fam.tenures += ["TA", "LA"]
        fam.label("refuge")


def _temporary_home(fam: Family) -> None:
    start = fam.ago(20, 120)
    if start > fam.homes[-1][0] + 60 * DAY:
        fam.homes.append((start, pick(fam.rng, fam.world.communal)))
        fam.tenures.append("TA")
        fam.label("temporary_home")


def _labelled(case: str) -> Callable[[Family], None]:
    """Cases that later rooms act on: they read the label."""
    return lambda fam: fam.label(case, fam.people[0])


def _child_labelled(case: str) -> Callable[[Family], None]:
    return lambda fam: fam.label(case, fam.children[0])


CASES: dict[str, Callable[[Family], None]] = {
    "twins": _twins,
    "father_and_son": _father_and_son,
    "two_homes": _two_homes,
    "separation": _separation,
    "stepfather": _stepfather,
    "new_baby": _new_baby,
    "comes_of_age": _comes_of_age,
    "renamed_mother": _renamed_mother,
    "new_upn": _new_upn,
    "refuge": _refuge,
    "temporary_home": _temporary_home,
    "filed_twice": _labelled("filed_twice"),
    "attached_before": _labelled("attached_before"),
    "two_police_refs": _labelled("two_police_refs"),
    "anothers_number": _child_labelled("anothers_number"),
    "swapped_birth_date": _child_labelled("swapped_birth_date"),
}
