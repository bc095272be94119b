"""Blocks of records into typed batches: casts, checks, rejects and measures, a block at a time.

The line number of a row is the physical line on which its record starts.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

import polars as pl

from tf_integration.conform.blocks import REFUSALS, Block, Reader
from tf_integration.conform.exchanged import Exchanged
from tf_integration.conform.header import Layout, read_header
from tf_integration.conform.keys import Keys
from tf_integration.conform.report import FileFault, Reject, Staged
from tf_integration.conform.rules import Rule, row_rules, value, warnings
from tf_integration.model.feed import Column, Feed

CHECKED_REF = "person_ref_checked"  # person_ref as the identifier that the contract says it is, when it checks
KEYS_KEPT = 100_000  # keys of refused rows that count as seen; a file with more is held anyway
_DTYPES = {"date": pl.Date, "integer": pl.Int64}


@dataclass
class Batch:
    """Rows as CSV text for COPY: good ones whole, refused ones whose key could be read as key only."""

    good: bytes
    refused_keys: bytes


class Parser:
    """Reads one file of a feed. `open()`, then `batches()` to its end, then `keys` and the report."""

    def __init__(self, stream: BinaryIO, feed: Feed, snapshot_on: date, staged: Staged) -> None:
        self.feed, self.snapshot_on, self.staged, self.keys = feed, snapshot_on, staged, Keys()
        self._reader = Reader(stream, feed.dialect)
        self._layout = Layout((), ())
        self._seen: Counter[str] = Counter()
        self._refused_kept = 0
        self._exchanged = Exchanged(feed)
        self._trailer: tuple[int, int | None] | None = None

    def open(self) -> bool:
        """Read the header; False, with the faults in the report, when the file is not laid out as the contract says."""
        try:
            line = self._reader.header()
            found = read_header(line, self.feed, self.feed.dialect.preamble_lines + 1)
        except FileFault as error:
            self.staged.faults.append(error.fault)
            return False
        if not isinstance(found, Layout):
            self.staged.faults += found
            return False
        self._layout, self._present = found, set(found.names)
        self._columns = [c for c in self.feed.columns if c.name in self._present]
        self._rules = row_rules(self.feed, self._present, self.snapshot_on)
        self._warnings = warnings(self.feed, self._present)
        for name in found.absent:
            self.staged.warn("column_absent", name, f"The file has no column {name}; send it where you hold it.")
        return True

    @property
    def staged_columns(self) -> list[str]:
        """The columns of `Batch.good`, in order."""
        checked = [CHECKED_REF] if self.feed.person_ref_is != "text" else []
        return ["line_no", *(c.name for c in self._columns), *checked]

    @property
    def key_columns(self) -> list[str]:
        """The columns of `Batch.refused_keys`, in order."""
        return ["line_no", *self.feed.key]

    def batches(self) -> Iterator[Batch]:
        """Every batch of the file. A fault of the whole file ends it early and stands in the report."""
        try:
            for block in self._reader.blocks(len(self._layout.names)):
                yield self._batch(block)
            self._check_trailer()
        except FileFault as error:
            self.staged.faults.append(error.fault)
        self._measure_all()

    def _batch(self, block: Block) -> Batch:
        self._note_trailer(block)
        self.staged.warn("blank_line", None, "Remove blank lines; they are not rows.", block.blank_lines)
        frame = self._typed(block)
        broken = frame.select(
            (r.broken & self._binds(r)).fill_null(False).alias(str(i)) for i, r in enumerate(self._rules)
        )
        bad = broken.select(pl.any_horizontal(pl.all())).to_series() if len(frame) else pl.Series(dtype=pl.Boolean)
        self.staged.rows_read += len(frame) + len(block.refused)
        self.staged.rows_rejected += int(bad.sum() or 0) + len(block.refused)
        self._refuse(block, frame, broken, bad)
        refused = self._refused_keys(frame, broken, bad)
        good = frame.filter(~bad) if bad.any() else frame
        self._measure(good)
        return Batch(_csv(good.select(self.staged_columns)), refused)

    def _binds(self, rule: Rule) -> pl.Expr:
        """A row that only withdraws its key need fill nothing else."""
        if rule.on_delete or "op" not in self._present:
            return pl.lit(True)
        return pl.col("op").ne_missing("D")

    def _typed(self, block: Block) -> pl.DataFrame:
        names = [f"raw:{n}" for n in self._layout.names]
        if len(block.lines):
            frame = pl.read_csv(
                io.BytesIO(block.data),
                has_header=False,
                new_columns=names,
                infer_schema=False,
                separator=self.feed.dialect.delimiter,
                quote_char='"',
            )
        else:
            frame = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
        if len(frame) != len(block.lines):
            raise FileFault(
                "unreadable",
                "Rows cannot be told apart: check quotes and line ends.",
                int(block.lines[0]) if len(block.lines) else None,
            )
        if b'""' in block.data:
            frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all()).name.keep())
        typed = [value(c, self.feed) for c in self._columns]
        if self.feed.person_ref_is != "text":
            as_identifier = Column(name="person_ref", type=self.feed.person_ref_is, purpose="", lawful_basis="")
            typed.append(value(as_identifier, self.feed).alias(CHECKED_REF))
        absent = [
            pl.lit(None, dtype=_DTYPES.get(self.feed.column(n).type, pl.String)).alias(n) for n in self._layout.absent
        ]
        return frame.with_columns(pl.Series("line_no", block.lines), *typed, *absent)

    def _refuse(self, block: Block, frame: pl.DataFrame, broken: pl.DataFrame, bad: pl.Series) -> None:
        rejects = [Reject(line, None, rule, REFUSALS[rule]) for line, rule in block.refused]
        if bad.any():
            self._exchanged.saw(frame.filter(bad), self._columns)
            lines = frame["line_no"]
            for i, rule in enumerate(self._rules):
                if broken[str(i)].any():
                    rejects += [
                        Reject(n, rule.column, rule.name, rule.what_to_do) for n in lines.filter(broken[str(i)])
                    ]
        rejects.sort(key=lambda r: r.line_no)
        self.staged.refuse(rejects)

    def _refused_keys(self, frame: pl.DataFrame, broken: pl.DataFrame, bad: pl.Series) -> bytes:
        """A row that is refused for another column is still there: its key has not vanished."""
        if not bad.any() or self._refused_kept >= KEYS_KEPT:
            return b""
        in_key = [str(i) for i, r in enumerate(self._rules) if r.column in self.feed.key]
        unread = broken.select(pl.any_horizontal(in_key)).to_series()
        keys = frame.filter(bad & ~unread).select(self.key_columns)
        self._refused_kept += len(keys)
        return _csv(keys)

    def _measure(self, good: pl.DataFrame) -> None:
        """Count what the guards ask about: blanks, codes, and days of the month that could not be months."""
        if not len(good):
            return
        self.keys.add(good.select(self.feed.key).hash_rows(seed=7).to_numpy(), good["line_no"].to_numpy())
        seen = self._seen
        for column in self._columns:
            values = good[column.name]
            seen[f"null:{column.name}"] += values.null_count()
            if column.type == "code":
                for code, n in values.drop_nulls().value_counts().iter_rows():
                    seen[f"code:{column.name}:{code}"] += n
            elif column.type == "date":
                seen[f"day_over_12:{column.name}"] += int((values.dt.day() > 12).sum() or 0)
        for rule, n in zip(
            self._warnings,
            good.select(w.broken.sum().alias(str(i)) for i, w in enumerate(self._warnings)).row(0)
            if self._warnings
            else (),
            strict=True,
        ):
            self.staged.warn(rule.name, rule.column, rule.what_to_do, n or 0)

    def _measure_all(self) -> None:
        rows = self.staged.rows_loaded
        shares = {name: n / rows for name, n in sorted(self._seen.items()) if rows}
        self.staged.measures = {"rows": rows} | shares | self._exchanged.measures()

    def _note_trailer(self, block: Block) -> None:
        if self._trailer and (len(block.lines) or block.refused or block.trailer):
            raise FileFault("trailer", "The trailer row is the last; there are rows after it.", self._trailer[0])
        self._trailer = block.trailer or self._trailer

    def _check_trailer(self) -> None:
        if not self.feed.dialect.trailer:
            return
        if not self._trailer:
            raise FileFault("trailer", "The last row is TRAILER and the number of rows; it is missing.")
        line, count = self._trailer
        if count != self.staged.rows_read:
            raise FileFault(
                "trailer", f"The trailer's number of rows is not the {self.staged.rows_read} of the file.", line
            )


def _csv(frame: pl.DataFrame) -> bytes:
    if not len(frame):
        return b""
    out = io.BytesIO()
    frame.write_csv(out, include_header=False)
    return out.getvalue()
