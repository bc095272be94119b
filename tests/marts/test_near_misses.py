"""The lists that a claims officer works from: what is missing, who already qualifies, what is about to lapse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from reference.database import planned
from reference.world import load
from spec.families import County, Family
from sqlalchemy.engine import Connection, Engine

from tf_integration.assess import assess, find_missed
from tf_integration.flow import marts

__all__ = ["planned"]
D = "2018-06-30"
A = "2017-01-10"


def troubled(county: County, label: str, attached: str | None = A, **more: Any) -> Family:
    family = county.family(label, attached=attached, **more).adult("mum").child("kid")
    return family.fact("call_out", "mum", "2016-10-01", ref=f"c{label}").fact(
        "nosp_arrears", "mum", "2016-10-01", ref=f"d{label}"
    )


@pytest.fixture
def conn(planned: Engine) -> Iterator[Connection]:
    with planned.connect() as conn:
        marts.create(conn)
        yield conn
        conn.rollback()


def judged(conn: Connection, county: County) -> None:
    load(conn, county.world)
    assess(conn, county.as_at, full=True)
    find_missed(conn, county.as_at)


def listed(conn: Connection, view: str) -> dict[int, dict[str, Any]]:
    return {r["household_id"]: dict(r) for r in conn.execute(sa.text(f"SELECT * FROM mart.{view}")).mappings()}  # noqa: S608


def test_every_list_has_the_columns_that_the_worklist_reads(conn: Connection) -> None:
    wanted = {"household_id", "plan_id", "status", "reason", "earliest_on", "feed", "days_left"}
    for view in ("near_miss_v1", "missed_claim_v1", "at_risk_v1"):
        assert wanted <= set(conn.execute(sa.text(f"SELECT * FROM mart.{view}")).keys())  # noqa: S608


def test_a_near_miss_says_what_is_missing_whose_it_is_and_from_when(conn: Connection) -> None:
    county = County(D).covers("health_contacts", "2012-01-01", "2018-05-01")
    time = troubled(county, "time").fact("call_out", "mum", "2018-06-01", ref="t")
    practice = troubled(county, "practice", principles=False).milestone("assessment", A, is_flagged=True)
    family = troubled(county, "family").fact("cin", "kid", "2018-01-01")
    judged(conn, county)
    found = listed(conn, "near_miss_v1")
    late, lacking, goes_on = (found[f.household_id] for f in (time, practice, family))
    assert dict(zip(late["missing"], late["whose"], strict=True)) == {"domestic_abuse": "time", "health": "data"}
    assert late["first_fine_on"][0] == late["earliest_on"] == date(2018, 12, 1)
    assert (late["days_left"], late["n_missing"]) == ((date(2018, 12, 1) - date(2018, 6, 30)).days, 2)
    assert "ask health_contacts" in late["changes"][1]
    assert "2018-12-01" in late["changes"][0]
    assert lacking["missing"][:3] == ["lead_worker", "plan", "tfop_agreed"]
    assert lacking["whose"][:3] == ["practice"] * 3
    assert lacking["changes"][0] == "name a lead worker"
    assert ("children_need_help", "family") in zip(goes_on["missing"], goes_on["whose"], strict=True)
    assert "no call-out in the last 6 months" in goes_on["breaks"]


def test_the_smallest_set_of_changes_may_be_work(conn: Connection) -> None:
    """Two problems that go on, and an adult weeks into a job: thirteen weeks in it are one change for two."""
    county = County(D)
    family = troubled(county, "worker").benefit("mum", "ESA", "2016-01-01", "2018-06-01").works("mum", "2018-06-01")
    family.fact("call_out", "mum", "2018-06-20", ref="n").fact("cin", "kid", "2018-01-01")
    judged(conn, county)
    row = listed(conn, "near_miss_v1")[family.household_id]
    assert row["n_missing"] == 3
    assert row["n_changes"] == 1
    assert row["changes"] == ["an adult in work and off benefit for 13 weeks (4 so far)"]


def test_missed_claims_answer_hertfordshires_question(conn: Connection) -> None:
    """Never attached: two problems today; or two problems apparent and addressed, with the principles."""
    county = County(D)
    today = (
        county.family("today")
        .adult("mum")
        .child("kid")
        .fact("call_out", "mum", "2018-06-01", ref="a")
        .fact("cin", "kid", "2018-01-01")
    )
    done = troubled(county, "done", attached=None)
    for name in ("assessment", "plan"):
        done.milestone(name, A, is_flagged=True)
    done.milestone("lead_worker", A).milestone("tfop_agreed", A)
    no_plan = troubled(county, "no plan", attached=None).milestone("assessment", A, is_flagged=True)
    troubled(county, "attached")
    judged(conn, county)
    found = listed(conn, "missed_claim_v1")
    assert set(found) == {today.household_id, done.household_id}
    assert found[today.household_id]["status"] == "eligible"
    achieved = found[done.household_id]
    assert (achieved["status"], achieved["result"], achieved["supposed_on"]) == (
        "achieved",
        "sustained",
        date(2017, 1, 10),
    )
    assert {"domestic_abuse", "work_finance"} <= set(achieved["problems_improved"])
    assert no_plan.household_id not in found
    left = conn.execute(
        sa.text("SELECT status FROM assess.readiness WHERE household_id = :h"), {"h": done.household_id}
    ).scalar()
    assert left == "not_eligible", "supposing changes no verdict"


def test_what_is_about_to_lapse(conn: Connection) -> None:
    county = County(D)
    leaving = troubled(county, "her worker leaves")
    leaving.facts = [f for f in leaving.facts if f.kind != "family_lead_worker"]
    leaving.milestone("lead_worker", A, "2018-08-15")
    steady = troubled(county, "nothing ends")
    far = troubled(county, "her worker leaves next year")
    far.facts = [f for f in far.facts if f.kind != "family_lead_worker"]
    far.milestone("lead_worker", A, "2019-08-15")
    eligible = (
        county.family("eligible")
        .adult("mum")
        .child("kid")
        .fact("call_out", "mum", "2017-07-20", ref="a")
        .fact("cin", "kid", "2018-01-01")
    )
    judged(conn, county)
    lapses = {r["household_id"]: r["lapses_on"] for r in conn.execute(sa.text("SELECT * FROM assess.lapse")).mappings()}
    assert lapses[leaving.household_id] == date(2018, 8, 15)
    assert lapses[far.household_id] == date(2019, 8, 15)
    assert lapses[eligible.household_id] == date(2018, 7, 20)
    found = listed(conn, "at_risk_v1")
    assert found[eligible.household_id]["days_left"] == 20
    assert found[eligible.household_id]["status"] == "eligible"
    silent = {h: r["feed"] for h, r in found.items() if h != eligible.household_id}
    assert set(silent) == {leaving.household_id, steady.household_id, far.household_id}, (
        "each rests on feeds that stop on D"
    )
    assert found[steady.household_id]["feed"] in (
        "police_incidents",
        "housing_actions",
        "social_care_episodes",
        "early_help_milestones",
    )
    assert found[steady.household_id]["days_left"] == 15


def test_a_verdict_of_today_names_who_would_answer_today(conn: Connection) -> None:
    """A feed that was silent on an earlier day since attachment, but speaks for today's window, is not asked for it."""
    county = County(D).covers("police_incidents", "2017-07-01", D).covers("housing_actions", "2012-01-01", "2018-05-01")
    troubled(county, "silent landlord")
    judged(conn, county)
    kept = conn.execute(
        sa.text(
            "SELECT verdict::text, unknown_feeds FROM assess.criterion_verdict WHERE criterion = 'asb_intervention'"
        )
    )
    assert [tuple(r) for r in kept] == [("not_known", ["housing_actions"])]


