"""Files that no list foresees: the right receipt, counts that reconcile, nothing beside, and the good rows load."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from odd_files import BESIDE, GOOD, ODD, ROWS, Odd
from small_council import Council
from spoiling import how_many
from test_content import _core as core_digests

from tf_integration.flow.dry_run import dry_run
from tf_integration.store import warehouse

ON, FEED = date(2019, 5, 1), "housing_tenancies"


def made(case: Odd) -> bytes:
    data = case.make(GOOD)
    return data if isinstance(data, bytes) else data.encode()


def control(case: Odd, data: bytes, sequence: int) -> dict[str, Any]:
    """The control file of a partner who counted what is there."""
    digest = hashlib.sha256(data).hexdigest()
    said = {"feed": FEED, "partner": "housing", "snapshot_on": str(ON), "mode": "whole", "sequence": sequence, "rows": ROWS,
            "bytes": len(data), "sha256": digest, "covers_from": "2018-05-01", "covers_to": str(ON)}  # fmt: skip
    said |= case.control or {}
    return said | ({"sha256": digest.upper()} if said["sha256"] == "UPPER" else {})


def judged(case: Odd, said: dict[str, Any], rejects: list[str]) -> None:
    rules = {r["rule"] for r in said["reasons"]}
    assert said["status"] == case.status, (said["status"], rules, rejects)
    assert said["rows_read"] == said["rows_loaded"] + said["rows_rejected"]
    assert said["rows_loaded"] == case.loads, (rules, rejects)
    assert all(r["what_to_do"] for r in said["reasons"])
    if case.status == BESIDE:
        assert (said["rows_rejected"], len(rejects) > 0) == (1, True)
        assert not case.rule or any(case.rule in r for r in rejects), rejects
    else:
        assert not case.rule or case.rule in rules, rules


@pytest.mark.parametrize("case", ODD, ids=[c.name.replace(" ", "_") for c in ODD])
def test_whoever_checks_it_is_told(case: Odd, tmp_path: Path) -> None:
    data = made(case)
    file = tmp_path / f"{FEED}_{ON:%Y%m%d}_0001.csv{'.gz' if case.packed else ''}"
    file.write_bytes(data)
    file.with_name(f"{file.name}.ctl.json").write_text(json.dumps(control(case, data, 1)))
    said = dry_run(file, FEED)
    judged(case, said, [r["rule"] for r in said["rejects"]])


def test_a_delivery_of_each_gets_the_same_receipt_and_leaves_nothing_it_should_not(
    council: Council, seed: int, record_property: Callable[[str, object], None]
) -> None:
    surprises, chosen = [], random.Random(seed).sample(ODD, how_many(8, len(ODD)))
    record_property("runs", len(chosen))
    for sequence, case in enumerate(chosen, start=1):
        with warehouse.transaction(council.settings) as conn:
            conn.exec_driver_sql("TRUNCATE landing.delivery, core.fact, core.source_record, core.coverage CASCADE")
        data, before = made(case), core_digests(council)
        name = f"{FEED}_{ON:%Y%m%d}_{sequence:04d}.csv{'.gz' if case.packed else ''}"
        council.housing.write(name, data)
        council.housing.write(f"{name}.ctl.json", json.dumps(control(case, data, sequence)).encode())
        try:
            assert council.night(FEED, str(ON)) == [case.status]
            rejected = council.rows("SELECT rule FROM landing.reject ORDER BY line_no")
            judged(case, council.housing.receipt(name), [r["rule"] for r in rejected])
            if case.status in ("held", "rejected"):
                assert core_digests(council) == before
            else:
                assert council.facts(FEED) == case.loads
            for sql, n in case.also.items():
                assert council.count(sql) == n, sql
        except AssertionError as error:
            surprises.append((case.name, str(error)[:300]))
        for left in council.housing.extracts.iterdir():
            left.unlink()
    assert surprises == []


def test_the_good_file_is_good_and_packed_the_same() -> None:
    assert GOOD.count("\n") == ROWS + 1
    assert gzip.decompress(gzip.compress(GOOD.encode())) == GOOD.encode()
