"""What can be wrong inside a file, as changes to a good one of any feed; and what must be said of it.

`says`: the status of the receipt, and the rules of which one at least is named. A change gets the file's text, its feed
and a random generator, and returns the bytes that are sent under the file's own name.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tf_integration.model.feed import Feed

Change = Callable[[str, Feed, random.Random], bytes | str]
REFUSED = ("held", "rejected")


@dataclass(frozen=True)
class Content:
    """One fault. `rows`: what the control file says beside the true number; `packed`: sent as .csv.gz."""

    name: str
    change: Change
    status: tuple[str, ...]
    rules: tuple[str, ...]
    packed: bool = False
    rows: int | None = None
    more: int = 0  # lines that the control file counts beside the rows


def rows_of(text: str, feed: Feed) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=feed.dialect.delimiter))


def text_of(rows: list[list[str]], feed: Feed, end: str = "\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=feed.dialect.delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def _rows(change: Callable[[list[list[str]], Feed, random.Random], list[list[str]]]) -> Change:
    return lambda text, feed, r: text_of(change(rows_of(text, feed), feed, r), feed)


def _cell(rows: list[list[str]], feed: Feed, kind: str, value: Callable[[str], str], share: float = 1.0) -> int:
    """Change every filled cell of the columns of a type in the first share of the rows; returns how many."""
    names, changed = {c.name for c in feed.columns if c.type == kind}, 0
    for row in rows[1 : 1 + max(1, int(share * (len(rows) - 1)))]:
        for i, name in enumerate(rows[0]):
            if name in names and i < len(row) and row[i]:
                row[i], changed = value(row[i]), changed + 1
    return changed


def _cells(kind: str, value: Callable[[str], str], share: float = 1.0) -> Change:
    def change(rows: list[list[str]], feed: Feed, r: random.Random) -> list[list[str]]:
        _cell(rows, feed, kind, value, share)
        return rows

    return _rows(change)


def _days(to: str, share: float = 1.0) -> Change:
    """Write the filled days in another form; `exchanged`: the agreed one with day and month exchanged."""

    def change(rows: list[list[str]], feed: Feed, r: random.Random) -> list[list[str]]:
        agreed = feed.dialect.date_format
        form = agreed.replace("%m", "%_").replace("%d", "%m").replace("%_", "%d") if to == "exchanged" else to
        _cell(rows, feed, "date", lambda day: datetime.strptime(day, agreed).strftime(form), share)
        return rows

    return _rows(change)


def _required(feed: Feed, header: list[str], r: random.Random) -> int:
    return r.choice([i for i, n in enumerate(header) if feed.column(n).required])


def _missing_column(rows: list[list[str]], feed: Feed, r: random.Random) -> list[list[str]]:
    at = _required(feed, rows[0], r)
    return [row[:at] + row[at + 1 :] for row in rows]


def _renamed(rows: list[list[str]], feed: Feed, r: random.Random) -> list[list[str]]:
    at = _required(feed, rows[0], r)
    rows[0][at] = rows[0][at] + "_new"
    return rows


def _extra(rows: list[list[str]], feed: Feed, r: random.Random) -> list[list[str]]:
    return [[*row, "hiv_status" if i == 0 else "POSITIVE"] for i, row in enumerate(rows)]


def _twice(rows: list[list[str]], feed: Feed, r: random.Random) -> list[list[str]]:
    at = _required(feed, rows[0], r)
    return [[*row, row[at]] for row in rows]


def _permuted(rows: list[list[str]], feed: Feed, r: random.Random) -> list[list[str]]:
    order = list(range(len(rows[0])))
    r.shuffle(order)
    return [[row[i] for i in order] for row in rows]


def _zipped(text: str, feed: Feed, r: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../extract.csv", text)
        archive.writestr("second.csv", text)
    return out.getvalue()


def _split(text: str) -> tuple[str, str]:
    half = text.find("\n", len(text) // 2) + 1
    return text[:half], text[half:]


def _first_row(change: Callable[[str], str]) -> Change:
    """Change the first row's line (of files whose first row holds no line break)."""

    def made(text: str, feed: Feed, r: random.Random) -> str:
        head, first, rest = text.split("\n", 2)
        return f"{head}\n{change(first)}\n{rest}"

    return made


