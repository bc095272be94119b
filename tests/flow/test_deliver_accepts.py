"""What is accepted, what it leaves in the warehouse, and what the partner is told."""

from __future__ import annotations

import gzip
import hashlib
from datetime import date

import pytest
from small_council import Council, actions, tenancies

from tf_integration.flow.deliver import deliver, discover
from tf_integration.model.errors import CallError
from tf_integration.model.feed import load_feeds


def test_a_file_from_sftp_becomes_facts_and_the_partner_gets_a_receipt(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    assert council.night("housing_tenancies", "2019-05-01") == ["accepted"]
    assert council.facts("housing_tenancies") == 3
    said = council.housing.receipt(name)
    data = (council.housing.extracts / name).read_bytes()
    assert said["status"] == "accepted"
    assert said["file"] == name
    assert said["sha256"] == hashlib.sha256(data).hexdigest()
    assert (said["rows_read"], said["rows_loaded"], said["rows_rejected"]) == (3, 3, 0)
    assert said["delivery_id"] == council.count(
        "SELECT core.hash_id('delivery|housing_tenancies|housing|' || :n || '|' || :s)", n=name, s=said["sha256"]
    )
    assert said["decided_at"] >= said["received_at"]
    assert council.rows("SELECT state, status, receipt_at IS NOT NULL AS answered FROM landing.delivery") == [
        {"state": "acknowledged", "status": "accepted", "answered": True}
    ]


def test_deciding_again_changes_nothing(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    (delivery_id,) = discover(council.settings, "housing_tenancies", date(2019, 5, 1))
    first = deliver(council.settings, delivery_id, date(2019, 5, 1))
    before = council.rows("SELECT *, xmin::text FROM core.fact ORDER BY fact_id")
    again = deliver(council.settings, delivery_id, date(2019, 5, 2))
    assert again["status"] == first["status"]
    assert council.rows("SELECT *, xmin::text FROM core.fact ORDER BY fact_id") == before
    assert discover(council.settings, "housing_tenancies", date(2019, 5, 2)) == []


def test_a_file_is_fetched_once_however_many_nights_it_lies_there(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    council.night("housing_tenancies", "2019-05-01")
    opened = sum(s.startswith("open /extracts") for s in council.housing.seen)
    for on in ("2019-05-02", "2019-05-03"):
        assert council.night("housing_tenancies", on) == []
    assert sum(s.startswith("open /extracts") for s in council.housing.seen) == opened


def test_a_gzip_file_is_the_same_as_the_plain_one(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3), packed=True, control={"rows": 3})
    assert council.night("housing_tenancies", "2019-05-01") == ["accepted"]
    assert council.facts("housing_tenancies") == 3
    assert not list(council.settings.landed.rglob("plain.csv"))


def test_bad_rows_beside_good_ones_cost_only_themselves_and_are_told_by_line_and_column(council: Council) -> None:
    text = tenancies(30).replace("T7,tenant,2019-01-01", "T7,landlord,01/02/2019")
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, text)
    assert council.night("housing_tenancies", "2019-05-01") == ["accepted_with_rejects"]
    said = council.housing.receipt(name)
    assert (said["rows_read"], said["rows_loaded"], said["rows_rejected"]) == (30, 29, 1)
    lines = (council.housing.receipts / f"{name}.rejects.csv").read_text().splitlines()
    assert lines[0] == "line,column,rule,what_to_do"
    assert {tuple(line.split(",")[:3]) for line in lines[1:]} == {("8", "role", "code"), ("8", "start_on", "date")}
    assert "landlord" not in "\n".join(lines)


def test_a_few_faulty_rows_of_a_tiny_file_do_not_hold_it(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(2).replace("T2,tenant", "T2,nobody"))
    assert council.night("housing_tenancies", "2019-05-01") == ["accepted_with_rejects"]


def test_a_quiet_week_is_a_header_alone_whose_control_file_says_so(council: Council) -> None:
    council.housing.put("housing_actions", "2019-05-01", 1, actions())
    assert council.night("housing_actions", "2019-05-01") == ["accepted"]
    assert council.count("SELECT count(*) FROM core.coverage WHERE feed = 'housing_actions'") == 1


def test_the_same_file_again_is_a_duplicate_told_once_with_its_first_receipt_inside(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    council.night("housing_tenancies", "2019-05-01")
    first = council.housing.receipt(name)
    before = council.rows("SELECT * FROM core.fact ORDER BY fact_id")
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3), bump=60)
    assert council.night("housing_tenancies", "2019-05-02") == ["duplicate"]
    said = council.housing.receipt(name)
    assert said["status"] == "duplicate"
    assert said["original"] == first
    assert council.rows("SELECT * FROM core.fact ORDER BY fact_id") == before
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3), bump=120)
    assert council.night("housing_tenancies", "2019-05-03") == []
    assert council.ledger() == [(name, "accepted"), (name, "duplicate")]


def test_the_same_content_under_a_new_sequence_is_accepted_with_a_warning_and_extends_coverage(
    council: Council,
) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    name = council.housing.put("housing_tenancies", "2019-06-01", 2, tenancies(3))
    assert council.night("housing_tenancies", "2019-06-01") == ["accepted", "accepted"]
    assert [r["rule"] for r in council.housing.receipt(name)["reasons"]] == ["same_content"]
    assert council.rows("SELECT max(upper(covers)) AS ends FROM core.coverage") == [{"ends": date(2019, 6, 2)}]


