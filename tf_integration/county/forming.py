"""How a family comes to be: parents, children, names, homes."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from tf_integration.county.family import Family, Person
from tf_integration.county.special import CASES, DAYS_A_YEAR, surname_of
from tf_integration.county.world import World, pick

_CHILDREN = ((1, 0.28), (2, 0.63), (3, 0.84), (4, 0.95), (5, 1.0))
_TENURES = (("LA", 0.45), ("RP", 0.80), ("PRIVATE", 1.0))


def form(world: World, index: int, partners: dict[str, str]) -> Family:
    """Family number `index` with its people and homes; the same whichever families came before."""
    rng = Random((world.seed << 24) ^ (index * 2 + 1))
    fam = Family(world, index, rng, world.stories.draw(rng), partners, family_id=f"F{index:06d}")
    quirk = (
        world.quirks[index // world.life["quirk_every"] % len(world.quirks)]
        if index % world.life["quirk_every"] == 3
        else ""
    )
    _help_dates(fam)
    fam.homes.append((world.ago(fam.between(1400, 4200)), fam.further_home(0)))
    fam.tenures.append(_step(rng, _TENURES))
    _people(fam, quirk)
    _moves(fam)
    if quirk:
        CASES[quirk](fam)
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
    surname, other = surname_of(rng, names), surname_of(rng, names)
    formed_on = births[0] - timedelta(days=fam.between(200, 1500))
    lone = quirk not in ("separation", "stepfather", "father_and_son") and fam.chance(life["lone_parent"])
    parent_sex = "M" if lone and quirk != "two_homes" and fam.chance(life["one_parent_is_father"]) else "F"
    age_at_first = fam.between(int(18 * DAYS_A_YEAR), int(34 * DAYS_A_YEAR))
    married = fam.chance(0.55)
    main = fam.add(
        "mother" if parent_sex == "F" else "father",
        parent_sex,
        births[0] - timedelta(days=age_at_first),
        surname if married or lone else other,
        formed_on,
        names=names,
    )
    main.responsible = True
    if lone and fam.chance(life["grandparent_carer"]):
        main.relationship, main.born = "grandparent", main.born - timedelta(days=int(17 * DAYS_A_YEAR))
    if not lone:
        father = fam.add(
            "father",
            "M",
            births[0] - timedelta(days=fam.between(int(19 * DAYS_A_YEAR), int(40 * DAYS_A_YEAR))),
            surname,
            formed_on,
            names=names,
        )
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
        ages = [a for a in ages if a * DAYS_A_YEAR > fam.attached_ago + 30 or a == ages[0]]
    return [fam.world.ago(int(a * DAYS_A_YEAR)) for a in ages]


def _children(fam: Family, births: list[date], surname: str, names: dict[str, Any], quirk: str) -> None:
    for n, born in enumerate(births):
        sex, forename = pick(fam.rng, "MF"), ""
        if quirk == "twins" and n == 1:
            first = fam.people[-1]
            sex, forename = first.sex, _sound_alike(fam, names, first)
        if quirk == "father_and_son" and n == 0:
            sex, forename = "M", next(p.forename for p in fam.people if p.relationship == "father")
        other = fam.people[0].surname if fam.chance(fam.world.life["renamed_child"]) else surname
        fam.add(
            "child",
            sex,
            born,
            surname if quirk in ("twins", "father_and_son") else other,
            born,
            forename=forename,
            names=names,
        )
    if (
        fam.chance(fam.world.life["adult_child"])
        and births[0] < fam.world.ago(int(8 * DAYS_A_YEAR))
        and quirk != "comes_of_age"
    ):
        born = min(
            fam.world.ago(fam.between(int(19.5 * DAYS_A_YEAR), int(23 * DAYS_A_YEAR))),
            births[0] - timedelta(days=300),
        )
        parent = fam.people[0]
        if (born - parent.born).days > 16 * DAYS_A_YEAR:
            fam.add("other", pick(fam.rng, "MF"), born, surname, born, names=names)


def _sound_alike(fam: Family, names: dict[str, Any], twin: Person) -> str:
    same = [
        n
        for n in names["male" if twin.sex == "M" else "female"]
        if n[0] == twin.forename[0] and n != twin.forename
    ]
    return pick(fam.rng, same) if same else ""


def _moves(fam: Family) -> None:
    for nth in (1, 2):
        if not fam.chance(fam.world.life["moves"]):
            break
        moved_on = fam.ago(40, 1100)
        if moved_on > fam.homes[-1][0] + timedelta(days=120):
            fam.homes.append((moved_on, fam.further_home(nth)))
            fam.tenures.append(_step(fam.rng, _TENURES))
