"""Suites: real Great Expectations, on rows; every outcome without values; small honest files pass."""

from __future__ import annotations

import json
import logging
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tf_integration.check import suite
from tf_integration.check.rows import typed
from tf_integration.model.errors import ContractError
from tf_integration.model.feed import Feed, load_feeds

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

FEEDS = sorted(load_feeds())
ON = date(2019, 5, 1)
CANARY = "Quetzalcoatlus"


def plain(feed: Feed, i: int) -> dict[str, Any]:
    """An honest row: agreed codes, days in order, numbers of the usual size."""
    days = {c: f"2019-0{1 + n}-0{1 + i % 9}" for n, c in enumerate(_in_order(feed)) if n < 4}
    row: dict[str, Any] = {}
    for c in feed.columns:
        match c.type:
            case "code":
                row[c.name] = c.codes[i % len(c.codes)] if c.codes else None
            case "date":
                row[c.name] = (
                    f"{1950 + i % 60}-0{1 + i % 9}-1{i % 9}"
                    if c.name == "date_of_birth"
                    else days.get(c.name, "2019-04-01")
                )
            case "integer" | "decimal":
                row[c.name] = 50
            case "postcode":
                row[c.name] = "CT1 2AB"
            case _:
                row[c.name] = f"{c.name}{i}"
    return row | {"sex": "FM"[i % 2], "alternative_provision": "N", "sessions_unauthorised": 1, "sessions_possible": 60}


def _in_order(feed: Feed) -> list[str]:
    """The date columns, each after those that it may not precede."""
    dates = [c.name for c in feed.columns if c.type == "date" and c.name != "date_of_birth"]
    early = [*feed.not_before.values(), "occurred_on", "offence_on", "referred_on"]
    return sorted(dates, key=lambda c: (c not in early, dates.index(c)))


def frame(feed: Feed, n: int, **changes: Any) -> pd.DataFrame:
    columns = suite.columns_of(suite.load_suite(feed.feed))
    rows = [plain(feed, i) | changes for i in range(n)]
    return typed(feed, columns, [[r.get(c) for c in columns] for r in rows])


def outcomes(feed: Feed, rows: pd.DataFrame) -> list[suite.Measure]:
    return suite.run(suite.load_suite(feed.feed), rows, len(rows), ON)


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("n", [1, 3, 300])
def test_an_honest_file_of_any_size_is_not_held_and_every_expectation_could_be_asked(name: str, n: int) -> None:
    feed = load_feeds()[name]
    found = outcomes(feed, frame(feed, n))
    assert suite.critical(found) == []
    assert [m.name for m in found if m.success is None] == ["rows"]
    assert [m.name for m in suite.warned(found) if "usual" in m.name] == []


@pytest.mark.parametrize("name", FEEDS)
def test_each_suite_names_its_feed_asks_of_declared_columns_and_gives_a_reason(name: str) -> None:
    feed, said = load_feeds()[name], suite.load_suite(name)
    assert set(suite.columns_of(said)) <= {c.name for c in feed.columns}
    assert len(said["expectations"]) >= 5
    for e in said["expectations"]:
        assert e["severity"] in ("critical", "warning", "info")
        assert e["meta"]["name"]
        assert e["meta"]["why"]
        assert e["severity"] != "critical" or e["meta"]["least_rows"] >= 200


@pytest.mark.parametrize(
    ("name", "changes", "broken"),
    [
        ("schools_pupils", {"surname": None}, "most rows have a surname: surname"),
        ("schools_pupils", {"date_of_birth": None}, "most rows have a date of birth: date_of_birth"),
        ("dwp_benefits", {"surname": None}, "most rows have a surname: surname"),
    ],
)
def test_a_file_that_cannot_be_an_extract_is_critical(name: str, changes: dict[str, Any], broken: str) -> None:
    feed = load_feeds()[name]
    assert [m.name for m in suite.critical(outcomes(feed, frame(feed, 300, **changes)))] == [broken]
    assert suite.critical(outcomes(feed, frame(feed, 10, **changes))) == []


