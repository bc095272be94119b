"""A partner's own check of an extract before sending it: the code of a delivery, no warehouse, nothing stored.

What needs the warehouse is left out: the sequence, the last files' volume and keys, and withdrawals of unknown keys.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tf_integration.check import guards as guard
from tf_integration.check import plain
from tf_integration.check import suite as expectations
from tf_integration.check.guards import Guards, Rows
from tf_integration.check.rows import typed
from tf_integration.conform import alone
from tf_integration.conform.parse import Parser
from tf_integration.conform.report import Staged
from tf_integration.flow.findings import exchanged_days, expectation_reasons, file_faults
from tf_integration.land import receipt_words
from tf_integration.land.limits import load_limits
from tf_integration.land.open import open_text
from tf_integration.land.unreadable import Unreadable
from tf_integration.model.delivery import CONTROL, Control, FileName, Reason, read_control, read_name, worst
from tf_integration.model.errors import CallError
from tf_integration.model.feed import Feed, load_feeds


def dry_run(file: Path, feed: str, snapshot_on: date | None = None, home: Path | None = None) -> dict[str, Any]:
    """What the receipt of this file would say, with the rejected lines under `rejects` and `is_well`.

    `snapshot_on` stands in for a file whose name does not say it. A control file beside the file is compared too.

    Raises:
        CallError: there is no such feed or file, or neither the name nor the call says the snapshot date.
    """
    contract = load_feeds().get(feed)
    if contract is None:
        raise CallError(f"there is no feed {feed}.", mend=f"The feeds are: {', '.join(sorted(load_feeds()))}.")
    if not file.is_file():
        raise CallError("there is no such file.", where=str(file))
    if file.name.endswith(".gpg") and find_spec("tf_integration.land.pgp") is None:
        raise CallError("it is encrypted.", where=file.name, mend="Check it before you encrypt it.")
    name, guards = read_name(file.name), guard.load_guards(home)
    on = snapshot_on or (name.snapshot_on if name else None)
    if on is None:
        raise CallError(
            "its name does not say its date.",
            where=file.name,
            mend=f"Name it {feed}_<YYYYMMDD>_<seq>.csv, or give --snapshot-on.",
        )
    with file.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    control, reasons = _around(file, name, contract, sha256, guards)
    said, staged = _inside(file, name, contract, on, control, guards, home)
    reasons += said
    return _report(file, sha256, reasons, staged)


def _around(
    file: Path, name: FileName | None, feed: Feed, sha256: str, guards: Guards
) -> tuple[Control | None, list[Reason]]:
    """The name and the control file."""
    reasons = []
    if name is None or name.feed != feed.feed:
        reasons.append(guards.reason("file_name"))
        name = None
    beside = file.with_name(file.name + CONTROL)
    if not beside.exists():
        return None, [*reasons, *([guards.reason("control_file_missing")] if feed.control_file else [])]
    control, fault = read_control(beside.read_bytes())
    if name is None:
        return control, reasons
    partner = control.partner if control and feed.partner == "any" else feed.partner
    return control, [
        *reasons,
        *guard.control_agrees(
            name, partner, feed, control, fault=fault, sha256=sha256, size=file.stat().st_size, guards=guards
        ),
    ]


def _inside(
    file: Path, name: FileName | None, feed: Feed, on: date, control: Control | None, guards: Guards, home: Path | None
) -> tuple[list[Reason], Staged]:
    """The header and the rows."""
    with tempfile.TemporaryDirectory(prefix="tfi-check-") as folder:
        try:
            text = open_text(
                file,
                Path(folder) / "plain.csv",
                feed.dialect.encoding,
                load_limits(home),
                is_gzip=file.name.endswith(".gz"),
                is_pgp=file.name.endswith(".gpg"),
            )
        except Unreadable as error:
            says = guards.rules[error.rule].says
            return [
                guards.reason(error.rule, says=f"Line {error.line_no}: {says}" if error.line_no else says)
            ], Staged()
        staged = alone.inspect(text, feed, on)
        reasons = file_faults(guards, staged)
        if not staged.faults:
            counted = Rows(
                staged.rows_read,
                staged.rows_rejected,
                repeated=int(staged.measures.get("duplicate_keys", 0)),
                exchanged=exchanged_days(staged),
            )
            reasons += guard.rows_plausible(feed, counted, control, guards)
            reasons += expectation_reasons(guards, _ask_the_suite(text, feed, on, staged.rows_loaded, guards))
        return reasons, staged


def _ask_the_suite(text: Path, feed: Feed, on: date, rows: int, guards: Guards) -> list[expectations.Measure]:
    asked = expectations.load_suite(feed.feed)
    columns = [c for c in expectations.columns_of(asked) if c in {d.name for d in feed.columns}]
    every = max(1, -(-rows // guards.rows_in_memory))
    found = _rows(text, feed, on, columns, every)
    if expectations.is_installed():
        return expectations.run(asked, typed(feed, columns, found), rows, on)
    return plain.run(asked, plain.typed(feed, columns, found), rows, on)


def _rows(text: Path, feed: Feed, on: date, columns: list[str], every: int) -> Iterator[list[str | None]]:
    """The asked columns of every n-th good row that is no withdrawal."""
    with text.open("rb") as stream:
        parser = Parser(stream, feed, on, Staged())
        if not parser.open():
            return
        places = {n: i for i, n in enumerate(parser.staged_columns)}
        op = places.get("op")
        for batch in parser.batches():
            for row in csv.reader(io.StringIO(batch.good.decode(), newline="")):
                if int(row[0]) % every == 0 and not (op is not None and row[op] == "D"):
                    yield [(row[places[c]] or None) if c in places else None for c in columns]


def _report(file: Path, sha256: str, reasons: list[Reason], staged: Staged) -> dict[str, Any]:
    effect = worst(reasons)
    refused = effect in ("reject", "hold")
    status = {"reject": "rejected", "hold": "held"}.get(
        effect or "", "accepted_with_rejects" if staged.rows_rejected else "accepted"
    )
    counts = (
        (staged.rows_read, 0, staged.rows_read)
        if refused
        else (staged.rows_read, staged.rows_loaded, staged.rows_rejected)
    )
    said = receipt_words.content(status=status, file=file.name, sha256=sha256, counts=counts, reasons=reasons)
    lines = sorted(staged.rejects(), key=lambda r: r.line_no)
    return said | {
        "is_well": not refused,
        "rejects": [{"line": r.line_no, "column": r.column, "rule": r.rule, "what_to_do": r.what_to_do} for r in lines],
    }
