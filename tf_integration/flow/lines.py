"""The row of a landed file that a fact came from, shown by the columns that the fact read and no others."""

from __future__ import annotations

import csv
import gzip
from itertools import chain, islice
from pathlib import Path

from tf_integration.model.errors import NeedsAPerson
from tf_integration.model.feed import Feed, load_feeds
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse


def row_read(settings: Settings, delivery_id: int, line_no: int, kind: str) -> dict[str, str]:
    """Column to value, as sent, for the columns that the contract's facts of this kind read.

    A person's name, birth date, address and identifiers are never among them.

    Raises:
        NeedsAPerson: the file is no longer kept, or cannot be opened here.
    """
    with warehouse.transaction(settings) as conn:
        landed = warehouse.run(conn, "explain/landed.sql", delivery_id=delivery_id).mappings().one()
    feed = load_feeds()[landed["feed"]]
    file = settings.landed / (landed["landed_path"] or "")
    if not file.is_file():
        raise NeedsAPerson("the landed file is no longer kept.", where=landed["file_name"],
                           mend="Ask the partner for it by name and digest.")
    if file.suffix == ".gpg":
        raise NeedsAPerson("the file was sent under PGP, and no plain copy of it is kept.", where=landed["file_name"],
                           mend="Ask the partner for the line by name and number.")
    values = _row(file, feed, line_no)
    return {name: values.get(name, "") for name in columns_read(feed, kind)}


def columns_read(feed: Feed, kind: str) -> list[str]:
    """The columns that this contract's facts of a kind test or take, in the contract's order."""
    facts = [f for f in feed.facts if f.kind == kind]
    used = {name for f in facts for name in (*f.when, *f.sources())}
    return [c.name for c in feed.columns if c.name in used and not c.personal]


def _row(file: Path, feed: Feed, line_no: int) -> dict[str, str]:
    """The record that begins on this line; the header is the first line after the preamble."""
    head, opened = feed.dialect.preamble_lines, gzip.open if file.name.endswith(".gz") else open
    encoding = "utf-8-sig" if feed.dialect.encoding == "utf-8" else feed.dialect.encoding
    with opened(file, "rt", encoding=encoding, newline="") as handle:
        lines = islice(handle, head, None)
        kept = chain([next(lines)], islice(lines, line_no - head - 2, None))
        reader = csv.DictReader(kept, delimiter=feed.dialect.delimiter)
        return {k: v or "" for k, v in next(reader).items() if k}
