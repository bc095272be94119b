"""Addresses that the council knows to be no dwelling, from `communal.csv` of its reference folder."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from tf_integration.model.errors import ContractError
from tf_integration.store import warehouse

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

COLUMNS = ("uprn", "address", "postcode", "kind")


def load_communal(conn: Connection, reference: Path) -> int:
    """Replace the known communal addresses by the file's, none where there is no file; returns how many.

    Each row gives a UPRN, or an address with its postcode, and what it is (`refuge`, `hostel`, `school` ...).

    Raises:
        ContractError: the columns or a row are not so; no value of the row is quoted.
    """
    file = reference / "communal.csv"
    rows = _read(file) if file.exists() else []
    warehouse.execute(conn, "DELETE FROM identity.communal")
    for row in rows:
        warehouse.run(conn, "identity/communal__write.sql", **row)
    return len(rows)


def _read(file: Path) -> list[dict[str, str | None]]:
    with file.open(newline="", encoding="utf-8-sig") as handle:
        reader = csv.DictReader(handle)
        if set(reader.fieldnames or ()) != set(COLUMNS):
            raise ContractError("the columns are not those of communal addresses.", where=file.name,
                                mend=f"They are {', '.join(COLUMNS)}.")
        rows = []
        for row in reader:
            said = {c: (row[c] or "").strip() or None for c in COLUMNS}
            if not said["kind"] or not (said["uprn"] or (said["address"] and said["postcode"])):
                raise ContractError("a row lacks what it is, or where.", where=f"{file.name} line {reader.line_num}",
                                    mend="Give `kind`, and `uprn` or both `address` and `postcode`.")
            rows.append(said)
    return rows
