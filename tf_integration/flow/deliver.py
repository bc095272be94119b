"""Bring partners' files in: look for what is ready, decide each delivery, and answer the partner.

Two runs at once cannot both decide: one holds the feed and partner's lock, the other is told so. Doing anything here
again is safe: a delivery is known by its digest, and one that is decided stays so.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from tf_integration.check.guards import load_guards
from tf_integration.flow import clock
from tf_integration.flow.case import open_case
from tf_integration.flow.judge import settle
from tf_integration.land import discover as looking
from tf_integration.land import ledger, receipt
from tf_integration.land.client import Session
from tf_integration.land.ledger import Delivery
from tf_integration.land.limits import load_limits
from tf_integration.model.errors import CallError, PlatformError, ServiceError
from tf_integration.model.feed import Feed, load_feeds
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

log = logging.getLogger(__name__)

_COLLIDED = ("40001", "40P01")  # serialization failure, deadlock: the same again succeeds
_TRIES = 5
Result = TypeVar("Result")


class AlreadyRunning(ServiceError):
    """Another run is deciding a delivery of the same feed and partner."""


def discover(settings: Settings, feed: str, as_at: date, *, feeds: Mapping[str, Feed] | None = None) -> list[int]:
    """Look into every partner account that may carry the feed, fetch and register what is ready.

    Returns the ids of the deliveries to decide now, in (snapshot, sequence) order for each partner: new ones, held ones
    that enough people released, and held increments whose earlier file may now be there. Receipts still due are sent.

    Raises:
        CallError: there is no such feed, or no account for it.
        ServiceError: no account could be read, and nothing waits here to be decided; or the clocks disagree.
    """
    clock.agree(settings)
    known = feeds or load_feeds()
    contract = _contract(known, feed)
    faults = looking.look_everywhere(settings, known, contract, as_at)
    found: list[int] = []
    for partner in looking.accounts(settings, contract):
        for name in looking.feeds_looked_at(known, contract, partner):
            found += _open_deliveries(settings, name, partner, as_at)
        if not faults or _is_there(settings, partner):
            answer(settings, partner)
    if faults and not found:
        raise faults[0]
    return found


def deliver(
    settings: Settings, delivery_id: int, as_at: date, *, feeds: Mapping[str, Feed] | None = None
) -> dict[str, int | str]:
    """Decide one delivery (verify, open, check, load) and write its receipt; ids, counts and status codes only.

    A delivery that is decided already is not decided again, unless its hold was released or a gap before it was filled.

    Raises:
        CallError: there is no such delivery.
        AlreadyRunning: another run holds the feed and partner.
        ServiceError: the warehouse fails, the landed file is gone, or the clocks disagree. A partner that is away only
            delays the receipt.
    """
    clock.agree(settings)
    delivery = _get(settings, delivery_id)
    applied: dict[str, int] = {}
    with _alone(settings, delivery):
        is_open, released = _is_open(settings, delivery_id, as_at)
        if is_open:
            delivery = _get(settings, delivery_id)
            applied = _without_collisions(
                lambda: settle(open_case(settings, delivery, feeds or load_feeds(), as_at, released))
            )
    answer(settings, delivery.partner)
    return _said(_get(settings, delivery_id)) | applied


def _contract(feeds: Mapping[str, Feed], feed: str) -> Feed:
    if feed not in feeds:
        raise CallError(f"there is no feed {feed}.", mend=f"The feeds are: {', '.join(sorted(feeds))}.")
    return feeds[feed]


def _get(settings: Settings, delivery_id: int) -> Delivery:
    with warehouse.transaction(settings) as conn:
        found = ledger.get(conn, delivery_id)
    if found is None:
        raise CallError(f"there is no delivery {delivery_id}.", mend="See `tfi feed list`.")
    return found


def _open_rows(settings: Settings, feed: str, partner: str, as_at: date) -> list[Any]:
    again = [name for name, rule in load_guards(settings.home).rules.items() if rule.again]
    with warehouse.transaction(settings) as conn:
        found = warehouse.run(
            conn, "landing/open_deliveries.sql", feeds=[feed], partner=partner, as_at=as_at, again=again
        )
        return list(found.mappings())


def _open_deliveries(settings: Settings, feed: str, partner: str, as_at: date) -> list[int]:
    """The ids to decide; a held increment only when every file before it is accepted or goes before it in this list."""
    rows = _open_rows(settings, feed, partner, as_at)
    with warehouse.transaction(settings) as conn:
        so_far = warehouse.run(conn, "landing/sequence.sql", feed=feed, partner=partner).mappings().one()
    last = so_far["last_accepted"] if so_far["last_accepted"] is not None else (so_far["first_seen"] or 0) - 1
    going = []
    for row in rows:
        follows = row["sequence"] <= last + 1 or row["is_released"]
        if row["is_gap_only"] and not follows:
            continue
        going.append(int(row["delivery_id"]))
        last = max(last, row["sequence"]) if follows else last
    return going


def _is_open(settings: Settings, delivery_id: int, as_at: date) -> tuple[bool, frozenset[str]]:
    """Whether a delivery is to be decided now, and the rules of its hold that were released."""
    delivery = _get(settings, delivery_id)
    found = [r for r in _open_rows(settings, delivery.feed, delivery.partner, as_at) if r["delivery_id"] == delivery_id]
    if not found:
        return False, frozenset()
    held = {r.rule for r in delivery.reasons if r.effect == "hold"} if found[0]["is_released"] else set()
    return True, frozenset(held)


@contextmanager
def _alone(settings: Settings, delivery: Delivery) -> Iterator[None]:
    with warehouse.transaction(settings) as conn:
        if not warehouse.scalar(
            conn,
            "SELECT pg_try_advisory_xact_lock(hashtext('deliver'), hashtext(:k))",
            k=f"{delivery.feed}|{delivery.partner}",
        ):
            raise AlreadyRunning(
                f"a delivery of feed {delivery.feed} from {delivery.partner} is already being decided.",
                where=f"delivery {delivery.delivery_id}",
                mend="Wait for that run, then try again.",
            )
        yield


def _without_collisions(work: Callable[[], Result]) -> Result:
    """Do the work; again when the database broke off a deadlock; other database errors without the row they quote."""
    for attempt in range(1, _TRIES + 1):
        try:
            return work()
        except PlatformError:
            raise
        except Exception as error:
            state = getattr(getattr(error, "orig", error), "pgcode", None)
            if state is None:
                raise
            if state not in _COLLIDED or attempt == _TRIES:
                raise ServiceError(
                    f"the warehouse refused: {warehouse.safe_message(error)}.",
                    mend="Nothing of the delivery was applied; run it again.",
                ) from None
            time.sleep(random.uniform(0, 0.1) * 2**attempt)
    raise AssertionError("unreachable")


def _is_there(settings: Settings, partner: str) -> bool:
    """Whether the last look into a partner's account found it well."""
    with warehouse.transaction(settings) as conn:
        well = "SELECT fault IS NULL FROM landing.account WHERE partner = :partner"
        return bool(warehouse.scalar(conn, well, partner=partner))


