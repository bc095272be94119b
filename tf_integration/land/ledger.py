"""The delivery ledger: every function is one or two statements on an open transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tf_integration.land.client import RemoteFile
from tf_integration.model.delivery import Control, FileName, Reason
from tf_integration.model.feed import Feed
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

DECIDED = ("accepted", "accepted_with_rejects", "held", "rejected", "duplicate")


@dataclass(frozen=True)
class Delivery:
    """A row of `landing.delivery`. `control_text` is the control file's JSON as received."""

    delivery_id: int
    feed: str
    partner: str
    file_name: str
    snapshot_on: date
    sequence: int
    mode: str
    sha256: str | None
    bytes: int | None
    control_text: str | None
    covers_from: date | None
    covers_to: date | None
    landed_path: str | None
    state: str
    status: str | None
    duplicate_of: int | None
    rows_read: int | None
    rows_loaded: int | None
    rows_rejected: int | None
    families_affected: int | None
    reasons: tuple[Reason, ...]
    business_on: date | None
    received_at: datetime
    decided_at: datetime | None
    receipt_at: datetime | None

    @property
    def is_decided(self) -> bool:
        return self.status in DECIDED


def get(conn: Connection, delivery_id: int) -> Delivery | None:
    """One delivery, or None."""
    row = warehouse.run(conn, "landing/delivery.sql", delivery_id=delivery_id).mappings().first()
    return _delivery(row) if row else None


def _delivery(row: Any) -> Delivery:
    plain = {name: row[name] for name in Delivery.__dataclass_fields__ if name not in ("control_text", "reasons")}
    return Delivery(
        **plain, control_text=row["control_json"], reasons=tuple(Reason(**r) for r in json.loads(row["reasons_json"]))
    )


def delivery_id_of(conn: Connection, feed: str, partner: str, file_name: str, identity: str) -> int:
    """The id of a file's content: `identity` is its sha256."""
    return int(
        warehouse.scalar(
            conn,
            "SELECT core.hash_id('delivery|' || :f || '|' || :p || '|' || :n || '|' || :i)",
            f=feed,
            p=partner,
            n=file_name,
            i=identity,
        )
    )


def sightings(conn: Connection, partner: str) -> dict[str, Any]:
    """What was last seen in a partner's folder, by file name."""
    return {r["file_name"]: r for r in warehouse.run(conn, "landing/sightings.sql", partner=partner).mappings()}


def see(
    conn: Connection, partner: str, seen: Iterable[tuple[RemoteFile, RemoteFile | None]], *, is_odd: bool = False
) -> None:
    """Record one look at some files and their control files, however many, in one statement."""
    pairs = list(seen)
    warehouse.run(
        conn,
        "landing/see.sql",
        partner=partner,
        is_odd=is_odd,
        file_names=[f.name for f, _ in pairs],
        bytes=[f.bytes for f, _ in pairs],
        modified_at=[f.modified_at for f, _ in pairs],
        control_bytes=[c.bytes if c else None for _, c in pairs],
        control_modified_at=[c.modified_at if c else None for _, c in pairs],
    )


def saw_fetched(conn: Connection, partner: str, file_name: str, delivery_id: int | None) -> None:
    """Record that the file as it stands is delivery `delivery_id`; None: it must be fetched again."""
    warehouse.run(conn, "landing/saw_fetched.sql", partner=partner, file_name=file_name, delivery_id=delivery_id)


def account_reached(conn: Connection, partner: str, fault: str | None, *, is_key: bool = False) -> None:
    """Record how the last look at a partner's account went; `is_key`: it refused our key."""
    warehouse.run(conn, "landing/account_reached.sql", partner=partner, fault=fault, is_key=is_key)


def key_refused(conn: Connection, partner: str, seconds: float) -> tuple[int, datetime | None]:
    """How often the account refused our key in the last `seconds`, and when for the last time."""
    found = warehouse.run(conn, "landing/account_refused.sql", partner=partner, seconds=seconds).mappings().one()
    return int(found["times"]), found["last_at"]


