"""Whom changed records meet: pairs that share a block which changed ones enter, leave, or make too large.

Each block is looked up once, with no more of its records than tells whether it is too large.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tf_integration.identify.blocking import Rows, born_alike
from tf_integration.identify.steps import build, copy, list_records, read

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_AT_ONCE = 100_000  # blocks
_NOBODY = np.empty(0, np.int64)


class Standing(NamedTuple):
    """Records in blocks, a row each; `block` is its key, or its number among those looked up."""

    block: Rows
    record: Rows
    born: Rows

    def where(self, kept: NDArray[np.bool_] | Rows) -> Standing:
        """Those rows alone, or in that order."""
        return Standing(*(column[kept] for column in self))


class Met(NamedTuple):
    """Pairs of records (a < b), and unchanged records of blocks that have become too large or are so no longer."""

    a: Rows
    b: Rows
    crossed: Rows


@dataclass(frozen=True)
class _Moves:
    """What changed records do to blocks: `more` records each will hold; so many `steps` in or out."""

    keys: Rows
    more: Rows
    steps: Rows
    entered: Standing
    left: Rows  # changed records that stood in any block
    most: int

    def of(self, keys: Rows) -> tuple[Rows, Rows]:
        """`more` and `steps` of these blocks."""
        if not len(self.keys):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
        at = _places(keys, self.keys)
        known = self.keys[at] == keys
        return np.where(known, self.more[at], 0), np.where(known, self.steps[at], 0)


def meet(conn: Connection, entered: Standing, most: int) -> Met:
    """The pairs to compare anew, where changed records enter these blocks and leave those in which they stood.

    Blocks of more than `most` records are passed over. `crossed` are compared with all whom their own blocks hold.
    """
    left = _stood(conn, "SELECT source_record_id FROM work_changed JOIN identity.match_record USING (source_record_id)")
    keys, at = np.unique(np.r_[entered.block, left.block], return_inverse=True)
    steps = np.r_[np.ones(len(entered.block)), np.full(len(left.block), -1)]
    more = np.bincount(at, steps, len(keys)).astype(np.int64)
    moves = _Moves(keys, more, np.bincount(at, minlength=len(keys)), entered, np.unique(left.record), most)
    met = _look_up(conn, moves, keys, _NOBODY)
    if not len(met.crossed):
        return met
    own = _stood(conn, met.crossed)
    again = _look_up(conn, moves, np.unique(own.block), met.crossed)
    return _together([met, again])._replace(crossed=met.crossed)


def _stood(conn: Connection, records: str | Rows) -> Standing:
    list_records(conn, records)
    frame = read(conn, "stood")
    return Standing(*(frame[c].to_numpy() for c in ("key", "source_record_id", "born")))


def _look_up(conn: Connection, moves: _Moves, keys: Rows, anew: Rows) -> Met:
    """The pairs of these blocks in which one record is a changed one or one of `anew`."""
    met = []
    for first in range(0, len(keys), _AT_ONCE):
        part = keys[first : first + _AT_ONCE]
        more, steps = moves.of(part)
        held = _held(conn, part, moves.most + 1 + steps)
        met.append(_of_blocks(moves, part, more, held, anew))
    return _together(met)


def _held(conn: Connection, keys: Rows, at_most: Rows) -> Standing:
    """The first so many records of each of these blocks, as before this run."""
    build(conn, "work_block")
    copy(conn, "work_block", {"no": np.arange(len(keys)), "key": keys, "at_most": at_most})
    frame = read(conn, "held")
    return Standing(*(frame[c].to_numpy() for c in ("no", "source_record_id", "born")))


def _of_blocks(moves: _Moves, keys: Rows, more: Rows, held: Standing, anew: Rows) -> Met:
    was = np.bincount(held.block, minlength=len(keys))
    now = was + more
    crossing = (was > moves.most) != (now > moves.most)
    fits = (now > 1) & (now <= moves.most)
    staying = held.where(~_among(held.record, moves.left))
    at = _places(moves.entered.block, keys)
    entered = moves.entered._replace(block=at).where(keys[at] == moves.entered.block)
    own = Standing(*(np.r_[e, s] for e, s in zip(entered, staying, strict=True)))
    is_anew = np.r_[np.ones(len(entered.block), dtype=bool), _among(staying.record, anew)]
    kept = fits[own.block]
    a, b = _pairs(own.where(kept), is_anew[kept])
    return Met(a, b, np.unique(staying.record[crossing[staying.block]]))


def _pairs(held: Standing, is_anew: NDArray[np.bool_]) -> tuple[Rows, Rows]:
    """Each of those to be compared anew with all others of its block, unless their birth dates evidently differ."""
    order = np.argsort(held.block, kind="stable")
    held, mine = held.where(order), np.flatnonzero(is_anew[order])
    size = np.bincount(held.block) if len(held.block) else _NOBODY
    first = np.cumsum(size) - size
    times = size[held.block[mine]]
    one = np.repeat(mine, times)
    other = np.arange(len(one)) - np.repeat(np.cumsum(times) - times, times) + first[held.block[one]]
    may = (held.record[one] != held.record[other]) & born_alike(held.born[one], held.born[other])
    one, other = held.record[one[may]], held.record[other[may]]
    return _distinct(np.minimum(one, other), np.maximum(one, other))


def _distinct(a: Rows, b: Rows) -> tuple[Rows, Rows]:
    order = np.lexsort((b, a))
    a, b = a[order], b[order]
    is_first = np.r_[True, (a[1:] != a[:-1]) | (b[1:] != b[:-1])][: len(a)]
    return a[is_first], b[is_first]


def _together(met: list[Met]) -> Met:
    if not met:
        return Met(_NOBODY, _NOBODY, _NOBODY)
    a, b = _distinct(*(np.concatenate([m[column] for m in met]) for column in (0, 1)))
    return Met(a, b, np.unique(np.concatenate([m.crossed for m in met])))


def _places(values: Rows, in_order: Rows) -> Rows:
    """Where each value stands, or would, among values in rising order."""
    return np.minimum(np.searchsorted(in_order, values), len(in_order) - 1)


def _among(values: Rows, in_order: Rows) -> NDArray[np.bool_]:
    if not len(in_order):
        return np.zeros(len(values), dtype=bool)
    return np.asarray(in_order[_places(values, in_order)] == values)
