"""The platform's own reading of every file: the planted rows are refused, and no other."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

from tf_integration.conform import inspect

from .reading import County, Extract


def test_the_platform_refuses_the_planted_rows_and_no_other(
    county: County, extracts: list[Extract], tmp_path: Path
) -> None:
    for e in extracts:
        content = e.path.read_bytes()
        plain = tmp_path / "plain.csv"
        plain.write_bytes(gzip.decompress(content) if e.path.suffix == ".gz" else content)
        report = inspect(plain, e.feed, date.fromisoformat(e.control["snapshot_on"]))
        assert not report.faults, (e.path.name, report.faults)
        needs_the_warehouse = {
            int(f["line"])
            for f in county.truth("faults")
            if f["file"] == e.path.name and f["fault"] == "unknown_key"
        }
        assert {r.line_no for r in report.rejects()} == e.faulty - needs_the_warehouse, e.path.name
        assert report.rows_read == e.control["rows"]
