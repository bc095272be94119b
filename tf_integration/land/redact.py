"""Keep a held file without the columns that nobody declared: their values are stored nowhere, our own disk included."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from tf_integration.land.fetch import sync_folder
from tf_integration.land.open import remove_folder_files
from tf_integration.model.feed import Dialect


def keep_declared(text: Path, folder: Path, declared: Iterable[str], dialect: Dialect) -> Path | None:
    """Replace everything in a delivery's folder by a copy of `text` that has the declared columns only.

    The copy is named after its own digest. None, and an empty folder, when the file cannot be taken apart.
    """
    beside = folder.with_suffix(".kept")
    try:
        with (
            text.open(encoding=dialect.encoding, newline="") as source,
            beside.open("w", encoding=dialect.encoding, newline="") as out,
        ):
            _copy(source, out, set(declared), dialect)
    except (csv.Error, UnicodeError, StopIteration):
        beside.unlink(missing_ok=True)
        remove_folder_files(folder)
        return None
    return _take_place(beside, folder)


def keep_without(text: Path, folder: Path, column: str, values: set[str], dialect: Dialect) -> Path | None:
    """Replace everything in a delivery's folder by a copy of `text` whose rows with these values are empty lines.

    Every other row keeps its line. None, and nothing changed, when no row has one of the values.
    """
    beside = folder.with_suffix(".kept")
    with (
        text.open(encoding=dialect.encoding, newline="") as source,
        beside.open("w", encoding=dialect.encoding, newline="") as out,
    ):
        gone = _emptied(source, out, column, values, dialect)
    if not gone:
        beside.unlink()
        return None
    return _take_place(beside, folder)


def _take_place(beside: Path, folder: Path) -> Path:
    """The copy in place of whatever the folder holds, under the name of its own digest."""
    with beside.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    remove_folder_files(folder)
    folder.mkdir(mode=0o750)
    kept = folder / f"kept-{digest}.csv"
    beside.chmod(0o440)
    beside.rename(kept)
    sync_folder(folder)
    return kept


def digest_in_name(file: Path) -> str | None:
    """The digest that a kept copy must have, or None when the file is not one."""
    return file.stem.removeprefix("kept-") if file.name.startswith("kept-") else None


def _copy(source: TextIO, out: TextIO, declared: set[str], dialect: Dialect) -> None:
    for _ in range(dialect.preamble_lines):
        source.readline()
        out.write("\n")  # what stood there is nobody's column either
    rows = csv.reader(source, delimiter=dialect.delimiter)
    header = next(rows)
    places = [i for i, name in enumerate(header) if name.lstrip("\ufeff") in declared]
    writer = csv.writer(out, delimiter=dialect.delimiter, lineterminator="\n")
    writer.writerow([header[i].lstrip("\ufeff") for i in places])
    writer.writerows(_cut(rows, len(header), places, dialect))


def _cut(rows: Iterator[list[str]], width: int, places: list[int], dialect: Dialect) -> Iterator[list[str]]:
    """Each row's declared cells; a ragged row, whose cells cannot be told apart, stays one empty cell too many."""
    for row in rows:
        if len(row) == width:
            yield [row[i] for i in places]
        elif dialect.trailer and row[:1] == ["TRAILER"]:
            yield row
        else:
            yield [""] * (len(places) + 1)


def _emptied(source: TextIO, out: TextIO, column: str, values: set[str], dialect: Dialect) -> int:
    """Copy line by line; a matching record becomes as many empty lines as it had. How many records matched."""
    for _ in range(dialect.preamble_lines):
        out.write(source.readline())
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in source:
            taken.append(line)
            yield line

    rows, gone, place = csv.reader(lines(), delimiter=dialect.delimiter), 0, -1
    for n, row in enumerate(rows):
        if n == 0:
            place = [name.lstrip("\ufeff") for name in row].index(column)
        if n and len(row) > place and row[place].strip() in values:
            gone += 1
            out.write("\n" * len(taken))
        elif gone and dialect.trailer and row[:1] == ["TRAILER"]:
            out.write(f"TRAILER{dialect.delimiter}{int(row[1]) - gone}\n")
        else:
            out.writelines(taken)
        taken.clear()
    return gone
