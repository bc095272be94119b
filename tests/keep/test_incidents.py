"""What is wrong becomes one incident, is said again while it stands, and is over when it is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tf_integration.flow import keep
from tf_integration.flow.reference import load_reference
from tf_integration.keep.outbox import ChannelDown, Message, MessageRefused
from tf_integration.keep.rules import load_rules
from tf_integration.model.errors import CallError
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

FEED, PARTNER = "police_incidents", "police"        # weekly, three days of grace
MONDAY = date(2019, 3, 4)
CANARY = "Quillfeather"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A council of four weekly feeds: what never came is missed only later."""
    do(settings, "DELETE FROM core.feed WHERE feed <> ALL (:names)",
       names=[FEED, "housing_actions", "nominations", "schools_exclusions"])
    return settings


def rows(settings: Settings, sql: str, **params: Any) -> list[dict[str, Any]]:
    with warehouse.transaction(settings) as conn:
        return warehouse.rows(conn, sql, **params)


def do(settings: Settings, sql: str, **params: Any) -> None:
    with warehouse.transaction(settings) as conn:
        warehouse.execute(conn, sql, [params])


def arrives(settings: Settings, day: date, sequence: int, *, feed: str = FEED, partner: str = PARTNER,
            status: str = "accepted", reasons: str = "[]") -> int:
    """A delivery as the ledger keeps it."""
    name = f"{feed}_{day:%Y%m%d}_{sequence:04d}.csv"
    state = {"held": "held", "rejected": "rejected"}.get(status, "accepted")
    do(settings,
       "INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode, sha256,"
       " contract_version, code_version, state, status, rows_read, rows_loaded, rows_rejected, business_on, reasons,"
       " covers_from, covers_to)"
       " VALUES (core.hash_id(:n), :f, :p, :n, :d, :s, 'increment', md5(:n), 'c', '0', :state, :status, 5, 5, 0, :d,"
       " CAST(:reasons AS jsonb), :d, :d)",
       n=name, f=feed, p=partner, d=day, s=sequence, state=state, status=status, reasons=reasons)
    return int(rows(settings, "SELECT core.hash_id(:n) AS id", n=name)[0]["id"])


def events(settings: Settings, subject: str) -> list[tuple[str, str]]:
    """(event, day) of every message about a subject, in order."""
    found = rows(settings, "SELECT o.event, o.as_at FROM keep.outbox o JOIN keep.incident i USING (incident_id)"
                           " WHERE i.subject = :s ORDER BY outbox_id", s=subject)
    return [(f["event"], f["as_at"].isoformat()) for f in found]


def looks(settings: Settings, first: date, days: int) -> None:
    for n in range(days):
        keep.sweep(settings, first + timedelta(days=n))


def test_a_late_feed_is_one_incident_raised_when_missing_reminded_and_resolved(settings: Settings) -> None:
    arrives(settings, MONDAY, 1)
    looks(settings, MONDAY, 20)
    assert events(settings, FEED) == [("opened", "2019-03-12"), ("raised", "2019-03-15"), ("reminded", "2019-03-22")]
    arrives(settings, date(2019, 3, 24), 2)
    looks(settings, date(2019, 3, 24), 3)
    assert events(settings, FEED)[3:] == [("resolved", "2019-03-24")]
    incident, = rows(settings, "SELECT * FROM mart.incident_v1 WHERE subject = :s", s=FEED)
    told = [incident[c] for c in ("kind", "opened_on", "resolved_on", "reminders", "told")]
    assert told == ["overdue", date(2019, 3, 12), date(2019, 3, 24), 1, {}]


def test_looking_again_on_the_same_day_says_nothing_more(settings: Settings) -> None:
    arrives(settings, MONDAY, 1)
    keep.sweep(settings, date(2019, 3, 12))
    assert keep.sweep(settings, date(2019, 3, 12)) == {"open": 0, "raise": 0, "remind": 0, "resolve": 0}


def test_a_feed_that_comes_late_again_is_a_new_incident(settings: Settings) -> None:
    arrives(settings, MONDAY, 1)
    keep.sweep(settings, date(2019, 3, 12))
    arrives(settings, date(2019, 3, 13), 2)
    keep.sweep(settings, date(2019, 3, 13))
    keep.sweep(settings, date(2019, 3, 21))
    assert [e for e, _ in events(settings, FEED)] == ["opened", "resolved", "opened"]


def test_a_feed_that_never_came_is_missing_after_its_first_rhythm_and_grace(settings: Settings) -> None:
    arrives(settings, MONDAY, 1, feed="housing_actions", partner="housing")
    keep.sweep(settings, date(2019, 3, 14))
    assert events(settings, FEED) == []
    keep.sweep(settings, date(2019, 3, 15))
    found, = rows(settings, "SELECT says FROM mart.incident_v1 WHERE subject = :s", s=FEED)
    assert found["says"] == f"{FEED} has never arrived: it was due on 11 March 2019."


