"""What would change if a delivery were applied: it is applied, identified and judged, and all of it is taken back.

One transaction that ends in a rollback. What it may cost is bounded by `preview_seconds` and `preview_households` of
`land/limits.yaml`; past either, it says how far it came. While it runs no refresh and no delivery of the same feed and
partner can begin; they wait, or say so.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tf_integration import assess, identify
from tf_integration.flow import decisions
from tf_integration.flow.case import Case, open_case
from tf_integration.flow.staging import apply_rows, is_unpacked, plain_text, read_rows
from tf_integration.land.ledger import Delivery
from tf_integration.land.limits import load_limits
from tf_integration.land.open import Unreadable
from tf_integration.land.register import landed_file
from tf_integration.model.delivery import worst
from tf_integration.model.errors import ServiceError
from tf_integration.model.feed import load_feeds
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

_REFRESH = 7352  # the refresh's lock, and that of identification
_OUT_OF_TIME = ("57014", "55P03")  # query cancelled by its time-out, lock not available
Verdicts = dict[tuple[int, str], str]


def preview(settings: Settings, named: str) -> dict[str, Any]:
    """What stands in a delivery's way and what it would take, and under `would` what it would change.

    Raises:
        CallError: no such delivery.
        ServiceError: as `would`.
    """
    told = decisions.preview(settings, named)
    with warehouse.transaction(settings) as conn:
        delivery = decisions.find(conn, named)
    return told | {"would": would(settings, delivery)}


def would(settings: Settings, delivery: Delivery) -> dict[str, Any]:
    """What applying a delivery now would change: counts only, and nothing of it stays.

    Returns `applies`; if not, `because`. Else `as_at`, `seconds`, the counts of people and facts, and `households`:
    how many are touched, `judged`, `new` and `gone`, and, of those judged, `statuses` and `flags`: rows of `was`,
    `is` and how many (flags with their `problem`). `is_whole` is false, with `because`, when a bound was met.

    Raises:
        ServiceError: a refresh or a run of the same feed and partner is under way; the landed file is gone.
    """
    started = time.monotonic()
    reason = _why_not(settings, delivery)
    if reason:
        return {"applies": False, "because": reason}
    with warehouse.transaction(settings) as conn:
        _alone(conn, delivery)
        try:
            with conn.begin_nested() as trial:
                told = _tried(conn, settings, delivery, started)
                trial.rollback()
        finally:
            for copy in (f for f in (settings.landed / str(delivery.delivery_id)).glob("*.csv") if is_unpacked(f)):
                copy.unlink()
    return told | {"seconds": round(time.monotonic() - started, 1)}


def _why_not(settings: Settings, delivery: Delivery) -> str | None:
    if delivery.is_decided and delivery.status != "held":
        return f"it is {(delivery.status or '').replace('_', ' ')} already."
    if any(r.effect == "hold" and not r.people for r in delivery.reasons):
        return "it cannot be released: the partner must send it again."
    if landed_file(settings, delivery) is None:
        return "its file is not kept here."
    return None


def _alone(conn: Connection, delivery: Delivery) -> None:
    """Hold the locks of the delivery's feed and partner and of the refresh, or say whose run is under way."""
    of_feed = "SELECT pg_try_advisory_xact_lock(hashtext('deliver'), hashtext(:k))"
    if not warehouse.scalar(conn, of_feed, k=f"{delivery.feed}|{delivery.partner}"):
        raise ServiceError("a run of the same feed and partner is under way.", mend="Ask again when it is over.")
    if not warehouse.scalar(conn, "SELECT pg_try_advisory_xact_lock(:lock)", lock=_REFRESH):
        raise ServiceError("a refresh is under way.", mend="Ask again when it is over, or with --quick.")


