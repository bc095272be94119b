"""A partner's own check says what the receipt would say, without a warehouse."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from small_council import ACTION, Council, actions, tenancies

from tf_integration.flow.dry_run import dry_run
from tf_integration.model.errors import CallError

NAME = "housing_tenancies_20190501_0001.csv"


def written(folder: Path, text: str, name: str = NAME, **control: object) -> Path:
    file = folder / name
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    data = file.read_bytes()
    said = {
        "feed": "housing_tenancies",
        "partner": "housing",
        "snapshot_on": "2019-05-01",
        "mode": "whole",
        "sequence": 1,
        "rows": len(text.splitlines()) - 1,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    (folder / f"{name}.ctl.json").write_text(json.dumps(said | control))
    return file


def test_a_good_file_is_well(tmp_path: Path) -> None:
    told = dry_run(written(tmp_path, tenancies(5)), "housing_tenancies")
    assert (told["status"], told["is_well"], told["reasons"], told["rows_loaded"]) == ("accepted", True, [], 5)


def test_a_packed_file_is_checked_like_a_plain_one_and_nothing_stays(tmp_path: Path) -> None:
    told = dry_run(written(tmp_path, tenancies(5), f"{NAME}.gz"), "housing_tenancies")
    assert told["status"] == "accepted"
    assert sorted(f.name for f in tmp_path.iterdir()) == [f"{NAME}.gz", f"{NAME}.gz.ctl.json"]


def test_rejected_lines_are_listed_and_no_value_of_them(tmp_path: Path) -> None:
    told = dry_run(written(tmp_path, tenancies(5).replace("T3,tenant", "T3,Gablelord")), "housing_tenancies")
    assert told["status"] == "accepted_with_rejects"
    assert [(r["line"], r["column"], r["rule"]) for r in told["rejects"]] == [(4, "role", "code")]
    assert "Gable" not in json.dumps(told)


@pytest.mark.parametrize(
    ("text", "control", "status", "rule"),
    [
        (tenancies(5), {"rows": 6}, "held", "control_rows"),
        (tenancies(5), {"sha256": "0" * 64}, "rejected", "control_digest"),
        (tenancies(5).replace("tenure\n", "tenur\n"), {}, "held", "column_missing"),
        (tenancies(100).replace("2019-01-01", "2019-99-01", 30), {}, "held", "row_faults"),
        (tenancies(5) + tenancies(5).partition("\n")[2], {}, "held", "repeated"),
        (re.sub(r"\d{4}-\d\d-\d\d,F", ",F", tenancies(300)), {}, "held", "expectation"),
    ],
)
def test_what_would_be_held_or_rejected_is(
    tmp_path: Path, text: str, control: dict[str, object], status: str, rule: str
) -> None:
    told = dry_run(written(tmp_path, text, **control), "housing_tenancies")
    assert (told["status"], told["is_well"]) == (status, False)
    assert rule in [r["rule"] for r in told["reasons"]]


def test_it_says_what_the_receipt_says(council: Council, tmp_path: Path) -> None:
    text = tenancies(30).replace("T7,tenant", "T7,landlord").replace("CT1 2AB", "nowhere", 3)
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, text)
    council.night("housing_tenancies", "2019-05-01")
    got = council.housing.receipt(name)
    told = dry_run(council.housing.extracts / name, "housing_tenancies")
    same = ("status", "file", "sha256", "rows_read", "rows_loaded", "rows_rejected", "reasons")
    assert {k: told[k] for k in same} == {k: got[k] for k in same}


def test_a_name_that_would_not_be_picked_up_is_said(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(tenancies(5))
    with pytest.raises(CallError, match="--snapshot-on"):
        dry_run(file, "housing_tenancies")
    from datetime import date

    told = dry_run(file, "housing_tenancies", date(2019, 5, 1))
    assert [r["rule"] for r in told["reasons"]] == ["file_name", "control_file_missing"]
    assert told["is_well"]


def test_withdrawals_are_no_rows_for_a_suite(tmp_path: Path) -> None:
    file = tmp_path / "housing_actions_20190501_0001.csv"
    file.write_text(actions("U,H1,A1,T1,arrears,2019-04-01,,100", "D,H2,A2,,,,,"))
    assert ACTION.startswith("op,")
    assert dry_run(file, "housing_actions")["rows_loaded"] == 2


def test_a_wrong_call_is_one(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="no feed"):
        dry_run(tmp_path / "x.csv", "nothing")
    with pytest.raises(CallError, match="no such file"):
        dry_run(tmp_path / "x.csv", "housing_tenancies")
