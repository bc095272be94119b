"""A planted surname goes through every way that a file can fail, and is found only where people's data may stand."""

from __future__ import annotations

import logging
import subprocess
from datetime import date

import pytest
from small_council import TENANCY, Council, tenancies

from tf_integration.flow.deliver import deliver, discover
from tf_integration.store import warehouse

CANARY = "Quetzalcoatlus"


def everything_said(council: Council, caplog: pytest.LogCaptureFixture) -> str:
    receipts = "".join(f.read_text() for f in council.housing.receipts.iterdir())
    tables = "".join(
        str(council.rows(f"SELECT * FROM landing.{t}"))  # noqa: S608
        for t in ("delivery", "reject", "measure", "decision", "account")
    )
    return receipts + tables + caplog.text + str(council.seen)


@pytest.mark.parametrize(
    "text",
    [
        tenancies(3, surname=CANARY).replace(",tenant,", f",{CANARY},"),  # a code
        tenancies(3, surname=CANARY).replace("2019-01-01", CANARY),  # a date
        tenancies(3, surname=CANARY).replace("CT1 2AB", CANARY).replace("F,", f"{CANARY},"),  # a warning, and a code
        tenancies(3, surname=CANARY).partition("\n")[2],  # no header
        tenancies(3, surname=CANARY).replace("tenure\n", f"tenure,{CANARY}\n"),  # a strange column
        tenancies(3, surname=CANARY).replace("LA\n", f'LA,"{CANARY}\n'),  # quotes, ragged lines
        tenancies(3, surname=CANARY * 20),  # too long
        tenancies(3, surname=f"={CANARY}").replace(",tenant,", ",=cmd,"),  # a formula
        TENANCY + f"H1,{CANARY},,,,,,,,,,T1,tenant,,,LA\n",  # nobody
        tenancies(60, surname=CANARY) + tenancies(60, surname=CANARY).partition("\n")[2],  # doubled
    ],
)
def test_no_value_reaches_a_receipt_a_reason_a_measure_or_a_log(
    council: Council, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    caplog.set_level(logging.DEBUG)
    council.housing.put("housing_tenancies", "2019-05-01", 1, text)
    council.night("housing_tenancies", "2019-05-01")
    assert CANARY not in everything_said(council, caplog)
    for file in council.housing.receipts.glob("*.rejects.csv"):
        assert not [
            line
            for line in file.read_text().splitlines()[1:]
            for cell in line.split(",")
            if cell.startswith(("=", "+", "-", "@"))
        ]


def test_no_value_reaches_an_error_when_the_database_refuses(
    council: Council, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3, surname=CANARY))
    (delivery_id,) = discover(council.settings, "housing_tenancies", date(2019, 5, 1))
    with warehouse.transaction(council.settings) as conn:
        conn.exec_driver_sql(f"ALTER TABLE core.source_record ADD CHECK (surname NOT LIKE '{CANARY}%%')")
    with pytest.raises(Exception, match="the warehouse refused") as caught:
        deliver(council.settings, delivery_id, date(2019, 5, 1))
    assert CANARY not in str(caught.value) + str(caught.value.__cause__ or "") + everything_said(council, caplog)


def places_with_the_canary(council: Council) -> str:
    search = ["grep", "-rl", CANARY, str(council.settings.home)]
    return subprocess.run(search, capture_output=True, text=True, check=False).stdout


def test_a_replay_of_packed_files_leaves_no_plain_copy(council: Council) -> None:
    for on, sequence in (("2019-05-01", 2), ("2019-04-01", 1), ("2019-03-01", 0)):
        text = tenancies(3, surname=CANARY, start_on=f"2018-0{sequence + 1}-01")
        council.housing.put("housing_tenancies", on, sequence, text, packed=True, control={"rows": 3})
        assert council.night("housing_tenancies", "2019-05-01") == ["accepted"]
    assert places_with_the_canary(council) == ""


def test_landed_files_and_the_warehouse_are_the_only_places_on_disk(council: Council) -> None:
    council.housing.put(
        "housing_tenancies", "2019-05-01", 1, tenancies(3, surname=CANARY), packed=True, control={"rows": 3}
    )
    council.night("housing_tenancies", "2019-05-01")
    found = subprocess.run(
        ["grep", "-rl", CANARY, str(council.settings.home)], capture_output=True, text=True, check=False
    )
    assert found.stdout == ""  # the landed file is the packed one, as sent
