"""The same data give the same rows, whatever the order or number of nights; no news writes nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest
import sqlalchemy as sa
from small_county import County

PARTNERS = ("schools", "police", "health", "dwp", "housing", "early_help", "social_care")


def messy(seed: int) -> list[Callable[[County], object]]:
    """A small county with all at once: shared and wrong numbers, twins, moves, lists, words of people.

    Each step puts one record (with all its versions) or fact in; steps may run in any order.
    """
    rng = random.Random(seed)
    steps: list[Callable[[County], object]] = []
    natural = []
    persons = [
        {
            "forename": rng.choice(("Ann", "Tom", "Max")),
            "surname": rng.choice(("Lee", "Fox")),
            "date_of_birth": rng.choice(("1985-03-02", "2010-05-05", None)),
            "postcode": rng.choice(("AB1 2CD", "AB1 2CE")),
            "address": rng.choice(("1 High Street", "2 Low Road")),
            "nhs_number": rng.choice((None, *map(str, range(9)))),
        }
        for _ in range(25)
    ]
    for n in range(70):
        said = dict(rng.choice(persons))
        said |= {
            "nino": rng.choice((None, None, *"ABCDEF")),
            "upn": rng.choice((None, None, *"UVWXYZ")),
            "former_upn": rng.choice((None, None, None, *"UVW")),
            "sex": rng.choice(("M", "F", "U")),
        }
        partner, ref = rng.choice(PARTNERS), f"R{rng.randrange(40)}"
        days = sorted(
            rng.sample(("2019-06-03", "2019-09-02", "2020-01-06", "2020-03-02"), rng.choice((1, 1, 2)))
        )
        steps.append(
            lambda c, a=(partner, ref, f"feed{n}"), d=days, s=said: [
                c.record(*a, seen=day, **(s | {"address": s["address"] if day == d[0] else "3 New Way"}))
                for day in d
            ]
        )
        natural.append(f"person|{partner}|feed{n}|{ref}")
        if rng.random() < 0.5:
            steps.append(_fact(rng, natural[-1]))
    steps += [lambda c, ref=f"R{n}": c.record("housing", ref, "actions", introduces=False) for n in range(5)]
    steps += [
        lambda c, f=f: c.fact("family_attached", None, "2019-05-01", family_ref=f) for f in ("F0", "F9")
    ]
    pairs = [rng.sample(natural, 2) for _ in range(4)]
    for at, (one, other) in enumerate(pairs):
        word = rng.choice(("same", "different", "never"))
        steps.append(
            lambda c, at=at, a=one, b=other, w=word: c.put(
                "identity.decision",
                source_record_a=c.hash_id(a),
                source_record_b=c.hash_id(b),
                says=w,
                by_whom="r",
                because="r",
                decided_at=f"2020-01-0{at + 1}",
            )
        )
    return steps


def _fact(rng: random.Random, natural: str) -> Callable[[County], object]:
    starts = rng.choice((None, "2018-01-01", "2019-01-01"))
    ends = rng.choice((None, "2019-05-01"))
    family, role = f"F{rng.randrange(6)}", rng.choice(("parent", "child"))
    kind, partner = rng.choice(
        (("family_member", "early_help"), ("cin", "social_care"), ("tenancy", "housing"))
    )
    about = {"ref": f"T{family}"} if kind == "tenancy" else {"family_ref": family}
    return lambda c: c.fact(kind, c.hash_id(natural), starts, ends, partner=partner, role=role, **about)


def build(county: County, steps: list[Callable[[County], object]], nights: int) -> None:
    for night in range(nights):
        for step in steps[night::nights]:
            step(county)
        county.resolve()


@pytest.mark.parametrize("seed", range(6))
def test_every_order_and_number_of_nights_give_the_same_rows(db: sa.engine.Connection, seed: int):
    steps = messy(seed)
    found = []
    for nights in (1, 1, 3):
        attempt = db.begin_nested()
        county = County(db)
        build(county, steps, nights)
        found.append(county.state())
        attempt.rollback()
        random.Random(seed + len(found)).shuffle(steps)
    assert found[0]["membership"]
    assert found[0]["contradiction"]
    assert found[1] == found[0]
    assert found[2] == found[0]


@pytest.mark.parametrize("seed", range(3))
def test_a_run_without_news_writes_its_run_row_alone(county: County, seed: int):
    build(county, messy(seed), 2)
    before = county.everything()
    counts = county.resolve()
    assert county.everything() == before
    assert {counts[n] for n in ("links_changed", "merges", "splits", "memberships_changed", "touched")} == {0}
    assert county.one("SELECT count(*) FROM identity.run WHERE finished_at IS NOT NULL") == 3


VERSIONS = {
    "person_link": "source_record_id",
    "household": "household_id",
    "household_ref": "partner, family_ref",
    "membership": "household_id, person_id, valid",
}


@pytest.mark.parametrize("table", VERSIONS)
def test_versions_of_one_thing_never_overlap(county: County, table: str):
    build(county, messy(1), 4)
    key = VERSIONS[table]
    sql = f"SELECT ROW({key})::text, known_from, known_to FROM identity.{table} ORDER BY 1, 2"  # noqa: S608
    versions = county.rows(sql)
    assert any(to.year < 9999 for _, _, to in versions)
    for (one, starts, ends), (other, next_starts, _) in pairwise(versions):
        assert starts < ends
        assert one != other or ends <= next_starts


@pytest.mark.parametrize("seed", range(3))
def test_nobody_is_held_by_two_bases_on_one_day_but_for_the_part_list_of_social_care(county: County, seed: int):
    build(county, messy(seed), 1)
    assert (
        county.one("""SELECT count(*) FROM identity.membership a JOIN identity.membership b USING (person_id)
                         WHERE a.basis < b.basis AND a.valid && b.valid
                           AND (a.basis, b.basis) NOT IN (('address', 'social_care'), ('social_care', 'tenancy'))""")
        == 0
    )


def test_words_and_counts_hold_no_personal_value(county: County):
    county.someone("police", "P1", "Zebedee", "Quillfeather", nino="QQCANARY1")
    county.someone("health", "H1", "Max", "Fox", "2001-09-09", nino="QQCANARY1")
    counts = str(county.resolve())
    written = counts + str(
        county.rows(
            "SELECT because FROM identity.contradiction UNION SELECT because FROM "
            "identity.person_link UNION SELECT counts::text FROM identity.run"
        )
    )
    for value in ("ZEBEDEE", "QUILLFEATHER", "QQCANARY1", "2001-09-09", "1985-03-02"):
        assert value not in written.upper()
