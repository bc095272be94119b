"""How to read a county back from its folder."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tf_integration.model.feed import Feed, load_feeds

AS_AT = date(2019, 3, 15)
FAMILIES = 500


@dataclass
class Extract:
    """One data file as sent: its night, partner, contract, control figures, header and rows."""

    night: int
    partner: str
    feed: Feed
    path: Path
    control: dict[str, Any]
    header: list[str]
    rows: list[dict[str, str]]
    faulty: set[int]  # line numbers of rows that were spoilt on purpose

    def good(self) -> Iterator[dict[str, str]]:
        return (row for line, row in enumerate(self.rows, start=2) if line not in self.faulty)


class County:
    """A county read back from its folder."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.nights: list[dict[str, Any]] = json.loads((out / "nights.json").read_text())

    def truth(self, name: str) -> list[dict[str, str]]:
        with (self.out / "truth" / f"{name}.csv").open(newline="") as handle:
            return list(csv.DictReader(handle))

    def extracts(self) -> list[Extract]:
        faults: dict[str, set[int]] = {}
        for fault in self.truth("faults"):
            faults.setdefault(f"{fault['partner']}/{fault['file']}", set()).add(int(fault["line"]))
        found = []
        for night in self.nights:
            for name in (f for f in night["files"] if not f.endswith(".ctl.json")):
                path = self.out / name
                partner = path.parts[-3]
                control = json.loads((path.parent / f"{path.name}.ctl.json").read_text())
                header, rows = read(path)
                found.append(
                    Extract(
                        night["night"],
                        partner,
                        load_feeds()[path.name.rsplit("_", 2)[0]],
                        path,
                        control,
                        header,
                        rows,
                        faults.get(f"{partner}/{path.name}", set()),
                    )
                )
        return found


def read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    return header, [dict(zip(header, row, strict=False)) for row in rows]
