"""What a delivery does to core: once, only where something changed, and nothing is deleted by silence."""

from datetime import date

import pytest

from conform.deliveries import text_of
from tf_integration import conform

WEEKS = [date(2019, 1, 7), date(2019, 1, 14), date(2019, 1, 21), date(2019, 1, 28), date(2019, 2, 4)]
SPELLS = "SELECT ref, starts_on, ends_on, ended_by FROM core.fact WHERE known_to = 'infinity' ORDER BY ref"
VERSIONS = "SELECT count(*) AS n FROM core.fact"


def episodes(feed, *rows, **person):
    """`ref kind start [end]` a row."""
    made = []
    for row in rows:
        ref, episode, start, end = (*row.split(), "")[:4]
        made.append(
            {
                "person_ref": "P1",
                "surname": "Moss",
                "episode_ref": ref,
                "episode": episode,
                "start_on": start,
                "end_on": end,
            }
            | person
        )
    return text_of(feed, made)


@pytest.fixture
def feed(feeds):
    return feeds["social_care_episodes"]


def deliver(world, feed, *files):
    for sequence, rows in enumerate(files, start=1):
        assert not world.deliver(feed, episodes(feed, *rows), WEEKS[sequence - 1], sequence).faults


def ends(world):
    return {r["ref"]: (r["ends_on"], r["ended_by"]) for r in world.rows(SPELLS)}


def test_one_absence_ends_nothing(world, feed):
    deliver(world, feed, ["A cin 2018-01-01", "B cin 2018-01-01"], ["A cin 2018-01-01"])
    assert ends(world) == {"A": (None, None), "B": (None, None)}


def test_two_absences_end_a_spell_on_the_first(world, feed):
    deliver(world, feed, ["A cin 2018-01-01", "B cin 2018-01-01"], ["A cin 2018-01-01"], ["A cin 2018-01-01"])
    assert ends(world) == {"A": (None, None), "B": (WEEKS[1], "absence")}


def test_absences_that_do_not_follow_each_other_do_not_add_up(world, feed):
    both, one = ["A cin 2018-01-01", "B cin 2018-01-01"], ["A cin 2018-01-01"]
    deliver(world, feed, both, one, both, one)
    assert ends(world)["B"] == (None, None)


def test_a_spells_own_earlier_end_stands(world, feed):
    deliver(
        world, feed, ["A cin 2018-01-01", "B cin 2018-01-01 2018-06-01"], ["A cin 2018-01-01"], ["A cin 2018-01-01"]
    )
    assert ends(world)["B"] == (date(2018, 6, 1), "source")


def test_a_known_end_ahead_gives_way_to_absence(world, feed):
    deliver(
        world, feed, ["A cin 2018-01-01", "B cin 2018-01-01 2030-06-01"], ["A cin 2018-01-01"], ["A cin 2018-01-01"]
    )
    assert ends(world)["B"] == (WEEKS[1], "absence")


def test_what_happened_stays_however_long_it_is_absent(world, feed):
    deliver(world, feed, ["A cin 2018-01-01", "B s47 2018-01-01"], *[["A cin 2018-01-01"]] * 4)
    assert ends(world)["B"] == (None, None)
    assert world.rows("SELECT count(*) AS n FROM core.absence") == [{"n": 2}]


def test_what_comes_back_is_open_again_and_its_history_is_kept(world, feed):
    both, one = ["A cin 2018-01-01", "B cin 2018-01-01"], ["A cin 2018-01-01"]
    deliver(world, feed, both, one, one, both)
    assert ends(world)["B"] == (None, None)
    assert world.rows("SELECT ends_on FROM core.fact WHERE ref = 'B' ORDER BY known_from") == [
        {"ends_on": None},
        {"ends_on": WEEKS[1]},
        {"ends_on": None},
    ]
    assert world.rows("SELECT 1 FROM core.absence") == []


def test_a_state_ends_at_the_first_absence(world, feeds):
    feed = feeds["dwp_benefits"]
    nobody = {"person_ref": "P1", "surname": "Moss", "match": "none"}
    other = {"person_ref": "P2", "surname": "Moss", "match": "none"}
    world.deliver(feed, text_of(feed, [nobody, other]), WEEKS[0], 1)
    world.deliver(feed, text_of(feed, [other]), WEEKS[1], 2)
    assert world.rows("SELECT starts_on, ends_on FROM core.fact WHERE known_to = 'infinity' ORDER BY ends_on") == [
        {"starts_on": WEEKS[0], "ends_on": WEEKS[1]},
        {"starts_on": WEEKS[0], "ends_on": None},
    ]


