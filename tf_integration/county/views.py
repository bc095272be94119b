"""What a partner holds of a person: names, dates and identifiers with that partner's gaps and mistakes."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from tf_integration.county import identifiers
from tf_integration.county.family import Family, Person
from tf_integration.county.world import data, pick

IDENTIFIERS = ("upn", "nhs_number", "nino")
_BY_UPN = "upn"  # how `views.yaml` says that the partner's reference is the UPN
_ALIAS_SLOT = 13  # a second reference in one partner's books
_OLD_RECORD_DAYS = 400  # rows older than this bear the first of two references


class View:
    """One partner's record of one person. `marks`: each identifier is `own`, `mistyped` or `anothers`."""

    __slots__ = ("fixed", "marks", "no_address", "no_uprn", "old_home", "person_ref")

    def __init__(
        self,
        person_ref: str,
        fixed: dict[str, Any],
        marks: dict[str, str],
        no_address: bool,
        no_uprn: bool,
        old_home: bool,
    ) -> None:
        self.person_ref, self.fixed, self.marks = person_ref, fixed, marks
        self.no_address, self.no_uprn, self.old_home = no_address, no_uprn, old_home


@lru_cache(maxsize=64)
def _seeing(partner: str) -> tuple[str, dict[str, float], dict[str, float], int]:
    known = data("views")["partners"]
    return known[partner]["ref"], known[partner]["has"], known[partner]["errors"], list(known).index(partner)


def view(fam: Family, person: Person, partner: str, seen_on: date) -> View:
    """The partner's record, made once for each person, or for each of two references and UPNs."""
    as_of = ""
    if person.upn_changed_on and _seeing(partner)[0] == _BY_UPN:
        as_of = "old" if seen_on < person.upn_changed_on else ""
    elif _planted(fam, person, "two_police_refs", partner):
        as_of = "old" if seen_on < fam.world.ago(_OLD_RECORD_DAYS) else ""
    known: View | None = person.seen_by.get(partner + as_of)
    if known is None:
        known = person.seen_by[partner + as_of] = _make(fam, person, partner, bool(as_of))
    return known


def _planted(fam: Family, person: Person, case: str, partner: str) -> bool:
    """Whether this special case of the person shows in that partner's books."""
    return (case, person.person_id) in fam.labels and partner in data("views")["cases"][case]


def particulars(fam: Family, person: Person, known: View, seen_on: date) -> dict[str, Any]:
    """The person's columns of one row: the record, and the address as the partner knew it that day."""
    if known.no_address:
        return known.fixed
    since, before = person.moved_in_on(seen_on)
    home = person.home_on(seen_on)
    if (
        before is not None
        and known.old_home
        and seen_on - since < timedelta(days=data("views")["shared_errors"]["old_home_days"])
    ):
        home = before
    return {
        **known.fixed,
        "address": home.address,
        "postcode": home.postcode,
        "uprn": "" if known.no_uprn else home.uprn,
    }


def _make(fam: Family, person: Person, partner: str, old: bool) -> View:
    prefix, has, errors, place = _seeing(partner)
    rng, shared, salt = fam.rng, data("views")["shared_errors"], fam.world.salt
    draw = rng.random
    forename, surname, born = person.forename, person.surname, person.born
    if person.old_surname and (old or draw() < shared["old_surname"]):
        surname = person.old_surname
    if draw() < errors["nickname"] and forename in fam.world.nicknames:
        forename = pick(rng, fam.world.nicknames[forename])
    if draw() < errors["typo"]:
        if draw() < 0.5:
            forename = typo(rng, forename)
        else:
            surname = typo(rng, surname)
    held, marks = _identifiers(fam, person, partner, has, old)
    swapped = draw() < errors["swapped"] or _planted(fam, person, "swapped_birth_date", partner)
    shown: Any = "" if draw() < errors["no_birth_date"] else swap(rng, born) if swapped else born
    number = person.slot if not old else fam.index * identifiers.SLOTS + _ALIAS_SLOT
    by_upn = prefix == _BY_UPN
    person_ref = held["upn"] if by_upn else identifiers.reference(prefix, number, salt + 13 * place)
    fixed = {
        "person_ref": person_ref,
        "forename": forename,
        "surname": surname,
        "date_of_birth": shown,
        "sex": "U" if draw() < errors.get("unknown_sex", 0) else person.sex,
        **held,
    }
    return View(
        person_ref,
        fixed,
        marks,
        draw() < errors["no_address"],
        draw() < errors["no_uprn"],
        draw() < errors["old_home"],
    )


def _identifiers(
    fam: Family, person: Person, partner: str, has: dict[str, float], old: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """The identifiers that this partner holds of the person, and what each truly is."""
    held, marks, shared = {}, {}, data("views")["shared_errors"]
    child = person.age_on(fam.world.as_at) < 20
    by_upn = _seeing(partner)[0] == _BY_UPN
    for name, share in has.items():
        unlikely = (name == "upn" and not child and not by_upn) or (name == "nino" and child)
        if unlikely or fam.rng.random() >= share:
            continue
        value, mark = (person.old_upn if name == "upn" and old else getattr(person, name)), "own"
        if not by_upn:
            mixed_up = name == "nhs_number" and _planted(fam, person, "anothers_number", partner)
            if mixed_up or fam.rng.random() < shared["anothers_identifier"]:
                others = [
                    p for p in fam.people if p is not person and (p.age_on(fam.world.as_at) < 20) == child
                ]
                value, mark = (getattr(others[0], name), "anothers") if others else (value, "own")
            elif fam.rng.random() < shared["mistyped_identifier"]:
                value, mark = identifiers.mistyped(value), "mistyped"
        held[name], marks[name] = value, mark
    return held, marks


def typo(rng: Random, name: str) -> str:
    """One slip of the keyboard: a letter lost, doubled, swapped with the next or changed."""
    if len(name) < 3:
        return name
    at, kind = 1 + int(rng.random() * (len(name) - 2)), int(rng.random() * 4)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at] + name[at:]
    if kind == 2:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + "aeioust"[int(rng.random() * 7)] + name[at + 1 :]


def swap(rng: Random, born: date) -> date:
    """Day and month the wrong way round where that is a date, otherwise one digit of the day wrong."""
    if born.day <= 12 and born.day != born.month:
        return date(born.year, born.day, born.month)
    return born.replace(day=max(1, born.day - 10) if born.day > 10 else born.day + 10)
