"""What the tests of faults share: how long they run, and good extracts to spoil."""

from __future__ import annotations

import gzip
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tf_integration import conform
from tf_integration.county import generate
from tf_integration.model.feed import Feed, load_feeds

AS_AT = date(2019, 11, 20)
LONG = "long"


def how_many(quick: int, long: int) -> int:
    """Runs of a randomised test: few in `make test`, all of them in `make faults`."""
    return long if os.environ.get("TFI_FAULTS") == LONG else quick


@dataclass(frozen=True)
class Extract:
    """One file of the county: its feed, its text without the county's own faults, and its name unpacked."""

    feed: Feed
    partner: str
    text: str
    name: str


def good_extracts(folder: Path) -> dict[str, Extract]:
    """A good extract of every feed, written below `folder`, with the example county's planted faults taken out."""
    generate(folder, families=60, seed=7, as_at=AS_AT, nights=1)
    files = [f for f in sorted(folder.glob("night_*/*/extracts/*.csv*")) if not f.name.endswith(".json")]
    found: dict[str, Extract] = {}
    for file in files:
        feed = load_feeds()[file.name.split("_2019")[0]]
        data = gzip.decompress(file.read_bytes()) if file.name.endswith(".gz") else file.read_bytes()
        text = data.decode(feed.dialect.encoding).replace("\r\n", "\n").lstrip("\ufeff")
        if text.count("\n") > found.get(feed.feed, Extract(feed, "", "", "")).text.count("\n"):
            clean = _without_faults(text, feed, folder)
            found[feed.feed] = Extract(feed, file.parts[-3], clean, file.name.removesuffix(".gz"))
    return found


def _without_faults(text: str, feed: Feed, folder: Path) -> str:
    plain = folder / "plain.csv"
    plain.write_text(text, encoding=feed.dialect.encoding)
    bad = {r.line_no for r in conform.inspect(plain, feed, AS_AT).rejects()}
    return "".join(line for n, line in enumerate(text.splitlines(keepends=True), 1) if n not in bad)
