"""Which pairs of profiles are worth comparing: those that agree on all fields of some block."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tf_integration.identify.matching import Matching
from tf_integration.identify.profiles import Hashes, Profiles, mix

Rows = NDArray[np.int64]
_ROW, _LOW = np.int64(32), np.int64(0xFFFFFFFF)


def keys_of(profiles: Profiles, fields: tuple[str, ...]) -> Hashes:
    """The key of each profile in the block of these fields; 0 where it lacks one of them."""
    return mix([profiles.columns[f].hashed for f in fields], "|".join(fields))


def pairs(profiles: Profiles, matching: Matching, times: Rows | None = None) -> tuple[Rows, Rows]:
    """Every pair (a < b) that some block holds, each once. `times`: how many records hold each profile (else one)."""
    found = [_packed(profiles, fields, matching, times) for fields in matching.blocks]
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
    return _unpacked(_packed(profiles, fields, matching, None))


def runs(rows: Rows, first: Rows, length: Rows) -> tuple[Rows, Rows]:
    """All pairs (a < b) within each run of `rows`: `length[i]` of them from `first[i]` on."""
    return _unpacked(_within(rows, first, length))


def _packed(profiles: Profiles, fields: tuple[str, ...], matching: Matching, times: Rows | None) -> Rows:
    key = keys_of(profiles, fields)
    rows = np.flatnonzero(key)
    order = np.argsort(key[rows], kind="stable")
    rows = rows[order]
    key = key[rows]
    if not len(key):
        return np.empty(0, np.int64)
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    length = np.diff(np.r_[first, len(key)])
    records = length if times is None else np.add.reduceat(times[rows], first)
    fits = (length > 1) & (records <= matching.most_in_block)
    return _within(rows, first[fits], length[fits])


def _within(rows: Rows, first: Rows, length: Rows) -> Rows:
    """All pairs within each run of `rows`, packed as smaller row << 32 | larger row."""
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
        found.append((np.minimum(a, b) << _ROW) | np.maximum(a, b))
        step += 1
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _unpacked(packed: Rows) -> tuple[Rows, Rows]:
    return packed >> _ROW, packed & _LOW
