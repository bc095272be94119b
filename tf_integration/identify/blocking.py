"""Which pairs of profiles are worth comparing: those that agree on all fields of some block."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from tf_integration.identify.matching import Matching
from tf_integration.identify.profiles import AT_ONCE, Hashes, Profiles, mix

Rows = NDArray[np.int64]
_ROW, _LOW = np.int64(32), np.int64(0xFFFFFFFF)
_BITS = 62  # of a key and a row beside it, sorted as one number


def keys_of(profiles: Profiles, fields: tuple[str, ...]) -> Hashes:
    """The key of each profile in the block of these fields, the same everywhere; 0 where it lacks one of them."""
    return mix([profiles.columns[f].hashed for f in fields], "|".join(fields))


def pairs(profiles: Profiles, matching: Matching, times: Rows | None = None) -> tuple[Rows, Rows]:
    """Every pair (a < b) that some block holds, each once, but those whose birth dates evidently differ.

    `times`: how many records hold each profile (else one).
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        tell = map(matching.births_tell, matching.blocks)
        found = list(pool.map(lambda f, t: _packed(profiles, f, matching, times, t), matching.blocks, tell))
    keys, at = np.empty(sum(map(len, found)), np.int64), 0
    while found:  # one by one, since what is held twice here is what the matcher needs most memory for
        part = found.pop()
        keys[at : at + len(part)] = part
        at += len(part)
    return _unpacked(distinct(keys))


def distinct(keys: Rows) -> Rows:
    """The different keys, sorted; sorts what it is given. numpy's own `unique` hashes, and takes ten times as long."""
    keys.sort()
    return keys[np.r_[True, keys[1:] != keys[:-1]]] if len(keys) else keys


def pairs_of_block(profiles: Profiles, fields: tuple[str, ...], matching: Matching) -> tuple[Rows, Rows]:
    """Every pair (a < b) of one block."""
    return _unpacked(_packed(profiles, fields, matching, None, False))


def runs(rows: Rows, first: Rows, length: Rows) -> tuple[Rows, Rows]:
    """All pairs (a < b) within each run of `rows`: `length[i]` of them from `first[i]` on."""
    return _unpacked(_within(rows, first, length, None))


def _packed(
    profiles: Profiles, fields: tuple[str, ...], matching: Matching, times: Rows | None, births_tell: bool
) -> Rows:
    key, rows = _in_order(profiles, fields)
    if not len(key):
        return np.empty(0, np.int64)
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    length = np.diff(np.r_[first, len(key)])
    records = length if times is None else np.add.reduceat(times[rows], first)
    fits = (length > 1) & (records <= matching.most_in_block)
    return _within(rows, first[fits], length[fits], profiles.born if births_tell else None)


def _in_order(profiles: Profiles, fields: tuple[str, ...]) -> tuple[Rows, Rows]:
    """The profiles that have all of these fields, those with the same values together: the values' key, and the row."""
    codes = [profiles.code(f) for f in fields]
    rows = np.flatnonzero(np.all([c >= 0 for c in codes], axis=0))
    sizes = [len(profiles.columns[f].values) for f in fields]
    row_bits = int(profiles.size).bit_length()
    if sum(size.bit_length() for size in sizes) + row_bits > _BITS:
        hashed = keys_of(profiles, fields)[rows].view(np.int64)
        order = np.argsort(hashed)
        return hashed[order], rows[order]
    key = np.zeros(len(rows), dtype=np.int64)
    for code, size in zip(codes, sizes, strict=True):
        key = (key << np.int64(size.bit_length())) | code[rows]
    packed = (key << np.int64(row_bits)) | rows
    packed.sort()
    return packed >> np.int64(row_bits), packed & np.int64((1 << row_bits) - 1)


def _within(rows: Rows, first: Rows, length: Rows, born: Rows | None) -> Rows:
    """All pairs within each run of `rows`, packed as smaller row << 32 | larger row; `born` leaves others out."""
    found, step = [], 1
    starts, left = first, length
    while True:
        starts, left = starts[left > step], left[left > step]
        if not len(starts):
            break
        many = left - step
        offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        one = np.repeat(starts, many) + offset
        a, b = rows[one], rows[one + step]
        if born is not None:
            may = born_alike(born[a], born[b])
            a, b = a[may], b[may]
        found.append((np.minimum(a, b) << _ROW) | np.maximum(a, b))
        step += 1
    return np.concatenate(found) if found else np.empty(0, np.int64)


def born_alike(x: Rows, y: Rows) -> NDArray[np.bool_]:
    """Not evidently two birth dates: one is unknown, or year or day is the same. Others differ in several digits."""
    same_year, same_day = x // 10_000 == y // 10_000, x % 10_000 == y % 10_000
    return np.asarray((x == 0) | (y == 0) | same_year | same_day)


def _unpacked(packed: Rows) -> tuple[Rows, Rows]:
    return packed >> _ROW, packed & _LOW
