"""What a person decides about a delivery: hold it, release it, reject it. Each is recorded with who and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tf_integration.check.guards import load_guards
from tf_integration.land import ledger
from tf_integration.land.ledger import Delivery
from tf_integration.land.open import remove_folder_files
from tf_integration.model.delivery import Reason
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.feed import Feed, load_feeds
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def release(settings: Settings, named: str, by: str, because: str) -> dict[str, Any]:
    """Release a held delivery; it is applied when the feed is next delivered, once enough different people released it.

    Returns `delivery_id`, `people` (how many released it) and `people_needed`.

    Raises:
        CallError: no such delivery, or no name or reason given.
        NeedsAPerson: it is not held, cannot be released, or this person released it before.
    """
    with warehouse.transaction(settings) as conn:
        delivery = _named(conn, named, by, because)
        needed = _people_needed(delivery)
        before = set(warehouse.run(conn, "landing/releases.sql", delivery_id=delivery.delivery_id).scalars())
        if by.strip().lower() in before:
            raise NeedsAPerson(
                "this person released it already.",
                where=_where(delivery),
                mend=f"It needs {needed} different people; ask another."
                if needed > len(before)
                else "It is applied when the feed is next delivered.",
            )
        _record(conn, delivery, "release", by, because)
        return {"delivery_id": delivery.delivery_id, "people": len(before) + 1, "people_needed": needed}


def hold(settings: Settings, named: str, by: str, because: str) -> dict[str, Any]:
    """Hold a delivery that has not been applied; a held one stays so and loses its releases.

    Raises:
        CallError: no such delivery, or no name or reason given.
        NeedsAPerson: it is applied or refused already.
    """
    guards = load_guards(settings.home)
    with warehouse.transaction(settings) as conn:
        delivery = _named(conn, named, by, because)
        if delivery.is_decided and delivery.status != "held":
            raise NeedsAPerson(
                f"it is {delivery.status}; only a file that is not applied can be held.",
                where=_where(delivery),
                mend="To take rows back, ask the partner for a corrected file of the same name.",
            )
        _record(conn, delivery, "hold", by, because)
        if not delivery.is_decided:
            _decide(conn, delivery, "held", guards.reason("held_by_person"))
        return {
            "delivery_id": delivery.delivery_id,
            "people": 0,
            "people_needed": _people_needed(
                replace(delivery, status="held", reasons=delivery.reasons or (guards.reason("held_by_person"),))
            ),
        }


def reject(settings: Settings, named: str, by: str, because: str) -> dict[str, Any]:
    """Reject a held delivery for good: its bytes are removed, and its partner is told to send it again.

    Raises:
        CallError: no such delivery, or no name or reason given.
        NeedsAPerson: it is not held.
    """
    guards = load_guards(settings.home)
    with warehouse.transaction(settings) as conn:
        delivery = _named(conn, named, by, because)
        if delivery.status != "held":
            raise NeedsAPerson(f"it is {delivery.status or delivery.state}, not held.", where=_where(delivery))
        _record(conn, delivery, "reject", by, because)
        _decide(conn, delivery, "rejected", guards.reason("rejected_by_person"), *delivery.reasons)
        remove_folder_files(settings.landed / str(delivery.delivery_id))
        return {"delivery_id": delivery.delivery_id, "people": 0, "people_needed": 0}


def preview(settings: Settings, named: str) -> dict[str, Any]:
    """What stands in a delivery's way and what it would take: ids, counts and rules, nothing of its rows.

    `choices` are the acts that it is open to: `hold`, `release`, `reject`.

    Raises:
        CallError: no such delivery.
    """
    with warehouse.transaction(settings) as conn:
        delivery = find(conn, named)
        released = list(warehouse.run(conn, "landing/releases.sql", delivery_id=delivery.delivery_id).scalars())
        found = warehouse.run(conn, "landing/history.sql", feed=delivery.feed, partner=delivery.partner, most=1)
        last = found.mappings().first()
        measures = warehouse.rows(
            conn,
            "SELECT name, success, severity, quantity::float FROM landing.measure"
            " WHERE delivery_id = :d AND success IS FALSE ORDER BY severity, name",
            d=delivery.delivery_id,
        )
    held = [r for r in delivery.reasons if r.effect == "hold"]
    can_be_released = bool(held) and all(r.people for r in held)
    return {
        "delivery_id": delivery.delivery_id,
        "file": delivery.file_name,
        "feed": delivery.feed,
        "partner": delivery.partner,
        "status": delivery.status or delivery.state,
        "reasons": [r.as_dict() for r in delivery.reasons],
        "rows_read": delivery.rows_read,
        "rows_of_the_last": last["rows_read"] if last else None,
        "people": len(released),
        "people_needed": max((r.people for r in held), default=0),
        "can_be_released": can_be_released,
        "choices": _choices(delivery, can_be_released, len(released)),
        "failed_measures": [dict(m) for m in measures],
    }


def _choices(delivery: Delivery, can_be_released: bool, released: int) -> list[str]:
    if not delivery.is_decided:
        return ["hold"]
    if delivery.status != "held":
        return []
    return [*(["release"] if can_be_released else []), "reject", *(["hold"] if released else [])]


def _named(conn: Connection, named: str, by: str, because: str) -> Delivery:
    if not by.strip() or not because.strip():
        raise CallError("say who decides and why.", mend="Give --by and --because.")
    return find(conn, named)


def find(conn: Connection, named: str) -> Delivery:
    """The delivery with this id, or the newest with this file name.

    Raises:
        CallError: there is none, or several partners sent a file of that name.
    """
    found = warehouse.run(conn, "landing/find.sql", named=named.strip()).mappings().all()
    standing = [f for f in found if f["state"] != "rejected"] or found
    partners = {f["partner"] for f in standing}
    if len(partners) > 1:
        raise CallError(
            f"{len(partners)} partners sent a file of that name.",
            where=named,
            mend=f"Give the id: {', '.join(str(f['delivery_id']) for f in standing)}.",
        )
    delivery = ledger.get(conn, standing[0]["delivery_id"]) if standing else None
    if delivery is None:
        raise CallError(
            "there is no such delivery.", where=named, mend="Give its id or its file's name; see `tfi feed list`."
        )
    return delivery


def _people_needed(delivery: Delivery) -> int:
    held = [r for r in delivery.reasons if r.effect == "hold"]
    if delivery.status != "held" or not held:
        raise NeedsAPerson(f"it is {delivery.status or delivery.state}, not held.", where=_where(delivery))
    final = [r for r in held if not r.people]
    if final:
        raise NeedsAPerson(
            f"it cannot be released ({', '.join(sorted({r.rule for r in final}))}).",
            where=_where(delivery),
            mend="Ask the partner to send it again; its receipt says what to mend.",
        )
    return max(r.people for r in held)


def _where(delivery: Delivery) -> str:
    return f"delivery {delivery.delivery_id} ({delivery.file_name})"


def _record(conn: Connection, delivery: Delivery, action: str, by: str, because: str) -> None:
    warehouse.run(
        conn,
        "landing/record_decision.sql",
        delivery_id=delivery.delivery_id,
        action=action,
        by_whom=by.strip(),
        because=because.strip(),
    )


def _decide(conn: Connection, delivery: Delivery, status: str, *reasons: Reason) -> None:
    counts = (delivery.rows_read or 0, 0, delivery.rows_read or 0)
    ledger.decide(
        conn,
        delivery,
        _contract(delivery),
        state=status,
        status=status,
        reasons=reasons,
        as_at=delivery.business_on or date.today(),
        counts=counts,
        duplicate_of=delivery.duplicate_of,
    )


def _contract(delivery: Delivery) -> Feed:
    found = load_feeds().get(delivery.feed)
    if found is None:
        raise CallError(f"there is no contract of feed {delivery.feed} any more.", where=_where(delivery))
    return found
