"""The header row against the contract: columns by name, in any order."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from difflib import get_close_matches

from tf_integration.conform.report import Fault
from tf_integration.model.feed import Feed


@dataclass(frozen=True)
class Layout:
    """The file's columns in the file's order, and the declared ones that it leaves out."""

    names: tuple[str, ...]
    absent: tuple[str, ...]


def read_header(line: bytes, feed: Feed, line_no: int) -> Layout | list[Fault]:
    """Match a header row. An undeclared cell is told by its place: where the header is missing it would be a value."""
    text = line.decode().rstrip("\r\n")
    if "\r" in text:
        return [Fault("line_ends", "End lines with LF or CRLF, not with CR alone.", line_no)]
    try:
        cells = next(csv.reader([text], delimiter=feed.dialect.delimiter, strict=True), [])
    except csv.Error:
        return [Fault("header", "The header row's quotes do not pair.", line_no)]
    declared = [c.name for c in feed.columns]
    faults = [*_unknown(cells, declared, line_no), *_twice(cells, declared, line_no), *_missing(cells, feed, line_no)]
    return faults or Layout(tuple(cells), tuple(n for n in declared if n not in cells))


def _unknown(cells: list[str], declared: list[str], line_no: int) -> list[Fault]:
    faults = []
    for place, cell in enumerate(cells, start=1):
        if cell not in declared:
            near = get_close_matches(cell.strip().lower(), declared, n=1, cutoff=0.6)
            mend = f"the nearest declared name is {near[0]}." if near else "remove it: nothing undeclared is stored."
            faults.append(Fault("column_unknown", f"Column {place} of the header is not declared; {mend}", line_no))
    return faults


def _twice(cells: list[str], declared: list[str], line_no: int) -> list[Fault]:
    return [
        Fault("column_twice", f"The column {name} stands twice; keep one.", line_no)
        for name in declared
        if cells.count(name) > 1
    ]


def _missing(cells: list[str], feed: Feed, line_no: int) -> list[Fault]:
    strangers = [c for c in cells if c not in {d.name for d in feed.columns}]
    faults = []
    for column in feed.columns:
        if column.required and column.name not in cells:
            near = get_close_matches(column.name, strangers, n=1, cutoff=0.6)
            hint = f"; column {cells.index(near[0]) + 1} of the header has the nearest name" if near else ""
            faults.append(Fault("column_missing", f"The column {column.name} is missing{hint}.", line_no))
    return faults
