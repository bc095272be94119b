"""What is usual is learnt from accepted deliveries, and what is not is called out with its reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from small_council import TENANCY, Council

from tf_integration.flow import keep
from tf_integration.keep.quality import load_quality
from tf_integration.model.errors import CallError

FEED = "housing_tenancies"
FIRST = date(2019, 1, 1)


def tenants(n: int, blank_births: int = 0, tenure: str = "LA", nhs: str = "") -> str:
    """Tenants of whom so many have no birth date."""
    return TENANCY + "".join(
        f"H{i},Ann,Gable{i},{'' if i < blank_births else '1980-05-01'},F,{i} High Street,CT1 2AB,,,{nhs},,"
        f"T{i},tenant,2018-06-01,,{tenure}\n" for i in range(n))


def send(council: Council, sequence: int, text: str) -> str:
    on = (FIRST + timedelta(days=30 * sequence)).isoformat()
    council.housing.put(FEED, on, sequence, text)
    return str(council.night(FEED, on)[0])


def settled(council: Council, files: int = 6) -> None:
    for sequence in range(1, files + 1):
        assert send(council, sequence, tenants(100 + sequence % 3, blank_births=sequence % 3)).startswith("accepted")


def board(council: Council) -> dict[str, Any]:
    return dict(council.rows("SELECT drift, drift_because FROM mart.feed_health_v1 WHERE feed = :f", f=FEED)[0])


def measures(council: Council) -> dict[str, Any]:
    return {r["measure"]: r for r in council.rows(
        "SELECT * FROM mart.feed_quality_v1 WHERE is_newest AND feed = :f", f=FEED)}


def test_a_column_that_went_blank_is_called_out_told_once_and_over_with_an_ordinary_file(council: Council) -> None:
    settled(council, files=4)
    send(council, 5, tenants(101, blank_births=60))
    assert not board(council)["drift"]                   # too few files to say what is usual
    send(council, 6, tenants(102, blank_births=2))
    assert board(council) == {"drift": False, "drift_because": None}
    found = measures(council)
    assert (found["rows"]["usual"], found["rows"]["quantity"]) == (101, 102)
    assert {"rejected", "overlap:keys", "overlap:people", "null:date_of_birth", "code:tenure:LA"} <= set(found)
    assert send(council, 7, tenants(101, blank_births=60)).startswith("accepted")
    assert "blank date_of_birth 59.4%, usually 0.0% to" in board(council)["drift_because"]
    keep.sweep(council.settings, date(2019, 7, 30))
    assert [i["subject"] for i in keep.standing(council.settings) if i["kind"] == "drift"] != []
    send(council, 8, tenants(101, blank_births=60))
    assert board(council)["drift"]                       # a few odd files do not move what is usual
    send(council, 9, tenants(101))
    assert not board(council)["drift"]
    keep.sweep(council.settings, date(2019, 9, 28))
    assert [i for i in keep.standing(council.settings) if i["kind"] == "drift"] == []
    assert council.count("SELECT count(*) FROM landing.measure m WHERE m::text ~ 'Gable|High Street|CT1|1980'") == 0


def test_a_code_that_vanished_and_identifiers_that_fail_are_called_out_by_the_councils_figures(
    council: Council
) -> None:
    (council.settings.home / "quality.yaml").write_text("least: 3\nfloors: {'null:': {least: 0.9}}\n")
    settled(council, files=3)
    send(council, 4, tenants(101, blank_births=60, tenure="RP", nhs="1234567890"))
    said = board(council)["drift_because"]
    assert "tenure LA 0.0%, usually 95" in said
    assert "tenure RP 100.0%" in said
    assert "nhs_number" in said
    assert "blank date_of_birth" not in said
    (council.settings.home / "quality.yaml").write_text("least: 1\n")
    with pytest.raises(CallError, match="least"):
        load_quality(council.settings.home)
