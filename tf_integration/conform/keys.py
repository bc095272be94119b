"""The keys of a file's rows, to point at those that stand twice: 12 bytes a row, in memory while they are few.

A file with many rows puts them aside on disk, by the first bits of each hash, and looks at one part at a time; so that
memory does not grow with the file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

import numpy as np
import numpy.typing as npt

IN_MEMORY = 4_000_000  # rows
PARTS = 64
_ROW = np.dtype([("hash", "<u8"), ("line", "<u4")])
_SHIFT = np.uint64(64 - PARTS.bit_length() + 1)

Rows = npt.NDArray[np.void]


class Keys:
    """A 64-bit hash of each good row's key, with the row's line."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._blocks: list[Rows] = []
        self._rows = 0
        self._aside: list[IO[bytes]] = []

    def add(self, hashes: npt.NDArray[np.uint64], lines: npt.NDArray[np.int64]) -> None:
        """Take in the keys of one block."""
        block = np.empty(len(hashes), dtype=_ROW)
        block["hash"], block["line"] = hashes, lines
        self._blocks.append(block)
        self._rows += len(block)
        if self._rows > self._in_memory:
            self._put_aside()

    def twice(self) -> Iterator[tuple[Rows, npt.NDArray[np.bool_]]]:
        """Rows (`hash`, `line`) whose hash stands more than once, by hash and line, and which of them stand earlier.

        In parts: equal hashes are always in the same one.
        """
        if not self._aside:
            yield from _repeated(self._blocks)
            return
        self._put_aside()
        for part in self._aside:
            part.seek(0)
            yield from _repeated([np.frombuffer(part.read(), dtype=_ROW)])

    def _put_aside(self) -> None:
        if not self._aside:
            self._aside = [tempfile.TemporaryFile() for _ in range(PARTS)]  # noqa: SIM115  (they end with this object)
        if not self._blocks:
            return
        rows = np.concatenate(self._blocks)
        self._blocks, self._rows = [], 0
        part = (rows["hash"] >> _SHIFT).astype(np.int64)
        order = np.argsort(part, kind="stable")
        edges = np.searchsorted(part[order], np.arange(PARTS + 1))
        for n, file in enumerate(self._aside):
            file.write(rows[order[edges[n] : edges[n + 1]]].tobytes())


def _repeated(blocks: list[Rows]) -> Iterator[tuple[Rows, npt.NDArray[np.bool_]]]:
    if not blocks:
        return
    rows = np.concatenate(blocks)
    hashes = np.sort(rows["hash"])
    again = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    if len(again):
        chosen = rows[np.isin(rows["hash"], again)]
        chosen = chosen[np.lexsort((chosen["line"], chosen["hash"]))]
        earlier = np.concatenate(([False], chosen["hash"][1:] == chosen["hash"][:-1]))
        yield chosen, earlier