@dataclass
class _Clock:
    """What is left of the time, put to the database before each step."""

    conn: Connection
    until: float

    def start(self) -> None:
        left = max(1, timedelta(seconds=self.until - time.monotonic()) // timedelta(milliseconds=1))
        self.conn.exec_driver_sql(f"SET LOCAL statement_timeout = {left}")


def _tried(conn: Connection, settings: Settings, delivery: Delivery, started: float) -> dict[str, Any]:
    limits = load_limits(settings.home)
    clock = _Clock(conn, started + limits.preview_seconds)
    day = warehouse.run(conn, "landing/would_day.sql").mappings().one()
    as_at = max(d for d in (day["as_at"], delivery.business_on, delivery.snapshot_on) if d)
    told: dict[str, Any] = {"applies": True, "as_at": as_at, "is_whole": True, "because": None, "households": None}
    with _in_time(told):
        clock.start()
        if not day["is_current"]:
            identify.resolve(conn, as_at)
        with conn.begin_nested() as after:
            case = _released(settings, delivery, as_at)
            found = _applied(conn, case, clock, told)
            now = _verdicts(conn, as_at, found[: limits.preview_households], clock)
            after.rollback()
        was = _verdicts(conn, as_at, found[: limits.preview_households], clock)
        if told["applies"]:
            _compare(told, found, limits.preview_households, was, now)
    return told if told["applies"] else {"applies": False, "because": told["because"]}


def _applied(conn: Connection, case: Case, clock: _Clock, told: dict[str, Any]) -> list[int]:
    """Apply the delivery and identify anew; the counts into `told`, and the households that this touches."""
    since = warehouse.scalar(conn, "SELECT core.instant()")
    clock.start()
    reason = _apply(conn, case)
    if reason:
        told |= {"applies": False, "because": reason}
        return []
    asked = {"feed": case.delivery.feed, "partner": case.delivery.partner, "since": since}
    found = warehouse.run(conn, "landing/would_people.sql", delivery_id=case.delivery.delivery_id, **asked)
    told |= found.mappings().one()
    told |= warehouse.run(conn, "landing/would_facts.sql", **asked).mappings().one()
    clock.start()
    people = identify.resolve(conn, told["as_at"])
    touched = list(warehouse.run(conn, "landing/would_households.sql", run_id=people["run_id"], **asked).scalars())
    told["households"] = {"touched": len(touched)}
    return touched


def _compare(told: dict[str, Any], found: Sequence[int], most: int, was: Verdicts, now: Verdicts) -> None:
    told["households"] |= {"judged": min(len(found), most)} | compared(was, now)
    if len(found) > most:
        told |= {"is_whole": False, "because": f"{most:,} of the {len(found):,} households touched were judged."}


@contextmanager
def _in_time(told: dict[str, Any]) -> Iterator[None]:
    """Note in `told` that time ran out; what was counted until then stands."""
    try:
        yield
    except Exception as error:
        if getattr(getattr(error, "orig", error), "pgcode", None) not in _OUT_OF_TIME:
            raise
        told |= {"is_whole": False, "because": "the time for a preview ran out; see preview_seconds in limits.yaml."}


def _released(settings: Settings, delivery: Delivery, as_at: date) -> Case:
    """The delivery under judgement as if every hold that people may release were released."""
    case = open_case(settings, delivery, load_feeds(), as_at, frozenset())
    case.released = frozenset(n for n, r in case.guards.rules.items() if r.effect == "hold" and r.people)
    return case


def _apply(conn: Connection, case: Case) -> str | None:
    """Apply the delivery; or why it cannot be."""
    try:
        source, staged = read_rows(conn, case, plain_text(case, case.delivery))
    except Unreadable as error:
        return f"it would be refused ({error.rule})."
    against = sorted({r.rule for r in case.reasons if r.effect in ("hold", "reject")} | {f.rule for f in staged.faults})
    if worst(case.reasons) in ("hold", "reject") or staged.faults:
        return f"it would be refused ({', '.join(against)})."
    case.record(conn, (staged.rows_read, staged.rows_loaded, staged.rows_rejected))
    apply_rows(conn, case, source)
    return None


def _verdicts(conn: Connection, as_at: date, households: Sequence[int], clock: _Clock) -> Verdicts:
    """The word on these households as things stand in this transaction."""
    if not households:
        return {}
    clock.start()
    for table in warehouse.temp_tables(conn):  # those of staging have views on them, which assess would not drop
        conn.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{table} CASCADE")
    assess.assess(conn, as_at, households=list(households), dry=True)
    found = warehouse.run(conn, "landing/would_verdicts.sql", households=list(households)).mappings()
    return {(r["household_id"], r["what"]): r["says"] for r in found}


def compared(was: Verdicts, now: Verdicts) -> dict[str, Any]:
    """How many households would be new or gone, and how many would change their status or a flag, from what to what."""
    moved: dict[str, Counter[tuple[str | None, str | None]]] = defaultdict(Counter)
    for place in sorted({*was, *now}):
        if was.get(place) != now.get(place):
            moved[place[1]][was.get(place), now.get(place)] += 1
    statuses = moved.pop("", Counter())
    before, after = ({h for h, what in v if not what} for v in (was, now))
    changed = {place[0] for place in {*was, *now} if was.get(place) != now.get(place)}
    return {
        "new": len(after - before),
        "gone": len(before - after),
        "changed": len(changed),
        "statuses": [{"was": a, "is": b, "households": n} for (a, b), n in statuses.most_common()],
        "flags": [
            {"problem": problem, "was": a, "is": b, "households": n}
            for problem, counted in sorted(moved.items())
            for (a, b), n in counted.most_common()
        ],
    }
