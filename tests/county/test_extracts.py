"""What the county writes is what the extract specification says, planted faults apart."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from datetime import date, timedelta

from tf_integration.county.world import data
from tf_integration.model.feed import load_feeds

from .reading import AS_AT, County, Extract


def test_every_shipped_feed_is_sent_on_the_first_night(extracts: list[Extract]) -> None:
    sent = {(e.feed.feed, e.partner) for e in extracts if e.night == 1}
    assert {feed for feed, _ in sent} == set(data("views")["feeds"])
    assert {p for f, p in sent if f == "nominations"} == set(data("views")["nominating"])
    assert all(p == load_feeds()[f].partner for f, p in sent if f != "nominations")


def test_names_hold_feed_snapshot_and_a_sequence_that_only_grows(extracts: list[Extract]) -> None:
    seen: dict[tuple[str, str], list[int]] = defaultdict(list)
    for e in extracts:
        found = re.fullmatch(r"([a-z_]+)_(\d{8})_(\d{4})\.csv(\.gz)?", e.path.name)
        assert found
        assert found[1] == e.feed.feed
        assert date.fromisoformat(found[2]) <= AS_AT
        seen[e.feed.feed, e.partner].append(int(found[3]))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in seen.values())


def test_some_files_are_compressed_and_some_have_a_byte_order_mark_or_carriage_returns(
    extracts: list[Extract],
) -> None:
    raw = [e.path.read_bytes() for e in extracts]
    assert any(e.path.suffix == ".gz" for e in extracts)
    assert any(b.startswith(b"\xef\xbb\xbf") for b in raw)
    assert any(b"\r\n" in b for b in raw)


def test_the_control_file_tells_the_truth_of_the_data_file_as_sent(extracts: list[Extract]) -> None:
    for e in extracts:
        sent = e.path.read_bytes()
        assert set(e.control) == {
            "feed",
            "partner",
            "snapshot_on",
            "mode",
            "sequence",
            "rows",
            "bytes",
            "sha256",
            "covers_from",
            "covers_to",
        }
        assert e.control["sha256"] == hashlib.sha256(sent).hexdigest()
        assert (e.control["bytes"], e.control["rows"]) == (len(sent), len(e.rows))
        assert (e.control["feed"], e.control["partner"], e.control["mode"]) == (
            e.feed.feed,
            e.partner,
            e.feed.mode,
        )
        stamp = f"{e.control['snapshot_on'].replace('-', '')}_{e.control['sequence']:04d}"
        assert e.path.name.startswith(f"{e.feed.feed}_{stamp}.")


def test_headers_are_the_contracts_columns(extracts: list[Extract]) -> None:
    assert all(e.header == [c.name for c in e.feed.columns] for e in extracts)


def test_first_files_speak_for_three_years_and_increments_follow_on(extracts: list[Extract]) -> None:
    ends: dict[tuple[str, str], date] = {}
    for e in extracts:
        key, begins = (e.feed.feed, e.partner), date.fromisoformat(e.control["covers_from"])
        if e.feed.mode == "increment" and key in ends:
            assert begins == ends[key] + timedelta(days=1)
        elif e.feed.mode != "window":
            assert begins <= date.fromisoformat(e.control["snapshot_on"]) - timedelta(days=3 * 365)
        ends[key] = date.fromisoformat(e.control["covers_to"])
        assert begins <= ends[key] <= date.fromisoformat(e.control["snapshot_on"])


def test_one_partner_has_fallen_silent_and_every_other_is_fresh(extracts: list[Extract]) -> None:
    ends: dict[str, date] = {}
    for e in extracts:
        ends[e.feed.feed] = max(ends.get(e.feed.feed, date.min), date.fromisoformat(e.control["covers_to"]))
    stale = {
        f
        for f, end in ends.items()
        if f != "schools_attendance" and end < AS_AT - timedelta(days=load_feeds()[f].stale_after.days)
    }
    assert stale == {"jcp_employment"}


def test_a_quiet_increment_holds_its_header_alone_and_says_so(extracts: list[Extract]) -> None:
    quiet = [e for e in extracts if e.night > 1 and e.feed.feed == "schools_exclusions" and not e.rows]
    assert quiet
    assert quiet[0].control["rows"] == 0


def test_every_row_keeps_to_its_contract(extracts: list[Extract]) -> None:
    for e in extracts:
        for row in e.good():
            assert not _broken(e, row), (e.path.name, _broken(e, row))


def _broken(e: Extract, row: dict[str, str]) -> list[str]:
    """Columns of the row that break the contract: the test's own plain reading of it."""
    feed, told = e.feed, date.fromisoformat(e.control["snapshot_on"])
    deleted = row.get("op") == "D"
    found = []
    for c in feed.columns:
        value = row[c.name]
        if not value:
            excused = feed.blank_when.get(c.name, {})
            if (
                c.filled
                and not (deleted and not c.key)
                and not (excused and all(row[k] in v for k, v in excused.items()))
            ):
                found.append(c.name)
            continue
        allowed = feed.only_when.get(c.name, {})
        if (
            (c.codes and value not in c.codes)
            or len(value) > c.max_length
            or any(row[k] not in v for k, v in allowed.items())
        ):
            found.append(c.name)
        if c.type == "date" and (date.fromisoformat(value) > told and not c.may_be_future):
            found.append(c.name)
        if c.type in ("integer", "decimal") and not (c.low or 0) <= float(value) <= (c.high or 1e9):
            found.append(c.name)
    for later, earlier in feed.not_before.items():
        found += [later] if row[later] and row[earlier] and row[later] < row[earlier] else []
    for total, parts in feed.sum_to.items():
        found += [total] if int(row[total]) != sum(int(row[p]) for p in parts) else []
    return found


