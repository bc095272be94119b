"""What the bytes of a file may be: every fault of a whole file, and every record refused before it is read as CSV."""

import os
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conform.deliveries import text_of
from tf_integration import conform
from tf_integration.conform import blocks
from tf_integration.model.feed import Dialect, load_feeds
from tf_integration.text.quotes import split_strictly

ON = date(2019, 6, 3)
FEED = load_feeds()["housing_tenancies"]
ROW = {"surname": "Moss", "role": "tenant", "start_on": "2018-06-01", "tenure": "LA"}


def people(n: int, **change: str) -> list[dict[str, str]]:
    return [ROW | {"person_ref": f"P{i}", "tenancy_ref": f"T{i}"} | change for i in range(n)]


def check(tmp_path, content: str | bytes, feed=FEED):
    file = tmp_path / "file.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return conform.inspect(file, feed, ON)


def faults(staged):
    return [(f.rule, f.line) for f in staged.faults]


def rejects(staged):
    return [(r.line_no, r.rule) for r in staged.rejects()]


def with_dialect(**words):
    return FEED.model_copy(update={"dialect": Dialect(**words)})


def test_an_empty_file_is_a_fault(tmp_path):
    assert faults(check(tmp_path, "")) == [("empty_file", 1)]


def test_a_header_alone_is_no_rows_and_no_fault(tmp_path):
    staged = check(tmp_path, text_of(FEED, []))
    assert (faults(staged), staged.rows_read) == ([], 0)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_a_byte_order_mark_and_a_missing_last_newline_make_no_difference(tmp_path, ends, mark, last):
    content = mark + text_of(FEED, people(3)).replace("\n", ends)
    staged = check(tmp_path, content if last else content.removesuffix(ends))
    assert (faults(staged), staged.rows_loaded, rejects(staged)) == ([], 3, [])


def test_mixed_line_ends_are_read_as_the_same_rows(tmp_path):
    lines = text_of(FEED, people(4)).splitlines()
    staged = check(tmp_path, lines[0] + "\r\n" + lines[1] + "\n" + lines[2] + "\r\n" + lines[3] + "\n" + lines[4])
    assert (faults(staged), staged.rows_loaded) == ([], 4)


