"""What is held, what is rejected, what waits; and that nothing of it stands anywhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from small_council import TENANCY, Council, actions, nothing_stands, tenancies

from tf_integration.land.client import Unreachable

ACT = "U,H{0},A{0},T{0},arrears,2019-04-{0:02d},,100"


def rules(council: Council, name: str, partner: str = "housing") -> list[str]:
    return [r["rule"] for r in council.partners[partner].receipt(name)["reasons"]]


@pytest.mark.parametrize(
    ("control", "status", "rule"),
    [
        ({"sha256": "0" * 64}, "rejected", "control_digest"),
        ({"rows": 4}, "held", "control_rows"),
        ({"rows": 2}, "held", "control_rows"),
        ({"bytes": 7}, "held", "control_bytes"),
        ({"feed": "housing_actions"}, "held", "control_feed"),
        ({"partner": "police"}, "held", "control_partner"),
        ({"snapshot_on": "2019-04-30"}, "held", "control_snapshot_on"),
        ({"sequence": 2}, "held", "control_sequence"),
        ({"mode": "increment"}, "held", "control_mode"),
        ({"covers_from": "2019-05-02"}, "held", "control_covers"),
        ({"sha256": "short"}, "held", "control_unreadable"),
        ({"rows": None}, "held", "control_unreadable"),
    ],
)
def test_a_control_file_that_does_not_fit_names_what_does_not(
    council: Council, control: dict[str, Any], status: str, rule: str
) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3), control=control)
    assert council.night("housing_tenancies", "2019-05-01") == [status]
    assert rules(council, name) == [rule]
    assert nothing_stands(council)


def test_a_control_file_that_is_no_json_holds_the_file(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3), control=False)
    council.housing.write(f"{name}.ctl.json", b"{")
    assert council.night("housing_tenancies", "2019-05-01") == ["held"]
    assert rules(council, name) == ["control_unreadable"]


def test_a_mended_control_file_reopens_the_file_that_it_held(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3), control={"sha256": "0" * 64})
    assert council.night("housing_tenancies", "2019-05-01") == ["rejected"]
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3), bump=60)
    assert council.night("housing_tenancies", "2019-05-02") == ["accepted"]
    assert council.housing.receipt(name)["status"] == "accepted"


def test_a_file_without_its_control_file_waits_and_is_never_accepted(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3), control=False)
    for on in ("2019-05-01", "2019-05-02", "2019-05-03"):
        assert council.night("housing_tenancies", on) == []
    assert council.rows("SELECT state, status, sha256, reasons->0->>'rule' AS rule FROM landing.delivery") == [
        {"state": "seen", "status": "waiting", "sha256": None, "rule": "control_file_missing"}
    ]
    assert list(council.housing.receipts.iterdir()) == []
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    assert council.night("housing_tenancies", "2019-05-04") == ["accepted"]
    assert council.ledger() == [(name, "accepted")]


def test_a_control_file_alone_waits_for_its_data_file(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    (council.housing.extracts / name).unlink()
    assert council.night("housing_tenancies", "2019-05-01") == []
    assert council.ledger() == []


def test_a_file_dated_ahead_waits_for_its_day_without_a_receipt(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-03", 1, tenancies(3))
    assert council.night("housing_tenancies", "2019-05-02") == []
    assert council.rows("SELECT state, status, reasons->0->>'rule' AS rule FROM landing.delivery") == [
        {"state": "seen", "status": "waiting", "rule": "future_date"}
    ]
    assert list(council.housing.receipts.iterdir()) == []
    assert not [s for s in council.housing.seen if s.startswith("read")]
    assert council.night("housing_tenancies", "2019-05-03") == ["accepted"]
    assert council.ledger() == [(name, "accepted")]


def test_a_file_that_is_still_growing_is_left_for_the_next_night(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    whole = (council.housing.extracts / name).read_bytes()
    (council.housing.extracts / name).write_bytes(whole[:100])
    council.housing.faults.grow = b"x"
    assert council.night("housing_tenancies", "2019-05-01") == []
    assert council.ledger() == []
    council.housing.write(name, whole, bump=60)
    assert council.night("housing_tenancies", "2019-05-02") == ["accepted"]


def test_an_upload_that_is_overtaken_by_its_control_file_is_not_judged_half_written(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    whole = (council.housing.extracts / name).read_bytes()
    (council.housing.extracts / name).write_bytes(whole[:100])
    council.housing.at_look = {2: lambda: council.housing.write(name, whole)}
    assert council.night("housing_tenancies", "2019-05-01") == []
    assert council.ledger() == []
    assert council.night("housing_tenancies", "2019-05-02") == ["accepted"]


def test_a_server_that_ends_files_early_gets_nothing_accepted(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    council.housing.faults.end_at, council.housing.faults.times = 50, 1000
    with pytest.raises(Unreachable, match="ended the file"):
        council.night("housing_tenancies", "2019-05-01")
    assert council.ledger() == []
    council.housing.faults.end_at = None
    assert council.night("housing_tenancies", "2019-05-01") == ["accepted"]


def test_a_byte_that_the_server_changed_is_rejected_by_the_digest(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    council.housing.faults.flip_at = len(TENANCY) + 20
    assert council.night("housing_tenancies", "2019-05-01") == ["rejected"]
    assert rules(council, name) == ["control_digest"]
    assert nothing_stands(council)


def test_unfinished_names_are_left_alone_and_odd_ones_are_said_once(
    council: Council, caplog: pytest.LogCaptureFixture
) -> None:
    for name in (
        "housing_tenancies_20190501_0001.csv.part",
        "housing_tenancies_20190501_0001.csv.filepart",
        ".hidden",
        "housing_tenancies_20190501_0001.csv.ocTransferId7",
    ):
        council.housing.write(name, b"x")
    for name in ("Gable Ann.csv", "housing_tenancies_20191301_0001.csv", "housing_tenancies_20190501_1.csv"):
        council.housing.write(name, b"x")
    assert council.night("housing_tenancies", "2019-05-01") == []
    assert council.night("housing_tenancies", "2019-05-02") == []
    said = [r.getMessage() for r in caplog.records if "names are not" in r.getMessage()]
    assert len(said) == 1
    assert "3 file(s)" in said[0]
    assert "Gable" not in caplog.text
    assert council.count("SELECT count(*) FROM landing.sighting WHERE is_odd") == 3


def test_a_folder_full_of_odd_names_is_said_in_one_line_and_costs_the_good_file_nothing(
    council: Council, caplog: pytest.LogCaptureFixture
) -> None:
    folder = os.fsencode(council.housing.extracts)
    for name in [b"n" * 255, b"caf\xe9.csv", "李.csv".encode(), b"a\nb.csv", b"..csv", b"'; DROP TABLE core.fact;--"]:
        with open(os.path.join(folder, name), "wb") as out:
            out.write(b"x")
    for n in range(3000):
        (council.housing.extracts / f"stray {n}.csv").touch()
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    assert council.night("housing_tenancies", "2019-05-01") == ["accepted"]
    assert [r.getMessage() for r in caplog.records if "3005 file(s)" in r.getMessage()]
    assert council.count("SELECT count(*) FROM landing.sighting WHERE is_odd") == 3005


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda t: t.replace("tenure\n", "tenur\n", 1), "column_missing"),
        (lambda t: t.replace("start_on,end_on", "start_on,start_on", 1), "column_twice"),
        (lambda t: t.partition("\n")[2], "column_missing"),
    ],
)
def test_a_header_unlike_the_contract_holds_the_file(council: Council, change: Callable[[str], str], rule: str) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, change(tenancies(3)), control={"rows": 3})
    assert council.night("housing_tenancies", "2019-05-01") == ["held"]
    assert rule in rules(council, name)
    assert nothing_stands(council)
    assert not [f for f in council.settings.landed.rglob("*") if f.is_file()]
    assert "Gable" not in (council.housing.receipts / f"{name}.receipt.json").read_text()


def test_an_undeclared_column_holds_the_file_and_its_values_stand_nowhere(council: Council) -> None:
    header, *rest = tenancies(3).splitlines()
    text = "\n".join([f"{header},hiv_status", *(f"{r},POSITIVE" for r in rest)]) + "\n"
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, text)
    assert council.night("housing_tenancies", "2019-05-01") == ["held"]
    assert rules(council, name) == ["column_unknown"]
    ours = [f for f in council.settings.home.rglob("*") if f.is_file()]
    assert all(b"POSITIVE" not in f.read_bytes() and b"hiv_status" not in f.read_bytes() for f in ours)
    assert nothing_stands(council)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (tenancies(3).encode("utf-16"), "nul_throughout"),
        (tenancies(3).replace("Ann", "Zoë").encode("cp1252"), "wrong_encoding"),
        (b"x" * 2_000_000, "line_too_long"),
    ],
)
def test_bytes_that_cannot_be_read_are_rejected_and_not_kept(council: Council, data: bytes, rule: str) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, data, control={"rows": 3})
    assert council.night("housing_tenancies", "2019-05-01") == ["rejected"]
    assert rules(council, name) == [rule]
    assert nothing_stands(council)
    assert not [f for f in council.settings.landed.rglob("*") if f.is_file()]


def test_a_truncated_gzip_file_is_rejected(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(300), packed=True)
    data = (council.housing.extracts / name).read_bytes()[:-9]
    import hashlib

    council.housing.put(
        "housing_tenancies",
        "2019-05-01",
        1,
        tenancies(300),
        packed=True,
        control={"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()},
    )
    council.housing.write(name, data)
    assert council.night("housing_tenancies", "2019-05-01") == ["rejected"]
    assert rules(council, name) == ["gzip_truncated"]


def test_an_encrypted_file_is_held_with_a_clear_message_and_never_read_as_plain(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    for suffix in ("", ".ctl.json"):
        file = council.housing.extracts / f"{name}{suffix}"
        file.rename(council.housing.extracts / f"{name}.gpg{suffix}")
    assert council.night("housing_tenancies", "2019-05-01") == ["held"]
    assert rules(council, f"{name}.gpg") == ["pgp_not_configured"]
    assert nothing_stands(council)


def test_a_feed_that_this_partner_may_not_send_is_held_unread_under_the_feed_that_it_claims(council: Council) -> None:
    name = council.housing.put("police_incidents", "2019-05-01", 1, "op\n")
    assert council.night("housing_tenancies", "2019-05-01") == []  # the partner's first feed by name sees to it
    assert council.night("housing_actions", "2019-05-01") == ["held"]
    assert rules(council, name) == ["wrong_partner"]
    assert council.rows("SELECT feed, partner, rows_read FROM landing.delivery") == [
        {"feed": "police_incidents", "partner": "housing", "rows_read": 0}
    ]
    assert not [f for f in council.settings.landed.rglob("*") if f.is_file()]


def test_a_stranger_under_the_feeds_own_name_is_held(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(60))
    council.night("housing_tenancies", "2019-05-01")
    name = council.housing.put("housing_tenancies", "2019-06-01", 2, tenancies(60, first=1000))
    assert council.night("housing_tenancies", "2019-06-01") == ["held"]
    assert rules(council, name) == ["vanished", "stranger"]


def test_too_many_faulty_rows_hold_the_file_and_every_one_is_listed(council: Council) -> None:
    bad = tenancies(100).replace(",tenant,2019-01-01", ",tenant,2019-99-01", 21)
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, bad)
    assert council.night("housing_tenancies", "2019-05-01") == ["held"]
    assert rules(council, name) == ["row_faults"]
    said = council.housing.receipt(name)
    assert (said["rows_read"], said["rows_loaded"], said["rows_rejected"]) == (100, 0, 100)
    assert said["reasons"][0]["count"] == 21
    assert len((council.housing.receipts / f"{name}.rejects.csv").read_text().splitlines()) == 22
    assert nothing_stands(council)
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(100), bump=60)
    assert council.night("housing_tenancies", "2019-05-02") == ["accepted"]
    assert [s for _, s in council.ledger()] == ["rejected", "accepted"]
    assert not (council.housing.receipts / f"{name}.rejects.csv").exists()


def test_a_file_that_is_there_twice_is_held(council: Council) -> None:
    text = tenancies(4)
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, text + text.partition("\n")[2])
    assert council.night("housing_tenancies", "2019-05-01") == ["held"]
    assert "repeated" in rules(council, name)


def test_no_rows_without_a_word_is_held(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, TENANCY, control={"rows": 5})
    assert council.night("housing_tenancies", "2019-05-01") == ["held"]
    assert rules(council, name) == ["control_rows", "no_rows"]


def test_an_empty_file_is_held(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, b"", control={"rows": 0})
    assert council.night("housing_tenancies", "2019-05-01") == ["held"]


def test_a_short_snapshot_is_held_and_ends_nobodys_tenancy(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(100))
    council.night("housing_tenancies", "2019-05-01")
    before = council.rows("SELECT * FROM core.fact ORDER BY fact_id")
    name = council.housing.put("housing_tenancies", "2019-06-01", 2, tenancies(60))
    assert council.night("housing_tenancies", "2019-06-01") == ["held"]
    assert rules(council, name) == ["volume", "vanished"]
    assert council.rows("SELECT * FROM core.fact ORDER BY fact_id") == before
    assert council.count("SELECT count(*) FROM core.absence") == 0


def test_a_later_increment_waits_until_the_missing_one_is_accepted_and_then_goes_on_by_itself(council: Council) -> None:
    def week(n: int) -> str:
        return council.housing.put("housing_actions", f"2019-05-{n:02d}", n, actions(ACT.format(n)))

    week(3)  # the first that ever comes may have any number
    assert council.night("housing_actions", "2019-05-03") == ["accepted"]
    five, six = week(5), week(6)
    assert council.night("housing_actions", "2019-05-06") == ["held", "held"]
    assert rules(council, five) == rules(council, six) == ["sequence_gap"]
    assert council.facts("housing_actions") == 1
    assert council.night("housing_actions", "2019-05-07") == []
    week(4)
    assert council.night("housing_actions", "2019-05-08") == ["accepted", "accepted", "accepted"]
    assert council.facts("housing_actions") == 4
    assert rules(council, five) == []


def test_after_a_refused_increment_every_later_one_waits_for_a_good_file_of_its_number(council: Council) -> None:
    bad = council.housing.put("housing_actions", "2019-05-01", 1, actions(ACT.format(1)), control={"sha256": "0" * 64})
    council.housing.put("housing_actions", "2019-05-02", 2, actions(ACT.format(2)))
    assert council.night("housing_actions", "2019-05-02") == ["rejected", "held"]
    assert nothing_stands(council)
    council.housing.put("housing_actions", "2019-05-01", 1, actions(ACT.format(1)), bump=60)
    assert council.night("housing_actions", "2019-05-03") == ["accepted", "accepted"]
    assert council.housing.receipt(bad)["status"] == "accepted"
    assert council.facts("housing_actions") == 2
