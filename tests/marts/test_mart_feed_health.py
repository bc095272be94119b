"""The feed board: on time, late, missing, held, waiting, rejected, never arrived."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from tiny_world import World

MONDAY = date(2019, 3, 4)


def board(world: World) -> dict[str, Any]:
    return dict(world.conn.execute(sa.text("SELECT * FROM mart.feed_health_v1")).mappings().one())


def today(world: World, day: date) -> None:
    world.insert(
        "assess.run", as_at=day, known_at=f"{day}+00", plan_hashes={}, code_version="0", scope="full"
    )


def test_a_feed_that_never_came_is_said_so_with_the_contracts_usual_rows(world: World) -> None:
    world.feed("calls", "police", usual_low=100, usual_high=200)
    found = board(world)
    assert (found["state"], found["due_on"], found["usual_low"]) == ("never arrived", None, 100)
    assert "Ask the partner" in found["next_action"]


@pytest.mark.parametrize(
    ("day", "state"),
    [(date(2019, 3, 11), "on time"), (date(2019, 3, 12), "late"), (date(2019, 3, 14), "late"),
     (date(2019, 3, 15), "missing")],
)  # fmt: skip
def test_a_weekly_feed_is_late_after_its_day_and_missing_after_its_grace(
    world: World, day: date, state: str
) -> None:
    world.feed("calls", "police", late_after_days=3)
    world.delivery("calls", "police", "a.csv", "a\n", snapshot_on=MONDAY, business_on=MONDAY)
    today(world, day)
    found = board(world)
    assert (found["state"], found["due_on"]) == (state, date(2019, 3, 11))
    assert found["age_days"] == (day - MONDAY).days


@pytest.mark.parametrize(
    ("rhythm", "due"),
    [("nightly", date(2019, 3, 5)), ("monthly", date(2019, 4, 4)), ("half_termly", date(2019, 4, 1))],
)
def test_the_due_day_follows_the_rhythm(world: World, rhythm: str, due: date) -> None:
    world.insert(
        "core.half_term",
        school_year="2018/19",
        term="spring",
        half_term=4,
        starts_on="2019-02-22",
        ends_on="2019-03-31",
    )
    world.feed("calls", "police", rhythm=rhythm)
    world.delivery(
        "calls", "police", "a.csv", "a\n", snapshot_on=MONDAY, business_on=MONDAY, covers_to="2019-02-14"
    )
    assert board(world)["due_on"] == due


@pytest.mark.parametrize("status", ["held", "rejected", "waiting"])
def test_a_newest_file_that_needs_somebody_is_shown_whatever_the_day(world: World, status: str) -> None:
    world.feed("calls", "police")
    world.delivery("calls", "police", "a.csv", "a\n", snapshot_on=MONDAY, business_on=MONDAY)
    states = {"held": "held", "rejected": "rejected", "waiting": "parsed"}
    world.delivery(
        "calls",
        "police",
        "b.csv",
        "b\n",
        snapshot_on=date(2019, 3, 11),
        sequence=2,
        status=status,
        state=states[status],
        business_on=date(2019, 3, 11),
    )
    found = board(world)
    assert (found["state"], found["file_name"]) == (status, "b.csv")
    # of the accepted one, on the board's day: the latest that a delivery has seen
    assert found["age_days"] == 7
    world.delivery("calls", "police", "c.csv", "c\n", snapshot_on=date(2019, 3, 12), sequence=3)
    assert board(world)["state"] == "on time"


def test_a_held_file_of_one_partner_shows_on_a_feed_that_any_partner_sends(world: World) -> None:
    world.feed("nominated", "any")
    world.delivery(
        "nominated", "schools", "a.csv", "a\n", snapshot_on=MONDAY, status="held", state="held",
        business_on=MONDAY,
    )  # fmt: skip
    world.delivery(
        "nominated", "police", "b.csv", "b\n", snapshot_on=date(2019, 3, 6), received_at="2019-03-12+00"
    )
    assert (board(world)["state"], board(world)["file_name"]) == ("held", "a.csv")


def test_a_file_in_the_folder_of_a_partner_that_does_not_send_the_feed_says_nothing_of_it(world: World) -> None:
    world.feed("calls", "police")
    world.delivery("calls", "police", "a.csv", "a\n", snapshot_on=MONDAY, business_on=MONDAY)
    world.delivery(
        "calls", "housing", "b.csv", "b\n", snapshot_on=date(2019, 3, 5), status="held", state="held",
        business_on=date(2019, 3, 5),
    )  # fmt: skip
    assert (board(world)["state"], board(world)["file_name"]) == ("on time", "a.csv")
    today(world, date(2019, 3, 15))
    assert board(world)["state"] == "missing"  # nor does it keep back the reminder that the feed is owed


def test_the_usual_rows_of_a_whole_feed_lie_around_its_median(world: World) -> None:
    world.feed("tenancies", "housing", mode="whole", usual_low=1, usual_high=2)
    for n, rows in enumerate((100, 110, 90), 1):
        world.delivery(
            "tenancies",
            "housing",
            f"{n}.csv",
            f"{n}\n",
            sequence=n,
            rows_read=rows,
            rows_loaded=rows,
            mode="whole",
        )
    assert (board(world)["usual_low"], board(world)["usual_high"]) == (80, 120)


def test_a_duplicate_is_not_the_newest_file(world: World) -> None:
    world.feed("calls", "police")
    world.delivery("calls", "police", "a.csv", "a\n", snapshot_on=MONDAY)
    world.delivery(
        "calls", "police", "b.csv", "a\n", snapshot_on=date(2019, 3, 11), sequence=2, status="duplicate"
    )
    assert board(world)["file_name"] == "a.csv"


@pytest.mark.parametrize(("status", "rule", "says"), [
    ("waiting", "control_file_missing", "ask the partner for b.csv.ctl.json"),
    ("waiting", "future_date", "waits for the day in its name, 11 March 2019"),
    ("held", "sequence_gap", "An earlier file of the sequence has not been accepted"),
    ("held", "volume", "release or reject it"),
    ("held", "column_missing", "must send it again"),
])  # fmt: skip
def test_each_kind_of_waiting_is_said_by_its_own_reason(world: World, status: str, rule: str, says: str) -> None:
    world.feed("calls", "police")
    people = {"column_missing": 0, "volume": 2}.get(rule, 1)
    reason = {"rule": rule, "count": 1, "what_to_do": "x", "effect": "hold" if status == "held" else "warn",
              "people": people}  # fmt: skip
    world.delivery("calls", "police", "b.csv", "b\n", snapshot_on=date(2019, 3, 11), sequence=2, status=status,
                   state={"held": "held", "waiting": "seen"}[status], reasons=json.dumps([reason]))  # fmt: skip
    assert says in board(world)["next_action"]
