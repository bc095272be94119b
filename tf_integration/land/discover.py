"""Look into partners' folders: register what is ready, remember what is not, and fetch each file once.

A file is ready when its control file stands beside it and agrees about its size; without one (where the contract
declares none), or when the two disagree, when it has kept its size and time for `settle_seconds` over two polls.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tf_integration.land import ledger, odd
from tf_integration.land.client import EXTRACTS, KeyRefused, Refused, RemoteFile, Session, Unreachable
from tf_integration.land.fetch import Fetched, StillChanging, fetch
from tf_integration.land.ledger import Sent
from tf_integration.land.limits import Limits, load_limits
from tf_integration.land.open import remove_folder_files
from tf_integration.land.register import Candidate, register
from tf_integration.model.delivery import CONTROL, Control, Reason, read_control, read_name
from tf_integration.model.errors import CallError, ServiceError
from tf_integration.model.feed import ANY_PARTNER, Feed
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

log = logging.getLogger(__name__)

PARTIAL = (".part", ".tmp", ".filepart", ".partial", ".swp", "~")  # what transfer programs call an unfinished file
_PARTIAL_INSIDE = ".ocTransferId"
_NOT_IN_JSONB = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]")


@dataclass(frozen=True)
class Look:
    """One look at one partner's folder on behalf of one feed."""

    settings: Settings
    feeds: Mapping[str, Feed]
    feed: Feed
    partner: str
    as_at: date
    limits: Limits


def accounts(settings: Settings, feed: Feed) -> list[str]:
    """The partners in whose folders the feed may stand.

    Raises:
        CallError: no account is configured for it.
    """
    named = sorted(settings.partners) if feed.partner == ANY_PARTNER else [feed.partner]
    known = [p for p in named if p in settings.partners]
    if not known:
        raise CallError(
            f"no SFTP account is configured for the partner of feed {feed.feed}.",
            where=f"partners.{feed.partner}",
            mend="Make its folder below TFI_HOME/partners and run `tfi up`; with servers of your own, add it to the"
            " settings file (docs/settings.md).",
        )
    return known


def look_everywhere(settings: Settings, feeds: Mapping[str, Feed], feed: Feed, as_at: date) -> list[ServiceError]:
    """Look into each account that may carry the feed. A dead server costs only its own partner; returns the faults."""
    faults: list[ServiceError] = []
    for partner in accounts(settings, feed):
        look = Look(settings, feeds, feed, partner, as_at, load_limits(settings.home))
        try:
            _may_knock(look)
            with _one_look_at_a_time(look), Session(partner, settings.partners[partner], look.limits) as session:
                _look(look, session)
            fault: ServiceError | None = None
        except NotTriedAgain as error:
            faults.append(error)
            continue
        except ServiceError as error:
            log.warning("partner %s: %s", partner, error)
            faults.append(error)
            fault = error
        with warehouse.transaction(settings) as conn:
            ledger.account_reached(conn, partner, _kind(fault), is_key=isinstance(fault, KeyRefused))
    return faults


def _kind(fault: ServiceError | None) -> str | None:
    return "refused" if isinstance(fault, Refused) else "unreachable" if isinstance(fault, Unreachable) else None


class NotTriedAgain(Refused):
    """The account refused our key so often of late that another try might lock it."""


def _may_knock(look: Look) -> None:
    """Refuse to try a key that was refused `refused_tries` times within `refused_seconds`, unless it is a new one."""
    limits, server = look.limits, look.settings.partners[look.partner]
    with warehouse.transaction(look.settings) as conn:
        times, last_at = ledger.key_refused(conn, look.partner, limits.refused_seconds)
    if times < limits.refused_tries or last_at is None:
        return
    if server.key_file.exists() and server.key_file.stat().st_mtime > last_at.timestamp():
        return
    raise NotTriedAgain(
        f"the account refused our key {times} times within {limits.refused_seconds / 60:g} minutes; it is left alone.",
        where=f"partner {look.partner}",
        mend="Ask the partner to install our public key; it is tried again later, and at once with a new key.",
    )


def feeds_looked_at(feeds: Mapping[str, Feed], feed: Feed, partner: str) -> list[str]:
    """The feed itself; and, for a partner's first feed by name, every feed that the partner may not send.

    So a file in the wrong folder is seen to by exactly one look a night.
    """
    own = sorted(f.feed for f in feeds.values() if f.partner == partner)
    own = own or sorted(f.feed for f in feeds.values() if f.partner == ANY_PARTNER)
    if not own or own[0] != feed.feed:
        return [feed.feed]
    return [feed.feed, *(f.feed for f in feeds.values() if f.partner not in (partner, ANY_PARTNER))]