def test_a_corrected_file_of_the_same_name_takes_the_place_of_the_accepted_one(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    council.night("housing_tenancies", "2019-05-01")
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3, start_on="2018-01-01"), bump=60)
    assert council.night("housing_tenancies", "2019-05-02") == ["accepted"]
    found = council.rows("SELECT DISTINCT starts_on FROM core.fact WHERE known_to = 'infinity'")
    assert found == [{"starts_on": date(2018, 1, 1)}]
    assert [status for _, status in council.ledger()] == ["accepted", "accepted"]
    assert council.housing.receipt(name)["status"] == "accepted"


def test_an_older_snapshot_lands_as_history_with_a_warning(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-06-01", 2, tenancies(3, start_on="2018-01-01"))
    council.night("housing_tenancies", "2019-06-01")
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3), packed=True, control={"rows": 3})
    assert council.night("housing_tenancies", "2019-06-02") == ["accepted"]
    assert "older_snapshot" in [r["rule"] for r in council.housing.receipt(name)["reasons"]]
    found = council.rows("SELECT DISTINCT starts_on FROM core.fact WHERE known_to = 'infinity'")
    assert found == [{"starts_on": date(2018, 1, 1)}]


def test_a_file_that_claims_days_after_its_snapshot_is_accepted_with_a_warning(council: Council) -> None:
    for sequence, last, rules in ((1, "2019-05-01", []), (2, "2019-05-02", ["covers_ahead"])):
        rows, control = tenancies(2 + sequence), {"covers_from": "2019-04-01", "covers_to": last}
        name = council.housing.put("housing_tenancies", "2019-05-01", sequence, rows, control=control)
        assert council.night("housing_tenancies", "2019-05-01") == ["accepted"]
        assert [r["rule"] for r in council.housing.receipt(name)["reasons"]] == rules


def test_a_whole_file_that_skips_a_number_is_accepted_with_a_warning(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    council.night("housing_tenancies", "2019-05-01")
    name = council.housing.put("housing_tenancies", "2019-06-01", 4, tenancies(3, start_on="2019-02-01"))
    assert council.night("housing_tenancies", "2019-06-01") == ["accepted"]
    assert council.housing.receipt(name)["reasons"][0] | {"what_to_do": ""} == {
        "rule": "sequence_skipped",
        "count": 2,
        "what_to_do": "",
    }


def test_nominations_are_looked_for_in_every_partners_folder_under_that_partner(council: Council) -> None:
    police = council.join("police")
    header = (
        "op,person_ref,forename,surname,date_of_birth,sex,address,postcode,uprn,upn,nhs_number,nino,"
        "nomination_ref,problem,criterion,nominated_on,ended_on,agency,nominated_by,nominator_role,reason\n"
    )
    row = "U,X1,Ann,Gable,2010-01-01,F,,,,,,,N1,crime_asb,,2019-04-01,,agency,worker,officer,\n"
    for partner in (council.housing, police):
        partner.put("nominations", "2019-05-01", 1, header + row)
    assert council.night("nominations", "2019-05-01") == ["accepted", "accepted"]
    assert council.rows("SELECT partner FROM core.fact WHERE kind = 'nomination' ORDER BY partner") == [
        {"partner": "housing"},
        {"partner": "police"},
    ]


def test_a_partner_without_control_files_is_waited_for_until_its_file_holds_still(council: Council) -> None:
    feeds = load_feeds()
    feeds = feeds | {"housing_tenancies": feeds["housing_tenancies"].model_copy(update={"control_file": False})}

    def night(on: date) -> list[str | int]:
        ids = discover(council.settings, "housing_tenancies", on, feeds=feeds)
        return [deliver(council.settings, d, on, feeds=feeds)["status"] for d in ids]

    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(2), control=False)
    council.housing.at_look = {2: lambda: council.housing.write(name, tenancies(3).encode())}
    assert night(date(2019, 5, 1)) == []
    assert night(date(2019, 5, 2)) == ["accepted"]
    assert council.facts("housing_tenancies") == 3
    assert council.count("SELECT count(*) FROM core.coverage") == 1


def test_a_feed_that_nobody_declared_is_a_wrong_call(council: Council) -> None:
    with pytest.raises(CallError, match="there is no feed"):
        discover(council.settings, "library_loans", date(2019, 5, 1))
    with pytest.raises(CallError, match="no SFTP account"):
        discover(council.settings, "dwp_benefits", date(2019, 5, 1))
    with pytest.raises(CallError, match="no delivery"):
        deliver(council.settings, 42, date(2019, 5, 1))


def test_the_landed_file_is_ours_alone_read_only_and_under_our_own_name(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3), packed=True, control={"rows": 3})
    council.night("housing_tenancies", "2019-05-01")
    (file,) = [f for f in council.settings.landed.rglob("*") if f.is_file()]
    assert file.relative_to(council.settings.landed).as_posix() == f"{council.seen[0]['delivery_id']}/data.csv.gz"
    assert file.stat().st_mode & 0o777 == 0o440
    assert gzip.decompress(file.read_bytes()).decode() == tenancies(3)


def test_a_landed_file_that_was_torn_is_fetched_again(council: Council) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3))
    (delivery_id,) = discover(council.settings, "housing_tenancies", date(2019, 5, 1))
    file = council.settings.landed / str(delivery_id) / "data.csv"
    file.chmod(0o640)
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(Exception, match="missing or damaged"):
        deliver(council.settings, delivery_id, date(2019, 5, 1))
    assert council.facts("housing_tenancies") == 0
    assert council.night("housing_tenancies", "2019-05-01") == ["accepted"]