def test_work_without_an_end_does_not_lapse(conn: Connection) -> None:
    """A result by employment that asks for weeks out of more weeks lasts as long as the work does."""
    county = County(D)
    families = {}
    for label, end in (("still in work", None), ("in work until the autumn", "2018-10-01")):
        family = troubled(county, label).fact("call_out", "mum", "2018-06-01", ref=f"again {label}")
        family.benefit("mum", "JSA", "2016-01-01", "2017-06-01").works("mum", "2017-06-01", end)
        families[family] = end
    judged(conn, county)
    results = {
        r["household_id"]: r["result"] for r in conn.execute(sa.text("SELECT * FROM assess.readiness")).mappings()
    }
    assert set(results.values()) == {"employment"}
    lapses = {r["household_id"]: r["lapses_on"] for r in conn.execute(sa.text("SELECT * FROM assess.lapse")).mappings()}
    ends = [f.household_id for f, end in families.items() if end]
    assert list(lapses) == ends, "work that has no end ends nothing"
    assert lapses[ends[0]] == date(2018, 10, 29), "a fifth week of thirty out of work"


def test_what_lapses_does_so_on_the_day_said(conn: Connection) -> None:
    """The family is judged again on the day before and on the day: it is ready, then it is not."""
    county = County("2018-08-14")
    family = troubled(county, "her worker leaves")
    family.facts = [f for f in family.facts if f.kind != "family_lead_worker"]
    family.milestone("lead_worker", A, "2018-08-15")
    load(conn, county.world)
    for day, status in ((date(2018, 8, 14), "ready"), (date(2018, 8, 15), "in_progress")):
        assess(conn, day, full=True)
        assert conn.execute(sa.text("SELECT status FROM assess.readiness")).scalar() == status
