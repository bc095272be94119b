"""A county in small, what reviewers say of it, and its public views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from small_county import County

from tf_integration.flow.marts import views
from tf_integration.flow.refresh import refresh
from tf_integration.flow.review import say, show, waiting
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

# What tells of runs and not of families: their numbers, and the instants at which they wrote.
OF_RUNS = {"run_id", "linked_from", "changed_at"}
# The last run's moves and the words of reviewers, which are the very things that differ.
NOT_COMPARED = {"changed_since_v1", "match_quality_v1"}


@dataclass
class Reviewed:
    """`county` takes records and facts; `refresh` commits them and brings the warehouse up to date."""

    settings: Settings
    county: County
    day: date

    def refresh(self) -> dict[str, Any]:
        self.county.conn.commit()
        return refresh(self.settings, self.day)

    def say(self, pair: str, word: str, by: str = "Ada", because: str = "seen the papers") -> dict[str, Any]:
        self.county.conn.commit()
        return say(self.settings, pair, word, by, because)

    def waiting(self, most: int = 99, **asked: Any) -> list[dict[str, Any]]:
        self.county.conn.commit()
        return list(waiting(self.settings, most, **asked)["pairs"])

    def show(self, pair: str, **asked: Any) -> dict[str, Any]:
        self.county.conn.commit()
        return show(self.settings, pair, **asked)

    def marts(self) -> dict[str, list[str]]:
        """Every row of every public view as text, but for what tells of runs."""
        with warehouse.transaction(self.settings) as conn:
            return {v.name: sorted(
                str({k: x for k, x in row.items() if k not in OF_RUNS})
                for row in warehouse.rows(conn, f"SELECT * FROM mart.{v.name}"))  # noqa: S608
                for v in views() if v.name not in NOT_COMPARED}
