"""When things happen: the days of a problem, by its shape (resolved, clearing, current or past)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from tf_integration.county.family import Family

Way = Callable[
    [Family, str], bool
]  # lets a problem of that shape show itself; False when it does not fit the family


def days_of(fam: Family, shape: str, most: int) -> list[date]:
    """Days of one to `most` incidents, oldest first, at least one where the shape needs it."""
    life, attached = fam.world.life, fam.attached_ago
    count = fam.between(1, most)
    if shape == "past":
        return sorted(fam.ago(500, 1000) for _ in range(count))
    before = [fam.ago(attached + 5, attached + 300)] if fam.attached_on else []
    if shape == "resolved":
        quiet = life["quiet_days"]
        return sorted(
            [*before, *(fam.ago(max(quiet, attached - 60), attached + 300) for _ in range(count - 1))]
        )
    if shape == "clearing":
        return sorted([*before, fam.ago(*life["clearing_days"])])
    return sorted([*before, *(fam.ago(*life["recent_days"]) for _ in range(count))])


def spell_of(
    fam: Family, shape: str, quiet: int | None = None, clearing: list[int] | None = None
) -> tuple[date, date | None]:
    """First day and end of something that goes on; no end while it is current."""
    life, attached = fam.world.life, fam.attached_ago
    quiet, clearing = quiet or life["quiet_days"], clearing or life["clearing_days"]
    start = fam.ago(attached + 15, attached + 250) if fam.attached_on else fam.ago(30, 400)
    if shape == "past":
        end = fam.ago(450, 800)
        return end - timedelta(days=fam.between(40, 200)), end
    if shape == "resolved":
        return start, fam.ago(quiet, max(quiet, attached - 10))
    if shape == "clearing":
        return start, fam.ago(*clearing)
    return start, None


def lag(fam: Family) -> int:
    """Days until a partner has recorded something: mostly few, now and then a quarter of a year."""
    return fam.between(25, 90) if fam.chance(0.02) else int(min(12, fam.rng.expovariate(0.45)))
