"""Where a file came from: what its facts must carry, and where it stands among the feed's deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tf_integration.model.errors import CallError
from tf_integration.model.feed import Feed
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


@dataclass(frozen=True)
class Source:
    """One delivery of a feed. `covers_from`/`covers_to` are the control file's, both or neither."""

    feed: Feed
    partner: str
    delivery_id: int
    sha256: str
    snapshot_on: date
    sequence: int
    covers_from: date | None = None
    covers_to: date | None = None


def source_of(conn: Connection, feed: Feed, delivery_id: int) -> Source:
    """The source that `landing.delivery` describes.

    Raises:
        CallError: no such delivery of the feed.
    """
    found = warehouse.rows(
        conn,
        "SELECT partner, delivery_id, coalesce(sha256, '') AS sha256, snapshot_on, sequence,"
        " covers_from, covers_to FROM landing.delivery WHERE delivery_id = :d AND feed = :f",
        d=delivery_id,
        f=feed.feed,
    )
    if not found:
        raise CallError(f"no delivery {delivery_id} of the feed {feed.feed}.", mend="See `tfi feed list`.")
    return Source(feed, **found[0])
