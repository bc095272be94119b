"""Take everything about some source records out of the warehouse, wherever it stands."""

from __future__ import annotations

from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def forget(conn: Connection) -> dict[str, int]:
    """Delete what rests on the source records of the temporary table `forgotten`; rows deleted, by table.

    Persons of whom nothing else is known go with them. Every version goes: an earlier state of knowledge cannot be
    asked for them any more.
    """
    conn.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.forgotten_person")
    warehouse.run(conn, "keep/forgotten__person.sql")
    counts = {
        "core.absence": warehouse.run(conn, "keep/forgotten__absence.sql").rowcount,
        "assess.evidence": warehouse.run(conn, "keep/forgotten__evidence.sql").rowcount,
    }
    for place in warehouse.run(conn, "keep/places.sql").mappings().all():
        held = "forgotten" if place["points_at"] == "source_record_id" else "forgotten_person"
        gone = conn.exec_driver_sql(
            f"DELETE FROM {place['place']} WHERE {place['column_name']} IN "  # noqa: S608 - names of our own catalogue
            f"(SELECT {place['points_at']} FROM {held})"
        ).rowcount
        counts[place["place"]] = counts.get(place["place"], 0) + gone
    return {table: n for table, n in counts.items() if n}
