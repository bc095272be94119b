"""The benefit match: a request about adults, and its reply as a delivery of the feed that the map names.

The request holds what finding a person takes and no more. Those for whom nobody gave an address with a postcode are
left out, since such rows come back unread. The reply goes through the same intake as every file: checked, receipted,
held when odd.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tf_integration.flow.returns import PERSONAL, leave_of, particulars, save, written
from tf_integration.model.delivery import CONTROL, read_name
from tf_integration.model.errors import CallError, ContractError
from tf_integration.model.feed import Feed, load_feeds
from tf_integration.model.returns import Reply, Shape, load_shape
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

_NEEDED = ("surname", "address", "postcode")


def request(settings: Settings, out: Path, by: str, because: str) -> dict[str, Any]:
    """Write the request: a row for each adult who can be asked about. Returns what `written` returns, with `left_out`.

    Raises:
        NeedsAPerson: nobody gave this person leave. Else as `written`.
    """
    shape, where = load_shape("match", settings.home)
    shape.check({"our_ref", *PERSONAL}, where)
    with warehouse.transaction(settings) as conn:
        leave = leave_of(conn, "match", shape, by)
        asked = {"statuses": list(shape.statuses), "adult": shape.adult_from}
        people = list(warehouse.run(conn, "returns/match_people.sql", **asked).scalars())
        said = particulars(conn, people, shape)
        rows = [
            {"our_ref": _ref(person), "person_id": person} | said[person]
            for person in people
            if person in said and all(said[person][name] for name in _NEEDED)
        ]
        left_out = len(people) - len(rows)
        told = written(conn, "match", shape, out, rows, by, because, leave=leave, counts={"left_out": left_out})
        refs = {"our_refs": [r["our_ref"] for r in rows], "people": [r["person_id"] for r in rows]}
        warehouse.run(conn, "returns/ask.sql", made_id=told["made_id"], **refs)
    return told | {"left_out": left_out}


def _ref(person_id: int) -> str:
    """Our reference of a person in a request: stable, and without meaning elsewhere."""
    return f"M{hashlib.sha256(f'match|{person_id}'.encode()).hexdigest()[:14].upper()}"


def reply(settings: Settings, file: Path, made_id: int, snapshot_on: date, out: Path | None = None) -> dict[str, Any]:
    """Read the reply to a request and put it where the partner's extracts stand, with its control file.

    Returns `file`, `rows`, the counts of each `match`, `not_answered`, and `unknown`: the lines whose reference is none
    of the request's; these go no further.

    Raises:
        CallError: there was no such request, the reply lacks a column of the map, or there is no folder to put it into.
        ContractError: the map names no reply, or a feed or column that there is not.
    """
    shape, where = load_shape("match", settings.home)
    read, feed = _feed_of(shape, where)
    rows, digest = _read(file, read)
    with warehouse.transaction(settings) as conn:
        found = warehouse.run(conn, "returns/asked.sql", made_id=made_id).all()
        if not found:
            raise CallError(f"no request {made_id} asked about anybody.", mend="See `tfi returns list`.")
        asked = {r.our_ref: r.person_id for r in found}
        said = particulars(conn, asked.values(), shape, known_at=found[0].made_at)
        known = [r for r in rows if r[read.reference] in asked]
        counts = Counter(r[read.columns[read.match]] for r in {r[read.reference]: r for r in known}.values())
        answers = {r[read.reference]: r[read.columns[read.match]] for r in known}
        kept = {"our_refs": list(answers), "matches": list(answers.values()), "file_sha256": digest}
        warehouse.run(conn, "returns/answer.sql", made_id=made_id, **kept)
        landed = int(warehouse.run(conn, "returns/next_sequence.sql", feed=feed.feed).scalar_one())
    sent = {c.source for c in shape.columns} & set(PERSONAL)      # the partner may read its folder: no more than it had
    extract = _extract(feed, read, known, {
        ref: {name: said[person][name] for name in sent} for ref, person in asked.items() if person in said})
    folder = out or settings.home / "partners" / feed.partner / "extracts"
    names = filter(None, (read_name(f.name) for f in folder.glob("*.csv*")))
    waiting = [n.sequence for n in names if n.feed == feed.feed]      # what nobody has fetched yet counts too
    sequence = max(landed, 1 + max(waiting, default=0))
    name = _put(folder, feed, snapshot_on, sequence, extract, len(known))
    return {
        "file": str(name),
        "rows": len(known),
        "matches": dict(sorted(counts.items())),
        "not_answered": len(asked) - len(answers),
        "unknown": [n for n, r in enumerate(rows, 2) if r[read.reference] not in asked],
    }


def _feed_of(shape: Shape, where: str) -> tuple[Reply, Feed]:
    read = shape.reply
    feed = load_feeds().get(read.feed) if read else None
    if read is None or feed is None:
        raise ContractError("it does not say of which feed the reply is.", where=where, mend="Give reply.feed.")
    if wrong := sorted({*read.columns, read.match} - {c.name for c in feed.columns}):
        raise ContractError(f"the feed has no column {', '.join(wrong)}.", where=where)
    return read, feed


def _read(file: Path, read: Reply) -> tuple[list[dict[str, str]], str]:
    """The rows of a reply, and the digest of the file."""
    try:
        data = file.read_bytes()
        found = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        lacking = sorted({read.reference, *read.columns.values()} - set(found.fieldnames or ()))
        if lacking:
            raise CallError(f"the reply has no column {', '.join(lacking)}.", where=file.name,
                            mend="Name its columns in returns/match.yaml.")  # fmt: skip
        rows = [{k: (v or "").strip() for k, v in row.items() if k} for row in found]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise CallError("it cannot be read as a CSV in UTF-8.", where=str(file)) from None
    return rows, hashlib.sha256(data).hexdigest()


def _extract(
    feed: Feed, read: Reply, rows: list[dict[str, str]], said: Mapping[str, Mapping[str, Any]]
) -> bytes:
    """The reply as an extract of the contract: particulars as they were sent and no other, the rest as it came back."""
    buffer = io.StringIO()
    names = [c.name for c in feed.columns]
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        ref = row[read.reference]
        came = {ours: row[theirs] for ours, theirs in read.columns.items()}
        cells = {**said.get(ref, {}), "person_ref": ref, **came}
        writer.writerow(["" if cells.get(n) is None else str(cells[n]) for n in names])
    return buffer.getvalue().encode()


def _put(folder: Path, feed: Feed, on: date, sequence: int, extract: bytes, rows: int) -> Path:
    if not folder.is_dir():
        raise CallError("there is no such folder to put the reply's extract into.", where=str(folder),
                        mend="Give --out: the partner's extracts/ folder.")  # fmt: skip
    file = folder / f"{feed.feed}_{on:%Y%m%d}_{sequence:04d}.csv"
    control = {
        "feed": feed.feed, "partner": feed.partner, "snapshot_on": on.isoformat(), "mode": feed.mode,
        "sequence": sequence, "rows": rows, "bytes": len(extract), "sha256": hashlib.sha256(extract).hexdigest(),
        "covers_from": on.isoformat(), "covers_to": on.isoformat(),
    }  # fmt: skip
    save(file, extract)
    save(file.with_name(file.name + CONTROL), json.dumps(control).encode())
    return file
