"""Nights that look only at what changed give what working everything out gives, erasures included."""

from __future__ import annotations

import random

import pytest
from small_county import County
from test_order import build, messy

from tf_integration.identify import models
from tf_integration.identify.matching import load_matching

STARTS_AFRESH = (
    "DELETE FROM identity.house_state",
    "UPDATE identity.match_state SET made_by = 'another model', n_records = NULL, n_waiting = NULL, n_persons = NULL",
)

STANDING = "SELECT source_record_id FROM core.source_record WHERE known_to = 'infinity' ORDER BY 1"
ENDED = """
    UPDATE core.fact SET known_to = '2020-05-01' WHERE source_record_id = :r AND known_to = 'infinity' RETURNING kind"""
KEPT = {"stay": "*", "listing": "*", "sighting": "*", "match_key": "key, source_record_id, born"}
HOME = {"address": "1 High Street", "postcode": "AB1 2CD"}


def counts(county: County) -> dict[str, int]:
    names = ("records", "waiting", "persons", "households", "memberships", "contradictions")
    return {n: county.resolve()[n] for n in names}


def afresh(county: County) -> None:
    for statement in STARTS_AFRESH:
        county.conn.exec_driver_sql(statement)


def shaken(county: County, rng: random.Random, times: int) -> None:
    """Corrections, withdrawals, ended facts, words and communal addresses, a night after each few."""
    for n in range(times):
        records = [r for (r,) in county.rows(STANDING)]
        one, other = rng.sample(records, 2)
        what = rng.randrange(7)
        if what == 0:
            county.withdraw(one)
        elif what == 1:
            county.rows(ENDED, r=one)
        elif what == 2:
            county.says(one, other, rng.choice(("same", "different", "never", "undo")))
        elif what == 3:
            county.put("identity.communal", written="3NEWWAY|AB12CD", kind="hostel")
        elif what == 4:
            county.conn.exec_driver_sql("DELETE FROM identity.communal")
        elif what == 5:
            county.someone("health", f"new {n}", seen="2020-03-02", uprn=rng.choice((None, "77", "78")), **HOME)
        else:
            county.listed(f"F{rng.randrange(6)}", one, rng.choice((None, "2019-02-01")))
        if n % 3 == 2:
            county.resolve()
    county.resolve()


@pytest.mark.parametrize("seed", range(4))
def test_nights_of_corrections_give_what_working_everything_out_gives(county: County, seed: int):
    build(county, messy(seed), 2)
    shaken(county, random.Random(seed), 18)
    state, counted = county.state(), counts(county)
    kept = {t: county.rows(f"SELECT {columns} FROM identity.{t}") for t, columns in KEPT.items()}  # noqa: S608
    afresh(county)
    assert counts(county) == counted
    assert county.state() == state
    for table, rows in kept.items():
        now = county.rows(f"SELECT {KEPT[table]} FROM identity.{table}")  # noqa: S608
        assert sorted(map(str, now)) == sorted(map(str, rows)), table


def test_an_erasure_that_takes_links_away_leaves_nothing_stale(county: County):
    one = county.someone("police", "P1", nino="AB123456C", uprn="77")
    county.someone("health", "H1", "Tom", "Fox", uprn="77")
    county.listed("F1", one)
    county.resolve()
    for table in ("core.fact", "identity.person_link", "identity.match_record", "core.source_record"):
        county.conn.exec_driver_sql(f"DELETE FROM {table} WHERE source_record_id = {one}")  # noqa: S608
    counted = counts(county)
    assert (counted["records"], counted["persons"]) == (1, 1)
    assert county.one("SELECT count(*) FROM identity.listing WHERE person_id = :p", p=one) == 0
    now = "SELECT count(*) FROM identity.membership WHERE person_id = :p AND known_to = 'infinity'"
    assert county.one(now, p=one) == 0


