"""Fetch one file so that nothing partial can pass: resume, compare before and after, digest, rename.

Order: stat, open, seek to what we have, append in blocks, fsync, compare with the first stat and a fresh one, digest,
rename, fsync of the folder. The caller then records it in one transaction.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tf_integration.land.client import EXTRACTS, Account, RemoteFile, Unreachable, translated
from tf_integration.land.limits import Limits
from tf_integration.land.unreadable import DiskFull
from tf_integration.model.errors import ServiceError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
Connect = Callable[[], AbstractContextManager[Account]]


class StillChanging(Exception):
    """The file changed or went while it was fetched: it is not ready, and that is no error."""


@dataclass(frozen=True)
class Fetched:
    """A whole file on our disk: its path, digest and size."""

    path: Path
    sha256: str
    bytes: int


def fetch(connect: Connect, remote: RemoteFile, folder: Path, limits: Limits) -> Fetched:
    """Fetch `extracts/<remote.name>` into `folder`, resuming an earlier part of the same file.

    Raises:
        StillChanging: its size or time is no longer that of `remote`.
        DiskFull: there is not enough room; nothing partial stays.
        Unreachable: the tries or the deadline ran out; the part stays, to be resumed.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    part = folder / f"{remote.bytes}-{remote.modified_at}.part"  # a changed file never resumes another's part
    for stale in folder.glob("*.part"):
        if stale != part:
            stale.unlink()
    _check_room(folder, remote, limits)
    deadline = time.monotonic() + limits.fetch_deadline_seconds
    for attempt in range(1, limits.fetch_tries + 1):
        try:
            with connect() as account:
                _append(account, remote, part, deadline)
                return _finish(account, remote, part)
        except Unreachable:
            if attempt == limits.fetch_tries or time.monotonic() > deadline:
                raise
            time.sleep(limits.pause_seconds * 2 ** (attempt - 1))
    raise AssertionError("fetch_tries is at least 1")


def _check_room(folder: Path, remote: RemoteFile, limits: Limits) -> None:
    free = shutil.disk_usage(folder).free
    if free < remote.bytes * limits.free_space_times:
        raise DiskFull(
            f"{free:,} bytes are free; {remote.bytes:,} bytes need {limits.free_space_times:g} times their size.",
            where=str(folder),
            mend="Free some space, or move TFI_HOME to a larger disk; the next run fetches it.",
        )


def _append(account: Account, remote: RemoteFile, part: Path, deadline: float) -> None:
    """Append what is missing of the file to its part; a connection that breaks leaves what came."""
    _unchanged(account, remote)
    have = part.stat().st_size if part.exists() else 0
    if have > remote.bytes:
        part.unlink()
        have = 0
    watch = _Watch(account.limits, deadline, account.partner)
    try:
        with part.open("ab") as ours:
            part.chmod(0o640)
            if have < remote.bytes:
                _copy(account, remote, have, ours, watch)
            ours.flush()
            os.fsync(ours.fileno())
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno in _NO_ROOM:
            raise DiskFull(
                "the disk filled while a file was fetched; the part was removed.",
                where=str(part.parent),
                mend="Free some space; the next run fetches it.",
            ) from None
        raise ServiceError(
            f"our disk refused the file ({os.strerror(error.errno or 0)}).", where=str(part.parent)
        ) from None


def _copy(account: Account, remote: RemoteFile, have: int, ours: object, watch: _Watch) -> None:
    block = account.limits.block_bytes
    with translated(account.partner, "fetching a file"):
        theirs = account.sftp.open(account.path(EXTRACTS, remote.name), "rb")
    try:
        with translated(account.partner, "fetching a file"):
            theirs.seek(have)
            theirs.prefetch(remote.bytes)  # unlimited: a small limit crawls or stalls (measured)
        while True:
            with translated(account.partner, "fetching a file"):
                data = theirs.read(block)
            if not data:
                return
            ours.write(data)  # type: ignore[attr-defined]
            watch.saw(len(data))
    finally:
        with translated(account.partner, "closing a file"):
            theirs.close()


class _Watch:
    """Gives a transfer up when it trickles, or when the whole file's deadline has passed."""

    def __init__(self, limits: Limits, deadline: float, partner: str) -> None:
        self._limits, self._deadline, self._partner = limits, deadline, partner
        self._since, self._bytes = time.monotonic(), 0

    def saw(self, count: int) -> None:
        now = time.monotonic()
        self._bytes += count
        if now > self._deadline:
            raise Unreachable(
                "the whole-file deadline passed.",
                where=f"partner {self._partner}",
                mend="The next run resumes the file; raise fetch_deadline_seconds for a slow line.",
            )
        if now - self._since >= self._limits.watch_seconds:
            if self._bytes < self._limits.least_bytes_per_second * (now - self._since):
                raise Unreachable(
                    "the transfer trickles.",
                    where=f"partner {self._partner}",
                    mend="The next run resumes the file; if it lasts, ring the partner.",
                )
            self._since, self._bytes = now, 0


def _unchanged(account: Account, remote: RemoteFile) -> None:
    if account.stat(EXTRACTS, remote.name) != remote:
        raise StillChanging


def _finish(account: Account, remote: RemoteFile, part: Path) -> Fetched:
    """Compare, digest and rename. A short read is a broken connection, whatever the server called it."""
    size = part.stat().st_size
    _unchanged(account, remote)
    if size != remote.bytes:
        raise Unreachable(
            f"the server ended the file after {size:,} of {remote.bytes:,} bytes.",
            where=f"partner {account.partner}",
            mend="The part is kept and the next try resumes it; if it lasts, ring the partner.",
        )
    digest = digest_of(part)
    final = part.with_suffix(".whole")
    part.rename(final)
    sync_folder(final.parent)
    return Fetched(final, digest, size)


def digest_of(file: Path) -> str:
    """The sha256 of a file, in hex."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
