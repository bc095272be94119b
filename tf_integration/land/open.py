"""Open a landed file: unpack it under caps, and see that it is text at all, before any parser reads it.

The bytes of a file that stops here cannot be trusted or read: `Unreadable` names the rule of `check/guards.yaml`.
"""

from __future__ import annotations

import codecs
import errno
import os
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tf_integration.land.limits import Limits
from tf_integration.land.unreadable import DiskFull, Unreadable

if TYPE_CHECKING:
    from tf_integration.land import pgp

_GZIP = 16 + zlib.MAX_WBITS
_CAPS = ("too_large", "bomb")


def open_text(
    file: Path,
    into: Path,
    encoding: str,
    limits: Limits,
    *,
    is_gzip: bool,
    is_pgp: bool,
    keys: pgp.Keys | None = None,
) -> Path:
    """The plain text of a file as sent: itself, or `into` after unpacking. One pass, in blocks, whatever the size.

    Raises:
        Unreadable: what `pgp.decrypted` says, `gzip_truncated`, `gzip_damaged`, `too_large`, `bomb`, `nul_throughout`,
            `wrong_encoding` or `line_too_long`. Nothing stands under `into` then.
        DiskFull: there is no room to unpack into.
    """
    text, packed = _Text(encoding, limits), file.stat().st_size
    sent = _opened(file, keys, limits) if is_pgp else _blocks(file, limits)
    try:
        if not is_gzip and not is_pgp:
            for block in sent:
                text.saw(block)
            text.end()
            return file
        with into.open("wb") as out:
            into.chmod(0o600)
            for block in _unpacked(sent, packed, limits) if is_gzip else sent:
                text.saw(block)
                out.write(block)
        text.end()
        return into
    except Unreadable as found:
        into.unlink(missing_ok=True)
        raise (_gravest(found, sent) if is_pgp else found) from None
    except OSError as error:
        into.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(
                "the disk filled while a file was unpacked.",
                where=str(into.parent),
                mend="Free some space; the next run unpacks it.",
            ) from None
        raise
    finally:
        sent.close()  # and with it whatever program feeds it


def _opened(file: Path, keys: pgp.Keys | None, limits: Limits) -> Generator[bytes, None, None]:
    """Decrypted blocks; a file that is larger than we accept is not even tried."""
    if file.stat().st_size > limits.file_bytes:
        raise Unreadable("too_large")
    from tf_integration.land import pgp  # needed by an encrypted file alone

    yield from pgp.decrypted(file, keys or pgp.Keys(None), limits)


def _gravest(found: Unreadable, sent: Iterator[bytes]) -> Unreadable:
    """What is wrong with an encrypted file's signature is said before what is wrong inside, unless a cap was passed."""
    if found.rule in _CAPS:
        return found
    try:
        for _ in sent:
            pass
    except Unreadable as outside:
        return outside
    return found


def _blocks(file: Path, limits: Limits) -> Generator[bytes, None, None]:
    if file.stat().st_size > limits.unpacked_bytes:
        raise Unreadable("too_large")
    with file.open("rb") as handle:
        while block := handle.read(limits.block_bytes):
            yield block


def _unpacked(sent: Iterator[bytes], packed: int, limits: Limits) -> Iterator[bytes]:
    """The bytes of a gzip file, several members joined; every member must be whole and its checksum right.

    `packed` is the size of the file as sent.
    """
    out, member, rest = 0, zlib.decompressobj(_GZIP), b""
    while rest := rest or next(sent, b""):
        if member.eof:
            rest = rest.lstrip(b"\0")  # padding after a member is allowed
            if not rest:
                continue
            member = zlib.decompressobj(_GZIP)
        try:
            block = member.decompress(rest, limits.block_bytes)
        except zlib.error:
            raise Unreadable("gzip_damaged") from None
        rest = member.unused_data if member.eof else member.unconsumed_tail
        out += len(block)
        if out > limits.unpacked_bytes:
            raise Unreadable("too_large")
        if out > limits.ratio_from_bytes and out > packed * limits.unpacked_ratio:
            raise Unreadable("bomb")
        yield block
    if not member.eof:
        raise Unreadable("gzip_truncated")


class _Text:
    """Watches blocks go by for what no text file holds. Single NULs are the parser's, which rejects their rows."""

    def __init__(self, encoding: str, limits: Limits) -> None:
        self._limits = limits
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._bytes = self._nuls = self._lines = self._open_line = 0
        self._undecodable: int | None = None

    def saw(self, block: bytes) -> None:
        self._bytes += len(block)
        self._nuls += block.count(b"\0")
        first = block.find(b"\n")
        self._open_line += len(block) if first < 0 else first
        if self._open_line > self._limits.line_bytes:
            self._stop_if_nuls()
            raise Unreadable("line_too_long", self._lines + 1)
        if first >= 0:
            self._open_line = len(block) - block.rfind(b"\n") - 1
        if self._undecodable is None:
            try:
                self._decoder.decode(block)
            except UnicodeDecodeError as error:
                self._undecodable = self._lines + block.count(b"\n", 0, error.start) + 1
        self._lines += block.count(b"\n")

    def end(self) -> None:
        self._stop_if_nuls()
        try:
            self._decoder.decode(b"", final=self._undecodable is None)
        except UnicodeDecodeError:
            self._undecodable = self._lines + 1
        if self._undecodable is not None:
            raise Unreadable("wrong_encoding", self._undecodable)

    def _stop_if_nuls(self) -> None:
        if self._nuls > self._bytes * self._limits.nul_share:
            raise Unreadable("nul_throughout")


def remove_folder_files(folder: Path) -> None:
    """Remove every file of a delivery's folder, and the folder."""
    if folder.is_dir():
        for file in folder.iterdir():
            os.unlink(file)
        folder.rmdir()
