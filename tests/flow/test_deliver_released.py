"""Held files, and the people who decide about them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from small_council import Council, actions, tenancies

from tf_integration.flow import decisions
from tf_integration.model.errors import CallError, NeedsAPerson

BAD_ROWS = tenancies(100).replace(",tenant,2019-01-01", ",tenant,2019-99-01", 21)


def hold_for_its_rows(council: Council) -> str:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, BAD_ROWS)
    assert council.night("housing_tenancies", "2019-05-01") == ["held"]
    return name


def hold_for_being_short(council: Council) -> str:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(100))
    council.night("housing_tenancies", "2019-05-01")
    name = council.housing.put("housing_tenancies", "2019-06-01", 2, tenancies(60))
    assert council.night("housing_tenancies", "2019-06-01") == ["held"]
    return name


def test_one_person_releases_an_ordinary_hold_and_the_good_rows_are_loaded(council: Council) -> None:
    name = hold_for_its_rows(council)
    assert council.night("housing_tenancies", "2019-05-02") == []
    said = decisions.release(council.settings, name, "Ada", "the partner mends it next month")
    assert (said["people"], said["people_needed"]) == (1, 1)
    assert council.facts("housing_tenancies") == 0  # applied when next delivered, not before
    assert council.night("housing_tenancies", "2019-05-02") == ["accepted_with_rejects"]
    assert council.facts("housing_tenancies") == 79
    receipt = council.housing.receipt(name)
    assert (receipt["rows_read"], receipt["rows_loaded"], receipt["rows_rejected"]) == (100, 79, 21)
    assert council.rows("SELECT action, by_whom, because FROM landing.decision") == [
        {"action": "release", "by_whom": "Ada", "because": "the partner mends it next month"}
    ]
    assert council.night("housing_tenancies", "2019-05-03") == []


def test_a_short_snapshot_needs_two_different_people(council: Council) -> None:
    name = hold_for_being_short(council)
    delivery_id = str(council.seen[-1]["delivery_id"])
    assert decisions.release(council.settings, delivery_id, "Ada", "half the stock was sold")["people_needed"] == 2
    assert council.night("housing_tenancies", "2019-06-02") == []
    for same in ("Ada", " ada "):
        with pytest.raises(NeedsAPerson, match="released it already"):
            decisions.release(council.settings, name, same, "again")
    assert council.night("housing_tenancies", "2019-06-02") == []
    assert decisions.release(council.settings, name, "Grace", "seen the sale")["people"] == 2
    assert council.night("housing_tenancies", "2019-06-02") == ["accepted"]
    assert council.count("SELECT count(*) FROM core.absence") == 40


def test_a_hold_by_a_person_cancels_the_releases_before_it(council: Council) -> None:
    name = hold_for_its_rows(council)
    decisions.release(council.settings, name, "Ada", "fine")
    decisions.hold(council.settings, name, "Grace", "wait")
    assert council.night("housing_tenancies", "2019-05-02") == []
    decisions.release(council.settings, name, "Ada", "seen again")
    assert council.night("housing_tenancies", "2019-05-02") == ["accepted_with_rejects"]


def test_a_release_is_for_what_was_shown_and_not_for_the_next_hold(council: Council) -> None:
    name = hold_for_its_rows(council)
    decisions.release(council.settings, name, "Ada", "fine")
    council.housing.put(
        "housing_tenancies", "2019-05-01", 1, BAD_ROWS, control={"rows": 99}, bump=60
    )  # another control file
    assert council.night("housing_tenancies", "2019-05-02") == ["held"]
    assert council.night("housing_tenancies", "2019-05-03") == []
    assert council.facts("housing_tenancies") == 0


def test_a_rejected_file_cannot_be_released_and_a_header_without_its_columns_cannot_either(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3).replace("tenure\n", "tenur\n"))
    council.night("housing_tenancies", "2019-05-01")
    with pytest.raises(NeedsAPerson, match="column_missing"):
        decisions.release(council.settings, name, "Ada", "please")
    name = council.housing.put("housing_tenancies", "2019-05-02", 2, tenancies(3), control={"sha256": "0" * 64})
    council.night("housing_tenancies", "2019-05-02")
    with pytest.raises(NeedsAPerson, match="not held"):
        decisions.release(council.settings, name, "Ada", "please")


def test_a_released_file_with_an_undeclared_column_is_loaded_without_it(council: Council) -> None:
    header, *rest = tenancies(3).splitlines()
    name = council.housing.put(
        "housing_tenancies",
        "2019-05-01",
        1,
        "\n".join([f"{header},hiv_status", *(f"{r},POSITIVE" for r in rest)]) + "\n",
    )
    assert council.night("housing_tenancies", "2019-05-01") == ["held"]
    decisions.release(council.settings, name, "Ada", "the partner was told to drop it")
    assert council.night("housing_tenancies", "2019-05-02") == ["accepted"]
    assert council.facts("housing_tenancies") == 3
    assert all(b"POSITIVE" not in f.read_bytes() for f in council.settings.home.rglob("*") if f.is_file())
    later = council.housing.put("housing_tenancies", "2019-04-01", 9, tenancies(3))  # replays the copy that was kept
    assert council.night("housing_tenancies", "2019-05-03") == ["accepted"]
    assert council.housing.receipt(later)["status"] == "accepted"


def test_a_released_gap_lets_the_later_increments_on(council: Council) -> None:
    row = "U,H{0},A{0},T{0},arrears,2019-04-{0:02d},,100"
    for n in (1, 3, 4):
        council.housing.put("housing_actions", f"2019-05-{n:02d}", n, actions(row.format(n)))
    assert council.night("housing_actions", "2019-05-04") == ["accepted", "held", "held"]
    decisions.release(council.settings, "housing_actions_20190503_0003.csv", "Ada", "the partner skipped a number")
    assert council.night("housing_actions", "2019-05-05") == ["accepted", "accepted"]


def test_a_person_can_hold_what_is_not_applied_and_not_what_is(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    from datetime import date

    from tf_integration.flow.deliver import discover

    (delivery_id,) = discover(council.settings, "housing_tenancies", date(2019, 5, 1))
    decisions.hold(council.settings, str(delivery_id), "Ada", "a rumour of a fault")
    assert council.night("housing_tenancies", "2019-05-01") == []
    assert council.housing.receipt("housing_tenancies_20190501_0001.csv")["reasons"][0]["rule"] == "held_by_person"
    decisions.release(council.settings, str(delivery_id), "Grace", "no fault")
    assert council.night("housing_tenancies", "2019-05-02") == ["accepted"]
    with pytest.raises(NeedsAPerson, match="only a file that is not applied"):
        decisions.hold(council.settings, str(delivery_id), "Ada", "too late")


def test_a_rejected_hold_is_told_to_the_partner_and_its_bytes_go(council: Council) -> None:
    name = hold_for_its_rows(council)
    decisions.reject(council.settings, name, "Ada", "the partner agreed to send it again")
    assert council.night("housing_tenancies", "2019-05-02") == []
    assert council.housing.receipt(name)["status"] == "rejected"
    assert not [f for f in council.settings.landed.rglob("*") if f.is_file()]
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(100), bump=60)
    assert council.night("housing_tenancies", "2019-05-03") == ["accepted"]


def test_a_corrected_file_that_is_short_is_held_like_any_other(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(100))
    council.night("housing_tenancies", "2019-05-01")
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(60), bump=60)
    assert council.night("housing_tenancies", "2019-05-02") == ["held"]
    assert council.facts("housing_tenancies") == 100
    assert [r["rule"] for r in council.housing.receipt(name)["reasons"]] == ["sequence_again", "volume", "vanished"]


def test_a_preview_counts_and_quotes_nothing(council: Council) -> None:
    name = hold_for_being_short(council)
    seen = decisions.preview(council.settings, name)
    assert (seen["rows_read"], seen["rows_of_the_last"], seen["people_needed"], seen["can_be_released"]) == (
        60,
        100,
        2,
        True,
    )
    assert [r["rule"] for r in seen["reasons"]] == ["volume", "vanished"]
    assert "Gable" not in str(seen)


@pytest.mark.parametrize("decide", [decisions.release, decisions.hold, decisions.reject])
def test_nobody_decides_without_a_name_a_reason_and_a_delivery(council: Council, decide: Callable[..., object]) -> None:
    name = hold_for_its_rows(council)
    for named, by, because in ((name, " ", "why"), (name, "Ada", ""), ("nothing.csv", "Ada", "why")):
        with pytest.raises(CallError):
            decide(council.settings, named, by, because)
    assert council.count("SELECT count(*) FROM landing.decision") == 0
