"""One file as a partner sends it: digested and counted while it is written, with its control file."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tf_integration.model.feed import Feed

_BUFFER = 1 << 16


class _Digest(io.RawIOBase):
    """A file that counts and digests what is written to it."""

    def __init__(self, file: Path) -> None:
        self._raw = file.open("wb", buffering=0)
        self.sha, self.bytes = hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, block: Any) -> int:
        written = self._raw.write(block)
        self.sha.update(block[:written])
        self.bytes += written
        return written

    def close(self) -> None:
        self._raw.close()
        super().close()


@dataclass
class Sent:
    """One file of a feed: the night on which it is there, its own date, and the days that it speaks for."""

    night: int
    snapshot_on: date
    sequence: int
    covers_from: date
    covers_to: date
    quiet: bool = False
    faults: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 0
    line: int = 0
    name: str = ""
    folder: Path = Path()

    def open(self, folder: Path, feed: Feed, habits: dict[str, Any]) -> None:
        """Start the file. `habits`: `gz`, `crlf`, `bom`."""
        dialect, self.folder = feed.dialect, folder
        self.name = f"{feed.feed}_{self.snapshot_on:%Y%m%d}_{self.sequence:04d}.csv" + (
            ".gz" if habits.get("gz") else ""
        )
        folder.mkdir(parents=True, exist_ok=True)
        self._digest = _Digest(folder / self.name)
        self._bytes: io.BufferedWriter = io.BufferedWriter(self._digest, _BUFFER)
        # No name and no time in the compressed file's header: it is the same on every run.
        onto = gzip.GzipFile("", "wb", 4, self._bytes, 0) if habits.get("gz") else self._bytes
        self._text = io.TextIOWrapper(onto, encoding=dialect.encoding, newline="")
        end = "\r\n" if habits.get("crlf") else "\n"
        self._text.write(
            ("\ufeff" if habits.get("bom") else "") + f"{feed.title}{end}" * dialect.preamble_lines
        )
        self._csv = csv.writer(self._text, delimiter=dialect.delimiter, lineterminator=end)
        self._csv.writerow([c.name for c in feed.columns])
        self.line = dialect.preamble_lines + 1

    def write(self, cells: Sequence[Any]) -> int:
        """Write one row; returns its line, the header's being line 1 (there are no line breaks in cells)."""
        self._csv.writerow(cells)
        self.rows += 1
        self.line += 1
        return self.line

    def close(self, feed: Feed, partner: str) -> list[str]:
        """Finish the data file, then write its control file beside it. Returns both names, in that order."""
        if feed.dialect.trailer:
            self._csv.writerow(["TRAILER", self.rows])
        self._text.close()
        self._bytes.close()
        if not feed.control_file:
            return [self.name]
        control = {
            "feed": feed.feed,
            "partner": partner,
            "snapshot_on": str(self.snapshot_on),
            "mode": feed.mode,
            "sequence": self.sequence,
            "rows": self.rows,
            "bytes": self._digest.bytes,
            "sha256": self._digest.sha.hexdigest(),
            "covers_from": str(self.covers_from),
            "covers_to": str(self.covers_to),
        }
        (self.folder / f"{self.name}.ctl.json").write_text(
            json.dumps(control, indent=1) + "\n", encoding="utf-8"
        )
        return [self.name, f"{self.name}.ctl.json"]