WELL = ("accepted",)
BESIDE = ("accepted_with_rejects",)
CASES = (
    # -- nothing wrong: dialects and values that must pass
    Content("crlf line ends", lambda t, f, r: t.replace("\n", "\r\n"), WELL, ()),
    Content("a byte order mark", lambda t, f, r: b"\xef\xbb\xbf" + t.encode(), WELL, ()),
    Content("no last line end", lambda t, f, r: t.rstrip("\n"), WELL, ()),
    Content("every cell quoted", lambda t, f, r: "".join(
        ",".join('"' + c.replace('"', '""') + '"' for c in row) + "\n" for row in rows_of(t, f)), WELL, ()),
    Content("columns in another order", _rows(_permuted), WELL, ()),
    Content("gzip members one after another", lambda t, f, r: b"".join(gzip.compress(p.encode()) for p in _split(t)),
            WELL, (), packed=True),
    Content("mixed line ends", lambda t, f, r: "\r\n".join(_split(t)[0].split("\n")) + _split(t)[1], WELL, ()),
    Content("blank lines between rows", _first_row(lambda line: f"\n{line}\n\n"), WELL, ("blank_line",)),
    # -- bytes that cannot be trusted or read
    Content("gzip that ends too soon", lambda t, f, r: gzip.compress(t.encode())[:-9], ("rejected",),
            ("gzip_truncated",), packed=True),
    Content("gzip of nothing", lambda t, f, r: b"", ("rejected",), ("gzip_truncated",), packed=True),
    Content("gzip with rubbish after it", lambda t, f, r: gzip.compress(t.encode()) + b"rubbish", ("rejected",),
            ("gzip_damaged",), packed=True),
    Content("gzip whose checksum is wrong", lambda t, f, r: (lambda g: g[:-6] + bytes([g[-6] ^ 1]) + g[-5:])(
        gzip.compress(t.encode())), ("rejected",), ("gzip_damaged",), packed=True),
    Content("plain text called gzip", lambda t, f, r: t, ("rejected",), ("gzip_damaged",), packed=True),
    Content("gzip called plain text", lambda t, f, r: gzip.compress(t.encode()), ("rejected",),
            ("wrong_encoding", "nul_throughout")),
    Content("a zip archive called gzip", _zipped, ("rejected",), ("gzip_damaged",), packed=True),
    Content("a zip archive called plain text", _zipped, ("rejected",), ("wrong_encoding", "nul_throughout")),
    Content("a bomb", lambda t, f, r: gzip.compress((t + t.split("\n", 1)[1].split("\n")[0] + "\n" * 36_000_000)
                                                   .encode()), ("rejected",), ("bomb",), packed=True),
    Content("gzip within gzip", lambda t, f, r: gzip.compress(gzip.compress(t.encode())), ("rejected",),
            ("wrong_encoding", "nul_throughout"), packed=True),
    Content("utf-16", lambda t, f, r: t.encode("utf-16"), ("rejected",), ("nul_throughout", "wrong_encoding")),
    Content("utf-16 without a mark", lambda t, f, r: t.encode("utf-16-le"), ("rejected",), ("nul_throughout",)),
    Content("cp1252 where utf-8 is agreed", _first_row(lambda line: line + ",Zo\udceb"), ("rejected",),
            ("wrong_encoding",)),
    Content("one giant line", lambda t, f, r: t + "x" * 1_500_000, ("rejected",), ("line_too_long",)),
    Content("nothing but NULs", lambda t, f, r: b"\0" * 5000, ("rejected",), ("nul_throughout",)),
    # -- readable, and unlike the contract
    Content("an empty file", lambda t, f, r: "", ("held",), ("empty_file",), rows=0),
    Content("only a line end", lambda t, f, r: "\n", ("held",), ("column_missing",), rows=0),
    Content("the header alone", lambda t, f, r: t.split("\n", 1)[0] + "\n", ("held",), ("no_rows",), rows=9),
    Content("no header", lambda t, f, r: t.split("\n", 1)[1], ("held",), ("column_missing",)),
    Content("a missing column", _rows(_missing_column), ("held",), ("column_missing",)),
    Content("a renamed column", _rows(_renamed), ("held",), ("column_missing",)),
    Content("an undeclared column", _rows(_extra), ("held",), ("column_unknown",)),
    Content("a column twice", _rows(_twice), ("held",), ("column_twice",)),
    Content("column names in capitals", lambda t, f, r: t.split("\n", 1)[0].upper() + "\n" + t.split("\n", 1)[1],
            ("held",), ("column_missing",)),
    Content("carriage returns alone", lambda t, f, r: t.replace("\n", "\r"), ("held",), ("line_ends",)),
    Content("semicolons", lambda t, f, r: t.replace(",", ";"), ("held",), ("column_missing",)),
    Content("tabs", lambda t, f, r: t.replace(",", "\t"), ("held",), ("column_missing",)),
    Content("an undeclared preamble", lambda t, f, r: "Extract made on Monday\n" + t, ("held",), ("column_missing",)),
    Content("a web page", lambda t, f, r: "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n", ("held",),
            ("column_missing",), rows=1),
    Content("the control file's rows are one too many", lambda t, f, r: t, ("held",), ("control_rows",), rows=10_000),
    Content("every row twice", lambda t, f, r: t + t.split("\n", 1)[1], ("held",),
            ("repeated", "row_faults", "control_rows")),
    Content("days and months exchanged", _days("exchanged"), ("held",), ("row_faults", "dates_exchanged")),
    Content("another form of date", _days("%d.%m.%y"), ("held",),
            ("row_faults", "no_good_rows", "dates_exchanged")),
    Content("codes that nobody agreed", _cells("code", lambda c: "ZZZ"), ("held",), ("row_faults", "no_good_rows")),
    # -- one bad row beside good ones
    Content("a lone quote", _first_row(lambda line: '"' + line), BESIDE, ("rows_rejected",)),
    Content("a quote inside a cell", _first_row(lambda line: line.replace(",", ',x"y', 1)), BESIDE,
            ("rows_rejected",)),
    Content("a NUL in a row", _first_row(lambda line: "\0" + line), BESIDE, ("rows_rejected",)),
    Content("a control character", _first_row(lambda line: "\x07" + line), BESIDE, ("rows_rejected",)),
    Content("a carriage return in a row", _first_row(lambda line: line.replace(",", "\r,", 1)), BESIDE,
            ("rows_rejected",)),
    Content("a lost character", _first_row(lambda line: "\ufffd" + line), BESIDE, ("rows_rejected",)),
    Content("a row with a field too many", _first_row(lambda line: line + ","), BESIDE, ("rows_rejected",)),
    Content("a row with a field too few", _first_row(lambda line: line.rsplit(",", 1)[0]), BESIDE,
            ("rows_rejected",)),
    Content("an undeclared total", lambda t, f, r: t + "TOTAL,9\n", BESIDE, ("rows_rejected",), more=1),
    Content("the header again at the end", lambda t, f, r: t + t.split("\n", 1)[0] + "\n", BESIDE,
            ("rows_rejected",), more=1),
    Content("a record of 100 KiB", _first_row(lambda line: line.replace(",", "," + "x" * 100_000, 1)), BESIDE,
            ("rows_rejected",)),
    Content("an unknown code in one row", _cells("code", lambda c: "=cmd|' /C calc'!A0", share=0.0), BESIDE,
            ("rows_rejected",)),
    Content("a day that no calendar has", _cells("date", lambda d: "2019-02-30", share=0.0), BESIDE,
            ("rows_rejected",)),
)  # fmt: skip
