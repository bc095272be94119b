"""The ledger only grows and always balances, whoever writes to it and by whatever means."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from claim.council import Council, row
from tf_integration.claim import window
from tf_integration.claim.watch import watch
from tf_integration.flow import claim_lists, claims
from tf_integration.model.errors import NeedsAPerson
from tf_integration.store import warehouse


@pytest.fixture
def one(council: Council) -> Council:
    """A council with one paid claim and one that was withdrawn."""
    council.judge()
    council.imports(row("C1", 1), row("C2", 2, state="withdrawn"))
    return council


HARM = (
    "UPDATE claim.entry SET pounds = 0",
    "DELETE FROM claim.entry",
    "TRUNCATE claim.entry",
    "UPDATE claim.transfer SET by_whom = 'x'",
    "DELETE FROM claim.transfer",
    "UPDATE claim.event SET because = 'x'",
    "DELETE FROM claim.event",
    "DELETE FROM claim.person",
    "DELETE FROM claim.claim",
    "UPDATE claim.target SET families = 1",
    "UPDATE claim.verdict SET is_valid = true",
    "DELETE FROM claim.pack",
    "UPDATE claim.window SET drafted_by = 'x'",
)


def test_nothing_of_the_record_is_changed_or_removed(one: Council) -> None:
    for sql in HARM:
        with pytest.raises(sa.exc.DBAPIError, match=r"only grows"), warehouse.transaction(one.settings) as conn:
            warehouse.execute(conn, sql)


def test_a_transfer_that_does_not_balance_is_refused_at_the_end(one: Council) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="does not balance"), warehouse.transaction(one.settings) as conn:
        warehouse.execute(
            conn,
            "INSERT INTO claim.entry (transfer_id, claim_id, account, claims, pounds) "
            "SELECT transfer_id, claim_id, 'paid', 1, 800 FROM claim.transfer LIMIT 1",
        )
    assert one.value("SELECT sum(pounds) FROM claim.entry") == 0


def test_a_claim_moves_only_as_claims_may_and_from_where_it_is(one: Council) -> None:
    for ref, was, state in (
        ("C1", "paid", "submitted"),
        ("C1", "submitted", "clawed_back"),
        ("C1", "paid", "drafted"),
        ("C2", "withdrawn", "paid"),
    ):
        with pytest.raises(sa.exc.IntegrityError), warehouse.transaction(one.settings) as conn:
            warehouse.execute(
                conn,
                "INSERT INTO claim.transfer (claim_id, state_was, state_is, by_whom, because) "
                "SELECT claim_id, :was, :is, 'x', 'x' FROM claim.claim WHERE claim_ref = :ref",
                [{"was": was, "is": state, "ref": ref}],
            )


def test_every_entry_has_its_counterpart(one: Council) -> None:
    rows = one.rows(
        "SELECT account, claims, pounds FROM claim.entry e JOIN claim.claim c USING (claim_id) "
        "WHERE claim_ref = 'C1' ORDER BY claims"
    )
    assert rows == [
        {"account": "outside", "claims": -1, "pounds": -800},
        {"account": "paid", "claims": 1, "pounds": 800},
    ]


def test_an_act_that_is_altered_removed_or_put_between_breaks_the_chain(one: Council) -> None:
    one.imports(row("C3", 3))
    one.imports(row("C4", 4))
    broken = """SELECT count(*)
                FROM (SELECT *, coalesce(lag(hash) OVER (ORDER BY event_id), '') AS before FROM claim.event) e
                WHERE hash_before <> before OR hash <> claim.event_hash(ROW(
                      e.event_id, e.happened_at, e.act, e.window_id, e.claim_id,
                      e.by_whom, e.because, e.detail, e.hash_before, e.hash)::claim.event)"""
    assert one.value(broken) == 0
    for harm in (
        "UPDATE claim.event SET by_whom = 'somebody else' WHERE event_id = (SELECT min(event_id) FROM claim.event)",
        "DELETE FROM claim.event WHERE event_id = (SELECT event_id FROM claim.event ORDER BY 1 OFFSET 1 LIMIT 1)",
    ):
        with warehouse.transaction(one.settings) as conn:
            warehouse.execute(conn, "ALTER TABLE claim.event DISABLE TRIGGER ALL")
            warehouse.execute(conn, harm)
            assert warehouse.scalar(conn, broken) > 0
            conn.rollback()


def test_every_act_stands_in_the_audit_chain_too_and_neither_chain_is_altered_alone(one: Council) -> None:
    from tf_integration.keep import audit

    acts = one.rows("SELECT event_id, act, by_whom, hash FROM claim.event ORDER BY event_id")
    kept = one.rows("SELECT act, by_whom, detail FROM audit.event ORDER BY event_id")
    assert [(k["act"], k["by_whom"], k["detail"]) for k in kept] == [
        (f"claim {a['act']}", a["by_whom"], {"claim_event": a["event_id"], "hash": a["hash"]}) for a in acts
    ]
    assert acts
    assert one.value("SELECT count(*) FROM claim.unmirrored") == 0
    with warehouse.transaction(one.settings) as conn:
        assert audit.check(conn, one.settings.home / "anchors") == []
    last = "(SELECT max(event_id) FROM claim.event)"
    for table, harm in (
        ("claim.event", f"DELETE FROM claim.event WHERE event_id = {last}"),  # noqa: S608 - the end cut off
        ("claim.event", "UPDATE claim.event SET by_whom = 'x', hash = 'y'"),
        ("audit.event", "DELETE FROM audit.event"),
    ):
        with warehouse.transaction(one.settings) as conn:
            warehouse.execute(conn, f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            warehouse.execute(conn, harm)
            assert warehouse.scalar(conn, "SELECT count(*) FROM claim.unmirrored") > 0, harm
            conn.rollback()


def test_two_standing_claims_for_a_child_are_refused_by_the_database_itself(council: Council) -> None:
    """Written by plain SQL, past every check of ours; and free again once the first is withdrawn."""
    family = council.ready()
    council.judge()
    kid = family.names["kid"]
    council.imports(row("C1", kid, partner="schools"))
    again = (
        "INSERT INTO claim.transfer (claim_id, state_was, state_is, by_whom, because) "
        "SELECT claim_id, 'outside', 'paid', 'x', 'x' FROM claim.claim WHERE claim_ref = 'C2'"
    )

    def second() -> None:
        with warehouse.transaction(council.settings) as conn:
            warehouse.execute(
                conn,
                "INSERT INTO claim.claim (claim_id, claim_ref, plan_id, result, claimed_on, amount_pounds) "
                "VALUES (2, 'C2', 'national-2020', 'sustained', '2018-01-01', 800)",
            )
            warehouse.execute(
                conn,
                "INSERT INTO claim.person (claim_id, partner, person_ref) VALUES (2, 'early_help', :p)",
                [{"p": str(kid)}],
            )
            warehouse.execute(conn, again)

    with pytest.raises(sa.exc.IntegrityError, match="one_standing_claim_per_child"):
        second()
    council.imports(row("C1", kid, partner="schools", state="withdrawn"))
    second()
    assert council.value("SELECT count(*) FROM claim.claim WHERE state = 'paid'") == 1


def test_two_claims_that_turn_out_to_be_for_one_child_are_raised_and_not_mended(council: Council) -> None:
    """Two children are merged into one after both were claimed for."""
    one, other = council.ready("one"), council.ready("other")
    council.judge()
    council.imports(row("C1", one.names["kid"]), row("C2", other.names["kid"], claimed_on="2017-07-01"))
    with warehouse.transaction(council.settings) as conn:
        assert watch(conn) == 0
        warehouse.execute(
            conn,
            "UPDATE identity.person_link SET person_id = :a WHERE person_id = :b",
            [{"a": one.names["kid"], "b": other.names["kid"]}],
        )
        assert watch(conn) == 1
        assert watch(conn) == 0
    assert council.rows("SELECT claim_ref, stands, conflicts_with FROM mart.claim_v1 ORDER BY 1") == [
        {"claim_ref": "C1", "stands": True, "conflicts_with": ["C2"]},
        {"claim_ref": "C2", "stands": True, "conflicts_with": ["C1"]},
    ]
    council.imports(row("C2", other.names["kid"], claimed_on="2017-07-01", state="withdrawn"))
    assert council.value("SELECT count(*) FROM mart.claim_v1 WHERE conflicts_with <> '{}'") == 0


def test_a_reference_that_turns_out_to_be_another_childs_is_let_go(council: Council) -> None:
    family = council.ready()
    council.judge()
    kid = family.names["kid"]
    council.imports(row("C1", kid))
    held = "SELECT count(*) FROM claim.child_hold WHERE partner = 'schools'"
    assert council.value(held) > 0
    with warehouse.transaction(council.settings) as conn:
        warehouse.execute(
            conn,
            "UPDATE identity.person_link l SET known_to = clock_timestamp() FROM core.source_record s "
            "WHERE s.source_record_id = l.source_record_id AND s.partner = 'schools' AND l.person_id = :k",
            [{"k": kid}],
        )
        watch(conn)
    assert council.value(held) == 0
    assert council.value("SELECT count(*) FROM claim.child_hold WHERE partner = 'early_help'") > 0


@pytest.mark.parametrize(
    "change",
    [
        "amount_pounds = 999",
        "result = 'employment'",
        "claimed_on = '2017-01-01'",
        "household_id = 1",
        "plan_id = 'national-2012'",
        "state = 'paid'",  # past the ledger
    ],
)
def test_a_claim_stays_as_it_was_claimed(one: Council, change: str) -> None:
    def harm() -> None:
        with warehouse.transaction(one.settings) as conn:
            warehouse.execute(conn, f"UPDATE claim.claim SET {change}")  # noqa: S608 - the test's own words

    before = one.rows("SELECT * FROM claim.claim")
    with pytest.raises(sa.exc.IntegrityError, match=r"stays as it was claimed|follows the ledger"):
        harm()
    assert one.rows("SELECT * FROM claim.claim") == before


def test_a_claim_comes_in_by_the_ledger_alone(one: Council) -> None:
    def harm() -> None:
        with warehouse.transaction(one.settings) as conn:
            warehouse.execute(
                conn,
                "INSERT INTO claim.claim (claim_id, claim_ref, plan_id, result, claimed_on, amount_pounds, state) "
                "VALUES (9, 'C9', 'national-2015', 'sustained', '2018-01-01', 800, 'paid')",
            )

    with pytest.raises(sa.exc.IntegrityError, match="starts outside"):
        harm()


def one_child(council: Council, one: int, other: int) -> list[int]:
    """Two children turn out to be one; the records that were the other's."""
    with warehouse.transaction(council.settings) as conn:
        moved = warehouse.rows(
            conn,
            "UPDATE identity.person_link SET person_id = :a WHERE person_id = :b RETURNING source_record_id",
            a=one,
            b=other,
        )
        watch(conn)
    return [m["source_record_id"] for m in moved]