def test_carriage_returns_alone_end_no_lines(tmp_path):
    assert faults(check(tmp_path, text_of(FEED, people(3)).replace("\n", "\r"))) == [("line_ends", 1)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16_is_not_text_in_the_agreed_encoding(tmp_path, encoding):
    assert faults(check(tmp_path, text_of(FEED, people(3)).encode(encoding))) == [("nul_throughout", 1)]


def test_another_encoding_in_any_row_is_a_fault_with_its_line(tmp_path):
    content = text_of(FEED, [*people(2), *people(1, forename="Zoë")])
    assert faults(check(tmp_path, content.encode("cp1252"))) == [("wrong_encoding", 4)]


def test_a_declared_cp1252_file_is_read_as_such_and_strictly(world):
    feed = with_dialect(encoding="cp1252")
    staged = world.deliver(feed, text_of(feed, people(1, forename="Zoë", surname="O’Brien")).encode("cp1252"), ON)
    assert staged.rows_loaded == 1
    assert world.rows("SELECT forename, surname FROM core.source_record") == [{"forename": "Zoë", "surname": "O’Brien"}]
    broken = text_of(feed, people(2)).encode("cp1252").replace(b"Moss", b"M\x81ss", 1)
    assert faults(check(world.folder, broken, feed)) == [("wrong_encoding", 2)]


def test_another_delimiter_preamble_and_date_format_are_declared_not_guessed(tmp_path):
    feed = with_dialect(delimiter=";", preamble_lines=2, date_format="%d/%m/%Y")
    content = "Extract of housing\nmade today\n" + text_of(feed, people(2, start_on="01/06/2018")).replace(",", ";")
    staged = check(tmp_path, content, feed)
    assert (faults(staged), staged.rows_loaded) == ([], 2)
    assert {f.rule for f in check(tmp_path, content).faults} == {"column_unknown", "column_missing"}
    assert rejects(check(tmp_path, content.replace("01/06/2018", "2018-06-01", 1), feed)) == [(4, "date")]


@pytest.mark.parametrize(
    ("last", "fault"),
    [
        ("TRAILER,2\n", []),
        ("TRAILER,2,,,\n", []),
        ("TRAILER,3\n", [("trailer", 4)]),
        ("TRAILER,two\n", [("trailer", 4)]),
        ("", [("trailer", None)]),
    ],
)
def test_a_declared_trailer_is_checked_and_dropped(tmp_path, last, fault):
    feed = with_dialect(trailer=True)
    staged = check(tmp_path, text_of(feed, people(2)) + last, feed)
    assert (faults(staged), staged.rows_read, staged.rows_loaded) == (fault, 2, 2)


def test_rows_after_the_trailer_are_a_fault(tmp_path):
    feed = with_dialect(trailer=True)
    lines = text_of(feed, people(2)).splitlines(keepends=True)
    staged = check(tmp_path, "".join([*lines[:2], "TRAILER,1\n", lines[2]]), feed)
    assert [f.rule for f in staged.faults] == ["trailer"]


def test_an_undeclared_trailer_is_a_refused_row(tmp_path):
    staged = check(tmp_path, text_of(FEED, people(2)) + "TRAILER,2\n")
    assert (faults(staged), rejects(staged)) == ([], [(4, "fields")])


def test_ragged_rows_are_refused_and_no_cell_shifts(world):
    lines = text_of(FEED, people(4)).splitlines()
    lines[2] += ",extra"
    lines[3] = lines[3].rsplit(",", 1)[0]
    staged = world.deliver(FEED, "\n".join(lines) + "\n", ON)
    assert (rejects(staged), staged.rows_read, staged.rows_loaded) == ([(3, "fields"), (4, "fields")], 4, 2)
    assert [r["person_ref"] for r in world.rows("SELECT person_ref FROM core.source_record ORDER BY 1")] == ["P0", "P3"]


def test_blank_lines_are_not_rows(tmp_path):
    lines = text_of(FEED, people(2)).splitlines()
    staged = check(tmp_path, "\n".join([lines[0], lines[1], "", lines[2], "", ""]))
    assert (staged.rows_read, rejects(staged)) == (2, [])
    assert [(n.rule, n.rows) for n in staged.warnings if n.rule == "blank_line"] == [("blank_line", 2)]


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x1f", "\x7f", "\x85", "\x9f", "\r"])
def test_a_control_character_refuses_its_row_alone(tmp_path, character):
    staged = check(
        tmp_path,
        text_of(
            FEED,
            [*people(1), *people(1, address=f"1 High{character} Street", person_ref="X"), *people(1, person_ref="Y")],
        ),
    )
    assert (rejects(staged), staged.rows_loaded) == ([(3, "control_character")], 2)


def test_a_character_lost_before_sending_refuses_its_row(tmp_path):
    staged = check(tmp_path, text_of(FEED, [*people(1), *people(1, forename="Zo\ufffd", person_ref="X")]))
    assert rejects(staged) == [(3, "replacement_character")]


def test_a_value_may_hold_line_breaks_and_the_line_of_a_row_is_the_physical_one(world):
    staged = world.deliver(
        FEED, text_of(FEED, [*people(1, address='1, "High"\nStreet\n'), *people(1, person_ref="P9")]), ON
    )
    assert staged.rows_loaded == 2
    assert world.rows("SELECT person_ref, line_no, address FROM core.source_record ORDER BY line_no") == [
        {"person_ref": "P0", "line_no": 2, "address": '1, "High"\nStreet\n'},
        {"person_ref": "P9", "line_no": 5, "address": None},
    ]


@pytest.mark.parametrize("cell", ['"High Street', 'High "Street', 'High Street"', '"High" Street', '"', '"a""'])
def test_a_lone_quote_costs_its_own_line_and_no_other(tmp_path, cell):
    lines = text_of(FEED, people(3, address="ADDRESS")).splitlines(keepends=True)
    quoted = text_of(FEED, people(1, person_ref="Q", address="2, Low Street")).splitlines(keepends=True)[1]
    staged = check(tmp_path, "".join([lines[0], lines[1], lines[2].replace("ADDRESS", cell), quoted, lines[3]]))
    assert (rejects(staged), staged.rows_loaded) == ([(3, "quotes")], 3)


def test_a_lone_quote_on_line_five_of_many_is_told_at_line_five(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 100_000)
    lines = text_of(FEED, people(20_000, address="ADDRESS")).splitlines(keepends=True)
    lines[4] = lines[4].replace("ADDRESS", '"ADDRESS')
    staged = check(tmp_path, "".join(lines))
    assert (rejects(staged), staged.rows_read, staged.rows_loaded) == ([(5, "quotes")], 20_000, 19_999)


def test_quotes_that_never_pair_end_the_reading(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "MALFORMED_CAP", 10)
    assert [f.rule for f in check(tmp_path, text_of(FEED, people(30, address="x")).replace(",x,", ',x"y,')).faults] == [
        "quotes"
    ]


def test_a_record_over_64_kib_is_refused(tmp_path):
    staged = check(
        tmp_path,
        text_of(FEED, [*people(1), *people(1, address="a" * 70_000, person_ref="X"), *people(1, person_ref="Y")]),
    )
    assert (rejects(staged), staged.rows_loaded) == ([(3, "record_too_long")], 2)


def test_a_line_without_end_is_a_fault_in_bounded_memory(tmp_path):
    """Half a gibibyte without a newline, in its own process, whose memory is then told."""
    file = tmp_path / "file.csv"
    with file.open("wb") as out:
        out.write(text_of(FEED, people(1)).encode())
        out.truncate(out.tell() + (512 << 20))
    code = (
        "import sys; from datetime import date; from pathlib import Path; from tf_integration import conform;"
        "from tf_integration.model.feed import load_feeds;"
        "s = conform.inspect(Path(sys.argv[1]), load_feeds()['housing_tenancies'], date(2019, 6, 3));"
        # The high-water mark of this program alone: ru_maxrss begins at that of whoever started it.
        "peak = Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0];"
        "print(s.faults[0].rule, int(peak) // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True, env=os.environ
    )
    rule, mebibytes = done.stdout.split()
    assert rule == "line_too_long"
    assert int(mebibytes) < 512


HEADERS = {
    "renamed": (lambda h: ["surnam" if c == "surname" else c for c in h], {"column_unknown", "column_missing"}),
    "extra": (lambda h: [*h, "hiv_status"], {"column_unknown"}),
    "missing": (lambda h: [c for c in h if c != "tenure"], {"column_missing"}),
    "twice": (lambda h: [*h, "surname"], {"column_twice"}),
    "other_case": (lambda h: [c.upper() for c in h], {"column_unknown", "column_missing"}),
}


@pytest.mark.parametrize("fault", HEADERS)
def test_a_header_that_differs_from_the_contract_is_a_fault(tmp_path, fault):
    change, rules = HEADERS[fault]
    staged = check(tmp_path, text_of(FEED, people(2), change([c.name for c in FEED.columns])))
    assert {f.rule for f in staged.faults} == rules
    assert staged.rows_read == 0


def test_the_nearest_name_is_suggested_and_the_header_is_not_quoted(tmp_path):
    header = ["date_of_brith" if c.name == "date_of_birth" else c.name for c in FEED.columns]
    said = " ".join(f.what_to_do for f in check(tmp_path, text_of(FEED, people(1), header)).faults)
    assert "nearest declared name is date_of_birth" in said
    assert "Column 4" in said
    assert "brith" not in said


def test_every_feeds_file_is_refused_by_every_other_contract(tmp_path, feeds):
    for sent in feeds.values():
        for read in feeds.values():
            assert bool(check(tmp_path, text_of(sent, []), read).faults) == (sent is not read), (sent.feed, read.feed)


def test_the_header_alone_can_be_asked(tmp_path):
    file = tmp_path / "file.csv"
    file.write_text(text_of(FEED, []))
    layout = conform.open_header(file, FEED)
    assert isinstance(layout, conform.Layout)
    assert layout.names == tuple(c.name for c in FEED.columns)
    file.write_text("a,b\n")
    assert isinstance(conform.open_header(file, FEED), list)


CELLS = st.text(alphabet=st.sampled_from('ab,"\n é;'), max_size=6)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8), block=st.integers(7, 60))
def test_blocks_of_any_size_hold_the_same_records(rows, block):
    """Cut anywhere, the records and their lines are those of one reading, vectorised or by the strict way."""
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["h", "i", "j"], *rows])
    data = out.getvalue().encode()
    old, blocks.BLOCK = blocks.BLOCK, block
    try:
        reader = blocks.Reader(io.BytesIO(data), Dialect())
        reader.header()
        found = list(reader.blocks(3))
    finally:
        blocks.BLOCK = old
    text = b"".join(b.data for b in found).decode()
    assert list(csv.reader(io.StringIO(text))) == rows
    starts, line = [], 2
    for row in rows:
        starts.append(line)
        line += 1 + sum(c.count("\n") for c in row)
    assert [int(n) for b in found for n in b.lines] == starts
    assert [b for b in found if b.refused] == []
    strict = split_strictly(data, ",", blocks.RECORD_CAP, True)
    assert all(ok for *_, ok in strict)
    assert len(strict) == len(rows) + 1


@settings(max_examples=150, deadline=None)
@given(data=st.text(alphabet=st.sampled_from('ab,"\n\r é\x00'), max_size=80), block=st.integers(7, 40))
def test_no_bytes_at_all_break_the_reader(data, block):
    """Whatever the bytes: each line is in a record, refused or blank, and nothing raises but a fault of the file."""
    import io

    old, blocks.BLOCK = blocks.BLOCK, block
    try:
        reader = blocks.Reader(io.BytesIO(b"h,i,j\n" + data.encode()), Dialect())
        reader.header()
        found = list(reader.blocks(3))
    finally:
        blocks.BLOCK = old
    lines = [int(n) for b in found for n in b.lines] + [n for b in found for n, _ in b.refused]
    assert len(lines) == len(set(lines))
    assert all(2 <= n <= 2 + data.count("\n") for n in lines)
