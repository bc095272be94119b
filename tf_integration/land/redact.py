"""Copies of a landed file without what may not be kept: columns that nobody declared, rows of somebody erased.

Records are told apart as the intake does it, strictly: a quote that does not pair spoils its own line and no other.
A line that was refused cannot be taken apart, so nobody can say whose it is or which column it holds: it is emptied.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from tf_integration.land.fetch import sync_folder
from tf_integration.land.open import remove_folder_files
from tf_integration.land.unreadable import Unreadable
from tf_integration.model.feed import Dialect
from tf_integration.text.quotes import RECORD_BYTES, split_strictly

_BLOCK = 4 << 20
_BOM = b"\xef\xbb\xbf"


def keep_declared(text: Path, folder: Path, declared: Iterable[str], dialect: Dialect) -> Path | None:
    """Replace everything in a delivery's folder by a copy of `text` that has the declared columns only.

    The copy is named after its own digest. None, and an empty folder, when the file cannot be taken apart.
    """
    beside = folder.with_suffix(".kept")
    try:
        with text.open("rb") as source, beside.open("wb") as out:
            _copy(source, out, set(declared), dialect)
        kept = _named(beside, folder)
    except (UnicodeError, StopIteration, csv.Error):
        beside.unlink(missing_ok=True)
        remove_folder_files(folder)
        return None
    only_keep(kept)
    return kept


def copy_without(text: Path, folder: Path, column: str, values: set[str], dialect: Dialect) -> Path | None:
    """Put a copy of `text` beside it in whose place the rows with these values are empty lines, and the refused ones.

    Every other row keeps its line. None, and nothing written, when no row has one of the values. What the folder
    held goes with `only_keep`, once the copy is known to be the landed file.

    Raises:
        Unreadable: the file has no such column, or is not in its encoding.
    """
    beside = folder.with_suffix(".kept")
    try:
        with text.open("rb") as source, beside.open("wb") as out:
            gone = _emptied(source, out, column, values, dialect)
        return _named(beside, folder) if gone else None
    except (ValueError, StopIteration, csv.Error):      # (what is wrong with an encoding is a ValueError, too)
        raise Unreadable("unreadable") from None
    finally:
        beside.unlink(missing_ok=True)


def only_keep(kept: Path) -> None:
    """Remove everything else from the folder of a kept copy."""
    for file in kept.parent.iterdir():
        if file != kept:
            os.unlink(file)
    sync_folder(kept.parent)


def digest_in_name(file: Path) -> str | None:
    """The digest that a kept copy must have, or None when the file is not one."""
    return file.stem.removeprefix("kept-") if file.name.startswith("kept-") else None


def _named(beside: Path, folder: Path) -> Path:
    """The copy in the folder, under the name of its own digest."""
    with beside.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    folder.mkdir(mode=0o750, exist_ok=True)
    kept = folder / f"kept-{digest}.csv"
    beside.chmod(0o440)
    beside.rename(kept)
    sync_folder(folder)
    return kept


def _copy(source: BinaryIO, out: BinaryIO, declared: set[str], dialect: Dialect) -> None:
    for _ in range(dialect.preamble_lines):
        source.readline()
        out.write(b"\n")  # what stood there is nobody's column either
    header = _cells(source.readline().removeprefix(_BOM), dialect)
    places = [i for i, name in enumerate(header) if name in declared]
    out.write(_line([header[i] for i in places], dialect))
    nobodys = _line([""] * (len(places) + 1), dialect)  # a row that cannot be told apart: one empty cell too many
    for record, is_whole in _records(source, dialect):
        cells = _cells(record, dialect) if is_whole else []
        if dialect.trailer and cells[:1] == ["TRAILER"]:
            out.write(_line(cells, dialect))
        elif is_whole and not record.strip():
            out.write(record)
        else:
            out.write(_line([cells[i] for i in places], dialect) if len(cells) == len(header) else nobodys)


def _emptied(source: BinaryIO, out: BinaryIO, column: str, values: set[str], dialect: Dialect) -> int:
    """Copy record by record; one that goes becomes as many empty lines as it had. How many went, if any was meant."""
    for _ in range(dialect.preamble_lines):
        out.write(source.readline())
    header = source.readline()
    out.write(header)
    place = _cells(header.removeprefix(_BOM), dialect).index(column)
    sought = {value.encode(dialect.encoding, "ignore") for value in values}
    gone, meant = 0, False
    for record, is_whole in _records(source, dialect):
        named = any(value in record for value in sought)
        cells = _cells(record, dialect) if is_whole and (named or record.startswith(b"TRAILER")) else []
        if not is_whole or (cells[place : place + 1] and cells[place].strip() in values):
            meant, gone = meant or named, gone + 1
            out.write(b"\n" * record.count(b"\n"))
        elif gone and dialect.trailer and cells[:1] == ["TRAILER"] and cells[-1].isdecimal():
            out.write(f"TRAILER{dialect.delimiter}{int(cells[-1]) - gone}\n".encode(dialect.encoding))
        else:
            out.write(record)
    return gone if meant else 0


def _records(source: BinaryIO, dialect: Dialect) -> Iterator[tuple[bytes, bool]]:
    """Each record with its line end, and whether it is one; else it is a line that was refused."""
    rest, is_end = b"", False
    while not is_end:
        block = source.read(_BLOCK)
        rest, is_end, at = rest + block, not block, 0
        if is_end and rest and not rest.endswith(b"\n"):
            rest += b"\n"
        for start, end, is_whole in split_strictly(rest, dialect.delimiter, RECORD_BYTES, is_end):
            yield rest[start:end], bool(is_whole)
            at = end
        rest = rest[at:]


def _cells(record: bytes, dialect: Dialect) -> list[str]:
    return next(csv.reader(io.StringIO(record.decode(dialect.encoding), newline=""), delimiter=dialect.delimiter))


def _line(cells: list[str], dialect: Dialect) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=dialect.delimiter, lineterminator="\n").writerow(cells)
    return out.getvalue().encode(dialect.encoding)