def test_a_conflict_is_none_once_the_children_are_told_apart_again(council: Council) -> None:
    """Else somebody is asked for good to withdraw one of two claims that are both due."""
    one, other = council.ready("one"), council.ready("other")
    council.judge()
    council.imports(row("C1", one.names["kid"]), row("C2", other.names["kid"], claimed_on="2017-07-01"))
    records = one_child(council, one.names["kid"], other.names["kid"])
    assert [c["other_ref"] for c in claim_lists.conflicts(council.settings)] == ["C2"]
    with warehouse.transaction(council.settings) as conn:
        warehouse.execute(
            conn,
            "UPDATE identity.person_link SET person_id = :b WHERE source_record_id = ANY (:r)",
            [{"b": other.names["kid"], "r": records}],
        )
        watch(conn)
    assert claim_lists.conflicts(council.settings) == []
    assert council.value("SELECT count(*) FROM mart.claim_v1 WHERE conflicts_with <> '{}'") == 0


def test_a_claim_for_another_claims_child_goes_no_further_and_the_other_is_named(council: Council) -> None:
    one, other = council.ready("one"), council.ready("other")
    council.judge()
    claims.draft(council.settings, "w", "Ada", "x")
    one_child(council, one.names["kid"], other.names["kid"])
    with warehouse.transaction(council.settings) as conn:
        found = window.window(conn, "w")
        with pytest.raises(NeedsAPerson, match=r"w-000[12] turned out to be for a child of w-000[12]"):
            window.move_window(conn, found["window_id"], "drafted", "approved", "Cas", "x")
    assert claims.move(council.settings, "w-0002", "withdrawn", "Ada", "one child", judge=False)["moved"]
