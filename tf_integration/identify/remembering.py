"""What the matcher keeps from night to night: each record's blocks, and the pairs that are alike enough.

Only new and changed records are compared, against the blocks of the rest. What is kept is a function of the current
records, the model and the rules alone; with another model or other rules all is compared again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from tf_integration.identify.blocking import Rows, keys_of
from tf_integration.identify.meeting import Standing, meet
from tf_integration.identify.pairing import Edges, Matcher, Records
from tf_integration.identify.steps import analyse, analyse_kept, build, copy, list_records, read, see_records, write
from tf_integration.store import warehouse

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_INDEXES = {
    "match_key_all_key": "(key) INCLUDE (source_record_id, born)",
    "match_key_all_record": "(source_record_id)",
}
_ALL_AT_ONCE = 4  # when one record in so many is new, comparing all in memory is quicker; the result is the same


def remember(conn: Connection, matcher: Matcher, most_records: int) -> None:
    """Bring identity.match_key and match_edge up to date, and list in `work_touched` whose person may change."""
    was = warehouse.rows(conn, "SELECT made_by, n_records FROM identity.match_state")
    is_new = not was or was[0]["made_by"] != matcher.made_by
    if is_new:
        conn.exec_driver_sql("TRUNCATE identity.match_record")
        conn.exec_driver_sql("UPDATE identity.match_state SET n_records = NULL, n_waiting = NULL, n_persons = NULL")
    build(conn, "work_pending")
    write(conn, "work_pending__take")
    analyse(conn, "work_pending")
    build(conn, "work_placeholder", "" if is_new else "__near", most_records=most_records)
    build(conn, "work_changed", "" if is_new else "__near")
    for table in ("work_seen", "work_edge", "work_linked"):
        build(conn, table)
    if is_new or _is_much(conn, was[0]["n_records"]):
        _compare_all(conn, matcher)
        build(conn, "work_touched", "__all")
        _bring(conn, "__all")
    else:
        _compare_changed(conn, matcher)
        _touch(conn, matcher)
    write(conn, "placeholder__write")
    write(conn, "communal_known__write")


def _is_much(conn: Connection, n_records: int | None) -> bool:
    if n_records is None:
        n_records = warehouse.scalar(conn, "SELECT count(*) FROM core.source_record WHERE known_to = 'infinity'")
    changed = warehouse.scalar(conn, "SELECT count(*) FROM work_changed")
    return bool(changed * _ALL_AT_ONCE > n_records)


def settled(conn: Connection, matcher: Matcher) -> dict[str, int]:
    """Remember, once links are written, what was compared and linked; the counts of `resolve` that are kept."""
    build(conn, "work_tally")
    write(conn, "match_record__write")
    write(conn, "match_state__write", made_by=matcher.made_by)
    counted = warehouse.rows(
        conn, "SELECT n_records AS records, n_persons AS persons, n_waiting AS waiting FROM identity.match_state"
    )
    return {name: int(n) for name, n in counted[0].items()}


def _compare_all(conn: Connection, matcher: Matcher) -> None:
    conn.exec_driver_sql("TRUNCATE identity.match_key, identity.match_edge, identity.match_twin")
    write(conn, "work_seen__all")
    analyse(conn, "work_seen")
    list_records(conn, "SELECT source_record_id FROM work_seen")
    records, ids = _records(conn, matcher)
    _keep_all_keys(conn, matcher, records, ids)
    a, b = records.candidates()
    _keep_edges(conn, records.edges(a, b, matcher.matching.review_at), ids)
    _keep_twins(conn, records.twins(a, b), ids)
    analyse_kept(conn, "identity.match_key", "identity.match_edge")


def _compare_changed(conn: Connection, matcher: Matcher) -> None:
    see_records(conn, "SELECT source_record_id FROM work_changed")
    entered = _entered(matcher, *_records(conn, matcher))
    met = meet(conn, entered, matcher.matching.most_in_block)
    build(conn, "work_compared")
    copy(conn, "work_compared", {"source_record_id": met.crossed})
    analyse(conn, "work_compared")
    build(conn, "work_touched")
    for table in ("match_edge", "match_twin", "match_key"):
        write(conn, f"{table}__close")
    by_key = entered.where(np.argsort(entered.block))  # written in the order of the index
    columns = {"key": by_key.block, "source_record_id": by_key.record, "born": by_key.born}
    copy(conn, "identity.match_key_since", columns | {"is_since": np.ones(len(by_key.block), dtype=bool)})
    see_records(conn, np.unique(np.r_[met.a, met.b]))
    records, ids = _records(conn, matcher)
    stand = np.isin(met.a, ids) & np.isin(met.b, ids)
    a, b = (np.searchsorted(ids, column[stand]) for column in (met.a, met.b))
    _keep_edges(conn, records.edges_of(a, b, matcher.matching.review_at), ids)
    _keep_twins(conn, records.twins_of(a, b), ids)


def _entered(matcher: Matcher, records: Records, ids: Rows) -> Standing:
    rows = list(_block_rows(matcher, records, ids))
    return Standing(*(np.concatenate([r[column] for r in rows]) for column in ("key", "source_record_id", "born")))


def _touch(conn: Connection, matcher: Matcher) -> None:
    """Fill up `work_touched` from step to step until nothing more is near, and bring what settling needs of each."""
    step, found = 0, 1
    while found:
        see_records(conn, f"SELECT source_record_id FROM work_touched WHERE step = {step}")  # noqa: S608
        _bring(conn, "__more", step=step)
        found = write(conn, "work_touched__more", step=step, join_at=matcher.matching.join_at)
        analyse(conn, "work_touched")
        step += 1


def _bring(conn: Connection, how: str, **step: int) -> None:
    for table in ("work_edge", "work_linked"):
        write(conn, table + how, **step)
        analyse(conn, table)


def _records(conn: Connection, matcher: Matcher) -> tuple[Records, Rows]:
    """What the listed records say, and their ids in rising order: row i is ids[i]."""
    frame = read(conn, "said")
    return Records(frame, matcher), frame["source_record_id"].to_numpy()


def _keep_all_keys(conn: Connection, matcher: Matcher, records: Records, ids: Rows) -> None:
    """The blocks of all records in one go; their indexes are made afterwards, which takes a tenth of the time."""
    conn.exec_driver_sql("DROP INDEX " + ", ".join(f"identity.{name}" for name in _INDEXES))
    for rows in _block_rows(matcher, records, ids):
        copy(conn, "identity.match_key_all", rows | {"is_since": np.zeros(len(rows["key"]), dtype=bool)})
    for name, columns in _INDEXES.items():
        conn.exec_driver_sql(f"CREATE INDEX {name} ON identity.match_key_all {columns}")


def _block_rows(matcher: Matcher, records: Records, ids: Rows) -> Iterator[dict[str, np.ndarray]]:
    """Per block of the rules: the key and the birth date of each record that stands in it."""
    born = records.profiles.born[records.profile]
    for fields in matcher.matching.blocks:
        key = keys_of(records.profiles, fields).view(np.int64)[records.profile]
        held = np.flatnonzero(key)
        counts = matcher.matching.births_tell(fields)
        yield {"key": key[held], "source_record_id": ids[held], "born": born[held] * counts}


def _keep_edges(conn: Connection, edges: Edges, ids: Rows) -> None:
    edges = edges.where(np.lexsort((edges.b, edges.a)))  # the ids rise with the rows: written in the order of the key
    columns = {
        "source_record_a": ids[edges.a],
        "source_record_b": ids[edges.b],
        "match_weight": edges.weight,
        "levels": edges.levels,
    }
    copy(conn, "identity.match_edge", columns)


def _keep_twins(conn: Connection, twins: Edges, ids: Rows) -> None:
    columns = {"source_record_a": ids[twins.a], "source_record_b": ids[twins.b], "levels": twins.levels}
    copy(conn, "identity.match_twin", columns)