def test_a_row_that_is_refused_has_not_vanished(world, feed):
    both, broken = ["A cin 2018-01-01", "B cin 2018-01-01"], ["A cin 2018-01-01", "B cin 01/01/2018"]
    deliver(world, feed, both, broken, broken, broken)
    assert ends(world)["B"] == (None, None)
    assert world.rows("SELECT 1 FROM core.absence") == []


def test_the_same_file_again_writes_nothing(world, feed):
    deliver(world, feed, *[["A cin 2018-01-01", "B s47 2018-01-01"]] * 4)
    assert world.rows(VERSIONS) == [{"n": 2}]
    assert world.rows("SELECT count(*) AS n FROM core.source_record") == [{"n": 1}]
    assert world.rows("SELECT count(*) AS n FROM core.coverage") == [{"n": 4}]


def test_other_lines_and_other_columns_first_are_the_same_rows(world, feed):
    deliver(world, feed, ["A cin 2018-01-01", "B s47 2018-01-01"], ["B s47 2018-01-01", "A cin 2018-01-01"])
    assert world.rows(VERSIONS) == [{"n": 2}]


def test_a_correction_closes_one_version_and_opens_another_with_its_own_line(world, feed):
    deliver(world, feed, ["A cin 2018-01-01"], ["B cin 2018-05-05", "A cin 2018-01-02"])
    assert world.rows(
        "SELECT starts_on, line_no, known_to = 'infinity' AS now FROM core.fact WHERE ref = 'A' ORDER BY known_from"
    ) == [
        {"starts_on": date(2018, 1, 1), "line_no": 2, "now": False},
        {"starts_on": date(2018, 1, 2), "line_no": 3, "now": True},
    ]


def test_a_row_that_becomes_another_kind_leaves_no_fact_of_the_old(world, feed):
    deliver(world, feed, ["A cin 2018-01-01"], ["A cp 2018-01-01"])
    assert world.rows("SELECT kind FROM core.fact WHERE known_to = 'infinity'") == [{"kind": "cp"}]


def test_changed_particulars_make_a_version_of_the_person_and_no_version_of_a_fact(world, feed):
    world.deliver(feed, episodes(feed, "A cin 2018-01-01"), WEEKS[0], 1)
    world.deliver(feed, episodes(feed, "A cin 2018-01-01", surname="Moss-Hart"), WEEKS[1], 2)
    assert world.rows("SELECT surname, first_snapshot_on FROM core.source_record ORDER BY known_from") == [
        {"surname": "Moss", "first_snapshot_on": WEEKS[0]},
        {"surname": "Moss-Hart", "first_snapshot_on": WEEKS[0]},
    ]
    assert world.rows(VERSIONS) == [{"n": 1}]


def test_vanishing_counts_keys_of_the_last_snapshot_that_the_staged_file_lacks(world, feed):
    rows = [f"{c} cin 2018-01-01" for c in "ABCDE"]
    deliver(world, feed, rows, rows[:4])
    source = world.register(feed, episodes(feed, *rows[:2], "C cin nonsense"), WEEKS[2], 3, feed.partner)
    conform.stage(world.conn, world.files[source.delivery_id], source)
    assert conform.vanishing(world.conn, source) == (4, 1)


def test_a_contract_that_makes_other_facts_of_a_row_makes_them_again(world, feed):
    deliver(world, feed, ["A cin 2018-01-01"])
    changed = feed.model_copy(
        update={"facts": (feed.facts[0].model_copy(update={"when": {"episode": ("cin",)}, "kind": "cp"}),)}
    )
    assert world.rows("SELECT kind FROM core.fact WHERE known_to = 'infinity'") == [{"kind": "cin"}]
    both = changed.model_copy(update={"facts": (*changed.facts, feed.facts[4])})
    world.deliver(both, episodes(feed, "A cin 2018-01-01"), WEEKS[1], 2)
    assert world.rows("SELECT kind FROM core.fact WHERE known_to = 'infinity' ORDER BY 1") == [
        {"kind": "cin"},
        {"kind": "cp"},
    ]


# -- windows and coverage


def half_term(feed, *rows):
    names = ("person_ref", "establishment", "period_start", "period_end", "sessions_possible", "sessions_attended")
    return text_of(
        feed,
        [
            dict(zip(names, r.split(), strict=True)) | {"sessions_authorised": "0", "sessions_unauthorised": "0"}
            for r in rows
        ],
    )


