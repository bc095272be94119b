"""The example county's records as a warehouse holds them after its last night, each with who is truly behind it."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from tf_integration.county import generate
from tf_integration.store import warehouse
from tf_integration.text import dates, identifiers, postcodes

LAST_NIGHT = date(2019, 11, 20)
READ = {
    "nhs_number": identifiers.nhs_number,
    "upn": identifiers.upn,
    "former_upn": identifiers.upn,
    "nino": identifiers.nino,
    "uprn": identifiers.uprn,
    "postcode": postcodes.postcode,
    "date_of_birth": lambda text: str(dates.parse(text) or "") or None,
}
PLAIN = ("forename", "surname", "sex", "address")
COLUMNS = ("partner", "feed", "person_ref", "introduces", *PLAIN, *READ)
Record = dict[str, str]
_DELIVERY = """
    INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode, contract_version,
                                  code_version, state)
    VALUES (1, 'any', 'any', 'any', '2019-11-20', 1, 'whole', '1', '1', 'accepted') ON CONFLICT DO NOTHING"""
_RECORDS = """
    INSERT INTO core.source_record (source_record_id, {names}, first_snapshot_on, delivery_id, line_no, known_from)
    SELECT core.hash_id('person|' || partner || '|' || feed || '|' || person_ref), {names}, '2019-11-20', 1, 1,
           cast(:seen AS timestamptz)
    FROM arriving"""
_LINKS = """
    SELECT r.partner, r.feed, r.person_ref, l.person_id
    FROM core.source_record r JOIN identity.person_link l USING (source_record_id)
    WHERE r.known_to = 'infinity' AND l.known_to = 'infinity'"""


def county_records(folder: Path, families: int, seed: int) -> list[Record]:
    """Every source record of the county, with `person` (the truth). Rows that a check would reject are left out."""
    generate(folder, families, seed, LAST_NIGHT, 2)
    with (folder / "truth" / "source_rows.csv").open(encoding="utf-8") as handle:
        truth = {(r["partner"], r["feed"], r["person_ref"]): r["person_id"] for r in csv.DictReader(handle)}
    latest: dict[tuple[str, str, str], Record] = {}
    for file in sorted(folder.glob("night_*/*/extracts/*.csv*")):
        if file.name.endswith(".json"):
            continue
        feed, partner = file.name.split("_20")[0], file.parts[-3]
        raw = file.read_bytes()
        text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(text)):
            key = (partner, feed, row.get("person_ref") or "")
            if key in truth:
                latest[key] = {"person": truth[key], **_record(partner, feed, row)}
    return [
        r
        for r in latest.values()
        if r["introduces"] == "false" or any(r[c] for c in ("surname", "upn", "nino", "nhs_number"))
    ]


def _record(partner: str, feed: str, row: dict[str, str]) -> Record:
    read = {c: clean(row.get(c) or "") or "" for c, clean in READ.items()}
    return {
        "partner": partner,
        "feed": feed,
        "person_ref": row["person_ref"],
        "introduces": "true" if "surname" in row else "false",
        **{c: row.get(c) or "" for c in PLAIN},
        **read,
    }


def put(conn: sa.engine.Connection, records: list[Record], seen: str) -> None:
    """Put records in as current ones."""
    conn.exec_driver_sql(_DELIVERY)
    out = io.StringIO()
    csv.writer(out).writerows([r[c] for c in COLUMNS] for r in records)
    names = ", ".join(COLUMNS)
    conn.exec_driver_sql(f"CREATE TEMP TABLE arriving AS SELECT {names} FROM core.source_record LIMIT 0")  # noqa: S608
    warehouse.copy_in(conn, "arriving", COLUMNS, [out.getvalue().encode()])
    conn.execute(sa.text(_RECORDS.format(names=names)), {"seen": seen})
    conn.exec_driver_sql("DROP TABLE arriving")


def persons_of(conn: sa.engine.Connection, records: list[Record]) -> list[tuple[str, str]]:
    """(true person, person linked) of each record; one that waits stands alone."""
    rows = conn.exec_driver_sql(_LINKS)
    linked = {(p, f, ref): str(person) for p, f, ref, person in rows}
    return [
        (r["person"], linked.get((r["partner"], r["feed"], r["person_ref"]), f"alone {n}"))
        for n, r in enumerate(records)
    ]


def precision_and_recall(found: list[tuple[str, str]]) -> tuple[float, float]:
    """Over all pairs of records: how many linked pairs are truly one person, and how many true pairs are linked."""

    def pairs(groups: list[object]) -> int:
        sizes: dict[object, int] = {}
        for group in groups:
            sizes[group] = sizes.get(group, 0) + 1
        return sum(n * (n - 1) // 2 for n in sizes.values())

    both = pairs(list(found))
    return both / pairs([linked for _, linked in found]), both / pairs([true for true, _ in found])
