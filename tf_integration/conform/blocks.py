"""A file as blocks of whole records in bounded memory, before any CSV parser sees it.

Cut at record ends (a newline outside quotes), with the physical line of each record and its number of fields. What
cannot be a record of the declared dialect is refused here, one line at a time, so that one bad row never costs the
good ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from tf_integration.conform.report import FileFault
from tf_integration.model.feed import Dialect
from tf_integration.text.quotes import RECORD_BYTES as RECORD_CAP
from tf_integration.text.quotes import split_strictly

BLOCK = 4 << 20
LINE_CAP = 1 << 20  # bytes; a longer physical line is not a table
MALFORMED_CAP = 100_000  # lines whose quotes do not pair, after which reading on tells nothing more

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

REFUSALS = {
    "fields": "Give each row as many fields as the header; quote a value that holds the delimiter or a line break.",
    "quotes": "Quote a value that holds a quote, and double the quote inside it.",
    "record_too_long": "Keep a row under 64 KiB; look for a quote that is not closed.",
    "control_character": "Remove control characters and lone carriage returns.",
    "byte_order_mark": "Remove the byte order mark that stands inside the file; were two files put into one?",
    "replacement_character": "Send the file in the declared encoding; a character was lost before it was sent.",
}

_CONTROL = np.zeros(256, dtype=bool)
_CONTROL[[*range(32), 127]] = True
_CONTROL[[9, 10, 13]] = False


@dataclass
class Records:
    """Spans of one buffer. `starts` and `ends` are byte offsets, `ends` past the newline."""

    data: bytes
    starts: Ints
    ends: Ints
    fields: Ints
    malformed: npt.NDArray[np.bool_]
    consumed: int


@dataclass
class Block:
    """Good records as UTF-8 CSV, the physical line of each, and what was refused as (line, rule)."""

    data: bytes
    lines: Ints
    refused: list[tuple[int, str]]
    blank_lines: int
    trailer: tuple[int, int | None] | None  # (line, count) of a declared trailer row; no count: it is no number


class Reader:
    """Reads one file from its first byte: `header()` first, then `blocks()`.

    Raises:
        FileFault: the bytes are not in the declared encoding, or are no table at all.
    """

    def __init__(self, stream: BinaryIO, dialect: Dialect) -> None:
        self._stream, self._dialect = stream, dialect
        self._rest, self._line, self._malformed = b"", 1, 0
        self._eof = False

    def header(self) -> bytes:
        """The header record as UTF-8, after a byte order mark and the declared preamble."""
        self._fill()
        if not self._rest:
            raise FileFault("empty_file", "Send the header row even when there are no rows.", 1)
        if self._rest.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in self._rest[:4096].split(b"\n", 1)[0]:
            raise FileFault("nul_throughout", f"Send the file in {self._dialect.encoding}.", 1)
        self._rest = self._rest.removeprefix(b"\xef\xbb\xbf")
        for _ in range(self._dialect.preamble_lines):
            self._take_line()
        return self._take_line()

    def _take_line(self) -> bytes:
        while not self._eof and b"\n" not in self._rest and len(self._rest) <= RECORD_CAP:
            self._fill()
        end = self._rest.find(b"\n")
        end = len(self._rest) if end < 0 else end + 1
        if end > RECORD_CAP and b"\r" in self._rest[:RECORD_CAP]:
            raise FileFault("line_ends", "End lines with LF or CRLF, not with CR alone.", self._line)
        if end > RECORD_CAP:
            raise FileFault(
                "header_too_long", "The first line is no header row: check line ends and delimiter.", self._line
            )
        line, self._rest = self._rest[:end], self._rest[end:]
        self._check_encoding(line)
        self._line += 1
        return line

    def _fill(self) -> None:
        """Read one block more behind what is left, as UTF-8 when another encoding is declared."""
        chunk = self._stream.read(BLOCK)
        self._eof = not chunk
        if self._dialect.encoding != "utf-8":
            chunk = self._transcode(chunk)
        self._rest += chunk
        if self._eof and self._rest and not self._rest.endswith(b"\n"):
            self._rest += b"\n"

    def _transcode(self, chunk: bytes) -> bytes:
        try:
            return chunk.decode(self._dialect.encoding).encode()
        except UnicodeDecodeError as error:
            line = self._line + self._rest.count(b"\n") + chunk[: error.start].count(b"\n")
            raise FileFault("wrong_encoding", f"Send the file in {self._dialect.encoding}.", line) from None

    def _check_encoding(self, data: bytes) -> None:
        if data.isascii():
            return
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = self._line + data[: error.start].count(b"\n")
            raise FileFault("wrong_encoding", f"Send the file in {self._dialect.encoding}.", line) from None

    def blocks(self, n_fields: int) -> Iterator[Block]:
        """The records after the header, a block at a time."""
        while self._rest or not self._eof:
            if not self._eof:
                self._fill()
            found = split(self._rest, self._dialect.delimiter, self._eof)
            if found.consumed:
                yield self._block(found, n_fields)
                self._line += self._rest.count(b"\n", 0, found.consumed)
                self._rest = self._rest[found.consumed :]
            self._check_progress(found.consumed)

    def _check_progress(self, consumed: int) -> None:
        if len(self._rest) > LINE_CAP and self._rest.find(b"\n", 0, LINE_CAP) < 0:
            raise FileFault("line_too_long", "A line is over 1 MiB: check the line ends.", self._line)
        if self._eof and self._rest and not consumed:
            raise FileFault("unreadable", "The end of the file cannot be read as rows.", self._line)

    def _block(self, found: Records, n_fields: int) -> Block:
        self._check_encoding(self._rest[: found.consumed])
        self._malformed += int(found.malformed.sum())
        if self._malformed > MALFORMED_CAP:
            raise FileFault("quotes", REFUSALS["quotes"], self._line)
        return examine(found, n_fields, self._line, self._dialect)


def split(data: bytes, delimiter: str, eof: bool) -> Records:
    """The whole records of a buffer: vectorised where its quotes pair as RFC 4180 says, else line by line."""
    buffer = np.frombuffer(data, dtype=np.uint8)
    newlines = np.flatnonzero(buffer == 10)
    quotes = np.flatnonzero(buffer == 34) if b'"' in data else np.empty(0, dtype=np.int64)
    if len(quotes) and not _pair(buffer, quotes, ord(delimiter)):
        return _split_by_line(data, delimiter, eof)
    ends = newlines[_outside(quotes, newlines)] + 1
    consumed = int(ends[-1]) if len(ends) else 0
    left = len(data) - consumed
    if (left > RECORD_CAP and len(quotes)) or (left and eof):  # a quote that does not close swallows the rest
        return _split_by_line(data, delimiter, eof)
    return _count_fields(data, buffer, quotes, ends, delimiter)


def _outside(quotes: Ints, places: Ints) -> npt.NDArray[np.bool_]:
    """Which places lie outside quotes: an even number of quotes stands before them."""
    return (np.searchsorted(quotes, places) & 1) == 0


def _pair(buffer: Bytes, quotes: Ints, delimiter: int) -> bool:
    """Whether each quote opens a field, closes one, or is one of a doubled pair, and nothing else."""
    opening, closing = quotes[0::2], quotes[1::2]
    doubled = np.zeros(len(opening), dtype=bool)
    doubled[1:] = opening[1:] == closing[: len(opening) - 1] + 1
    before = buffer[np.maximum(opening - 1, 0)]
    opens = (opening == 0) | (before == delimiter) | (before == 10) | doubled
    after = buffer[np.minimum(closing + 1, len(buffer) - 1)]
    closes = (closing == len(buffer) - 1) | (after == delimiter) | (after == 10) | (after == 13)
    closes[: len(opening) - 1] |= doubled[1:]
    return bool(opens.all() and closes.all())


def _count_fields(data: bytes, buffer: Bytes, quotes: Ints, ends: Ints, delimiter: str) -> Records:
    between = np.flatnonzero(buffer == ord(delimiter))
    between = between[_outside(quotes, between)] if len(quotes) else between
    fields = np.diff(np.searchsorted(between, ends), prepend=0) + 1
    starts, consumed = (np.concatenate(([0], ends[:-1])), int(ends[-1])) if len(ends) else (ends, 0)
    return Records(data, starts, ends, fields, np.zeros(len(ends), dtype=bool), consumed)


def _split_by_line(data: bytes, delimiter: str, eof: bool) -> Records:
    """Line by line: a line that begins no record is malformed by itself, and reading goes on at the next line."""
    spans = split_strictly(data, delimiter, RECORD_CAP, eof)
    table = np.array(spans, dtype=np.int64).reshape(-1, 3)
    sound = table[:, 2] == 1
    good = b"".join(data[a:b] for a, b, is_record in spans if is_record)
    buffer = np.frombuffer(good, dtype=np.uint8)
    ends = np.cumsum((table[:, 1] - table[:, 0])[sound])
    fields = np.zeros(len(table), dtype=np.int64)
    fields[sound] = _count_fields(good, buffer, np.flatnonzero(buffer == 34), ends, delimiter).fields
    return Records(data, table[:, 0], table[:, 1], fields, ~sound, int(table[-1, 1]) if spans else 0)


def examine(found: Records, n_fields: int, first_line: int, dialect: Dialect) -> Block:
    """Refuse what is no row of the table, and keep the rest as one run of bytes."""
    size = found.ends - found.starts
    lines = _lines(found, first_line)
    buffer = np.frombuffer(found.data, dtype=np.uint8)
    blank = (size == 1) | ((size == 2) & (buffer[found.starts] == 13))
    verdict = np.zeros(len(size), dtype=np.int8)
    rules = list(REFUSALS)
    verdict[found.fields != n_fields] = rules.index("fields") + 1
    verdict[_holds_control(found)] = rules.index("control_character") + 1
    verdict[_holds(found, b"\xef\xbf\xbd")] = rules.index("replacement_character") + 1
    verdict[_holds(found, b"\xef\xbb\xbf")] = rules.index("byte_order_mark") + 1
    verdict[found.malformed] = rules.index("quotes") + 1
    verdict[size > RECORD_CAP] = rules.index("record_too_long") + 1
    verdict[blank] = 0
    trailer = _trailer(found, verdict, lines, dialect)
    refused = [(int(lines[i]), rules[verdict[i] - 1]) for i in np.flatnonzero(verdict)]
    keep = (verdict == 0) & ~blank
    if trailer:
        keep[-1] = False
    return Block(_kept(found, keep), lines[keep], refused, int(blank.sum()), trailer)


def _lines(found: Records, first_line: int) -> Ints:
    """The physical line on which each record starts."""
    newlines = np.flatnonzero(np.frombuffer(found.data, dtype=np.uint8) == 10)
    return np.searchsorted(newlines, found.starts) + first_line


def _holds_control(found: Records) -> Ints:
    """Records that hold a control character (C0 but tab and line ends, DEL, C1) or a carriage return alone."""
    buffer = np.frombuffer(found.data, dtype=np.uint8)
    bad = np.flatnonzero(_CONTROL[buffer])
    returns = np.flatnonzero(buffer == 13)
    bad = np.concatenate((bad, returns[buffer[np.minimum(returns + 1, len(buffer) - 1)] != 10]))
    if b"\xc2" in found.data:
        lead = np.flatnonzero(buffer[:-1] == 0xC2)
        bad = np.concatenate((bad, lead[(buffer[lead + 1] >= 0x80) & (buffer[lead + 1] <= 0x9F)]))
    return _records_of(found, bad)


def _holds(found: Records, what: bytes) -> Ints:
    places, at = [], found.data.find(what)
    while at >= 0:
        places.append(at)
        at = found.data.find(what, at + 1)
    return _records_of(found, np.array(places, dtype=np.int64))


def _records_of(found: Records, places: Ints) -> Ints:
    places = places[places < found.consumed]
    return np.unique(np.searchsorted(found.ends, places, side="right"))


def _trailer(
    found: Records, verdict: npt.NDArray[np.int8], lines: Ints, dialect: Dialect
) -> tuple[int, int | None] | None:
    """The declared trailer, when it is the last record here; one anywhere else is caught as rows after it."""
    if not dialect.trailer or not len(found.ends):
        return None
    word, _, count = found.data[found.starts[-1] : found.ends[-1]].strip().partition(dialect.delimiter.encode())
    if word.strip(b'"') != b"TRAILER":
        return None
    verdict[-1] = 0
    digits = count.strip(b'"' + dialect.delimiter.encode())
    return int(lines[-1]), int(digits) if digits.isdigit() else None


def _kept(found: Records, keep: npt.NDArray[np.bool_]) -> bytes:
    """The bytes of the kept records; no copy of pieces where nothing was refused."""
    if keep.all():
        return found.data[: found.consumed]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], keep, [False])).astype(np.int8)))
    return b"".join(found.data[found.starts[a] : found.ends[b - 1]] for a, b in edges.reshape(-1, 2))
