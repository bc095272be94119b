"""An explanation for another day, or with what was known then, judged by the real rules and not kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from tiny_world import AS_AT, Family

from tf_integration.assess import assess, load_plans
from tf_integration.flow import marts
from tf_integration.flow.explain import explain
from tf_integration.flow.explain_words import as_text
from tf_integration.flow.reference import load_reference
from tf_integration.keep import audit
from tf_integration.model.errors import CallError

LATER = "2019-03-20 06:00+00"


@pytest.fixture
def judged(family: Family) -> Family:
    """The tiny family under the shipped plans, judged on AS_AT; a second call-out is learnt later."""
    world = family.world
    for table in (
        "criterion_verdict",
        "problem_verdict",
        "facts_used",
        "readiness",
        "status_change",
        "run",
        "plan",
    ):
        world.conn.execute(sa.text(f"DELETE FROM assess.{table}"))  # noqa: S608
    load_reference(world.conn)
    load_plans(world.conn)
    late = world.delivery("police_incidents", "police", "late.csv", "person_ref\nP1\n", sequence=2)
    world.fact(
        late,
        2,
        "call_out",
        date(2019, 2, 1),
        of=family.mum,
        feed="police_incidents",
        partner="police",
        ref="O-78",
        known_from=LATER,
    )
    assess(world.conn, AS_AT, datetime(2019, 3, 15, 7, tzinfo=UTC), full=True)
    return family


def evidence_of(family: Family, **asked: object) -> list[tuple[str, int]]:
    told = explain(family.world.conn, "F1", problem="domestic_abuse", **asked)  # type: ignore[arg-type]
    verdict = next(v for v in told["problems"][0]["identified"] if v["criterion"] == "call_out")
    return [(f["file_name"], f["line_no"]) for f in verdict["evidence"]]


def test_what_the_rules_write_breaks_no_mart_check(judged: Family) -> None:
    assert marts.broken(marts.check(judged.world.conn)) == []


def test_the_runs_word_is_read_with_what_it_knew(judged: Family) -> None:
    told = explain(judged.world.conn, "F1")
    assert (told["status"], told["plan_id"], told["as_at"]) == ("blocked_by_data", "national-2015", AS_AT)
    assert evidence_of(judged) == [("calls.csv", 3)]
    assert told["why_not"]
    assert told["why_not"] in " ".join(as_text(told).split())


def test_what_is_known_now_is_judged_again_on_asking(judged: Family) -> None:
    now = datetime(2019, 4, 1, tzinfo=UTC)
    assert evidence_of(judged, known_at=now) == [("calls.csv", 3), ("late.csv", 2)]


def test_another_day_is_judged_again_and_nothing_is_kept(judged: Family) -> None:
    before = judged.world.conn.execute(sa.text("TABLE assess.readiness")).all()
    told = explain(judged.world.conn, "F1", as_at=date(2018, 12, 1))
    assert told["as_at"] == date(2018, 12, 1)
    assert evidence_of(judged, as_at=date(2018, 12, 1)) == []
    assert judged.world.conn.execute(sa.text("TABLE assess.readiness")).all() == before
    assert judged.world.conn.execute(sa.text("SELECT count(*) FROM assess.run")).scalar() == 1


def test_a_household_that_is_not_judged_yet_can_be_asked_for_a_day(judged: Family) -> None:
    judged.world.conn.execute(sa.text("DELETE FROM assess.readiness"))
    assert explain(judged.world.conn, "F1", as_at=AS_AT)["status"] == "blocked_by_data"


def test_of_a_household_that_was_not_known_then_nothing_is_said(judged: Family) -> None:
    """Nobody was a member of it, so that it came out as not eligible."""
    conn = judged.world.conn
    first = conn.execute(sa.text("SELECT min(known_from) FROM identity.household")).scalar_one()
    with pytest.raises(CallError, match=f"was known from {first.astimezone(UTC):%Y-%m-%d %H:%M} UTC, and not then"):
        explain(conn, "F1", as_at=AS_AT, known_at=first - timedelta(seconds=1))
    conn.execute(sa.text("UPDATE identity.household SET known_to = :later"), {"later": LATER})
    with pytest.raises(CallError, match=r"to 2019-03-20 06:00 UTC, and not then"):
        explain(conn, "F1", as_at=date(2019, 3, 1))
    assert explain(conn, "F1", as_at=AS_AT, known_at=first)["status"]


def test_a_past_answer_says_that_records_have_been_taken_away_since(judged: Family) -> None:
    """It cannot be what was said then, and must not seem to be."""
    conn, then = judged.world.conn, datetime(2019, 3, 16, tzinfo=UTC)
    assert "taken away" not in as_text(explain(conn, "F1", known_at=then))
    audit.note(conn, "Ada", "erase", "", "request 13", deleted={"core.fact": 1})
    assert "taken away since then" in as_text(explain(conn, "F1", known_at=then))
    assert "taken away" not in as_text(explain(conn, "F1"))


def test_a_problem_is_shown_with_the_plans_own_words(judged: Family) -> None:
    told = explain(judged.world.conn, "F1", problem="domestic_abuse")
    assert [p["says"] for p in told["problems"]] == ["Families affected by domestic abuse"]
    assert told["problems"][0]["identified"][0]["rule"].startswith("a domestic abuse call-out")
    assert [p["criterion"] for p in told["principles"]]


def test_the_command_prints_the_reasons_and_the_line_without_particulars(
    judged: Family, warehouse_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tf_integration.cli.main import build

    Path(judged.home / "landed" / "calls.csv").write_text(
        "person_ref,surname,occurrence_ref,incident,role,occurred_on\nx\nP1,Quillfeather,O-77,domestic_abuse,victim,2018-12-20\n"
    )
    judged.world.conn.commit()
    monkeypatch.setenv("TFI_WAREHOUSE_URL", warehouse_url)
    app = build()
    app(["explain", "F1", "--problem", "domestic_abuse", "--show-line"], standalone_mode=False)
    said = capsys.readouterr().out
    assert "calls.csv line 3" in said
    assert "occurrence_ref=O-77" in said
    app(["timeline", str(judged.mum)], standalone_mode=False)
    said += capsys.readouterr().out
    app(["explain", "F1", "--json"], standalone_mode=False)
    said += capsys.readouterr().out
    assert "domestic abuse call-out" in said
    assert "Quillfeather" not in said


def test_the_worklist_names_the_household_and_what_next(
    judged: Family, warehouse_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tf_integration.cli.main import build

    judged.world.conn.commit()
    monkeypatch.setenv("TFI_WAREHOUSE_URL", warehouse_url)
    build()(["worklist"], standalone_mode=False)
    said = capsys.readouterr().out
    assert "blocked by data" in said
    assert str(judged.household_id) in said
