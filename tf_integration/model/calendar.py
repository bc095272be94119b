"""School half-terms and the exact arithmetic of calendar months."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tf_integration.model.errors import ContractError

SHIPPED = Path(__file__).resolve().parents[1] / "calendars" / "terms.csv"
BANK_HOLIDAYS = SHIPPED.with_name("bank_holidays.csv")
_FIELDS = ("school_year", "term", "half_term", "starts_on", "ends_on")


@dataclass(frozen=True)
class HalfTerm:
    """One half-term, both days inclusive; `place` is an establishment with its own dates, or ''."""

    school_year: str
    term: str
    half_term: int
    starts_on: date
    ends_on: date
    place: str = ""


def less_months(day: date, months: int) -> date:
    """`day` less calendar months, clamped to the last day of the month (31 August less 6 is 28 or 29 February)."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def birthday(born: date, age: int) -> date:
    """The first day at that age: 29 February comes of age on 1 March in a common year."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def load_terms(reference: Path | None = None) -> list[HalfTerm]:
    """The council's `terms.csv` when it stands in `reference`, else the shipped calendar.

    Raises:
        ContractError: a column is missing or a line cannot be read, with the line's number.
    """
    own = reference / "terms.csv" if reference else None
    file = own if own and own.exists() else SHIPPED
    with file.open(newline="", encoding="utf-8-sig") as handle:
        reader = csv.DictReader(handle)
        missing = [f for f in _FIELDS if f not in (reader.fieldnames or [])]
        if missing:
            raise ContractError(
                f"columns missing: {', '.join(missing)}.",
                where=file.name,
                mend=f"The header must hold {', '.join(_FIELDS)}; `establishment` may be added.",
            )
        found = []
        for row in reader:
            try:
                term = HalfTerm(
                    row["school_year"],
                    row["term"],
                    int(row["half_term"]),
                    date.fromisoformat(row["starts_on"]),
                    date.fromisoformat(row["ends_on"]),
                    row.get("establishment") or "",
                )
            except ValueError:
                raise ContractError(
                    "a half-term or date cannot be read.",
                    where=f"{file.name} line {reader.line_num}",
                    mend="Dates are YYYY-MM-DD; half_term is 1 to 6.",
                ) from None
            if term.ends_on < term.starts_on:
                raise ContractError("the half-term ends before it starts.", where=f"{file.name} line {reader.line_num}")
            found.append(term)
    return found


def load_bank_holidays(reference: Path | None = None) -> dict[date, str]:
    """The days of the council's `bank_holidays.csv` (`day,says`) when it stands in `reference`, else England's.

    Raises:
        ContractError: a column is missing or a day cannot be read, with the line's number.
    """
    own = reference / BANK_HOLIDAYS.name if reference else None
    file = own if own and own.exists() else BANK_HOLIDAYS
    with file.open(newline="", encoding="utf-8-sig") as handle:
        reader = csv.DictReader(handle)
        found = {}
        for row in reader:
            try:
                found[date.fromisoformat(row["day"])] = row["says"]
            except (KeyError, TypeError, ValueError):
                raise ContractError(
                    "a day cannot be read.",
                    where=f"{file.name} line {reader.line_num}",
                    mend="The header is `day,says`; days are YYYY-MM-DD.",
                ) from None
    return found
