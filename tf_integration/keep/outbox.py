"""Messages on their way: which are due through which channel, sent once, tried again later when a channel is down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from tf_integration.keep.rules import Rules
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


@dataclass(frozen=True)
class Message:
    """One word on one incident; feeds, files, counts and codes only. `event`: opened, raised, reminded or resolved."""

    message_id: int
    incident_id: int
    event: str
    kind: str
    subject: str
    severity: str
    feed: str | None
    partner: str | None
    owner: str | None
    says: str
    what_to_do: str
    opened_on: date
    as_at: date

    @property
    def key(self) -> str:
        """The same however often the message is sent: a receiver can tell a repeat."""
        return f"tfi-{self.incident_id}-{self.message_id}"

    @property
    def title(self) -> str:
        """One line, fit for the subject of an e-mail."""
        said = {"opened": self.severity, "raised": self.severity, "reminded": "still", "resolved": "resolved"}
        return f"[{said[self.event]}] {self.says}"

    def as_dict(self) -> dict[str, Any]:
        told = asdict(self) | {"key": self.key, "title": self.title}
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in told.items()}


class ChannelDown(Exception):
    """The channel as a whole is away: nothing else need be tried through it now. `fault` is a type, never its words."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        super().__init__(fault)


class MessageRefused(Exception):
    """The channel is there and refused this message; others may pass."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        super().__init__(fault)


Send = Callable[[Message], None]


def queue(conn: Connection, channels: Sequence[str]) -> None:
    """Give each message that is still news a way through each channel; let those lapse that a later word replaces."""
    warehouse.run(conn, "keep/sending__queue.sql", channels=list(channels))
    warehouse.run(conn, "keep/sending__lapse.sql")


def send_next(conn: Connection, channel: str, send: Send, rules: Rules) -> str | None:
    """Send the next message that is due through a channel, under its row's lock.

    Returns `sent`, `refused` or `down`; None when nothing is due. The caller commits after each, so that a fault
    costs at most one repeat, which carries the same key.
    """
    longest = rules.retry.longest_minutes
    row = warehouse.run(conn, "keep/sending__next.sql", channel=channel, longest_minutes=longest).mappings().first()
    if row is None:
        return None
    message = Message(**{name: row[name] for name in Message.__dataclass_fields__})
    try:
        send(message)
    except (ChannelDown, MessageRefused) as error:
        warehouse.run(conn, "keep/sending__failed.sql", outbox_id=message.message_id, channel=channel,
                      fault=error.fault, **rules.retry.model_dump())
        return "down" if isinstance(error, ChannelDown) else "refused"
    warehouse.run(conn, "keep/sending__sent.sql", outbox_id=message.message_id, channel=channel)
    return "sent"


