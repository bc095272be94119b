"""The views stand, say what their headers say, and may be read by a reader."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from tiny_world import AS_AT, Family, World

from tf_integration.flow import marts
from tf_integration.model.errors import ContractError

# what marts.md promised; a column may be added after these, never taken away
MUST_STAND = {
    "household_v1": """household_id formed_on ended_on basis adults children family_refs attached_on""",
    "household_member_v1": """household_id person_id relationship valid_from valid_to basis confidence""",
    "person_source_v1": """person_id feed partner person_ref match_weight decided_by known_from known_to""",
    "household_problem_v1": """household_id problem present improved criteria_met first_met_on
        evidence_count not_known_because""",
    "household_criterion_v1": """household_id problem criterion verdict measure threshold window_start
        window_end says""",
    "criterion_evidence_v1": """household_id problem criterion person_id fact_id kind starts_on ends_on
        quantity out_of feed file_name line_no file_sha256""",
    "claim_readiness_v1": """household_id status result problems_present problems_improved has_assessment
        has_plan has_lead_worker has_tfop why_not what_next earliest_on
        blocked_by_feed value_pounds claimed_as""",
    "timeline_v1": """household_id person_id happened_on ended_on kind domain says feed file_name line_no
        known_from""",
    "feed_health_v1": """feed partner due_on last_arrived_at state rows_read rows_loaded rows_rejected
        usual_low usual_high age_days covers_to next_action""",
    "changed_since_v1": """household_id because""",
    "claim_v1": """claim_id household_id window_id state result amount_pounds approved_by submitted_at evidence_sha256
        changed_since""",
    "programme_progress_v1": """target identified attached with_lead_worker ready claimed_sustained
        claimed_employment remaining value_remaining_pounds forecast_claims forecast_low forecast_high""",
}


def one(conn: Connection, sql: str, **params: object) -> dict[str, object]:
    return dict(conn.execute(sa.text(sql), params).mappings().one())


def columns_of(conn: Connection, view: str) -> list[str]:
    return list(conn.execute(sa.text(f"TABLE mart.{view} LIMIT 0")).keys())


def test_the_views_can_be_made_again_and_again(db: Connection) -> None:
    first = marts.create(db)
    assert {v.name for v in marts.views()} < set(first)
    assert marts.create(db) == []


@pytest.mark.parametrize("view", MUST_STAND)
def test_the_promised_columns_stand_first_and_in_order(db: Connection, view: str) -> None:
    marts.create(db)
    promised = MUST_STAND[view].split()
    found = columns_of(db, view)
    assert [c for c in found if c in promised] == promised


@pytest.mark.parametrize("view", [v.name for v in marts.views()])
def test_the_header_lists_exactly_the_columns_and_they_become_comments(db: Connection, view: str) -> None:
    marts.create(db)
    stands = columns_of(db, view)
    header = next(v for v in marts.views() if v.name == view)
    assert list(header.columns) == stands
    said = db.execute(
        sa.text(
            "SELECT count(*) FROM pg_description d JOIN pg_class c ON c.oid = d.objoid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'mart' AND c.relname = :v AND d.objsubid > 0"
        ),
        {"v": view},
    ).scalar()
    assert said == len(stands)


def test_a_statement_without_a_header_is_refused(tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "bare_v1.sql"
    file.write_text("CREATE VIEW mart.bare_v1 AS SELECT 1 AS a")
    with pytest.raises(ContractError, match="what, grain, reads, key"):
        marts.read_view(file)


def test_a_reader_reads_the_marts_and_nothing_under_them(family: Family) -> None:
    conn = family.world.conn
    conn.execute(sa.text("SET LOCAL ROLE tfi_reader"))
    assert conn.execute(sa.text("SELECT count(*) FROM mart.claim_readiness_v1")).scalar() == 1
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), conn.begin_nested():
        conn.execute(sa.text("SELECT count(*) FROM core.source_record"))
    conn.execute(sa.text("RESET ROLE"))


def test_a_household_counts_its_members_on_the_day_and_names_its_references(family: Family) -> None:
    found = one(family.world.conn, "SELECT * FROM mart.household_v1")
    assert (found["adults"], found["children"], found["unknown_age"]) == (1, 1, 0)
    assert (found["family_refs"], found["attached_on"], found["as_at"]) == (["F1"], date(2018, 4, 3), AS_AT)


@pytest.mark.parametrize(("born", "adults"), [(date(2001, 3, 15), 1), (date(2001, 3, 16), 0)])
def test_an_eighteenth_birthday_is_the_first_adult_day(family: Family, born: date, adults: int) -> None:
    conn = family.world.conn
    conn.execute(sa.text("UPDATE identity.person SET date_of_birth = :b"), {"b": born})
    assert one(conn, "SELECT adults, children FROM mart.household_v1") == {
        "adults": 2 * adults,
        "children": 2 - 2 * adults,
    }


def test_one_born_on_29_february_comes_of_age_on_1_march(family: Family) -> None:
    conn = family.world.conn
    conn.execute(sa.text("UPDATE identity.person SET date_of_birth = '2000-02-29'"))
    for day, adults in (("2018-02-28", 0), ("2018-03-01", 2)):
        conn.execute(sa.text("UPDATE assess.run SET as_at = :d"), {"d": day})
        assert one(conn, "SELECT adults FROM mart.household_v1")["adults"] == adults


def test_evidence_leads_to_the_very_line_of_the_landed_file(family: Family) -> None:
    found = one(family.world.conn, "SELECT * FROM mart.criterion_evidence_v1 WHERE side = 'identified'")
    lines = (family.home / "landed" / str(found["file_name"])).read_text().splitlines()
    assert lines[int(str(found["line_no"])) - 1] == "P1,O-77"
    assert found["says"] == "domestic abuse call-out, as victim"


def test_evidence_shows_the_version_of_the_fact_that_the_run_knew(family: Family) -> None:
    """The fact is corrected after the run: what the run saw is what its evidence shows."""
    conn = family.world.conn
    conn.execute(sa.text("UPDATE core.fact SET known_to = '2019-03-20+00' WHERE kind = 'call_out'"))
    conn.execute(
        sa.text(
            "INSERT INTO core.fact (fact_id, source_record_id, feed, partner, kind, starts_on, row_key,"
            " delivery_id, line_no, known_from) SELECT fact_id, source_record_id, feed, partner, kind,"
            " '2018-11-01', row_key, delivery_id, line_no, known_to FROM core.fact WHERE kind = 'call_out'"
        )
    )
    seen = conn.execute(sa.text("SELECT DISTINCT starts_on FROM mart.criterion_evidence_v1")).scalars().all()
    assert seen == [date(2018, 12, 20)]


def test_a_timeline_holds_each_fact_once_with_its_source(family: Family) -> None:
    rows = family.world.conn.execute(
        sa.text(
            "SELECT kind, person_id, file_name, line_no, while_member FROM mart.timeline_v1"
            " WHERE household_id = :h ORDER BY happened_on"
        ),
        {"h": family.household_id},
    ).all()
    assert [tuple(r) for r in rows] == [
        ("family_attached", None, "members.csv", 4, True),
        ("call_out", family.mum, "calls.csv", 3, True),
    ]


def test_a_timeline_keeps_one_who_lives_in_no_household(family: Family) -> None:
    conn = family.world.conn
    conn.execute(
        sa.text("UPDATE identity.membership SET known_to = '2019-03-11+00' WHERE person_id = :p"),
        {"p": family.mum},
    )
    found = one(conn, "SELECT * FROM mart.timeline_v1 WHERE person_id = :p", p=family.mum)
    assert found["household_id"] is None


def test_a_fact_from_before_the_membership_is_marked_so(family: Family) -> None:
    conn = family.world.conn
    conn.execute(
        sa.text("UPDATE identity.membership SET valid = '[2019-01-01,)' WHERE person_id = :p"),
        {"p": family.mum},
    )
    assert one(conn, "SELECT while_member FROM mart.timeline_v1 WHERE kind = 'call_out'") == {
        "while_member": False
    }


def test_no_view_but_the_partners_own_reference_shows_a_particular(family: Family) -> None:
    for view in marts.views():
        assert not {
            "forename",
            "surname",
            "date_of_birth",
            "address",
            "postcode",
            "upn",
            "nino",
            "nhs_number",
        } & set(view.columns)
        shown = (
            family.world.conn.execute(
                sa.text(f"SELECT v::text FROM mart.{view.name} v")  # noqa: S608
            )
            .scalars()
            .all()
        )
        assert not any("Quillfeather" in row for row in shown)


def test_what_changed_is_that_of_the_latest_run_only(family: Family) -> None:
    world = family.world
    assert (
        one(world.conn, "SELECT status_was, status_is, because FROM mart.changed_since_v1")["because"]
        == "new fact"
    )
    world.insert(
        "assess.run", as_at=AS_AT, known_at="2019-03-16+00", plan_hashes={}, code_version="0", scope="due"
    )
    assert world.conn.execute(sa.text("SELECT count(*) FROM mart.changed_since_v1")).scalar() == 0


def test_a_source_record_that_waits_for_its_person_is_shown_waiting(family: Family) -> None:
    conn = family.world.conn
    conn.execute(sa.text("DELETE FROM identity.person_link WHERE source_record_id = :p"), {"p": family.mum})
    found = one(
        conn, "SELECT person_id, decided_by, known_to FROM mart.person_source_v1 WHERE person_ref = 'P1'"
    )
    assert found == {"person_id": None, "decided_by": None, "known_to": None}


WORDS = [
    (
        "attendance",
        {"quantity": 88, "out_of": 120, "unauthorised": 12, "place": "8861234"},
        "attendance for a half-term: 88 of 120 sessions attended (73.3%), 12 unauthorised,"
        " at establishment 8861234",
    ),
    ("suspension", {"quantity": 3, "code": "PRI"}, "suspended for 3 sessions, phase PRI"),
    (
        "benefit",
        {"code": "UC", "outcome": "search", "is_flagged": True},
        "on benefit: UC, regime search, earnings above the threshold",
    ),
    (
        "family_member",
        {"role": "grandparent", "is_flagged": False},
        "member of the family: grandparent, not living with them",
    ),
    (
        "proven_offence",
        {"code": "YRO", "happened_on": date(2018, 8, 3)},
        "proven offence, coded YRO, for an offence on 3 August 2018",
    ),
    ("arrears", {"quantity": 1234.5}, "rent arrears: £1,234.50"),
    (
        "nomination",
        {"code": "work_finance", "outcome": "out_of_work"},
        "nominated: work finance, out of work",
    ),
    (
        "health_support",
        {"code": "mental_health", "outcome": "dropped_out"},
        "in touch with a health service: mental health, discharged as dropped out",
    ),
    (
        "tenancy",
        {"role": "joint", "code": "RP", "ended_by": "absence"},
        "tenancy, tenure RP, as joint, ended when the partner's list no longer held it",
    ),
    ("missing", {}, "went missing"),
]


@pytest.mark.parametrize(("kind", "attributes", "says"), WORDS, ids=[w[0] for w in WORDS])
def test_a_fact_is_said_in_words(world: World, kind: str, attributes: dict[str, object], says: str) -> None:
    delivery = world.delivery("f", "p", "f.csv", "a\n1\n")
    of = world.record("f", "p", "1", delivery, None)
    world.fact(delivery, 2, kind, date(2018, 9, 3), of=of, feed="f", partner="p", **attributes)
    assert one(world.conn, "SELECT says FROM mart.timeline_v1")["says"] == says
