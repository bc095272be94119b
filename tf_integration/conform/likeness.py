"""Whose people are these? The staged people beside those whom the same partner has introduced: counts, no values."""

from __future__ import annotations

from dataclasses import dataclass

from tf_integration.conform.source import Source
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


@dataclass(frozen=True)
class Likeness:
    """Counts of people, of an even sample of the rows.

    `people` sent, `alike` of them with a reference of a form that is known; `known` people, in `forms` different forms;
    `placed` people with a postcode, `elsewhere` of them in areas where hardly anybody known lives, `known_placed`;
    `born_both`: with a date of birth now and before, `born_changed` of them with another one.
    """

    people: int = 0
    alike: int = 0
    known: int = 0
    forms: int = 0
    placed: int = 0
    elsewhere: int = 0
    known_placed: int = 0
    born_both: int = 0
    born_changed: int = 0


def likeness(conn: Connection, source: Source, rows: int, sample: int, area_share: float) -> Likeness:
    """Compare at most about `sample` of the staged `rows`. `area_share`: of the known people who make an area known."""
    if source.feed.who == "family" or not rows:
        return Likeness()
    every = max(1, rows // sample)
    found = warehouse.run(conn, "core/likeness.sql", every=every, most=sample, area_share=area_share)
    return Likeness(**{name: int(n) for name, n in found.mappings().one().items()})
