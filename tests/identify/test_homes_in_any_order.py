"""Homes from files: where a family lived, and since when, is the same whatever the order in which the files came."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
import sqlalchemy as sa
from conform.deliveries import World, text_of

from tf_integration import identify
from tf_integration.model.feed import Feed, load_feeds

AS_AT = date(2019, 2, 1)
DAYS = (date(2019, 1, 7), date(2019, 1, 14), date(2019, 1, 21))
MOVES = ("1 High Street", "2 Low Road", "1 High Street")


@pytest.fixture
def world(db: sa.engine.Connection, tmp_path: Path) -> World:
    return World(db, tmp_path)


@pytest.fixture(scope="session")
def feed() -> Feed:
    return load_feeds()["dwp_benefits"]


def file_at(feed: Feed, address: str) -> str:
    people = [("P1", "Ann", "1980-01-01"), ("P2", "Tom", "1981-01-01")]
    return text_of(
        feed,
        [
            {"person_ref": ref, "forename": name, "surname": "Moss", "date_of_birth": born, "address": address,
             "postcode": "AB1 2CD", "benefit": "JSA", "start_on": "2018-01-01", "match": "full"}
            for ref, name, born in people
        ],
    )


def households(world: World) -> list[dict[str, object]]:
    return world.rows(
        "SELECT household_id, person_id, valid::text FROM identity.membership "
        "WHERE known_to = 'infinity' ORDER BY household_id, person_id, valid"
    )


def lived(world: World, feed: Feed, files: list[tuple[date, int, str]], *, each_night: bool) -> list[dict[str, object]]:
    for day, sequence, address in files:
        assert not world.deliver(feed, file_at(feed, address), day, sequence).faults
        if each_night:
            identify.resolve(world.conn, AS_AT)
    identify.resolve(world.conn, AS_AT)
    return households(world)


@pytest.mark.parametrize("each_night", [False, True])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_move_that_a_late_file_tells_of_is_known(world: World, feed: Feed, order: tuple[int, ...], each_night: bool):
    files = [(day, n, address) for n, (day, address) in enumerate(zip(DAYS, MOVES, strict=True), start=1)]
    late = lived(world, feed, [files[i] for i in order], each_night=each_night)
    world.conn.rollback()
    assert late == lived(world, feed, files, each_night=False)
    assert len({row["household_id"] for row in late}) == 2


@pytest.mark.parametrize("seen_between", [False, True])
def test_a_home_that_a_corrected_file_no_longer_gives_is_nobodys(world: World, feed: Feed, seen_between: bool):
    wrong = [(DAYS[0], 1, MOVES[0]), (DAYS[1], 2, MOVES[1]), (DAYS[1], 2, MOVES[0]), (DAYS[2], 3, MOVES[0])]
    corrected = lived(world, feed, wrong, each_night=seen_between)
    assert [row["valid"] for row in corrected] == ["(,)", "(,)"]
