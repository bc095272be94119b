"""Every check of a file that needs no database: the same parser, and no word of what the warehouse knows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tf_integration.conform.parse import Parser
from tf_integration.conform.report import Reject, Staged
from tf_integration.model.feed import Feed

TWICE = "The key stands earlier in the file; send each once."


def inspect(file: Path, feed: Feed, snapshot_on: date) -> Staged:
    """Every check that needs no database, with nothing stored."""
    staged = Staged()
    with file.open("rb", buffering=0) as stream:
        parser = Parser(stream, feed, snapshot_on, staged)
        if parser.open():
            for _ in parser.batches():
                pass
    if not staged.faults:
        twice = [int(line) for rows, earlier in parser.keys.twice() for line in rows["line"][earlier]]
        staged.measures["duplicate_keys"] = len(twice)
        if feed.mode != "increment":
            reject(staged, sorted(twice), "duplicate_key", TWICE)
    return staged


def reject(staged: Staged, lines: list[int], rule: str, what_to_do: str) -> None:
    """Reject rows that only the whole file shows to be faulty."""
    staged.refuse([Reject(line, None, rule, what_to_do) for line in lines])
    staged.rows_rejected += len(lines)
