"""Particulars as arrays of small integers, so that millions of pairs compare at the speed of numpy.

A profile is one distinct set of particulars; however many records hold it, it is compared once. Every code has a
hash of its content beside it, so that a block's key is the same on every machine and every night.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tf_integration.identify.matching import IDENTIFIERS, Matching
from tf_integration.text import names

COLUMNS = ("forename", "surname", "date_of_birth", "sex", "address", "postcode", "uprn", *IDENTIFIERS)
_LONGEST = 64  # bytes of a text that are hashed as they stand
_FACTORS = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
_MULTIPLY, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)

AT_ONCE = min(4, os.cpu_count() or 1)  # threads; numpy and polars let go of the interpreter in what takes long

Codes = NDArray[np.int32]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class Column:
    """One field of every profile: its code (-1: nothing) and, per code, the value and its hash."""

    code: Codes
    values: pl.Series

    @cached_property
    def hashes(self) -> Hashes:
        """The hash of each value: worked out when somebody keeps it beyond this process."""
        return hashes(self.values.to_list())

    @property
    def hashed(self) -> Hashes:
        """The hash of each profile's value; 0 where there is none."""
        return np.where(self.code >= 0, self.hashes[self.code] if len(self.hashes) else np.uint64(0), np.uint64(0))


@dataclass(frozen=True)
class Profiles:
    """Encoded profiles, by row. `names` is one vocabulary for forenames and surnames."""

    size: int
    names: list[str]
    columns: dict[str, Column]
    born: NDArray[np.int64]  # year * 10,000 + month * 100 + day; 0: unknown
    sex: NDArray[np.int8]  # 1, 2; 0: unknown
    is_written: NDArray[np.bool_]  # home: told by its written address, not by its UPRN

    def code(self, field: str) -> Codes:
        """The codes of a field."""
        return self.columns[field].code

    def some(self, rows: NDArray[np.int64]) -> Profiles:
        """These profiles alone."""
        columns = {f: replace(c, code=c.code[rows]) for f, c in self.columns.items()}
        kept = self.born[rows], self.sex[rows], self.is_written[rows]
        return Profiles(len(rows), self.names, columns, *kept)


def encode(frame: pl.DataFrame, matching: Matching) -> Profiles:
    """Encode a frame with `COLUMNS`, a row per profile: text as the partner wrote it, the birth date a date."""
    placeholders = matching.names.placeholders
    forename, surname = (_plain(frame[c], placeholders) for c in ("forename", "surname"))
    vocabulary = pl.concat([forename, surname]).drop_nulls().unique().sort()
    born = frame["date_of_birth"]
    postcode = _key(frame["postcode"])
    said: dict[str, Callable[[], Column]] = {
        "forename": lambda: _column(forename, vocabulary),
        "surname": lambda: _column(surname, vocabulary),
        "forename_initial": lambda: _column(forename.str.head(1)),
        "initials": lambda: _column(pl.select(forename.str.head(1) + surname.str.head(1)).to_series()),
        "date_of_birth": lambda: _column(born.cast(pl.String)),
        "birth_year": lambda: _column(born.dt.year().cast(pl.String)),
        "birth_day": lambda: _column(born.dt.strftime("%m-%d")),
        "postcode": lambda: _column(postcode),
        "sector": lambda: _column(postcode.str.head(-2)),
        "written": lambda: _column(_key(frame["address"]) + "|" + postcode),
        "uprn": lambda: _column(frame["uprn"]),
        **{c: partial(_column, frame[c]) for c in IDENTIFIERS},
    }
    with ThreadPoolExecutor(AT_ONCE) as pool:
        columns = dict(zip(said, pool.map(lambda column: column(), said.values()), strict=True))
    day = pl.select(born.dt.year() * 10_000 + born.dt.month().cast(pl.Int32) * 100 + born.dt.day()).to_series()
    sex = frame["sex"].replace_strict({"M": 1, "F": 2}, default=0, return_dtype=pl.Int8)
    return Profiles(
        frame.height,
        vocabulary.to_list(),
        columns,
        day.fill_null(0).cast(pl.Int64).to_numpy(),
        sex.to_numpy(),
        columns["uprn"].code < 0,
    )


def _plain(column: pl.Series, placeholders: frozenset[str]) -> pl.Series:
    """Names as they are compared: plain capitals, one space between words; a placeholder is no name."""
    distinct = column.drop_nulls().unique()
    plain = [names.plain(name) for name in distinct]
    told = [None if not name or name in placeholders else name for name in plain]
    return column.replace_strict(distinct, pl.Series(told, dtype=pl.String), default=None, return_dtype=pl.String)


def _key(column: pl.Series) -> pl.Series:
    """Capitals and digits alone; null when nothing is left."""
    bare = column.str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    return bare.set(bare == "", None)


def _column(values: pl.Series, vocabulary: pl.Series | None = None) -> Column:
    if vocabulary is None:
        vocabulary = values.drop_nulls().unique().sort()
    code = values.cast(pl.Enum(vocabulary)).to_physical().cast(pl.Int32).fill_null(-1).to_numpy()
    return Column(code, vocabulary)


def hashes(values: list[str]) -> Hashes:
    """A 64-bit hash of each text, the same everywhere: of eight bytes at a time, over all texts at once."""
    told = [_shortened(v.encode()) for v in values]
    length = np.fromiter(map(len, told), np.int64, len(told))
    words = int(np.max(length, initial=1) + 7) // 8
    by_word = np.array(told, dtype=f"S{8 * words}").view("<u8").reshape(len(told), words)
    key = length.astype(np.uint64)
    with np.errstate(over="ignore"):
        for n in range(words):
            held = length > 8 * n
            key[held] = _stirred(key[held] ^ by_word[held, n])
    return key


def _shortened(text: bytes) -> bytes:
    """A long text as its beginning and a digest of the whole: one address must not make a table of all wide."""
    return (
        text
        if len(text) <= _LONGEST
        else text[: _LONGEST - 8] + blake2b(text, digest_size=8).digest().replace(b"\0", b"0")
    )


def _stirred(key: Hashes) -> Hashes:
    """Each bit of the result depends on each bit of the key (the finaliser of MurmurHash3)."""
    for factor in _FACTORS:
        key = (key ^ (key >> np.uint64(33))) * factor
    return key ^ (key >> np.uint64(33))


def mix(parts: list[Hashes], salt: str) -> Hashes:
    """One key of several hashes, row by row; 0 where any is 0."""
    key = np.full(len(parts[0]), hashes([salt])[0], dtype=np.uint64)
    empty = np.zeros(len(key), dtype=bool)
    with np.errstate(over="ignore"):
        for part in parts:
            key = (key ^ part) * _MULTIPLY
            key ^= key >> _SHIFT
            empty |= part == 0
    return np.where(empty, np.uint64(0), key | np.uint64(1))
