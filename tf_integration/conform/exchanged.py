"""Days whose day and month were exchanged: those above the twelfth show it, and vouch for those that do not."""

from __future__ import annotations

from datetime import date

import polars as pl

from tf_integration.model.feed import Column, Feed
from tf_integration.text import frames

_KEPT = 1000  # different days that are told apart; more make no difference


class Exchanged:
    """Counts, for each date column, the cells that are a day only with day and month exchanged."""

    def __init__(self, feed: Feed) -> None:
        form = feed.dialect.date_format
        self._format = form.replace("%m", "%_").replace("%d", "%m").replace("%_", "%d")
        self._cells: dict[str, int] = {}
        self._days: dict[str, set[date]] = {}

    def saw(self, frame: pl.DataFrame, columns: list[Column]) -> None:
        """Look at refused rows; `frame` holds the cells as sent under `raw:<column>`."""
        for column in (c.name for c in columns if c.type == "date"):
            raw = pl.col(f"raw:{column}")
            days = frame.filter(pl.col(column).is_null()).select(frames.date(raw, self._format).drop_nulls())
            if len(days):
                self._cells[column] = self._cells.get(column, 0) + len(days)
                known = self._days.setdefault(column, set())
                known |= set(days.to_series().unique().head(_KEPT - len(known)).to_list())

    def measures(self) -> dict[str, float]:
        """Of the column with most: how many such cells, and how many different days in them."""
        if not self._cells:
            return {}
        worst = max(self._cells, key=self._cells.__getitem__)
        return {"exchanged_cells": self._cells[worst], "exchanged_days": len(self._days[worst])}
