"""Earlier claims into the ledger: what is new of a file, once; a row that contradicts what stands is refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from tf_integration.claim.acts import record
from tf_integration.claim.read import COLUMNS, ClaimFile, Fault
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

_HELD = "a claim stands already for this child: {}"
_OF_IT = "a claim stands already for a child of it: {}"
_HELD_REMEDY = "a family has one result: withdraw one of the two claims, or take this one out"


def load(conn: Connection, file: ClaimFile, by: str, because: str) -> dict[str, Any]:
    """Load the file's good rows; the same rows again change nothing.

    Returns: `rows_read`, `rows_refused`, `rows_new`, `claims_new`, `claims_moved` (to another state), `people_waiting`
    (references that no partner has introduced yet) and `refused`: a list of line, column, fault, remedy.

    Raises:
        sqlalchemy.exc.IntegrityError: another draft or import took one of the children at the same moment.
    """
    warehouse.run(conn, "claim/import__incoming.sql")
    text = io.StringIO()
    csv.writer(text).writerows([line, *(row[c] for c in COLUMNS)] for line, row in file.rows.items())
    quoted = text.getvalue().encode()
    warehouse.copy_in(conn, "incoming", ["line", *COLUMNS], [quoted])
    faults = list(file.faults)
    faults += _refuse(conn, "claim/import__unknown.sql", _as_said)
    faults += _refuse(conn, "claim/import__differs.sql", _as_said)
    while held := _refuse(conn, "claim/import__held.sql", _as_held):
        faults += held  # a claim that is refused refuses nobody: look again without it
    told = _write(conn, by, because)
    refused = sorted({f.line for f in faults})
    told |= {
        "rows_read": file.read,
        "rows_refused": len(refused),
        "refused": [vars(f) for f in sorted(faults, key=_place)],
    }
    if told["claims_new"] or told["claims_moved"] or told["rows_new"]:
        counts = {k: v for k, v in told.items() if isinstance(v, int)}
        record(conn, "imported", by, because, detail={"file": file.name, "sha256": file.sha256, **counts})
    return told


def _refuse(conn: Connection, path: str, fault: Callable[[dict[str, Any]], Fault]) -> list[Fault]:
    """The faults that a statement finds; their rows are taken out before the next statement looks."""
    found = [fault(dict(row)) for row in warehouse.run(conn, path).mappings()]
    warehouse.run(conn, "claim/import__refuse.sql", lines=[f.line for f in found])
    return found


def _as_said(row: dict[str, Any]) -> Fault:
    return Fault(row["line"], row["column_name"], row["fault"], row["remedy"])


def _as_held(row: dict[str, Any]) -> Fault:
    if row["is_child"]:
        return Fault(row["line"], "person_ref", _HELD.format(row["other_ref"]), _HELD_REMEDY)
    return Fault(row["line"], "claim_ref", f"its claim is refused: {_OF_IT.format(row['other_ref'])}", _HELD_REMEDY)


def _place(fault: Fault) -> tuple[int, str]:
    return fault.line, fault.column


def _write(conn: Connection, by: str, because: str) -> dict[str, Any]:
    waiting = warehouse.run(conn, "claim/import__waiting.sql").scalar_one()
    claims = warehouse.run(conn, "claim/import__claim.sql").rowcount
    people = warehouse.run(conn, "claim/import__person.sql").rowcount
    families = warehouse.run(conn, "claim/import__family.sql").rowcount
    moved = warehouse.run(conn, "claim/import__transfer.sql", by=by, because=because).rowcount
    return {
        "claims_new": claims,
        "claims_moved": moved - claims,
        "rows_new": max(people, families, moved),
        "people_waiting": waiting,
    }
