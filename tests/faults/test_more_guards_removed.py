"""The guards that are no rule of `guards.yaml`: each taken away once, by a limit or by its one function, and the harm seen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import asyncssh
import paramiko
import pytest
from sftp_partner import Faults
from small_council import Council, tenancies
from test_guards_removed import only_warn

from tf_integration import conform
from tf_integration.conform import blocks
from tf_integration.flow import clock, judge, staging
from tf_integration.flow import deliver as delivering
from tf_integration.flow.deliver import deliver, discover
from tf_integration.land import client, open, receipt_words, register
from tf_integration.land.client import Refused
from tf_integration.land.limits import load_limits
from tf_integration.land.open import Unreadable, open_text
from tf_integration.store import warehouse

ON, FEED = date(2019, 5, 1), "housing_tenancies"
Patch = pytest.MonkeyPatch


def opens(file: Path, **limits: Any) -> bool:
    """Whether a file is taken for text under these limits."""
    try:
        open_text(file, file.with_suffix(".out"), "utf-8", load_limits().model_copy(update=limits), is_gzip=False, is_pgp=False)
    except Unreadable:
        return False
    return True


def test_without_the_cap_of_a_line_a_line_of_any_length_is_read_on(tmp_path: Path) -> None:
    (tmp_path / "giant").write_bytes(b"x" * 5_000_000)
    assert not opens(tmp_path / "giant")
    assert opens(tmp_path / "giant", line_bytes=10**12)


def test_without_the_share_of_nuls_another_encoding_passes_for_text(tmp_path: Path) -> None:
    (tmp_path / "wide").write_bytes(tenancies(50).encode("utf-16-le"))
    assert not opens(tmp_path / "wide")
    assert opens(tmp_path / "wide", nul_share=1.0)


def test_without_the_size_cap_a_file_of_any_size_is_read(tmp_path: Path) -> None:
    (tmp_path / "large").write_text(tenancies(50))
    assert not opens(tmp_path / "large", unpacked_bytes=100)
    assert opens(tmp_path / "large", unpacked_bytes=10**12)


def test_without_strict_decoding_a_broken_name_is_believed(council: Council, monkeypatch: Patch) -> None:
    spoilt = tenancies(30).replace("Gable7,", "Zo\udceb,").encode("utf-8", "surrogateescape")
    name = council.housing.put(FEED, str(ON), 1, spoilt, control={"rows": 30})
    assert council.night(FEED, str(ON)) == ["rejected"]
    assert {r["rule"] for r in council.housing.receipt(name)["reasons"]} == {"wrong_encoding"}
    monkeypatch.setattr(open._Text, "end", open._Text._stop_if_nuls)  # the first guard, and the second, at the rows
    monkeypatch.setattr(blocks.Reader, "_check_encoding", lambda *_: None)
    later = council.housing.put(FEED, str(ON), 2, spoilt, control={"rows": 30})
    with suppress(Exception):  # the partner is told nothing, since a program breaks on it
        council.night(FEED, str(ON))
    told = council.housing.receipts / f"{later}.receipt.json"
    assert not told.exists() or "wrong_encoding" not in told.read_text()


def test_without_the_pin_our_credentials_go_to_whoever_answers(council: Council, monkeypatch: Patch) -> None:
    council.housing.put(FEED, str(ON), 1, tenancies(3))
    council.housing.stop()
    council.housing.host_key = asyncssh.generate_private_key("ssh-ed25519")
    council.housing.start()
    with pytest.raises(Refused, match="host key"):
        discover(council.settings, FEED, ON)
    assert "key sent" not in council.housing.seen

    def anyone(*_: object) -> paramiko.SSHClient:
        made = paramiko.SSHClient()
        made.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        return made

    monkeypatch.setattr(client, "_pinned", anyone)
    discover(council.settings, FEED, ON)
    assert "key sent" in council.housing.seen


def test_without_its_limit_a_refused_key_is_tried_again_and_again(council: Council) -> None:
    council.housing.accepts = "ssh-ed25519 other"
    for limit, tries in (("", 2), ("refused_tries: 99\n", 2 + 5)):
        with (council.settings.home / "limits.yaml").open("a") as limits:
            limits.write(limit)
        for _ in range(5):
            with pytest.raises(Refused):
                discover(council.settings, FEED, ON)
        assert council.housing.seen.count("key sent") == tries


def test_without_its_place_in_the_order_an_older_file_overwrites_a_newer(council: Council, monkeypatch: Patch) -> None:
    starts = "SELECT DISTINCT starts_on::text AS s FROM core.fact WHERE kind = 'tenancy' AND known_to = 'infinity'"
    council.housing.put(FEED, "2019-05-08", 3, tenancies(30, start_on="2018-03-03"))
    council.housing.put(FEED, "2019-05-01", 2, tenancies(30, start_on="2018-02-02"), bump=60)
    council.night(FEED, "2019-05-08")
    late = council.housing.put(FEED, "2019-04-24", 1, tenancies(30, start_on="2018-01-01"))
    assert council.night(FEED, "2019-05-08") == ["accepted"]
    assert council.rows(starts) == [{"s": "2018-03-03"}]
    monkeypatch.setattr(conform, "is_late", lambda *_: False)
    council.housing.put(FEED, "2019-04-24", 1, tenancies(30, start_on="2017-01-01"), bump=99)
    council.night(FEED, "2019-05-08")
    assert council.rows(starts) == [{"s": "2017-01-01"}], late


def test_without_its_lock_a_delivery_is_decided_twice(council: Council, monkeypatch: Patch) -> None:
    council.housing.put(FEED, str(ON), 1, tenancies(20))
    (found,) = discover(council.settings, FEED, ON)
    together, settle = threading.Barrier(2, timeout=20), delivering.settle

    @contextmanager
    def nobody_else(*_: object) -> Iterator[None]:
        yield

    def at_once(case: Any) -> dict[str, int]:
        together.wait()
        return settle(case)

    monkeypatch.setattr(delivering, "_alone", nobody_else)
    monkeypatch.setattr(delivering, "settle", at_once)
    runs = [threading.Thread(target=deliver, args=(council.settings, found, ON)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert council.count("SELECT count(*) FROM landing.event WHERE state = 'accepted'") > 1


def test_without_its_digest_a_torn_file_is_believed(council: Council, monkeypatch: Patch) -> None:
    council.housing.put(FEED, str(ON), 1, tenancies(40), control={"rows": 40})
    (found,) = discover(council.settings, FEED, ON)
    file = next((council.settings.landed / str(found)).iterdir())
    whole = file.read_text()
    file.chmod(0o640)
    file.write_text(whole.replace("Gable7,", "Other7,"))
    with pytest.raises(Exception, match="missing or damaged"):
        deliver(council.settings, found, ON)
    monkeypatch.setattr(register, "digest_of", lambda _: council.rows("SELECT sha256 FROM landing.delivery")[0]["sha256"])
    with warehouse.transaction(council.settings) as conn:
        conn.exec_driver_sql("UPDATE landing.delivery SET state = 'fetched'")
    file.write_text(whole.replace("Gable7,", "Other7,"))
    deliver(council.settings, found, ON)
    assert council.count("SELECT count(*) FROM core.source_record WHERE surname = 'Other7'") == 1


def test_without_the_copy_that_lacks_it_an_undeclared_column_stays_on_our_disk(council: Council, monkeypatch: Patch) -> None:
    wide = "".join(f"{line},{'hiv_status' if n == 0 else 'POSITIVE'}\n" for n, line in enumerate(tenancies(20).splitlines()))

    def kept(sequence: int) -> bool:
        council.housing.put(FEED, str(ON), sequence, wide.replace("Gable", f"Gable{sequence}x"))
        assert council.night(FEED, str(ON)) == ["held"]
        return any(b"POSITIVE" in f.read_bytes() for f in council.settings.landed.rglob("*") if f.is_file())

    assert not kept(1)
    monkeypatch.setattr(staging, "_keep_what_may_be_kept", lambda *_: None)
    assert kept(2)


def test_without_the_quote_before_it_a_formula_is_live() -> None:
    formula = "=cmd|' /C calc'!A0"
    rejects = [{"line": 2, "column": formula, "rule": "code", "what_to_do": "x"}]
    assert f",'{formula}," in receipt_words.rejects_csv(rejects).decode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receipt_words, "inert", str)
        assert f",{formula}," in receipt_words.rejects_csv(rejects).decode()


def test_without_our_words_for_it_a_database_error_quotes_the_row(council: Council) -> None:
    with pytest.raises(Exception, match=r".") as caught, warehouse.transaction(council.settings) as conn:
        warehouse.copy_in(conn, "core.absence", ["feed", "partner"], [b"1,Quetzalcoatlus,x\n"])
    assert "Quetzalcoatlus" not in warehouse.safe_message(caught.value)
    assert "Quetzalcoatlus" in str(caught.value)


def test_without_room_asked_for_beforehand_a_file_is_begun_that_cannot_end(council: Council) -> None:
    council.housing.put(FEED, str(ON), 1, tenancies(20))
    limits = council.settings.home / "limits.yaml"
    usual = limits.read_text()
    limits.write_text(usual + "free_space_times: 1000000000000\n")
    with pytest.raises(Exception, match="bytes are free"):
        discover(council.settings, FEED, ON)
    assert not [s for s in council.housing.seen if s.startswith("read")]
    limits.write_text(usual + "free_space_times: 0.000001\n")
    assert len(discover(council.settings, FEED, ON)) == 1
    assert [s for s in council.housing.seen if s.startswith("read")]


def test_without_a_second_look_a_file_that_still_grows_is_taken_half(council: Council, monkeypatch: Patch) -> None:
    from tf_integration.land import discover as looking

    data = tenancies(200).encode()
    name = council.housing.put(FEED, str(ON), 1, data)
    council.housing.write(name, data[:3000])

    def grows() -> None:
        council.housing.write(name, data[:9000], bump=5)

    council.housing.at_look = {council.housing.looks + 2: grows}
    assert discover(council.settings, FEED, ON) == []
    council.housing.write(name, data[:3000])
    monkeypatch.setattr(looking, "_settle", lambda _look, _session, unsettled: unsettled)
    (found,) = discover(council.settings, FEED, ON)
    assert deliver(council.settings, found, ON)["status"] == "rejected"  # half a file was fetched; the digest is the next guard


def test_without_the_clocks_compared_a_night_is_decided_on_a_day_that_is_not(council: Council, monkeypatch: Patch) -> None:
    council.housing.put(FEED, str(ON), 1, tenancies(3))
    monkeypatch.setattr(clock.clock, "apart_seconds", lambda _conn: 86_400.0)
    with pytest.raises(Exception, match="ahead of this machine"):
        discover(council.settings, FEED, ON)
    monkeypatch.setattr(delivering.clock, "agree", lambda _settings: None)
    assert len(discover(council.settings, FEED, ON)) == 1


def test_without_the_time_out_a_silent_server_is_waited_for(council: Council) -> None:
    council.housing.put(FEED, str(ON), 1, tenancies(3))
    council.housing.faults = Faults(stall=True)
    limits, ended = council.settings.home / "limits.yaml", threading.Event()
    limits.write_text(limits.read_text().replace("channel_seconds: 1", "channel_seconds: 3600") + "fetch_tries: 1\n")

    def look() -> None:
        try:
            discover(council.settings, FEED, ON)
        except Exception:
            ended.set()

    threading.Thread(target=look, daemon=True).start()
    assert not ended.wait(4)
    council.housing.stop()  # lets go of it
    assert ended.wait(20)


def test_without_the_partners_name_another_partners_feed_is_read(council: Council, monkeypatch: Patch) -> None:
    foreign = council.housing.put("police_incidents", str(ON), 1, "op,person_ref\nU,P1\n")
    assert council.night("housing_actions", str(ON)) == ["held"]
    spoke = {r["rule"] for r in council.housing.receipt(foreign)["reasons"]}
    assert spoke == {"wrong_partner"}  # unread: nothing is said of its columns
    only_warn(council.settings.home, spoke | {"control_partner", "sequence_gap"})
    monkeypatch.setattr(judge, "_stops", lambda _case: False)
    foreign = council.housing.put("police_incidents", str(ON), 2, "op,person_ref\nU,P2\n")
    council.night("housing_actions", str(ON))
    assert "column_missing" in {r["rule"] for r in council.housing.receipt(foreign)["reasons"]}  # it was read
