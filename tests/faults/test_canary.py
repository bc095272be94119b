"""A surname planted in every field of every feed goes through every way of failing, and is found in nothing that is said."""

from __future__ import annotations

import csv
import gzip
import io
import logging
import subprocess
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_council import Council, tenancies
from spoiling import AS_AT, Extract, how_many

from tf_integration.flow.deliver import deliver, discover
from tf_integration.flow.faults import place, shape
from tf_integration.model.feed import ANY_PARTNER, Feed
from tf_integration.serve.postgres import Cluster
from tf_integration.store import warehouse

CANARY = "Quetzalcoatlus"
SAID = ("delivery", "reject", "measure", "decision", "account")  # tables that say something of a file


def planted(extract: Extract, column: int | None) -> str:
    """The canary in one column of every row; None: in all of them at once, and in the header."""
    rows = list(csv.reader(io.StringIO(extract.text, newline=""), delimiter=extract.feed.dialect.delimiter))[:12]
    for n, row in enumerate(rows):
        for i in range(len(row)):
            if column is None or (i == column and n):
                row[i] = CANARY
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=extract.feed.dialect.delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def broken(text: str, feed: Feed) -> list[tuple[str, bytes, dict[str, Any] | None]]:
    """(suffix, bytes, changes to the control file): the planted file, and the ways in which a file fails."""
    data = text.encode(feed.dialect.encoding)
    return [
        ("", data, None),
        ("", data + f'"{CANARY},\n{CANARY}'.encode(), None),
        ("", data + CANARY.encode() + b"\xff\xfe\x00\n", None),
        ("", data.replace(b"\n", f",{CANARY}\n".encode()), None),
        ("", data, {"sha256": "0" * 64, "rows": CANARY}),
        ("", data, {"partner": CANARY, "feed": CANARY}),
        (".gz", gzip.compress(data)[:-5], None),
        (".gpg", data, None),
    ]


def everything_said(council: Council, caplog: pytest.LogCaptureFixture) -> str:
    receipts = "".join(f.read_text() for p in council.partners.values() for f in p.receipts.iterdir())
    tables = "".join(str(council.rows(f"SELECT to_jsonb(t) - 'control' AS row FROM landing.{t} t")) for t in SAID)
    return receipts + tables + caplog.text + str(council.seen)


