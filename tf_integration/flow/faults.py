"""What may be said of a fault whose words may quote a row: its type, its SQLSTATE, and where it arose."""

from __future__ import annotations

import traceback
from pathlib import Path

from tf_integration.model.settings import PROJECT

_OURS = str(PROJECT / "tf_integration")
_STORE = f"{_OURS}/store/"        # the last place of every database error, and so of no help


def place(error: BaseException) -> str:
    """The error's type, SQLSTATE and the last verb of ours that it passed through, in one line."""
    frames = list(traceback.extract_tb(error.__traceback__))
    ours = [f for f in frames if f.filename.startswith(_OURS) and not f.filename.startswith(_STORE)] or frames
    return f"{_kind(error)} at {_where(ours[-1])}" if ours else _kind(error)


def shape(error: BaseException) -> list[str]:
    """A line per error of the chain, and under it the places it passed through, outermost first; no words."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen:
        lines.append(_kind(seen))
        lines += [f"  {_where(f)}" for f in traceback.extract_tb(seen.__traceback__)]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return lines


def _kind(error: BaseException) -> str:
    code = getattr(getattr(error, "orig", error), "pgcode", None)
    return f"{type(error).__name__} {code or ''}".rstrip()


def _where(frame: traceback.FrameSummary) -> str:
    return f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
