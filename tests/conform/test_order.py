"""Arrival makes no difference: whatever the order of arrival, the same deliveries end in the same state."""

from datetime import date
from itertools import permutations

import pytest

from conform.deliveries import World, text_of

WHOLE = [
    (date(2019, 1, 7), ["A 2018-01-01", "B 2018-02-01", "C 2018-03-01"]),
    (date(2019, 1, 14), ["A 2018-01-01", "C 2018-03-02"]),  # B gone once, C corrected
    (date(2019, 1, 21), ["A 2018-01-01 2019-01-20", "C 2018-03-02", "D 2019-01-18"]),  # B gone twice, A ended
    (date(2019, 1, 28), ["A 2018-01-01 2019-01-20", "B 2018-02-01", "D 2019-01-18"]),  # B back, C gone
]


def whole_file(feed, rows):
    cells = [(*r.split(), "")[:3] for r in rows]
    return text_of(
        feed,
        [
            {
                "person_ref": f"P{ref}",
                "surname": "Moss",
                "episode_ref": ref,
                "episode": "cin",
                "start_on": start,
                "end_on": end,
                "address": f"{len(rows)} High Street",
            }
            for ref, start, end in cells
        ],
    )


def end_state(world: World, feed, deliveries):
    for sequence, (day, rows) in deliveries:
        assert not world.deliver(feed, whole_file(feed, rows), day, sequence).faults
    return world.state()


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_whole_snapshots_end_the_same_in_every_order(world, feeds, order):
    feed = feeds["social_care_episodes"]
    numbered = list(enumerate(WHOLE, start=1))
    state = end_state(world, feed, [numbered[i] for i in order])
    world.conn.rollback()
    assert state == end_state(world, feed, numbered)
    assert len(state["fact"]) == 4


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_windows_end_the_same_in_every_order(world, feeds, order):
    feed = feeds["schools_attendance"]

    def file(*attended):
        return text_of(
            feed,
            [
                {
                    "person_ref": f"P{i}",
                    "establishment": "8801234",
                    "period_start": "2018-09-03",
                    "period_end": "2018-10-19",
                    "sessions_possible": "60",
                    "sessions_attended": str(n),
                    "sessions_authorised": "0",
                    "sessions_unauthorised": str(60 - n),
                }
                for i, n in enumerate(attended)
            ],
        )

    deliveries = [
        (date(2018, 11, 1), 1, file(50, 40)),
        (date(2018, 11, 8), 2, file(51, 40, 30)),
        (date(2018, 11, 15), 3, file(50, 41)),
    ]

    def run(chosen):
        for day, sequence, content in chosen:
            assert not world.deliver(feed, content, day, sequence).faults
        return world.state()

    state = run([deliveries[i] for i in order])
    world.conn.rollback()
    assert state == run(deliveries)


def test_a_corrected_file_takes_the_place_of_the_first(world, feeds):
    feed = feeds["social_care_episodes"]
    numbered = list(enumerate(WHOLE, start=1))
    end_state(
        world,
        feed,
        [*numbered[:3], (2, (date(2019, 1, 14), ["A 2018-01-01", "B 2018-02-01", "C 2018-03-05"])), numbered[3]],
    )
    state = world.state()
    world.conn.rollback()
    world.night = 0
    assert world.state()["fact"] == []
    corrected = [numbered[0], (2, (date(2019, 1, 14), ["A 2018-01-01", "B 2018-02-01", "C 2018-03-05"])), *numbered[2:]]
    assert state == end_state(world, feed, corrected)


def test_a_corrected_last_file_leaves_nothing_of_what_it_takes_the_place_of(world, feeds):
    feed = feeds["social_care_episodes"]
    first, wrong, right = ["A 2018-01-01"], ["A 2018-01-02", "E 2018-05-05"], ["A 2018-01-01"]
    end_state(
        world, feed, [(1, (date(2019, 1, 7), first)), (2, (date(2019, 1, 14), wrong)), (2, (date(2019, 1, 14), right))]
    )
    state = world.state()
    world.conn.rollback()
    assert state == end_state(world, feed, [(1, (date(2019, 1, 7), first)), (2, (date(2019, 1, 14), right))])


def test_a_late_file_leaves_what_it_does_not_change_known_since_before(world, feeds):
    feed = feeds["social_care_episodes"]
    world.deliver(feed, whole_file(feed, ["A 2018-01-01"]), date(2019, 1, 7), 1)
    world.deliver(feed, whole_file(feed, ["A 2018-01-01", "C 2018-03-01"]), date(2019, 1, 21), 3)
    before = world.rows("SELECT fact_id, known_from FROM core.fact WHERE known_to = 'infinity' ORDER BY 1")
    world.deliver(feed, whole_file(feed, ["A 2018-01-01"]), date(2019, 1, 14), 2)
    assert world.rows("SELECT fact_id, known_from FROM core.fact WHERE known_to = 'infinity' ORDER BY 1") == before
    assert world.rows("SELECT count(*) AS n FROM core.fact WHERE known_to <> 'infinity'") == [{"n": 0}]