def test_keys_are_unique_within_a_file(extracts: list[Extract]) -> None:
    for e in extracts:
        keys = Counter(tuple(row[k] for k in e.feed.key) for row in e.good())
        assert all(n == 1 for n in keys.values()), e.path.name


def test_later_nights_correct_and_withdraw_rows_of_the_first(extracts: list[Extract]) -> None:
    first: dict[tuple[str, str], dict[tuple[str, ...], dict[str, str]]] = defaultdict(dict)
    corrected, withdrawn = 0, 0
    for e in (e for e in extracts if e.feed.mode == "increment"):
        for row in e.good():
            known, key = first[e.feed.feed, e.partner], tuple(row[k] for k in e.feed.key)
            corrected += key in known and row["op"] == "U" and row != known[key]
            withdrawn += row["op"] == "D"
            assert row["op"] == "U" or key in known
            known[key] = row
    assert corrected > 5
    assert withdrawn > 0


def test_a_snapshot_loses_hardly_any_key_from_night_to_night(extracts: list[Extract]) -> None:
    before: dict[str, set[tuple[str, ...]]] = {}
    for e in (e for e in extracts if e.feed.mode == "whole"):
        keys = {tuple(row[k] for k in e.feed.key) for row in e.good()}
        lost = before.get(e.feed.feed, set()) - keys
        assert len(lost) <= 0.01 * len(keys)
        before[e.feed.feed] = keys


def test_one_academy_sends_no_attendance_though_it_has_pupils(extracts: list[Extract]) -> None:
    rolls = {row["establishment"] for e in extracts if e.feed.feed == "schools_pupils" for row in e.good()}
    told = {row["establishment"] for e in extracts if e.feed.feed == "schools_attendance" for row in e.good()}
    assert rolls - told == {"8374999"}


def test_planted_faults_are_few_and_where_the_truth_says(county: County, extracts: list[Extract]) -> None:
    faults = county.truth("faults")
    assert len(faults) == len(data("views")["faults"])
    for fault in faults:
        e = next(e for e in extracts if e.path.name == fault["file"] and e.partner == fault["partner"])
        assert 0 < len(e.faulty) < 20
        row = e.rows[int(fault["line"]) - 2]
        if fault["column"]:
            assert row[fault["column"]] in {f.get("value") for f in data("views")["faults"]}
        elif fault["fault"] == "ragged":
            assert len(row) == len(e.header) - 1
        elif fault["fault"] == "nobody":
            assert not any(row[c] for c in ("surname", "upn", "nhs_number", "nino"))
