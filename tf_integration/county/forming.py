"""How a family comes to be: parents, children, names, homes, and the special cases that are planted and labelled."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from tf_integration.county import identifiers
from tf_integration.county.family import DAY, Family, Person
from tf_integration.county.world import World, pick

_YEAR = 365.25
_CHILDREN = ((1, 0.28), (2, 0.63), (3, 0.84), (4, 0.95), (5, 1.0))
_TENURES = (("LA", 0.45), ("RP", 0.80), ("PRIVATE", 1.0))


def form(world: World, index: int, partners: dict[str, str]) -> Family:
    """Family number `index` with its people and homes; the same for the same county arguments, whatever came before."""
    rng = Random((world.seed << 24) ^ (index * 2 + 1))
    fam = Family(world, index, rng, world.stories.draw(rng), partners, family_id=f"F{index:06d}")
    quirk = world.quirks[index // world.life["quirk_every"] % len(world.quirks)] if index % world.life["quirk_every"] == 3 else ""
    _help_dates(fam)
    fam.homes.append((world.ago(fam.between(1400, 4200)), fam.further_home(0)))
    fam.tenures.append(_step(rng, _TENURES))
    _people(fam, quirk)
    _moves(fam)
    if quirk:
        _QUIRKS[quirk](fam)
    return fam


def _step(rng: Random, sums: tuple[tuple[Any, float], ...]) -> Any:
    drawn = rng.random()
    return next(thing for thing, upto in sums if drawn < upto)


def _help_dates(fam: Family) -> None:
    if fam.story["help"] == "attached":
        low, high = fam.story["attached_ago"]
        if fam.story.get("last_night") == "attached":
            high = max(0, len(fam.world.nights) - 2)
        fam.attached_ago = fam.between(low, high)
        fam.attached_on = fam.world.ago(fam.attached_ago)
        fam.referred_on = fam.attached_on - timedelta(days=fam.between(8, 60))
    elif fam.story["help"] == "referred":
        fam.referred_on = fam.ago(10, 150)


def _people(fam: Family, quirk: str) -> None:
    rng, life, world = fam.rng, fam.world.life, fam.world
    names = world.names.draw(rng)
    count = max(_step(rng, _CHILDREN), 2 if quirk == "twins" else 1)
    births = _births(fam, count, quirk)
    surname, other = _surname(rng, names), _surname(rng, names)
    formed_on = births[0] - timedelta(days=fam.between(200, 1500))
    lone = quirk not in ("separation", "stepfather", "father_and_son") and fam.chance(life["lone_parent"])
    parent_sex = "M" if lone and quirk != "two_homes" and fam.chance(life["one_parent_is_father"]) else "F"
    age_at_first = fam.between(int(18 * _YEAR), int(34 * _YEAR))
    married = fam.chance(0.55)
    main = fam.add("mother" if parent_sex == "F" else "father", parent_sex, births[0] - timedelta(days=age_at_first),
                   surname if married or lone else other, formed_on, names=names)
    main.responsible = True
    if lone and fam.chance(life["grandparent_carer"]):
        main.relationship, main.born = "grandparent", main.born - timedelta(days=int(17 * _YEAR))
    if not lone:
        father = fam.add("father", "M", births[0] - timedelta(days=fam.between(int(19 * _YEAR), int(40 * _YEAR))), surname, formed_on, names=names)
        father.responsible = True
    _children(fam, births, surname, names, quirk)


def _births(fam: Family, count: int, quirk: str) -> list[date]:
    """Birth dates, oldest first; the youngest is a dependent child at attachment and now."""
    low, high = (12.6, 15.4) if fam.story.get("academy") else (6.0, 16.6)
    if quirk == "comes_of_age":
        low, high = 17.85, 18.2
        count = max(count, 2)
    ages = [low + fam.rng.random() * (high - low)]
    while len(ages) < count:
        ages.append(max(0.4, ages[-1] - 1.1 - fam.rng.random() * 3.2))
        if ages[-1] == 0.4:
            break
    if quirk == "twins":
        ages[1] = ages[0]
    if fam.attached_ago and quirk != "comes_of_age":
        ages = [a for a in ages if a * _YEAR > fam.attached_ago + 30 or a == ages[0]]
    return [fam.world.ago(int(a * _YEAR)) for a in ages]


def _children(fam: Family, births: list[date], surname: str, names: dict[str, Any], quirk: str) -> None:
    for n, born in enumerate(births):
        sex, forename = pick(fam.rng, "MF"), ""
        if quirk == "twins" and n == 1:
            first = fam.people[-1]
            sex, forename = first.sex, _sound_alike(fam, names, first)
        if quirk == "father_and_son" and n == 0:
            sex, forename = "M", next(p.forename for p in fam.people if p.relationship == "father")
        other = fam.people[0].surname if fam.chance(fam.world.life["renamed_child"]) else surname
        fam.add("child", sex, born, surname if quirk in ("twins", "father_and_son") else other, born, forename=forename, names=names)
    if fam.chance(fam.world.life["adult_child"]) and births[0] < fam.world.ago(int(8 * _YEAR)) and quirk != "comes_of_age":
        born = min(fam.world.ago(fam.between(int(19.5 * _YEAR), int(23 * _YEAR))), births[0] - timedelta(days=300))
        parent = fam.people[0]
        if (born - parent.born).days > 16 * _YEAR:
            fam.add("other", pick(fam.rng, "MF"), born, surname, born, names=names)


def _sound_alike(fam: Family, names: dict[str, Any], twin: Person) -> str:
    same = [n for n in names["male" if twin.sex == "M" else "female"] if n[0] == twin.forename[0] and n != twin.forename]
    return pick(fam.rng, same) if same else ""


def _surname(rng: Random, names: dict[str, Any]) -> str:
    if names["compounds"] and rng.random() < 0.45:
        return str(pick(rng, names["compounds"]))
    if rng.random() < 0.03:
        return f"{pick(rng, names['surnames'])}-{pick(rng, names['surnames'])}"
    return str(pick(rng, names["surnames"]))


def _moves(fam: Family) -> None:
    for nth in (1, 2):
        if not fam.chance(fam.world.life["moves"]):
            break
        moved_on = fam.ago(40, 1100)
        if moved_on > fam.homes[-1][0] + timedelta(days=120):
            fam.homes.append((moved_on, fam.further_home(nth)))
            fam.tenures.append(_step(fam.rng, _TENURES))


# The special cases. Each changes the family in place and labels it in the truth.

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
    person = fam.add("mother" if sex == "F" else "father", sex, oldest.born - timedelta(days=fam.between(int(19 * _YEAR), int(35 * _YEAR))),
                     surname, oldest.born, homes=[(fam.homes[0][0], fam.homes[0][1]), (since, fam.further_home(4))])
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
    father.surname = _surname(fam.rng, fam.world.names.things[0])
    father.homes = [(fam.homes[0][0], fam.further_home(6)), (father.joined_on, father_home(fam, father.joined_on))]
    later = [h for h in fam.homes if h[0] > father.joined_on]
    father.homes += later
    fam.label("stepfather", father)


def father_home(fam: Family, day: date) -> Any:
    return fam.people[0].home_on(day)


def _new_baby(fam: Family) -> None:
    mother = fam.people[0]
    mother.born = max(mother.born, fam.world.ago(int(43 * _YEAR)))
    if mother.sex == "F" and mother.relationship == "mother" and (fam.children[0].born - mother.born).days > 16 * _YEAR:
        born = fam.ago(20, 300)
        if all(abs((born - c.born).days) > 290 for c in fam.children):
            fam.label("new_baby", fam.add("child", pick(fam.rng, "MF"), born, fam.children[0].surname, born))


def _comes_of_age(fam: Family) -> None:
    fam.label("comes_of_age", fam.children[0])


def _renamed_mother(fam: Family) -> None:
    mother = fam.people[0]
    mother.old_surname = mother.surname
    mother.surname = _surname(fam.rng, fam.world.names.things[0])
    mother.renamed_on = fam.ago(150, 800)
    fam.label("renamed_mother", mother)


def _new_upn(fam: Family) -> None:
    child = fam.children[0]
    child.old_upn = identifiers.upn(fam.index * identifiers.SLOTS + 14, fam.world.places["authority"], child.born.year, fam.world.salt)
    child.upn_changed_on = fam.ago(230, 600)
    fam.label("new_upn", child)


def _refuge(fam: Family) -> None:
    since = fam.homes[-1][0] + timedelta(days=200)
    start = max(since, fam.ago(120, 500))
    if start < fam.world.ago(30):
        fam.homes += [(start, pick(fam.rng, fam.world.communal)), (min(start + timedelta(days=fam.between(40, 150)), fam.world.ago(10)), fam.further_home(3))]
        fam.tenures += ["TA", "LA"]
        fam.label("refuge")


def _temporary_home(fam: Family) -> None:
    start = fam.ago(20, 120)
    if start > fam.homes[-1][0] + 60 * DAY:
        fam.homes.append((start, pick(fam.rng, fam.world.communal)))
        fam.tenures.append("TA")
        fam.label("temporary_home")


def _labelled(case: str) -> Any:
    """Cases that later rooms act on: they read the label."""
    return lambda fam: fam.label(case, fam.people[0])


def _child_labelled(case: str) -> Any:
    return lambda fam: fam.label(case, fam.children[0])


_QUIRKS = {
    "twins": _twins, "father_and_son": _father_and_son, "two_homes": _two_homes, "separation": _separation, "stepfather": _stepfather,
    "new_baby": _new_baby, "comes_of_age": _comes_of_age, "renamed_mother": _renamed_mother, "new_upn": _new_upn, "refuge": _refuge,
    "temporary_home": _temporary_home, "filed_twice": _labelled("filed_twice"), "attached_before": _labelled("attached_before"),
    "two_police_refs": _labelled("two_police_refs"), "anothers_number": _child_labelled("anothers_number"),
    "swapped_birth_date": _child_labelled("swapped_birth_date"),
}