def test_no_field_of_any_feed_is_told(
    council: Council, extracts: dict[str, Extract], caplog: pytest.LogCaptureFixture, cluster: Cluster,
    capsys: pytest.CaptureFixture[str], record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    """All fields at once go through every failure; each field alone, among good ones, to its own rules.

    The quick run takes one feed and some of its columns, the long one all of them.
    """
    caplog.set_level(logging.DEBUG, logger="tf_integration")
    sequence, runs = 0, 0
    names = sorted(extracts)
    chosen = names if how_many(0, 1) else [names[date.today().toordinal() % len(names)]]
    for name in chosen:
        extract = extracts[name]
        partner = council.partners.get(extract.partner) or council.join(extract.partner)
        columns: list[int | None] = [None, *range(len(extract.feed.columns))]
        for column in columns if how_many(0, 1) else columns[:2]:
            ways = broken(planted(extract, column), extract.feed)
            for suffix, data, control in ways if column is None else ways[:1]:
                sequence, runs = sequence + 1, runs + 1
                send(partner, extract, sequence, suffix, data, control)
        council.night(name, str(AS_AT))
        for left in partner.extracts.iterdir():
            left.unlink()
    record_property("runs", runs)
    assert runs >= 9
    assert CANARY not in everything_said(council, caplog)
    assert CANARY not in (cluster.data / "server.log").read_text(errors="replace")
    assert CANARY not in "".join(capsys.readouterr())


def send(partner: Any, extract: Extract, sequence: int, suffix: str, data: bytes, control: Any) -> None:
    import hashlib
    import json

    name = f"{extract.feed.feed}_{AS_AT:%Y%m%d}_{sequence:04d}.csv{suffix}"
    said = {"feed": extract.feed.feed, "partner": extract.partner if extract.feed.partner == ANY_PARTNER else partner.name,
            "snapshot_on": str(AS_AT), "mode": extract.feed.mode, "sequence": sequence, "rows": 11, "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(), "covers_from": str(AS_AT), "covers_to": str(AS_AT)}  # fmt: skip
    partner.write(name, data)
    partner.write(f"{name}.ctl.json", json.dumps(said | (control or {})).encode())


def test_a_failing_statement_is_told_without_its_row_by_us_and_by_the_database(
    council: Council, cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    """A broken constraint, a failing COPY, a bad cast, a lost session: what PostgreSQL says, what we raise, and how."""
    caplog.set_level(logging.DEBUG)
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3, surname=CANARY))
    (found,) = discover(council.settings, "housing_tenancies", date(2019, 5, 1))
    harms = (
        f"ALTER TABLE core.source_record ADD CONSTRAINT harm CHECK (surname NOT LIKE '{CANARY}%%')",
        "ALTER TABLE core.source_record ADD CONSTRAINT harm EXCLUDE (sex WITH =)",
        "CREATE FUNCTION harm() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%%', NEW.person_ref; END $$;"
        " CREATE TRIGGER harm BEFORE INSERT ON core.source_record FOR EACH ROW EXECUTE FUNCTION harm()",
    )
    for quoting in (f"SELECT CAST('{CANARY}' AS date)", f"SELECT CAST('{CANARY}' AS int)",
                    f"DO $$ BEGIN RAISE EXCEPTION 'no room for {CANARY}'; END $$"):  # fmt: skip
        with pytest.raises(Exception, match=CANARY) as caught, warehouse.transaction(council.settings) as conn:
            conn.exec_driver_sql(quoting)
        assert CANARY not in warehouse.safe_message(caught.value)
    for harm in harms:
        with warehouse.transaction(council.settings) as conn:
            conn.exec_driver_sql(harm)
        with pytest.raises(Exception, match="the warehouse refused") as caught:
            deliver(council.settings, found, date(2019, 5, 1))
        told = "".join(traceback.format_exception(caught.value)) + place(caught.value) + "".join(shape(caught.value))
        assert CANARY not in told
        with warehouse.transaction(council.settings) as conn:
            conn.exec_driver_sql("DROP TRIGGER IF EXISTS harm ON core.source_record")
            conn.exec_driver_sql("ALTER TABLE core.source_record DROP CONSTRAINT IF EXISTS harm")
    copied = [b"1," + CANARY.encode() + b",x,y,z\n"]
    with pytest.raises(Exception, match=r".") as caught, warehouse.transaction(council.settings) as conn:
        warehouse.copy_in(conn, "core.absence", ["feed", "partner"], copied)
    assert CANARY not in warehouse.safe_message(caught.value)
    assert CANARY not in everything_said(council, caplog)
    assert CANARY not in (cluster.data / "server.log").read_text(errors="replace")


def test_the_databases_own_log_would_tell_it_but_for_its_settings(council: Council, cluster: Cluster) -> None:
    """The harm: with PostgreSQL's own defaults on this connection, the failing row and its statement are in its log."""
    log = cluster.data / "server.log"
    careless = "SET log_min_messages = 'warning'; SET log_error_verbosity = 'default'; SET log_min_error_statement = 'error'"
    with warehouse.engine(warehouse.normal_url(council.settings.warehouse_url or "")).connect() as conn:
        for settings, is_told in (("SELECT 1", False), (careless, True)):
            conn.exec_driver_sql(settings)
            with pytest.raises(Exception, match=r"NotNullViolation|null value"):
                conn.exec_driver_sql("INSERT INTO core.absence (feed, partner) VALUES ('f', 'Tyrannosaurus')")
            conn.rollback()
            assert ("Tyrannosaurus" in log.read_text(errors="replace")) == is_told


def test_nothing_on_disk_but_what_was_landed_holds_it(council: Council, home: Path) -> None:
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(30, surname=CANARY), packed=True,
                        control={"rows": 30})  # fmt: skip
    council.night("housing_tenancies", "2019-05-01")
    found = subprocess.run(["grep", "-rl", CANARY, str(home)], capture_output=True, text=True, check=False)
    assert found.stdout == ""