class AlreadyLooking(ServiceError):
    """Another run is looking into the same folder for the same feed."""


@contextmanager
def _one_look_at_a_time(look: Look) -> Iterator[None]:
    """Hold the feed and partner's lock; a run that was killed lets go of it within moments, so it is waited for."""
    lock = "SELECT pg_try_advisory_xact_lock(hashtext('look'), hashtext(:k))"
    until = time.monotonic() + look.limits.busy_seconds
    with warehouse.transaction(look.settings) as conn:
        while not warehouse.scalar(conn, lock, k=f"{look.feed.feed}|{look.partner}"):
            if time.monotonic() > until:
                raise AlreadyLooking(
                    f"feed {look.feed.feed} of partner {look.partner} is already being looked for.",
                    mend="Wait for that run, then try again.",
                )
            time.sleep(0.1)
        yield


def _look(look: Look, session: Session) -> None:
    listing = _listing(session)
    with warehouse.transaction(look.settings) as conn:
        before = ledger.sightings(conn, look.partner)
    new = [c for c in _candidates(look, listing) if not _is_known(c, before.get(c.name.text))]
    _report_odd(look, listing, before)
    ready: list[Candidate] = []
    unsettled: list[Candidate] = []
    for candidate in new:
        (ready if _is_ready(look, session, candidate) else unsettled).append(candidate)
    settled = _settle(look, session, [c for c in unsettled if not _must_wait(look, c)])
    _take_all(look, session, sorted([*ready, *settled], key=_order))
    odd.answer(look.settings, look.partner, session, [n for n in listing if not n.endswith(CONTROL)], look.limits)


def _take_all(look: Look, session: Session, ready: list[Candidate]) -> None:
    """Fetch each; one file that cannot be fetched does not keep the next from coming, but two mean a dead line."""
    faults: list[Unreachable] = []
    for candidate in ready:
        try:
            _take(look, session, candidate)
        except Unreachable as error:
            faults.append(error)
            if len(faults) > 1:
                break
    if faults:
        raise faults[0]


def _order(candidate: Candidate) -> tuple[date, int, str]:
    return candidate.name.snapshot_on, candidate.name.sequence, candidate.name.text


def _listing(session: Session) -> dict[str, RemoteFile]:
    with session.account() as account:
        return {
            f.name: f
            for f in account.listing(EXTRACTS)
            if not f.name.endswith(PARTIAL) and _PARTIAL_INSIDE not in f.name and not f.name.startswith(".")
        }


def _candidates(look: Look, listing: Mapping[str, RemoteFile]) -> list[Candidate]:
    mine = set(feeds_looked_at(look.feeds, look.feed, look.partner))
    names = [n for n in map(read_name, listing) if n and n.feed in mine and n.feed in look.feeds]
    return [
        Candidate(n, look.partner, listing[n.text], listing.get(n.text + CONTROL), look.feeds[n.feed]) for n in names
    ]


def _is_known(candidate: Candidate, sighting: Mapping[str, Any] | None) -> bool:
    """Whether exactly this file has been fetched; a control file that was cleared away since makes no difference."""
    if sighting is None or not sighting["is_fetched"]:
        return False
    control = candidate.control_file
    same_control = control is None or (sighting["control_bytes"], sighting["control_modified_at"]) == (
        control.bytes,
        control.modified_at,
    )
    return same_control and (sighting["bytes"], sighting["modified_at"]) == (
        candidate.file.bytes,
        candidate.file.modified_at,
    )


def _report_odd(look: Look, listing: Mapping[str, RemoteFile], before: Mapping[str, Any]) -> None:
    """Say once that names are not of the agreed form: the count only, since a name may hold anything."""
    odd = [f for f in listing.values() if f.name not in before and not _is_agreed(f.name, look.feeds)]
    if odd:
        log.warning(
            "partner %s: %d file(s) in extracts/ whose names are not <feed>_<YYYYMMDD>_<seq>.csv; "
            "they are left alone and listed in landing.sighting",
            look.partner,
            len(odd),
        )
        with warehouse.transaction(look.settings) as conn:
            ledger.see(conn, look.partner, ((f, None) for f in odd), is_odd=True)


