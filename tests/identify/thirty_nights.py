"""Thirty nights of a county's records: arrivals, corrections and withdrawals, as partners bring them."""

from __future__ import annotations

import random
from typing import Any

import sqlalchemy as sa
from county_records import Record, put
from small_county import County

NIGHTS = 30


def key(record: Record) -> tuple[str, str, str]:
    return record["partner"], record["feed"], record["person_ref"]


def plan(records: list[Record], seed: int) -> list[list[tuple[str, Record]]]:
    """What each night brings: `put` a record as it is then, or `delete` it."""
    rng = random.Random(seed)
    nights: list[list[tuple[str, Record]]] = [[] for _ in range(NIGHTS)]
    for record in records:
        at = 0 if rng.random() < 0.5 else rng.randrange(1, NIGHTS)
        if record["introduces"] == "true" and rng.random() < 0.2 and at < NIGHTS - 1:
            was = record | {rng.choice(("postcode", "address", "uprn", "nhs_number", "forename", "date_of_birth")): ""}
            if any(was[c] for c in ("surname", "upn", "nino", "nhs_number")):
                nights[at].append(("put", was))
                at = rng.randrange(at + 1, NIGHTS)      # corrected on a later night
        nights[at].append(("put", record))
        if rng.random() < 0.04 and at < NIGHTS - 1:
            nights[rng.randrange(at + 1, NIGHTS)].append(("delete", record))
    return nights


def standing(nights: list[list[tuple[str, Record]]]) -> list[Record]:
    """What stands when all nights have been."""
    held: dict[tuple[str, str, str], Record] = {}
    for night in nights:
        for what, record in night:
            held.pop(key(record), None)
            if what == "put":
                held[key(record)] = record
    return list(held.values())


def bring(conn: sa.engine.Connection, night: list[tuple[str, Record]], seen: str) -> None:
    """One night's news: the old versions closed, the new ones put in."""
    for _, record in night:
        partner, feed, ref = key(record)
        conn.execute(
            sa.text("UPDATE core.source_record SET known_to = cast(:t AS timestamptz) WHERE partner = :p AND feed = :f "
                    "AND person_ref = :r AND known_to = 'infinity'"),
            {"t": seen, "p": partner, "f": feed, "r": ref},
        )
    put(conn, [record for what, record in night if what == "put"], seen)


def persons(county: County) -> dict[int, frozenset[int]]:
    """Each linked record and all records of its person."""
    held: dict[int, set[int]] = {}
    rows: list[tuple[Any, ...]] = county.rows(
        "SELECT person_id, source_record_id FROM identity.person_link WHERE known_to = 'infinity'")
    for person, record in rows:
        held.setdefault(person, set()).add(record)
    return {record: frozenset(held[person]) for person, record in rows}