def answer(settings: Settings, partner: str) -> None:
    """Write the receipts that a partner is owed. What cannot be written is noted, and tried again at the next look.

    One receipt that cannot be written keeps back no other; two in a row mean that the account is away.
    """
    with warehouse.transaction(settings) as conn:
        owed = receipt.due(conn, partner)
    server = settings.partners.get(partner)
    if not owed or server is None:
        return
    in_a_row = 0
    with Session(partner, server, load_limits(settings.home)) as session:
        for delivery_id in owed:
            try:
                with warehouse.transaction(settings) as conn:
                    receipt.send(conn, session, delivery_id)
                in_a_row = 0
            except ServiceError as error:
                log.warning("the receipt of delivery %d waits for partner %s: %s", delivery_id, partner, error)
                with warehouse.transaction(settings) as conn:
                    receipt.tried(conn, delivery_id, fault=type(error).__name__)
                in_a_row += 1
                if in_a_row > 1:
                    break


def _said(delivery: Delivery) -> dict[str, int | str]:
    return {
        "delivery_id": delivery.delivery_id,
        "feed": delivery.feed,
        "partner": delivery.partner,
        "status": delivery.status or delivery.state,
        "state": delivery.state,
        "rows_read": delivery.rows_read or 0,
        "rows_loaded": delivery.rows_loaded or 0,
        "rows_rejected": delivery.rows_rejected or 0,
    }
