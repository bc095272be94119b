"""A small made-up county through SFTP, the rooms and the rules, and back from each verdict to the partner's line."""

from __future__ import annotations

import csv
import gzip
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from warehouses import fresh

from tf_integration.cli import main
from tf_integration.flow import explain_words, lines, marts
from tf_integration.flow.explain import explain
from tf_integration.flow.timeline import timeline
from tf_integration.model.feed import load_feeds
from tf_integration.model.settings import Settings
from tf_integration.serve.postgres import Cluster
from tf_integration.store import warehouse

sys.path.append(str(Path(__file__).parents[1] / "land"))
from one_night import one_night

AS_AT = date(2019, 11, 20)
FAMILIES = 60


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def county(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """One night of a county, delivered and judged."""
    from tf_integration import county as example

    with fresh(cluster) as url:
        settings = Settings(home=tmp_path_factory.mktemp("home"), warehouse_url=url)
        example.generate(settings.home / "county", FAMILIES, 7, AS_AT, nights=1)
        for folder in (settings.home / "county" / "night_01").iterdir():
            shutil.copytree(folder, settings.home / "partners" / folder.name)
        one_night(settings, load_feeds(), AS_AT)
        yield settings


def rows(settings: Settings, sql: str) -> list[dict[str, Any]]:
    with warehouse.transaction(settings) as conn:
        return [dict(r) for r in warehouse.rows(conn, sql)]


def landed_lines(settings: Settings, path: str) -> list[str]:
    file = settings.landed / path
    data = gzip.decompress(file.read_bytes()) if file.name.endswith(".gz") else file.read_bytes()
    return data.decode("utf-8-sig").splitlines()


def test_the_county_is_judged_and_breaks_no_mart_check(county: Settings) -> None:
    with warehouse.transaction(county) as conn:
        found = marts.check(conn)
    assert marts.broken(found) == []
    statuses = {r["status"] for r in rows(county, "SELECT DISTINCT status FROM mart.claim_readiness_v1")}
    assert len(statuses) >= 3


def test_every_fact_used_is_the_very_line_of_the_partners_file(county: Settings) -> None:
    """The line named is read from the landed file; its person and its first day are the fact's."""
    found = rows(
        county,
        """SELECT DISTINCT e.fact_id, e.kind, e.starts_on, e.feed, e.line_no, e.file_sha256, e.delivery_id,
                  d.landed_path, s.person_ref
           FROM mart.criterion_evidence_v1 e
           JOIN landing.delivery d USING (delivery_id)
           JOIN core.fact f ON f.kind = e.kind AND f.fact_id = e.fact_id AND f.known_to = 'infinity'
           LEFT JOIN core.source_record s ON s.source_record_id = f.source_record_id AND s.known_to = 'infinity'""",
    )
    assert len(found) > 100
    assert len({r["feed"] for r in found}) >= 8
    texts = {path: landed_lines(county, path) for path in {r["landed_path"] for r in found}}
    for fact in found:
        text = texts[fact["landed_path"]]
        row = dict(zip(next(csv.reader(text[:1])), next(csv.reader([text[fact["line_no"] - 1]])), strict=True))
        assert row.get("person_ref") == fact["person_ref"]
        assert str(fact["starts_on"]) in row.values()
        assert lines.row_read(county, fact["delivery_id"], fact["line_no"], fact["kind"]).items() <= row.items()


def test_every_household_can_be_explained_without_a_particular(county: Settings) -> None:
    surnames = {r["surname"] for r in rows(county, "SELECT DISTINCT surname FROM core.source_record")} - {None, ""}
    births = {str(r["d"]) for r in rows(county, "SELECT DISTINCT date_of_birth AS d FROM core.source_record") if r["d"]}
    known = {str(r["d"]) for r in rows(county, "SELECT DISTINCT happened_on AS d FROM mart.timeline_v1")}
    for household in rows(county, "SELECT household_id FROM mart.household_v1 ORDER BY 1 LIMIT 25"):
        told = explain(county, household["household_id"])
        text = explain_words.as_text(told)
        assert told["status_says"] in text
        words = set(text.replace(",", " ").replace("(", " ").replace(")", " ").split())
        assert not words & {s for s in surnames if len(s) > 3}
        assert not words & (births - known)


def test_a_timeline_is_in_order_and_every_event_has_its_line(county: Settings) -> None:
    family = rows(county, "SELECT household_id FROM mart.claim_readiness_v1 WHERE status = 'in_progress' LIMIT 1")
    events = timeline(county, family[0]["household_id"])["events"]
    days = [e["happened_on"] for e in events if e["happened_on"]]
    assert days == sorted(days)
    assert len(events) > 5
    assert all(e["file_name"] and e["line_no"] > 1 and e["says"] for e in events)


def test_the_instant_that_is_printed_is_one_that_can_be_asked_for(
    county: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is cut to the minute, before the run itself: a minute and a second mean their end, as a day does."""
    household = rows(county, "SELECT household_id FROM mart.claim_readiness_v1 LIMIT 1")[0]["household_id"]
    at = rows(county, "SELECT max(known_at) AT TIME ZONE 'UTC' AS at FROM assess.run")[0]["at"]
    for name, value in (("TFI_HOME", county.home), ("TFI_WAREHOUSE_URL", county.warehouse_url)):
        monkeypatch.setenv(name, str(value))
    for form in ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"):
        monkeypatch.setattr(sys, "argv", ["tfi", "explain", str(household), "--known-at", at.strftime(form)])
        with pytest.raises(SystemExit) as left:
            main.main()
        assert left.value.code in (0, None), capsys.readouterr()


def test_judging_each_household_again_for_the_same_day_says_the_same(county: Settings) -> None:
    for household in rows(county, "SELECT household_id, status FROM mart.claim_readiness_v1 LIMIT 5"):
        at = rows(county, "SELECT max(known_at) AS at FROM assess.run")[0]["at"]
        again = explain(county, household["household_id"], as_at=AS_AT, known_at=at)
        assert again["household_id"] == household["household_id"]
    assert rows(county, "SELECT count(*) AS n FROM assess.run") == [{"n": 1}]
