"""A delivery's file into the temporary table `staging`, its faulty rows into `landing.reject`."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tf_integration.conform import views
from tf_integration.conform.alone import TWICE, reject
from tf_integration.conform.apply import prepare_rows
from tf_integration.conform.blocks import Reader
from tf_integration.conform.header import Layout, read_header
from tf_integration.conform.parse import Batch, Parser
from tf_integration.conform.report import Fault, FileFault, Staged
from tf_integration.conform.source import Source
from tf_integration.model.feed import Feed
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

UNKNOWN = "No row with this key is known; nothing to withdraw."
REJECT_COLUMNS = ("delivery_id", "line_no", "column_name", "rule", "what_to_do")


class Vanishing(NamedTuple):
    """Keys of the last accepted whole snapshot, and how many of them the staged file lacks."""

    known: int
    gone: int


def open_header(file: Path, feed: Feed) -> Layout | list[Fault]:
    """The header alone: where the declared columns stand, or what is wrong with it."""
    with file.open("rb") as stream:
        try:
            return read_header(Reader(stream, feed.dialect).header(), feed, feed.dialect.preamble_lines + 1)
        except FileFault as error:
            return [error.fault]


def stage(conn: Connection, file: Path, source: Source, record: bool = True) -> Staged:
    """Read a plain file into `staging`. With faults of the file in the report, `staging` is not to be applied.

    `record`: write the rejected rows to `landing.reject`, in place of an earlier reading's.
    """
    staged = Staged()
    views.create(conn, source)
    with file.open("rb", buffering=0) as stream:
        parser = Parser(stream, source.feed, source.snapshot_on, staged)
        if parser.open():
            _copy(conn, parser)
            staged.erased = _erased(conn, source.feed)
    if not staged.faults:
        conn.exec_driver_sql("ANALYZE staging")
        _settle_keys(conn, parser, staged)
    if record:
        warehouse.run(conn, "core/clear_rejects.sql", delivery_id=source.delivery_id)
        warehouse.copy_in(conn, "landing.reject", REJECT_COLUMNS, staged.rejects_csv(source.delivery_id))
    return staged


def vanishing(conn: Connection, source: Source) -> Vanishing:
    """Compare the staged whole snapshot with the last accepted one; keys of refused rows count as there."""
    prepare_rows(conn)
    found = warehouse.run(conn, "core/vanishing.sql", kinds=views.kinds(source.feed)).one()
    return Vanishing(int(found.known), int(found.gone))


def _copy(conn: Connection, parser: Parser) -> None:
    refused: list[bytes] = []

    def rows() -> Iterator[bytes]:
        for batch in _ahead(parser.batches()):
            refused.append(batch.refused_keys)
            yield batch.good

    warehouse.copy_in(conn, "staging", parser.staged_columns, rows())
    warehouse.copy_in(conn, "staging_refused", parser.key_columns, refused)


def _erased(conn: Connection, feed: Feed) -> set[str]:
    """Take out the rows of people who were erased; whose they are. To the partner they count as any other."""
    if "person_ref" not in feed.key or not warehouse.scalar(conn, "SELECT EXISTS (SELECT FROM keep.suppressed)"):
        return set()
    return set(warehouse.run(conn, "core/suppressed_rows.sql").scalars())


def _ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same batches, made by a thread that is one ahead, so that parsing and COPY overlap."""
    made: queue.Queue[Batch | BaseException | None] = queue.Queue(1)
    stop = threading.Event()

    def offer(item: Batch | BaseException | None) -> None:
        while not stop.is_set():
            try:
                return made.put(item, timeout=0.2)
            except queue.Full:
                continue

    def work() -> None:
        try:
            for batch in batches:
                offer(batch)
                if stop.is_set():
                    return
            offer(None)
        except BaseException as error:  # handed over, raised in the caller's thread
            offer(error)

    thread = threading.Thread(target=work, name="conform", daemon=True)
    thread.start()
    try:
        while (item := made.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        thread.join()


def _settle_keys(conn: Connection, parser: Parser, staged: Staged) -> None:
    """What needs the whole file: a key that stands twice, and a withdrawal of a key that nobody knows."""
    lines = ("\n".join(map(str, rows["line"].tolist())).encode() + b"\n" for rows, _ in parser.keys.twice())
    warehouse.copy_in(conn, "staging_candidate", ["line_no"], lines)
    conn.exec_driver_sql("ANALYZE staging_candidate")
    if parser.feed.mode == "increment":
        # Line order decides: what is known before a withdrawal, and which row of a key is the last word.
        unknown = warehouse.run(conn, "core/unknown_deletes.sql", kinds=views.kinds(parser.feed)).scalars().all()
        reject(staged, sorted(unknown), "unknown_key", UNKNOWN)
        staged.measures["duplicate_keys"] = warehouse.run(conn, "core/superseded_rows.sql").rowcount
        return
    twice = warehouse.run(conn, "core/duplicate_rows.sql").scalars().all()
    staged.measures["duplicate_keys"] = len(twice)
    reject(staged, sorted(twice), "duplicate_key", TWICE)
