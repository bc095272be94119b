"""One delivery under judgement: its contract, its limits and guards, and the reasons found so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from tf_integration.check.guards import Guards, load_guards
from tf_integration.land import ledger
from tf_integration.land.ledger import Delivery
from tf_integration.land.limits import Limits, load_limits
from tf_integration.model.delivery import FileName, Reason, read_name, worst
from tf_integration.model.errors import ContractError
from tf_integration.model.feed import Feed
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


@dataclass
class Case:
    """One delivery under judgement. `released` names the rules of its hold that enough people released."""

    settings: Settings
    delivery: Delivery
    feed: Feed
    name: FileName
    as_at: date
    guards: Guards
    limits: Limits
    released: frozenset[str] = frozenset()
    reasons: list[Reason] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.settings.landed / str(self.delivery.delivery_id)

    def add(self, *reasons: Reason) -> None:
        """Add reasons; a hold that was released is a warning now."""
        for reason in reasons:
            if reason.effect == "hold" and reason.rule in self.released:
                reason = replace(
                    reason, effect="warn", people=0, what_to_do="Nothing: it was looked at and released here."
                )
            self.reasons.append(reason)

    def record(self, conn: Connection, counts: tuple[int, int, int], status: str | None = None) -> None:
        """Write down what the reasons amount to. `counts` is rows read, loaded and rejected."""
        well = "accepted_with_rejects" if counts[2] else "accepted"
        status = status or {"reject": "rejected", "hold": "held"}.get(worst(self.reasons) or "", well)
        state = status if status in ("rejected", "held") else "accepted"
        ledger.decide(
            conn, self.delivery, self.feed, state=state, status=status, reasons=self.reasons, as_at=self.as_at,
            counts=counts, duplicate_of=self.delivery.duplicate_of,
        )  # fmt: skip
        if state in ("rejected", "held"):
            warehouse.run(conn, "landing/families_waiting.sql", delivery_id=self.delivery.delivery_id)


def open_case(
    settings: Settings, delivery: Delivery, feeds: Mapping[str, Feed], as_at: date, released: frozenset[str]
) -> Case:
    """Everything that judging a delivery needs.

    Raises:
        ContractError: there is no contract of its feed any more.
    """
    feed, name = feeds.get(delivery.feed), read_name(delivery.file_name)
    if feed is None or name is None:
        raise ContractError(
            f"no contract of feed {delivery.feed}.",
            where=f"delivery {delivery.delivery_id}",
            mend="Put its contract back into tf_integration/feeds/.",
        )
    return Case(settings, delivery, feed, name, as_at, load_guards(settings.home), load_limits(settings.home), released)
