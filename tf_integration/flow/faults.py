"""What may be said of a fault whose words may quote a row: its type, its SQLSTATE, and where it arose."""

from __future__ import annotations

import traceback
from pathlib import Path

from tf_integration.model.errors import PlatformError, ServiceError
from tf_integration.model.settings import PROJECT, Settings

_OURS = str(PROJECT / "tf_integration")
_STORE = f"{_OURS}/store/"        # the last place of every database error, and so of no help
_ABSENT = ("42P01", "42883", "42703", "3F000")  # no such table, function, column, schema
_AWAY = ("08", "28", "3D", "57P")  # connection, sign-on, no such database, shut down


def known(error: BaseException, settings: Settings) -> ServiceError | None:
    """What a fault of the warehouse means to whoever runs a command: away, or of another version; else None."""
    original, code = getattr(error, "orig", None), getattr(getattr(error, "orig", None), "pgcode", None) or ""
    if code.startswith(_AWAY) or (type(original).__name__ == "OperationalError" and not code):
        return ServiceError("it cannot be reached, or does not let us in.", where="warehouse",
                            mend="Run `tfi up`, or mend TFI_WAREHOUSE_URL; `tfi doctor` says more.")
    return other_version(settings) if code in _ABSENT else None


def other_version(settings: Settings) -> ServiceError | None:
    """That the warehouse lacks tables of this version; None when it has them all."""
    from tf_integration.store import warehouse

    try:
        with warehouse.transaction(settings) as conn:
            lacking = warehouse.unapplied(conn)
    except PlatformError:
        return None
    return ServiceError(f"it lacks {len(lacking)} migrations of this version.", where="warehouse",
                        mend="Run `tfi up`, or `tfi prepare` for a warehouse of your own.") if lacking else None


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
