"""The lives come to what their stories are written for, by the plain reference evaluator of `national-2015`."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tf_integration.county import generate

from .judging import statuses
from .reading import AS_AT, County

FAMILIES = 200


@pytest.mark.slow
def test_each_story_comes_to_the_status_that_it_is_written_for(tmp_path: Path) -> None:
    generate(tmp_path / "c", FAMILIES, 1, AS_AT, 3)
    county = County(tmp_path / "c")
    judged = statuses(county, county.extracts())
    by_meaning: dict[str, Counter[str]] = defaultdict(Counter)
    for h in county.truth("households"):
        by_meaning[h["meant"]][judged[h["household_id"]]] += 1
    assert set(by_meaning) == {"ready", "in_progress", "blocked_by_data", "eligible", "cannot_tell", "not_eligible"}
    assert all(came[meant] >= 0.8 * sum(came.values()) for meant, came in by_meaning.items()), by_meaning
