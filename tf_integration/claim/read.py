"""Read a file of earlier claims, a row for each person. A fault says line, column and remedy, never a value."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path

from tf_integration.model.errors import CallError

COLUMNS = (
    "claim_ref",
    "plan_id",
    "family_ref",
    "partner",
    "person_ref",
    "result",
    "state",
    "claimed_on",
    "amount_pounds",
)
RESULTS = ("sustained", "employment")
_MAY_BE_BLANK = ("family_ref",)
_POUNDS = re.compile(r"^\d{1,9}(\.\d{1,2})?$")


@dataclass(frozen=True)
class Fault:
    """Why a row is refused: its line (the header is line 1), the column, the fault and what to do."""

    line: int
    column: str
    fault: str
    remedy: str


@dataclass
class ClaimFile:
    """The rows that read well, each with its line; the faults of the others; the file's digest."""

    name: str
    sha256: str
    rows: dict[int, dict[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    read: int = 0


def read_file(file: Path) -> ClaimFile:
    """Read the file: UTF-8 CSV with a header, columns by name in any order.

    Raises:
        CallError: it cannot be read at all, or a column is missing, unknown or there twice.
    """
    try:
        content = file.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise CallError(f"the file cannot be read ({error.strerror}).", where=str(file)) from None
    except UnicodeDecodeError:
        raise CallError("the file is not UTF-8.", where=file.name, mend="Save it as CSV, UTF-8.") from None
    if "\0" in text:
        raise CallError("the file holds NUL bytes.", where=file.name, mend="Save it as CSV, UTF-8.")
    found = ClaimFile(file.name, hashlib.sha256(content).hexdigest())
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        header = _header(next(lines, []), file.name)
        for cells in lines:
            _row(found, lines.line_num, header, cells)
    except csv.Error:
        raise CallError(
            f"not readable as CSV near line {lines.line_num}.",
            where=file.name,
            mend="Look for an unclosed quotation mark.",
        ) from None
    return found


def _header(cells: list[str], name: str) -> list[str]:
    header = [c.strip().lower() for c in cells]
    missing = [c for c in COLUMNS if c not in header]
    unknown = [c for c in header if c not in COLUMNS]
    if missing or unknown or len(set(header)) != len(header):
        near = {c: get_close_matches(c, unknown, 1) for c in missing}
        said = [f"{c} is missing" + (f" (is `{near[c][0]}` meant for it?)" if near[c] else "") for c in missing]
        said += [f"`{c}` is unknown" for c in unknown] or ["a column stands twice"] * (not missing)
        raise CallError(
            f"the header does not fit: {'; '.join(said)}.",
            where=f"{name} line 1",
            mend=f"The columns are {', '.join(COLUMNS)}.",
        )
    return header


def _row(found: ClaimFile, line: int, header: list[str], cells: list[str]) -> None:
    if not any(c.strip() for c in cells):
        return
    found.read += 1
    if len(cells) != len(header):
        found.faults.append(
            Fault(
                line,
                "",
                f"{len(cells)} cells where the header has {len(header)}",
                "quote cells that hold a comma, and give every column",
            )
        )
        return
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    row["state"] = row["state"].lower().replace(" ", "_").replace("-", "_")
    row["result"] = row["result"].lower()
    faults = _faults(line, row)
    if faults:
        found.faults += faults
    else:
        found.rows[line] = row


def _faults(line: int, row: dict[str, str]) -> list[Fault]:
    blank = [c for c in COLUMNS if not row[c] and c not in _MAY_BE_BLANK]
    found = [Fault(line, c, "blank", "every row gives it") for c in blank]
    if "result" not in blank and row["result"] not in RESULTS:
        found.append(Fault(line, "result", "not a result", f"use one of: {', '.join(RESULTS)}"))
    if "claimed_on" not in blank and not _is_date(row["claimed_on"]):
        found.append(Fault(line, "claimed_on", "not a date", "write it as 2019-05-01"))
    if "amount_pounds" not in blank and not _is_pounds(row["amount_pounds"]):
        found.append(
            Fault(line, "amount_pounds", "not an amount", "write pounds, and pence after a point, like 800 or 800.50")
        )
    return found


def _is_date(text: str) -> bool:
    try:
        return len(text) == len("2019-05-01") and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_pounds(text: str) -> bool:
    try:
        return bool(_POUNDS.match(text)) and Decimal(text) >= 0
    except InvalidOperation:
        return False
