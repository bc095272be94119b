"""A person's rights: everything held about them, and its erasure."""

from __future__ import annotations

from typing import Any

from tf_integration.keep.forget import forget
from tf_integration.model.errors import CallError
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

SECTIONS = ("records", "facts", "links", "households", "verdicts", "claims", "looks", "disclosures")


def find(conn: Connection, named: str) -> int:
    """The person that a number or `partner:person_ref` means.

    Raises:
        CallError: nobody, or more than one.
    """
    found = list(warehouse.run(conn, "explain/find_person.sql", named=named.strip()).scalars())
    if len(found) != 1:
        what = f"this names {len(found)} persons." if found else "nobody has this number or reference."
        raise CallError(what, where="PERSON", mend="Give a person's number, or partner:person_ref.")
    return int(found[0])


def refs(conn: Connection, person_id: int) -> list[dict[str, Any]]:
    """The source records of a person: `source_record_id`, `partner`, `feed`, `person_ref`."""
    return [dict(r) for r in warehouse.run(conn, "keep/person__refs.sql", person_id=person_id).mappings()]


def held(conn: Connection, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Everything held about a person, by section; of others only the number of a shared household."""
    ids = [r["source_record_id"] for r in refs(conn, person_id)]
    told = {}
    for section in SECTIONS:
        if section == "claims" and not warehouse.scalar(conn, "SELECT to_regclass('claim.person')"):
            continue
        found = warehouse.run(conn, f"keep/person__{section}.sql", person_id=person_id, ids=ids)
        told[section] = [dict(r) for r in found.mappings()]
    return told


def erase(conn: Connection, person_id: int) -> dict[str, int]:
    """Delete everything about a person and remember its references as salted digests; rows deleted, by table."""
    ids = [r["source_record_id"] for r in refs(conn, person_id)]
    warehouse.run(conn, "keep/suppress.sql", ids=ids)
    conn.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.forgotten CASCADE")
    conn.exec_driver_sql("CREATE TEMP TABLE forgotten (source_record_id bigint PRIMARY KEY) ON COMMIT DROP")
    warehouse.execute(conn, "INSERT INTO forgotten VALUES (:id)", [{"id": i} for i in ids])
    return forget(conn)
