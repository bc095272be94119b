"""What a partner once said of a person stands until it says something else: a blank says nothing."""

from datetime import date
from itertools import permutations

import pytest

from conform.deliveries import World, text_of

SENT = [
    {"surname": "Moss", "date_of_birth": "2008-05-01", "address": "1 High Street", "postcode": "CT1 2AB",
     "uprn": "10001"},
    {"surname": "Moss-Hart", "date_of_birth": "", "address": "2 Low Street", "postcode": ""},   # no postcode yet
    {"surname": "", "forename": "Ann", "date_of_birth": "", "nhs_number": "9434765919"},
]
LAST = {"forename": "Ann", "surname": "Moss-Hart", "date_of_birth": date(2008, 5, 1), "address": "2 Low Street",
        "postcode": None, "uprn": None, "nhs_number": "9434765919"}


def file(feed, *rows):
    common = {"op": "U", "person_ref": "P1", "referral_ref": "R1", "service": "HV", "need": "development",
              "referred_on": "2019-01-01"}
    return text_of(feed, [common | r for r in rows])


def record(world: World):
    world.conn.exec_driver_sql("SET LOCAL timezone = 'UTC'")
    found = world.conn.exec_driver_sql("SELECT * FROM core.source_record WHERE known_to = 'infinity'").mappings().one()
    return {name: found[name] for name in LAST}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_later_blank_erases_nothing_in_whatever_order_the_files_come(world, feeds, order):
    feed = feeds["health_contacts"]
    for i in order:
        assert not world.deliver(feed, file(feed, SENT[i]), date(2019, 1, 7 * (i + 1)), i + 1).faults
    assert record(world) == LAST


def test_the_lines_of_one_file_are_read_like_files(world, feeds):
    feed = feeds["health_contacts"]
    rows = [SENT[0] | {"referral_ref": "R1"}, SENT[1] | {"referral_ref": "R2"}, SENT[2] | {"referral_ref": "R1"}]
    assert not world.deliver(feed, file(feed, *rows), date(2019, 1, 7), 1).faults
    assert record(world) == LAST


def test_a_row_that_adds_nothing_makes_no_new_version(world, feeds):
    feed = feeds["health_contacts"]
    world.deliver(feed, file(feed, SENT[0]), date(2019, 1, 7), 1)
    world.deliver(feed, file(feed, {"surname": "Moss", "referral_ref": "R9"}), date(2019, 1, 14), 2)
    assert world.conn.exec_driver_sql("SELECT count(*) FROM core.source_record").scalar() == 1


def test_a_later_word_still_replaces_an_earlier_one(world, feeds):
    feed = feeds["health_contacts"]
    world.deliver(feed, file(feed, SENT[0]), date(2019, 1, 7), 1)
    world.deliver(feed, file(feed, {"surname": "Moss", "date_of_birth": "2008-05-02"}), date(2019, 1, 14), 2)
    assert record(world)["date_of_birth"] == date(2008, 5, 2)


def test_a_whole_snapshot_replaces_what_the_last_one_said(world, feeds):
    feed = feeds["social_care_episodes"]
    row = {"person_ref": "P1", "surname": "Moss", "episode_ref": "A", "episode": "cin", "start_on": "2018-01-01"}
    world.deliver(feed, text_of(feed, [row | {"date_of_birth": "2008-05-01"}]), date(2019, 1, 7), 1)
    world.deliver(feed, text_of(feed, [row]), date(2019, 1, 14), 2)
    assert record(world)["date_of_birth"] is None
