"""The rows of a delivery as a suite wants them: from the temporary table `staging`, all or an even sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tf_integration.model.feed import Feed

if TYPE_CHECKING:
    import pandas as pd

    from tf_integration.store.warehouse import Connection

_NUMBERS = ("integer", "decimal")


def staged_rows(conn: Connection, feed: Feed, columns: Sequence[str], rows: int, most: int) -> pd.DataFrame:
    """The asked columns of every n-th staged row, at most `most` of them; withdrawals are left out."""
    asked = [c for c in columns if c in {d.name for d in feed.columns}]
    every = max(1, -(-rows // most))
    names = ", ".join(f'"{c}"' for c in asked) or "1"  # the contract's names, never a file's
    whole = "op IS DISTINCT FROM 'D'" if feed.mode == "increment" else "true"
    found = conn.exec_driver_sql(f"SELECT {names} FROM staging WHERE {whole} AND mod(line_no, {every:d}) = 0")  # noqa: S608
    return typed(feed, asked, found)


def typed(feed: Feed, columns: Sequence[str], rows: Iterable[Any]) -> pd.DataFrame:
    """Rows as a frame: dates as `datetime64[ns]` (others are compared one by one), numbers as floats, the rest text."""
    import pandas as pd

    frame = pd.DataFrame.from_records(list(rows), columns=list(columns)) if columns else pd.DataFrame()
    kinds: Mapping[str, str] = {c.name: c.type for c in feed.columns}
    for name in columns:
        if kinds[name] == "date":
            frame[name] = pd.to_datetime(frame[name], errors="coerce").astype("datetime64[ns]")
        elif kinds[name] in _NUMBERS:
            frame[name] = pd.to_numeric(frame[name], errors="coerce").astype("float64")
        else:
            frame[name] = frame[name].astype("object")
    return frame
