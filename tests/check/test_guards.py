"""Each guard at its edge: just inside it passes, just outside it speaks. The figures are those of `guards.yaml`."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tf_integration.check.guards import Guards, Rows, load_guards, rows_plausible, sequence_follows
from tf_integration.model.delivery import Control, read_control, read_name
from tf_integration.model.errors import CallError
from tf_integration.model.feed import Feed, load_feeds


@pytest.fixture
def guards() -> Guards:
    return load_guards()


@pytest.fixture
def whole() -> Feed:
    return load_feeds()["housing_tenancies"]


@pytest.fixture
def increment() -> Feed:
    return load_feeds()["housing_actions"]


def spoken(feed: Feed, rows: Rows, guards: Guards, control: Control | None = None) -> list[str]:
    return [r.rule for r in rows_plausible(feed, rows, control, guards)]


def control(rows: int) -> Control:
    said = Control(
        feed="f", partner="p", snapshot_on="2019-05-01", mode="whole", sequence=1, rows=rows, bytes=1, sha256="0" * 64
    )  # type: ignore[arg-type]
    return said


@pytest.mark.parametrize(
    ("read", "rejected", "rule"),
    [
        (4200, 21, "rows_rejected"),
        (4199, 21, "row_faults"),
        (100, 20, "rows_rejected"),
        (100, 21, "row_faults"),
        (2, 1, "rows_rejected"),
        (10_000, 50, "rows_rejected"),
        (10_000, 51, "row_faults"),
    ],
)
def test_row_faults_hold_beyond_half_a_percent_and_twenty_rows(
    whole: Feed, guards: Guards, read: int, rejected: int, rule: str
) -> None:
    assert spoken(whole, Rows(read, rejected), guards) == [rule]


@pytest.mark.parametrize(("read", "held"), [(8000, False), (7999, True), (12_000, False), (12_001, True)])
def test_volume_is_held_outside_four_fifths_and_six_fifths_of_the_median(
    whole: Feed, guards: Guards, read: int, held: bool
) -> None:
    history = [10_000, 9_000, 11_000]
    assert spoken(whole, Rows(read, 0, history), guards) == (["volume"] if held else [])


@pytest.mark.parametrize(("read", "held"), [(10, False), (30, False), (9, True), (40, False), (41, True), (0, True)])
def test_a_small_feed_may_gain_twenty_rows_and_lose_ten(whole: Feed, guards: Guards, read: int, held: bool) -> None:
    assert spoken(whole, Rows(read, 0, [20]), guards, control(read)) == (["volume"] if held else [])


@pytest.mark.parametrize(
    ("last", "read", "held"), [(9, 0, True), (10, 5, False), (10, 4, True), (7, 3, False), (3, 1, False)]
)
def test_of_a_very_small_feed_more_than_half_and_four_rows_gone_is_held(
    whole: Feed, guards: Guards, last: int, read: int, held: bool
) -> None:
    assert spoken(whole, Rows(read, 0, [last]), guards, control(read)) == (["volume"] if held else [])


@pytest.mark.parametrize(("figure", "read"), [("small_rows_fewer: 0", 7), ("small_rows: 0", 13)])
def test_a_council_that_wants_small_feeds_held_too_says_so_in_its_own_file(
    whole: Feed, guards: Guards, tmp_path: Path, figure: str, read: int
) -> None:
    (tmp_path / "guards.yaml").write_text(f"volume: {{{figure}}}\n")
    assert spoken(whole, Rows(read, 0, [10]), load_guards(tmp_path)) == ["volume"]
    assert spoken(whole, Rows(read, 0, [10]), guards) == []


@pytest.mark.parametrize(("read", "rejected", "held"), [(3, 3, True), (3, 2, False), (0, 0, False)])
def test_a_whole_file_of_which_no_row_loads_is_held_however_small(
    whole: Feed, increment: Feed, guards: Guards, read: int, rejected: int, held: bool
) -> None:
    expected = ["no_good_rows"] if held else ["rows_rejected"] if rejected else []
    assert spoken(whole, Rows(read, rejected), guards, control(read)) == expected
    assert "no_good_rows" not in spoken(increment, Rows(read, rejected), guards, control(read))


@pytest.mark.parametrize(
    ("read", "exchanged", "held"),
    [(500, (10, 8), True), (500, (9, 9), False), (500, (10, 7), False), (501, (10, 8), False), (12, (10, 10), True)],
)
def test_exchanged_days_and_months_hold_a_file_whose_bad_rows_alone_would_not(
    whole: Feed, guards: Guards, read: int, exchanged: tuple[int, int], held: bool
) -> None:
    said = spoken(whole, Rows(read, exchanged[0], exchanged=exchanged), guards)
    assert said == (["rows_rejected", "dates_exchanged"] if held else ["rows_rejected"])


def test_only_the_last_eight_make_the_median(whole: Feed, guards: Guards) -> None:
    assert spoken(whole, Rows(10_000, 0, [10_000] * 8 + [50_000] * 30), guards) == []


@pytest.mark.parametrize(
    ("last", "gone", "held"),
    [
        (10_000, 190, False),
        (10_000, 200, False),
        (10_000, 201, True),  # 2%
        (100_000, 500, False),
        (100_000, 501, True),
        (100_000, 600, True),  # 500
        (999, 49, False),
        (999, 50, True),
        (100, 20, False),
        (100, 21, True),
        (400, 20, False),
        (10, 10, False),
    ],
)
def test_vanished_keys(whole: Feed, guards: Guards, last: int, gone: int, held: bool) -> None:
    assert spoken(whole, Rows(last, 0, [last], last, gone), guards) == (["vanished"] if held else [])


@pytest.mark.parametrize(
    ("last", "gone", "rules"),
    [(50, 26, ["vanished", "stranger"]), (50, 25, ["vanished"]), (49, 49, ["vanished"]), (10, 10, [])],
)
def test_a_stranger_shares_fewer_than_half_of_its_keys(
    whole: Feed, guards: Guards, last: int, gone: int, rules: list[str]
) -> None:
    assert spoken(whole, Rows(last, 0, [last], last, gone), guards) == rules


@pytest.mark.parametrize(
    ("read", "repeated", "held"),
    [
        (30_000, 30, False),
        (30_000, 31, True),
        (10_000, 20, False),
        (10_000, 21, True),
        (10, 3, False),
        (10, 4, True),
        (2, 1, True),
    ],
)
def test_repeated_keys(whole: Feed, guards: Guards, read: int, repeated: int, held: bool) -> None:
    assert spoken(whole, Rows(read, 0, (), None, None, repeated), guards) == (["repeated"] if held else [])


def test_no_rows_need_a_control_file_that_says_so(whole: Feed, increment: Feed, guards: Guards) -> None:
    for feed in (whole, increment):
        assert spoken(feed, Rows(0, 0), guards) == ["no_rows"]
        assert spoken(feed, Rows(0, 0), guards, control(0)) == []
        assert spoken(feed, Rows(0, 0), guards, control(1)) == ["control_rows", "no_rows"]


def test_an_increment_is_not_compared_with_the_last(increment: Feed, guards: Guards) -> None:
    assert spoken(increment, Rows(5, 0, [5000], 5000, 5000, 4), guards) == []


@pytest.mark.parametrize(
    ("sequence", "last", "first", "rule"),
    [
        (5, 4, 1, None),
        (6, 4, 1, "sequence_gap"),
        (4, 4, 1, "sequence_again"),
        (3, 4, 1, None),
        (9, None, 9, None),
        (9, None, 8, "sequence_gap"),
        (1, None, None, None),
    ],
)
def test_increments_follow_one_another(
    increment: Feed, guards: Guards, sequence: int, last: int | None, first: int | None, rule: str | None
) -> None:
    assert [r.rule for r in sequence_follows(increment, sequence, last, first, guards)] == ([rule] if rule else [])


def test_whole_files_may_skip_with_a_warning(whole: Feed, guards: Guards) -> None:
    (said,) = sequence_follows(whole, 9, 4, 1, guards)
    assert (said.rule, said.effect, said.count) == ("sequence_skipped", "warn", 4)
    assert "has not been accepted" in said.what_to_do  # it may have come, and been held: it is not always missing


def test_a_short_or_strange_file_needs_two_people_and_every_rule_says_what_to_do(guards: Guards) -> None:
    assert {n for n, r in guards.rules.items() if r.people == 2} == {
        "no_rows",
        "volume",
        "vanished",
        "repeated",
        "stranger",
        "no_good_rows",
        "dates_exchanged",
        "elsewhere",
        "born_changed",
    }
    assert [n for n, r in guards.rules.items() if not r.says and n not in ("column_unknown", "column_missing")] == []
    assert [n for n, r in guards.rules.items() if r.effect != "hold" and r.people] == []


def test_a_council_file_that_is_not_guards_is_named(tmp_path: Path) -> None:
    for text in ("volume: {loww: 1}", "volume: many", "- a", "{", "nothing: 1"):
        (tmp_path / "guards.yaml").write_text(text)
        with pytest.raises(CallError, match=r"guards\.yaml"):
            load_guards(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "housing_tenancies_20190501_0001.CSV",
        "housing_tenancies_20190501_001.csv",
        "housing_tenancies_20190231_0001.csv",
        "housing_tenancies_20190501_0001.csv.zip",
        "../housing_tenancies_20190501_0001.csv",
        "housing_tenancies_20190501_0001.csv\n",
        "housing_tenancies_２０１９0501_0001.csv",
        "_20190501_0001.csv",
        "",
    ],
)
def test_names_that_are_not_agreed_are_no_deliveries(name: str) -> None:
    assert read_name(name) is None


def test_an_agreed_name_says_its_feed_day_number_and_wrapping() -> None:
    found = read_name("jcp_employment_20190501_0042.csv.gz.gpg")
    assert found is not None
    assert (found.feed, found.snapshot_on.isoformat(), found.sequence, found.is_gzip, found.is_pgp) == (
        "jcp_employment",
        "2019-05-01",
        42,
        True,
        True,
    )


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"null", b"\xff", b"{", b"[" * 100_000, b'{"rows": 1}', b'"' + b"x" * 100]
)
def test_a_control_file_that_cannot_be_read_says_so_without_its_content(text: bytes) -> None:
    found, fault = read_control(text)
    assert found is None
    assert fault
    assert "x" * 10 not in fault


def test_the_shipped_figures_are_the_specifications() -> None:
    said = yaml.safe_load((Path(__file__).parents[2] / "tf_integration" / "check" / "guards.yaml").read_text())
    assert said["row_faults"] == {"share": 0.005, "rows": 20}
    assert (said["vanished"]["rows"], said["vanished"]["share"], said["vanished"]["small_share"]) == (500, 0.02, 0.05)
