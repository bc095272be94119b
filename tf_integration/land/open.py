"""Open a landed file: unpack it under caps, and see that it is text at all, before any parser reads it.

The bytes of a file that stops here cannot be trusted or read: `Unreadable` names the rule of `check/guards.yaml`.
"""

from __future__ import annotations

import codecs
import errno
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from tf_integration.land.fetch import DiskFull
from tf_integration.land.limits import Limits

_GZIP = 16 + zlib.MAX_WBITS


class Unreadable(Exception):
    """The file cannot be opened or is no text. `line_no` is where that shows, when it is a line's fault."""

    def __init__(self, rule: str, line_no: int | None = None) -> None:
        self.rule, self.line_no = rule, line_no
        super().__init__(rule)


def open_text(file: Path, into: Path, encoding: str, limits: Limits, *, is_gzip: bool, is_pgp: bool) -> Path:
    """The plain text of a file as sent: itself, or `into` after unpacking. One pass, in blocks, whatever the size.

    Raises:
        Unreadable: `pgp_not_configured`, `gzip_truncated`, `gzip_damaged`, `too_large`, `bomb`, `nul_throughout`,
            `wrong_encoding` or `line_too_long`.
        DiskFull: there is no room to unpack into.
    """
    if is_pgp:
        raise Unreadable("pgp_not_configured")  # never opened as plain, whatever it holds
    text = _Text(encoding, limits)
    try:
        if not is_gzip:
            for block in _blocks(file, limits):
                text.saw(block)
            text.end()
            return file
        with into.open("wb") as out:
            for block in _unpacked(file, limits):
                text.saw(block)
                out.write(block)
        text.end()
        return into
    except Unreadable:
        into.unlink(missing_ok=True)
        raise
    except OSError as error:
        into.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(
                "the disk filled while a file was unpacked.",
                where=str(into.parent),
                mend="Free some space; the next run unpacks it.",
            ) from None
        raise


def _blocks(file: Path, limits: Limits) -> Iterator[bytes]:
    if file.stat().st_size > limits.unpacked_bytes:
        raise Unreadable("too_large")
    with file.open("rb") as handle:
        while block := handle.read(limits.block_bytes):
            yield block


def _unpacked(file: Path, limits: Limits) -> Iterator[bytes]:
    """The bytes of a gzip file, several members joined; every member must be whole and its checksum right."""
    packed, out, member, rest = max(file.stat().st_size, 1), 0, zlib.decompressobj(_GZIP), b""
    with file.open("rb") as handle:
        while rest := rest or handle.read(limits.block_bytes):
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
