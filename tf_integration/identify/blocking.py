"""Which pairs of profiles are worth comparing: those that agree on all fields of some block."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tf_integration.identify.matching import Matching
from tf_integration.identify.profiles import Hashes, Profiles, mix

Rows = NDArray[np.int64]
_ROW = np.int64(32)


def keys_of(profiles: Profiles, fields: tuple[str, ...]) -> Hashes:
    """The key of each profile in the block of these fields; 0 where it lacks one of them."""
    return mix([profiles.columns[f].hashed for f in fields], "|".join(fields))


def pairs(profiles: Profiles, matching: Matching) -> tuple[Rows, Rows]:
    """Every pair (a < b) that some block holds, each once."""
    found = [_packed(profiles, fields, matching) for fields in matching.blocks]
    packed = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
    return packed >> _ROW, packed & np.int64(0xFFFFFFFF)


def pairs_of_block(profiles: Profiles, fields: tuple[str, ...], matching: Matching) -> tuple[Rows, Rows]:
    """Every pair (a < b) of one block."""
    packed = _packed(profiles, fields, matching)
    return packed >> _ROW, packed & np.int64(0xFFFFFFFF)


def _packed(profiles: Profiles, fields: tuple[str, ...], matching: Matching) -> Rows:
    key = keys_of(profiles, fields)
    rows = np.flatnonzero(key)
    key = key[rows]
    found = []
    for extra in (None, *(f for f in matching.split_by if f not in fields)):
        if extra is not None:  # what was too large, by one field more
            more = profiles.columns[extra].hashed[rows]
            rows, key = rows[more != 0], mix([key[more != 0], more[more != 0]], extra)
        order = np.argsort(key, kind="stable")
        rows, key = rows[order], key[order]
        first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.empty(0, np.int64)
        length = np.diff(np.r_[first, len(key)])
        fits = length <= matching.most_in_block
        found.append(_within(rows, first[fits], length[fits]))
        large = np.repeat(~fits, length)
        rows, key = rows[large], key[large]
        if not len(rows):
            break
    return np.concatenate(found)


def runs(rows: Rows, first: Rows, length: Rows) -> tuple[Rows, Rows]:
    """All pairs (a < b) within each run of `rows`: `length[i]` of them from `first[i]` on."""
    packed = _within(rows, first, length)
    return packed >> _ROW, packed & np.int64(0xFFFFFFFF)


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