def test_a_night_works_out_the_households_that_the_news_touches_and_no_others(county: County):
    for n in range(30):
        county.someone("housing", f"T{n}", "Ann", f"Of{chr(65 + n % 26)}", f"19{50 + n}-03-02", uprn=f"{100 + n}")
    county.resolve()
    county.someone("health", "H1", "Tom", "Fox", "2011-01-01", uprn="105")
    county.resolve()
    assert county.one("SELECT count(*) FROM work_resident") == 1
    assert {home for (home,) in county.rows("SELECT DISTINCT home FROM work_at_home")} == {"uprn 105"}
    assert county.one("SELECT count(*) FROM work_membership") == 2


HOMES = "SELECT DISTINCT home FROM identity.stay"


def test_an_address_is_a_uprns_as_long_as_somebody_gives_just_one_with_it(county: County):
    county.someone("housing", "T1", **HOME)
    county.resolve()
    assert county.rows(HOMES) == [("address 1HIGHSTREET|AB12CD",)]
    one = county.someone("health", "H1", "Tom", "Fox", "2011-01-01", uprn="105", **HOME)
    county.resolve()
    assert county.rows(HOMES) == [("uprn 105",)]
    county.someone("dwp", "D1", "Max", "Hall", "1971-01-01", uprn="105", **HOME)
    county.resolve()
    assert county.one("SELECT count(*) FROM work_resident") == 1, "nothing new of the address"
    other = county.someone("police", "P1", "Kim", "Cole", "1961-01-01", uprn="106", **HOME)
    county.resolve()
    assert len(county.rows(HOMES)) == 3, "two UPRNs are none"
    county.withdraw(other)
    county.withdraw(one)
    county.resolve()
    assert county.rows(HOMES) == [("uprn 105",)]


def test_a_known_person_who_says_what_others_said_lists_no_home_anew(county: County):
    county.someone("housing", "T1", uprn="105", nino="AB123456C")
    county.someone("dwp", "D1", "Tom", "Fox", "2011-01-01", uprn="105")
    county.resolve()
    county.someone("health", "H1", uprn="105", nino="AB123456C")
    assert county.resolve()["links_changed"]
    assert county.one("SELECT count(*) FROM work_resident") == 1
    assert county.one("SELECT count(*) FROM work_home") == 0


EDGES = "SELECT source_record_a, source_record_b, match_weight, levels FROM identity.match_edge ORDER BY 1, 2"
MOVED = "SELECT count(*) FROM work_compared"


def test_blocks_that_grow_too_large_and_shrink_again_give_what_comparing_all_gives(county: County, monkeypatch):
    few = load_matching().model_copy(update={"most_in_block": 4})
    monkeypatch.setattr(models, "load_matching", lambda: few)
    rng, standing, moved = random.Random(3), [], 0

    def arrive(number: int) -> None:
        name = rng.choice(("Ann", "Tom", "Max")), rng.choice(("Lee", "Fox", "Hall", "Cole"))
        born = f"19{rng.randrange(60, 72)}-03-0{rng.randrange(1, 4)}"
        partner = rng.choice(("police", "health", "dwp"))
        standing.append(county.someone(partner, f"R{number}", *name, born, **HOME | {"uprn": f"{rng.randrange(9)}"}))

    for number in range(60):
        arrive(number)
    county.resolve()
    for night in range(6):
        for number in range(5):
            arrive(1000 + 10 * night + number)
        for _ in range(4 * (night % 2)):
            county.withdraw(standing.pop(rng.randrange(len(standing))))
        county.resolve()
        moved += county.one(MOVED)
    edges, state = county.rows(EDGES), county.state()
    assert moved
    afresh(county)
    county.resolve()
    assert county.rows(EDGES) == edges
    assert county.state() == state


def test_the_planner_is_left_as_the_caller_had_it(county: County):
    county.conn.exec_driver_sql("SET LOCAL random_page_cost = 3")
    names = ("seq_page_cost", "random_page_cost")
    before = [county.one(f"SELECT current_setting('{n}')") for n in names]
    county.resolve()
    assert [county.one(f"SELECT current_setting('{n}')") for n in names] == before