def test_a_window_upserts_and_never_ends_what_it_does_not_hold(world, feeds):
    feed = feeds["schools_attendance"]
    world.deliver(
        feed,
        half_term(feed, "P1 8801234 2018-09-03 2018-10-19 60 60", "P2 8801234 2018-09-03 2018-10-19 60 60"),
        WEEKS[0],
        1,
    )
    world.deliver(
        feed,
        half_term(feed, "P1 8801234 2018-09-03 2018-10-19 58 58", "P1 8801234 2018-10-29 2018-12-20 70 70"),
        WEEKS[1],
        2,
    )
    assert [
        r["out_of"] for r in world.rows("SELECT out_of FROM core.fact WHERE known_to = 'infinity' ORDER BY out_of")
    ] == [58, 60, 70]
    assert world.rows("SELECT 1 FROM core.absence") == []


def test_a_school_is_covered_for_the_half_terms_of_which_a_row_is_held(world, feeds):
    feed = feeds["schools_attendance"]
    world.deliver(
        feed,
        half_term(
            feed,
            "P1 8801234 2018-09-03 2018-10-19 60 60",
            "P2 8801234 2018-09-03 2018-10-19 60 60",
            "P3 8805678 2018-10-29 2018-12-20 60 60",
            "P4 880567 2018-10-29 2018-12-20 60 60",
        ),
        WEEKS[0],
        1,
    )
    assert world.rows("SELECT place, covers::text AS covers FROM core.coverage ORDER BY 1 NULLS FIRST, 2") == [
        {"place": None, "covers": "[2018-09-03,2018-12-21)"},
        {"place": "8801234", "covers": "[2018-09-03,2018-10-20)"},
        {"place": "8805678", "covers": "[2018-10-29,2018-12-21)"},
    ]


def test_the_control_files_days_are_the_coverage(world, feed):
    world.deliver(feed, episodes(feed, "A cin 2018-01-01"), WEEKS[0], 1, covers=(date(2018, 1, 1), date(2018, 12, 31)))
    assert world.rows("SELECT covers::text AS c FROM core.coverage") == [{"c": "[2018-01-01,2019-01-01)"}]


def test_without_them_a_delivery_covers_the_days_since_the_last(world, feed):
    deliver(world, feed, ["A cin 2018-01-01"], ["A cin 2018-01-01"])
    assert [r["c"] for r in world.rows("SELECT covers::text AS c FROM core.coverage ORDER BY 1")] == [
        "[2019-01-07,2019-01-08)",
        "[2019-01-08,2019-01-15)",
    ]


# -- whole transactions


def test_a_file_with_a_fault_loads_nothing_when_the_caller_does_not_apply_it(world, feed):
    content = episodes(feed, *[f"A{i} cin 2018-01-01" for i in range(50)]).encode() + b"\xff\n"
    staged = world.deliver(feed, content, WEEKS[0], 1)
    assert [f.rule for f in staged.faults] == ["wrong_encoding"]
    assert world.rows(VERSIONS) == [{"n": 0}]


def test_a_second_staging_on_one_connection_starts_again(world, feed):
    source = world.register(feed, episodes(feed, "A cin 2018-01-01", "B cin bad"), WEEKS[0], 1, feed.partner)
    for _ in range(2):
        staged = conform.stage(world.conn, world.files[source.delivery_id], source)
    assert (staged.rows_read, staged.rows_loaded) == (2, 1)
    assert world.rows("SELECT count(*) AS n FROM staging") == [{"n": 1}]
    assert world.rows("SELECT count(*) AS n FROM landing.reject") == [{"n": 1}]


def test_ids_come_from_content_so_that_two_warehouses_agree(world, feed):
    deliver(world, feed, ["A cin 2018-01-01"], ["A cin 2018-01-01", "B cp 2018-01-01"])
    ids = "SELECT fact_id, source_record_id, row_key FROM core.fact ORDER BY fact_id"
    first = world.rows(ids)
    world.conn.rollback()
    world.night = 100
    deliver(world, feed, ["A cin 2018-01-01"], ["A cin 2018-01-01", "B cp 2018-01-01"])
    assert world.rows(ids) == first


def test_temporary_tables_end_with_the_transaction(world, feed):
    deliver(world, feed, ["A cin 2018-01-01"])
    world.conn.commit()
    assert world.rows("SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()") == []
