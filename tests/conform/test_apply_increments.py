"""What an increment does to core: rows that add, correct and withdraw, and the rest left as it is."""

from datetime import date

import pytest

from conform.deliveries import text_of

WEEKS = [date(2019, 1, 7), date(2019, 1, 14), date(2019, 1, 21)]
VERSIONS = "SELECT count(*) AS n FROM core.fact"


def actions(feed, *rows):
    """`op ref action day` a row; a D row its key only."""
    return text_of(
        feed,
        [
            dict(zip(("op", "action_ref", "action", "action_on"), r.split(), strict=False)) | {"person_ref": "P1"}
            for r in rows
        ],
    )


@pytest.fixture
def increment(feeds):
    return feeds["housing_actions"]


def now(world):
    return {r["ref"]: r["kind"] for r in world.rows("SELECT ref, kind FROM core.fact WHERE known_to = 'infinity'")}


def test_an_increment_adds_corrects_and_withdraws_and_leaves_the_rest(world, increment):
    world.deliver(
        increment,
        actions(increment, "U A eviction 2019-01-01", "U B nosp_asb 2019-01-01", "U C possession 2019-01-01"),
        WEEKS[0],
        1,
    )
    world.deliver(
        increment, actions(increment, "U A possession 2019-01-02", "D B", "U D eviction 2019-01-05"), WEEKS[1], 2
    )
    assert now(world) == {"A": "possession", "C": "possession", "D": "eviction"}
    assert world.rows(VERSIONS) == [{"n": 5}]


def test_the_last_line_of_a_key_wins_within_an_increment(world, increment):
    staged = world.deliver(
        increment,
        actions(
            increment, "U A eviction 2019-01-01", "D A", "U A possession 2019-01-01", "U B eviction 2019-01-01", "D B"
        ),
        WEEKS[0],
        1,
    )
    assert now(world) == {"A": "possession"}
    assert (staged.rows_read, staged.rows_loaded, staged.rows_rejected) == (5, 5, 0)


def test_a_withdrawal_of_an_unknown_key_is_a_refused_row(world, increment):
    staged = world.deliver(
        increment,
        actions(increment, "U A eviction 2019-01-01", "D B", "D A", "D A", "U B eviction 2019-01-02"),
        WEEKS[0],
        1,
    )
    assert [(r.line_no, r.rule) for r in staged.rejects()] == [(3, "unknown_key"), (5, "unknown_key")]
    assert (staged.rows_loaded, now(world)) == (3, {"B": "eviction"})


def test_a_withdrawn_key_is_unknown_afterwards(world, increment):
    world.deliver(increment, actions(increment, "U A eviction 2019-01-01"), WEEKS[0], 1)
    world.deliver(increment, actions(increment, "D A"), WEEKS[1], 2)
    staged = world.deliver(increment, actions(increment, "D A"), WEEKS[2], 3)
    assert [r.rule for r in staged.rejects()] == ["unknown_key"]


def test_a_quiet_week_covers_its_days_and_changes_nothing(world, increment):
    world.deliver(increment, actions(increment, "U A eviction 2019-01-01"), WEEKS[0], 1)
    world.deliver(increment, actions(increment), WEEKS[1], 2)
    assert now(world) == {"A": "eviction"}
    assert world.rows("SELECT covers::text AS c FROM core.coverage ORDER BY 1") == [
        {"c": "[2019-01-07,2019-01-08)"},
        {"c": "[2019-01-08,2019-01-15)"},
    ]


def test_an_r_row_is_kept_before_anybody_introduces_its_person(world, increment):
    world.deliver(increment, actions(increment, "U A eviction 2019-01-01"), WEEKS[0], 1)
    assert world.rows("SELECT person_ref, introduces, surname FROM core.source_record") == [
        {"person_ref": "P1", "introduces": False, "surname": None}
    ]


def test_two_feeds_of_a_partner_that_disagree_both_stand(world, feeds):
    tenancies, nominations = feeds["housing_tenancies"], feeds["nominations"]
    world.deliver(
        tenancies,
        text_of(tenancies, [{"person_ref": "P1", "surname": "Moss", "tenancy_ref": "T", "role": "tenant"}]),
        WEEKS[0],
        1,
    )
    world.deliver(
        nominations,
        text_of(
            nominations,
            [
                {
                    "op": "U",
                    "person_ref": "P1",
                    "surname": "Hart",
                    "nomination_ref": "N",
                    "problem": "health",
                    "nominated_on": "2019-01-01",
                }
            ],
        ),
        WEEKS[0],
        1,
        partner="housing",
    )
    assert world.rows("SELECT partner, feed, person_ref, surname FROM core.source_record ORDER BY feed") == [
        {"partner": "housing", "feed": "housing_tenancies", "person_ref": "P1", "surname": "Moss"},
        {"partner": "housing", "feed": "nominations", "person_ref": "P1", "surname": "Hart"},
    ]


def test_nominations_of_two_partners_do_not_touch_each_other(world, feeds):
    feed = feeds["nominations"]
    row = {
        "op": "U",
        "person_ref": "P1",
        "surname": "Moss",
        "nomination_ref": "N1",
        "problem": "health",
        "nominated_on": "2019-01-01",
    }
    world.deliver(feed, text_of(feed, [row]), WEEKS[0], 1, partner="housing")
    world.deliver(feed, text_of(feed, [row]), WEEKS[0], 1, partner="police")
    staged = world.deliver(feed, text_of(feed, [row | {"op": "D"}]), WEEKS[1], 2, partner="police")
    assert staged.rows_rejected == 0
    assert world.rows("SELECT partner FROM core.fact WHERE known_to = 'infinity'") == [{"partner": "housing"}]
