"""Files that leave the platform: spreadsheets in which no cell is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tf_integration.model.private import write_private
from tf_integration.text.cells import inert


def file_stem(name: str) -> str:
    """A window's or claim's name as the stem of a file's name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-") or "claims"


def write_export(rows: Sequence[Mapping[str, Any]], out: Path, name: str) -> Path:
    """Write the claims of a window as CSV, UTF-8, to `out/<name>.csv`; returns its path."""
    file, text = out / f"{file_stem(name)}.csv", io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(rows[0].keys() if rows else [])
    writer.writerows([inert(v) for v in row.values()] for row in rows)
    write_private(file, text.getvalue())
    return file