def _is_agreed(name: str, feeds: Mapping[str, Feed]) -> bool:
    found = read_name(name.removesuffix(CONTROL))
    return found is not None and found.feed in feeds


def _must_wait(look: Look, candidate: Candidate) -> bool:
    """Whether a file waits for something other than settling; if so its waiting is recorded with the reason."""
    if candidate.name.snapshot_on > look.as_at:
        reason = Reason("future_date", 1, "Nothing: the file waits for the day in its name.")
    elif candidate.feed.control_file and candidate.control_file is None:
        reason = Reason(
            "control_file_missing",
            1,
            f"Send the control file {candidate.name.text}{CONTROL}; the data file waits for it.",
        )
    else:
        return False
    with warehouse.transaction(look.settings) as conn:
        ledger.see(conn, look.partner, [(candidate.file, candidate.control_file)])
        ledger.wait(conn, candidate.name, look.partner, candidate.feed, reason, look.as_at)
    return True


def _is_ready(look: Look, session: Session, candidate: Candidate) -> bool:
    if candidate.name.snapshot_on > look.as_at or candidate.control_file is None:
        return False
    control, _ = read_control(_control_text(session, candidate, look.limits))
    return control is not None and control.bytes == candidate.file.bytes


def _control_text(session: Session, candidate: Candidate, limits: Limits) -> bytes:
    if candidate.control_file is None:
        return b""
    with session.account() as account:
        return account.read_small(EXTRACTS, candidate.control_file.name, limits.control_bytes)


def _settle(look: Look, session: Session, unsettled: list[Candidate]) -> list[Candidate]:
    """Those that keep their size and time over a second poll, `settle_seconds` later.

    So long is waited here, however long ago they were first seen so: a clock that was set meanwhile would make a moment
    of it, or a day.
    """
    if not unsettled:
        return []
    with warehouse.transaction(look.settings) as conn:
        ledger.see(conn, look.partner, ((c.file, c.control_file) for c in unsettled))
    time.sleep(look.limits.settle_seconds)
    again = _listing(session)
    still = [
        c for c in unsettled if again.get(c.name.text) == c.file and again.get(c.name.text + CONTROL) == c.control_file
    ]
    if len(still) < len(unsettled):
        log.info("partner %s: %d file(s) are still being written", look.partner, len(unsettled) - len(still))
    return still


def _take(look: Look, session: Session, candidate: Candidate) -> None:
    """Fetch one file and register it as a delivery; one that changes meanwhile is left for the next look."""
    text = _control_text(session, candidate, look.limits)
    control, _ = read_control(text)
    folder = look.settings.landed / "incoming" / f"{look.partner}-{_safe_stem(candidate)}"
    try:
        fetched = _fetch(look, session, candidate, folder, control)
    except StillChanging:
        log.info(
            "partner %s: a file of feed %s changed while it was fetched; it is left for the next look",
            look.partner,
            candidate.feed.feed,
        )
        with warehouse.transaction(look.settings) as conn:
            ledger.see(conn, look.partner, [(candidate.file, candidate.control_file)])
        return
    sent = Sent(fetched.sha256, fetched.bytes, control, _as_json_text(text))
    register(look.settings, candidate, fetched, sent, look.as_at)
    remove_folder_files(folder)


def _fetch(look: Look, session: Session, candidate: Candidate, folder: Path, control: Control | None) -> Fetched:
    """Fetch; when a resumed file has not the control file's digest, fetch it whole once more before believing it."""
    resumed = folder.is_dir() and any(folder.glob("*.part"))
    fetched = fetch(session.account, candidate.file, folder, look.limits)
    if control and resumed and fetched.sha256 != control.sha256.lower():
        fetched.path.unlink()
        fetched = fetch(session.account, candidate.file, folder, look.limits)
    return fetched


def _safe_stem(candidate: Candidate) -> str:
    return candidate.name.text.replace(".", "-")  # an agreed name holds letters, digits, _ and dots only


def _as_json_text(text: bytes) -> str | None:
    """The control file as JSON that a jsonb column can hold, or None when it is none; NaN and NUL are not."""
    if _NOT_IN_JSONB.search(text):
        return None
    try:
        return json.dumps(json.loads(text), allow_nan=False)
    except (ValueError, RecursionError):
        return None
