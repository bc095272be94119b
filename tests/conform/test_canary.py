"""No value of a row reaches what conforming says: reports, rejects, faults, exceptions or logs."""

import logging
from datetime import date

import pytest

from conform.deliveries import text_of
from tf_integration import conform
from tf_integration.model.errors import ContractError
from tf_integration.model.feed import load_feed

ON = date(2019, 6, 3)
CANARY = "Zyxwvutsr"


def everything_said(staged: conform.Staged) -> str:
    return repr((staged, list(staged.rejects()), staged.faults, staged.warnings, staged.reasons, staged.measures))


@pytest.mark.parametrize(
    "name",
    [
        "schools_pupils",
        "schools_exclusions",
        "police_incidents",
        "dwp_benefits",
        "early_help_milestones",
        "early_help_members",
        "schools_attendance",
        "nominations",
    ],
)
def test_a_value_in_any_column_is_never_told(world, feeds, name, caplog):
    feed = feeds[name]
    caplog.set_level(logging.DEBUG)
    rows = [{c.name: CANARY for c in feed.columns}]
    rows += [{c.name: CANARY if c is wrong else "2019-01-01" for c in feed.columns} for wrong in feed.columns]
    rows += [{c.name: f"{CANARY}\x01" for c in feed.columns}, {c.name: CANARY * 10_000 for c in feed.columns}]
    content = text_of(feed, rows) + f'"{CANARY},\n{CANARY}\n'
    staged = world.deliver(feed, content, ON)
    assert staged.rows_rejected > len(feed.columns)
    assert CANARY not in everything_said(staged)
    assert CANARY not in repr(world.rows("SELECT * FROM landing.reject"))
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    "content",
    [
        f"{CANARY},{CANARY}2\n1,2\n",
        f'"{CANARY}\n',
        f"person_ref,surname,{CANARY}\n",
        f"{CANARY}\r{CANARY}\r",
        f"person_ref\n{CANARY}\n",
        CANARY * 20_000,
    ],
)
def test_a_file_without_a_header_does_not_have_its_first_row_told(world, feeds, content):
    staged = world.deliver(feeds["police_incidents"], content, ON)
    assert staged.faults
    assert CANARY not in everything_said(staged)


@pytest.mark.parametrize("damage", [CANARY.encode("utf-16"), CANARY.encode() + b"\xff"])
def test_unreadable_bytes_are_not_told(world, feeds, damage):
    feed = feeds["housing_actions"]
    staged = world.deliver(feed, text_of(feed, []).encode() + damage, ON)
    assert CANARY not in everything_said(staged)


def test_the_values_do_stand_where_they_belong(world, feeds):
    feed = feeds["nominations"]
    world.deliver(
        feed,
        text_of(
            feed,
            [
                {
                    "op": "U",
                    "person_ref": "P1",
                    "surname": CANARY,
                    "nomination_ref": "N1",
                    "problem": "health",
                    "nominated_on": "2019-01-01",
                    "reason": "said so",
                }
            ],
        ),
        ON,
    )
    assert world.rows("SELECT surname FROM core.source_record") == [{"surname": CANARY}]
    assert CANARY not in repr(world.rows("SELECT * FROM core.fact"))


def test_a_broken_contract_is_told_with_file_and_place(tmp_path):
    file = tmp_path / "odd.yaml"
    file.write_text("feed: odd\ncolumns: [\n")
    with pytest.raises(ContractError, match=r"odd\.yaml: not valid YAML line"):
        load_feed(file)
    file.write_text("feed: odd\n")
    with pytest.raises(ContractError, match="partner"):
        load_feed(file)
    file.write_text("- a list\n")
    with pytest.raises(ContractError, match=r"odd\.yaml"):
        load_feed(file)