@pytest.mark.parametrize(("skips", "due"), [
    ("{}", date(2019, 12, 25)), ("{bank_holidays}", date(2019, 12, 27)),
    ("{bank_holidays,weekends}", date(2019, 12, 27)), ("{school_holidays}", date(2020, 1, 4)),
    ("{school_holidays,weekends}", date(2020, 1, 6))])
def test_a_feed_is_due_on_no_day_that_its_contract_skips(settings: Settings, skips: str, due: date) -> None:
    arrives(settings, date(2019, 12, 18), 1)
    do(settings, "UPDATE core.feed SET due_skips = CAST(:s AS text[]) WHERE feed = :f", s=skips, f=FEED)
    found, = rows(settings, "SELECT due_on FROM mart.feed_health_v1 WHERE feed = :f", f=FEED)
    assert found["due_on"] == due


def test_schools_weekly_files_are_not_late_in_the_holidays(settings: Settings) -> None:
    arrives(settings, date(2019, 7, 19), 1, feed="schools_exclusions", partner="schools")
    looks(settings, date(2019, 7, 27), 38)          # to 2 September
    assert events(settings, "schools_exclusions") == []
    keep.sweep(settings, date(2019, 9, 4))          # term began on the 3rd
    assert events(settings, "schools_exclusions") == [("opened", "2019-09-04")]


def test_a_councils_own_bank_holidays_replace_the_shipped_ones(settings: Settings) -> None:
    settings.reference.mkdir()
    (settings.reference / "bank_holidays.csv").write_text("day,says\n2019-12-25,Christmas\n")
    with warehouse.transaction(settings) as conn:
        load_reference(conn, settings.reference)
    assert rows(settings, "SELECT day FROM keep.holiday") == [{"day": date(2019, 12, 25)}]
    (settings.reference / "bank_holidays.csv").write_text("day,says\nChristmas,x\n")
    with pytest.raises(CallError, match="line 2"), warehouse.transaction(settings) as conn:
        load_reference(conn, settings.reference)


def test_a_held_file_is_told_of_until_something_takes_its_place(settings: Settings) -> None:
    arrives(settings, MONDAY, 1)
    why = '[{"rule": "volume_short", "effect": "hold"}]'
    held = arrives(settings, date(2019, 3, 11), 2, status="held", reasons=why)
    keep.sweep(settings, date(2019, 3, 11))
    found, = rows(settings, "SELECT says, what_to_do, delivery_id FROM mart.incident_v1 WHERE kind = 'held'")
    assert "volume_short" in found["says"]
    assert found["what_to_do"].startswith(f"See tfi feed preview {held}")
    arrives(settings, date(2019, 3, 12), 3)
    keep.sweep(settings, date(2019, 3, 12))
    assert [e for e, _ in events(settings, str(held))] == ["opened", "resolved"]


def test_a_refused_file_an_account_a_run_a_check_and_a_feed_left_out_are_told(settings: Settings) -> None:
    arrives(settings, MONDAY, 1)
    arrives(settings, MONDAY, 1, feed="nominations", partner="housing", status="rejected")
    do(settings, "INSERT INTO landing.account (partner, fault, fault_since) VALUES ('dwp', 'refused', '2019-03-03')")
    do(settings, "INSERT INTO assess.run (as_at, known_at, plan_hashes, code_version, scope, finished_at, without,"
                 " counts) VALUES (:d, now(), '{}', '0', 'full', now(), CAST(:w AS jsonb), CAST(:c AS jsonb))",
       d=MONDAY, w=f'["{FEED}"]', c='{"broken": ["households_exist"]}')
    keep.note_run(settings, f"feed_{FEED}", "r1", "failed", MONDAY)
    keep.sweep(settings, MONDAY)
    told = {(r["kind"], r["severity"]) for r in keep.standing(settings)}
    assert told == {("rejected", "warning"), ("account", "critical"), ("without", "warning"), ("run", "critical"),
                    ("mart_check", "critical")}
    keep.note_run(settings, f"feed_{FEED}", "r2", "success", MONDAY)
    do(settings, "UPDATE landing.account SET fault = NULL")
    keep.sweep(settings, MONDAY)
    assert {r["kind"] for r in keep.standing(settings)} == {"rejected", "without", "mart_check"}


def test_a_platform_that_nobody_refreshes_is_told_of(settings: Settings) -> None:
    arrives(settings, MONDAY, 1)
    do(settings, "INSERT INTO assess.run (as_at, known_at, plan_hashes, code_version, scope, finished_at)"
                 " VALUES (:d, now(), '{}', '0', 'full', now())", d=MONDAY)
    keep.sweep(settings, MONDAY + timedelta(days=1))
    assert keep.standing(settings) == []
    keep.sweep(settings, MONDAY + timedelta(days=2))
    assert [r["kind"] for r in keep.standing(settings)] == ["refresh"]


class Channel:
    """A channel that records, and fails as it is told."""

    def __init__(self) -> None:
        self.fault: Callable[[Message], Exception | None] = lambda m: None
        self.sent: list[Message] = []

    def __call__(self, message: Message) -> None:
        if fault := self.fault(message):
            raise fault
        self.sent.append(message)


