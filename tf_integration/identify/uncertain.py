"""The pairs that the model leaves to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tf_integration.identify.pairing import Matcher
from tf_integration.identify.reasons import sentences
from tf_integration.identify.steps import build, write
from tf_integration.store import warehouse

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def keep(conn: Connection, matcher: Matcher, stamp: dict[str, Any]) -> None:
    """Write identity.uncertain for the records that were looked at, closing what is settled or gone."""
    build(conn, "work_uncertain", review_at=matcher.matching.review_at)
    write(conn, "work_uncertain__twins")
    found = warehouse.rows(conn, "SELECT DISTINCT levels FROM work_uncertain")
    words = sentences(np.array([r["levels"] for r in found], dtype=np.int64), matcher.matching)
    build(conn, "work_words")
    text = pl.DataFrame(
        {"levels": list(words), "because": list(words.values())}, schema={"levels": pl.Int64, "because": pl.String}
    ).write_csv(include_header=False)
    warehouse.copy_in(conn, "work_words", ["levels", "because"], [text.encode()])
    write(conn, "uncertain__close", known_at=stamp["known_at"])
    write(conn, "uncertain__open", **stamp)