@dataclass(frozen=True)
class Sent:
    """What came: the fetched file's digest and size, and its control file, read and as received."""

    sha256: str
    bytes: int
    control: Control | None
    control_text: str | None


def register(
    conn: Connection,
    name: FileName,
    partner: str,
    feed: Feed,
    as_at: date,
    *,
    identity: str,
    state: str,
    sent: Sent | None = None,
    status: str | None = None,
    reasons: Iterable[Reason] = (),
    duplicate_of: int | None = None,
) -> int | None:
    """Insert a delivery unless it is there; returns its id when it is new."""
    control = sent.control if sent else None
    return warehouse.run(
        conn,
        "landing/register.sql",
        feed=feed.feed,
        partner=partner,
        file_name=name.text,
        identity=identity,
        snapshot_on=name.snapshot_on,
        sequence=name.sequence,
        mode=feed.mode,
        sha256=sent.sha256 if sent else None,
        bytes=sent.bytes if sent else None,
        control=sent.control_text if sent else None,
        covers_from=control.covers_from if control else None,
        covers_to=control.covers_to if control else None,
        contract_version=feed.version,
        code_version=code_version(),
        state=state,
        status=status,
        reasons=as_json(reasons),
        duplicate_of=duplicate_of,
        business_on=as_at,
    ).scalar()


def wait(conn: Connection, name: FileName, partner: str, feed: Feed, reason: Reason, as_at: date) -> None:
    """Record that a file is there and not ready, and why."""
    known = warehouse.run(
        conn,
        "landing/wait.sql",
        feed=feed.feed,
        partner=partner,
        file_name=name.text,
        reasons=as_json([reason]),
        business_on=as_at,
    ).first()
    if not known:
        register(conn, name, partner, feed, as_at, identity="", state="seen", status="waiting", reasons=[reason])


def land(conn: Connection, delivery_id: int, sent: Sent, landed_path: str, as_at: date) -> None:
    """Record the fetched file of a delivery, which makes it open again to a decision."""
    control = sent.control
    warehouse.run(
        conn,
        "landing/land.sql",
        delivery_id=delivery_id,
        sha256=sent.sha256,
        bytes=sent.bytes,
        landed_path=landed_path,
        control=sent.control_text,
        business_on=as_at,
        covers_from=control.covers_from if control else None,
        covers_to=control.covers_to if control else None,
    )


def move(conn: Connection, delivery_id: int, state: str) -> None:
    """Move a delivery on to its next state."""
    warehouse.run(conn, "landing/move.sql", delivery_id=delivery_id, state=state)


def reopen(conn: Connection, delivery_id: int) -> None:
    """Open a delivery to a new decision, once its file is fetched again."""
    warehouse.run(conn, "landing/reopen.sql", delivery_id=delivery_id)


def landed_as(conn: Connection, delivery_id: int, landed_path: str | None) -> None:
    """Record where the file is kept now, below `landed/`."""
    warehouse.run(conn, "landing/landed_as.sql", delivery_id=delivery_id, landed_path=landed_path)


def decide(
    conn: Connection,
    delivery: Delivery,
    feed: Feed,
    *,
    state: str,
    status: str,
    reasons: Iterable[Reason],
    as_at: date,
    counts: tuple[int, int, int] | None,
    duplicate_of: int | None = None,
) -> None:
    """Record a decision. `counts` is rows read, loaded and rejected, which reconcile; None: no row could be read."""
    read, loaded, rejected = counts or (None, None, None)
    warehouse.run(
        conn,
        "landing/decide.sql",
        delivery_id=delivery.delivery_id,
        state=state,
        status=status,
        reasons=as_json(reasons),
        rows_read=read,
        rows_loaded=loaded,
        rows_rejected=rejected,
        business_on=as_at,
        contract_version=feed.version,
        code_version=code_version(),
        duplicate_of=duplicate_of,
    )


def as_json(reasons: Iterable[Reason]) -> str:
    """Reasons as `landing.delivery.reasons` holds them."""
    return json.dumps([r.as_dict() for r in reasons])


def code_version() -> str:
    """The version of the library that decides."""
    try:
        return version("tf-integration")
    except PackageNotFoundError:
        return "unpackaged"