def due_now(settings: Settings) -> None:
    do(settings, "UPDATE keep.sending SET next_try_at = now() WHERE state = 'waiting'")


def test_a_message_leaves_once_through_each_channel(settings: Settings) -> None:
    arrives(settings, MONDAY, 1)
    keep.sweep(settings, date(2019, 3, 12))
    mail, hook = Channel(), Channel()
    assert keep.dispatch(settings, {"email": mail, "webhook": hook}) == {"email": {"sent": 1}, "webhook": {"sent": 1}}
    assert keep.dispatch(settings, {"email": mail, "webhook": hook}) == {"email": {}, "webhook": {}}
    assert [m.event for m in (*mail.sent, *hook.sent)] == ["opened", "opened"]
    assert keep.standing(settings)[0]["told"] == {"email": "sent", "webhook": "sent"}


def test_with_no_channel_nothing_is_sent_and_everything_is_on_the_board(settings: Settings) -> None:
    arrives(settings, MONDAY, 1)
    keep.sweep(settings, date(2019, 3, 12))
    assert keep.dispatch(settings, {}) == {}
    assert [r["subject"] for r in keep.standing(settings)] == [FEED]


def test_a_channel_that_is_down_waits_longer_each_time_and_then_says_the_last_word_once(settings: Settings) -> None:
    do(settings, "DELETE FROM core.feed WHERE feed <> :f", f=FEED)
    arrives(settings, MONDAY, 1)
    channel = Channel()
    channel.fault = lambda m: ChannelDown("ConnectionRefusedError")
    waits = []
    looks(settings, date(2019, 3, 12), 1)
    for _ in range(3):
        assert keep.dispatch(settings, {"email": channel}) == {"email": {"down": 1}}
        assert keep.dispatch(settings, {"email": channel}) == {"email": {}}          # not before its time
        found, = rows(settings, "SELECT tries, fault, extract(epoch FROM next_try_at - clock_timestamp()) / 60 AS wait"
                                " FROM keep.sending WHERE state = 'waiting'")
        waits.append(round(found["wait"]))
        due_now(settings)
    assert (waits, found["tries"], found["fault"]) == ([5, 10, 20], 3, "ConnectionRefusedError")
    looks(settings, date(2019, 3, 13), 10)      # raised, reminded meanwhile
    channel.fault = lambda m: None
    assert keep.dispatch(settings, {"email": channel}) == {"email": {"sent": 1}}
    assert [m.event for m in channel.sent] == ["reminded"]
    arrives(settings, date(2019, 3, 24), 2)
    keep.sweep(settings, date(2019, 3, 24))
    keep.dispatch(settings, {"email": channel})
    assert [m.event for m in channel.sent] == ["reminded", "resolved"]


def test_nobody_hears_that_something_is_over_of_which_they_never_heard(settings: Settings) -> None:
    arrives(settings, MONDAY, 1)
    keep.sweep(settings, date(2019, 3, 12))
    channel = Channel()
    channel.fault = lambda m: ChannelDown("TimeoutError")
    keep.dispatch(settings, {"email": channel})
    arrives(settings, date(2019, 3, 13), 2)
    keep.sweep(settings, date(2019, 3, 13))
    channel.fault = lambda m: None
    due_now(settings)
    assert keep.dispatch(settings, {"email": channel}) == {"email": {}}
    assert channel.sent == []


def test_a_message_that_is_refused_does_not_hold_up_the_others(settings: Settings) -> None:
    arrives(settings, MONDAY, 1)
    arrives(settings, MONDAY, 1, feed="housing_actions", partner="housing")
    keep.sweep(settings, date(2019, 3, 12))
    channel = Channel()
    channel.fault = lambda m: MessageRefused("HTTP 400") if m.feed == FEED else None
    assert keep.dispatch(settings, {"hook": channel}) == {"hook": {"refused": 1, "sent": 1}}
    assert [m.feed for m in channel.sent] == ["housing_actions"]


def test_no_value_of_a_row_and_no_word_of_a_server_is_kept(settings: Settings) -> None:
    arrives(settings, MONDAY, 1)
    keep.sweep(settings, date(2019, 3, 12))
    channel = Channel()
    channel.fault = lambda m: ValueError(CANARY)        # not a fault that a sender may raise
    with pytest.raises(ValueError):
        keep.dispatch(settings, {"email": channel})
    held = rows(settings, "SELECT (SELECT string_agg(i::text, '') FROM keep.incident i)"
                          " || (SELECT string_agg(s::text, '') FROM keep.sending s) AS said")
    assert CANARY not in held[0]["said"]


def test_a_councils_own_figures_lie_over_the_shipped_ones(home: Path) -> None:
    (home / "alerts.yaml").write_text("kinds: {overdue: {remind_after_days: 2}}\n")
    assert load_rules(home).kinds["overdue"].remind_after_days == 2
    assert load_rules(home).kinds["overdue"].severity == "warning"
    (home / "alerts.yaml").write_text("kinds: {overdue: {remind: 2}}\n")
    with pytest.raises(CallError, match=r"kinds\.overdue\.remind"):
        load_rules(home)
