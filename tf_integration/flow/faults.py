"""What may be said of a fault whose words may quote a row: its type, its SQLSTATE, and where it arose."""

from __future__ import annotations

import traceback
from pathlib import Path


def shape(error: BaseException) -> list[str]:
    """A line per error of the chain, and under it the places it passed through, outermost first; no words."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen:
        code = getattr(getattr(seen, "orig", seen), "pgcode", None)
        lines.append(f"{type(seen).__name__} {code or ''}".rstrip())
        places = traceback.extract_tb(seen.__traceback__)
        lines += [f"  {'/'.join(Path(f.filename).parts[-2:])}:{f.lineno} {f.name}" for f in places]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return lines