@pytest.mark.parametrize(
    ("name", "changes", "broken"),
    [
        (
            "schools_pupils",
            {"alternative_provision": "Y"},
            "most pupils are in ordinary provision: alternative_provision",
        ),
        (
            "schools_attendance",
            {"sessions_attended": 90},
            "nobody attends more than was possible: sessions_possible, sessions_attended",
        ),
        (
            "schools_attendance",
            {"sessions_unauthorised": 40},
            "unauthorised absence is of the usual order: sessions_unauthorised",
        ),
        ("schools_exclusions", {"sessions": 500}, "suspensions last days, not terms: sessions"),
        (
            "police_incidents",
            {"recorded_on": "1999-01-01"},
            "recorded on or after the day it happened: recorded_on, occurred_on",
        ),
        (
            "youth_justice_disposals",
            {"disposal_on": "1999-01-01"},
            "disposed of on or after the offence: disposal_on, offence_on",
        ),
        ("probation_orders", {"start_on": None}, "most orders have a start: start_on"),
        ("dwp_benefits", {"match": "none"}, "most people were matched: match"),
        ("jcp_employment", {"hours_per_week": 160}, "hours a week are hours a week: hours_per_week"),
        (
            "health_contacts",
            {"accepted_on": "1999-01-01"},
            "accepted on or after the referral: accepted_on, referred_on",
        ),
        ("housing_tenancies", {"postcode": "somewhere"}, "postcodes look like postcodes: postcode"),
        ("housing_actions", {"amount": 900_000}, "arrears are of the usual order: amount"),
        ("social_care_episodes", {"start_on": None}, "most episodes have a start: start_on"),
        ("early_help_members", {"relationship": "father"}, "families have children: relationship"),
        ("early_help_milestones", {"reference": None}, "most milestones have a reference: reference"),
        ("nominations", {"nominated_by": None}, "most nominations say who nominated: nominated_by"),
        ("housing_tenancies", {"date_of_birth": "1980-01-01"}, "dates of birth differ: date_of_birth"),
        ("housing_tenancies", {"sex": "U"}, "sex is mostly known: sex"),
        ("housing_tenancies", {"person_ref": "P1"}, "many people: person_ref"),
        ("housing_tenancies", {"start_on": "2030-01-01"}, "no day after the snapshot: start_on"),
    ],
)
def test_a_mistake_of_the_whole_file_is_seen(name: str, changes: dict[str, Any], broken: str) -> None:
    feed = load_feeds()[name]
    assert broken in [m.name for m in suite.warned(outcomes(feed, frame(feed, 300, **changes)))]
    assert broken not in [m.name for m in suite.warned(outcomes(feed, frame(feed, 300)))]


def test_no_value_leaves_a_suite(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    feed = load_feeds()["housing_tenancies"]
    found = outcomes(feed, frame(feed, 300, surname=CANARY, postcode=CANARY, role=CANARY, sex=CANARY, tenure=CANARY))
    out = capsys.readouterr()
    assert len(suite.warned(found)) >= 4
    assert CANARY not in str(found) + caplog.text + out.out + out.err
    assert "Calculating" not in out.err  # no progress bars either


def test_not_even_the_result_itself_holds_a_value() -> None:
    feed, said = load_feeds()["housing_tenancies"], suite.load_suite("housing_tenancies")
    rows = frame(feed, 300, postcode=CANARY, role=CANARY, sex=CANARY, tenure=CANARY)
    asked = [e for e in said["expectations"] if "$PARAMETER" not in str(e)]
    result = suite._batch(rows).validate(suite._suite("t", asked), result_format=suite._WITHOUT_VALUES)
    assert not result.success
    assert CANARY not in json.dumps(result.to_json_dict(), default=str)


def test_a_sample_is_not_asked_for_its_volume() -> None:
    said = {
        "name": "t",
        "expectations": [
            {
                "type": "expect_table_row_count_to_be_between",
                "kwargs": {"min_value": 1000},
                "severity": "critical",
                "meta": {"name": "n"},
            }
        ],
    }
    feed = load_feeds()["housing_tenancies"]
    rows = typed(feed, ["role"], [["tenant"]] * 10)
    assert [m.name for m in suite.run(said, rows, 10, ON)] == ["rows", "n"]
    assert [m.name for m in suite.run(said, rows, 5000, ON)] == ["rows"]


def test_a_suite_that_is_none_is_named(tmp_path: Path) -> None:
    for text in ("{", "[]", json.dumps({"name": "other", "expectations": []}), json.dumps({"name": "x"})):
        (tmp_path / "x.json").write_text(text)
        with pytest.raises(ContractError, match=r"expectations/x\.json"):
            suite.load_suite("x", tmp_path)
    assert suite.load_suite("y", tmp_path)["expectations"] == []
