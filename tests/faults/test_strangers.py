"""A file that is well formed and is about other people: another partner's, another authority's, or with columns apart."""

from __future__ import annotations

import random
import re

import pytest
from small_council import ACTION, Council, tenancies

from tf_integration.check import guards as guard
from tf_integration.check.guards import load_guards
from tf_integration.conform import Likeness

FEED = "housing_tenancies"


def rules(council: Council, name: str) -> set[str]:
    return {r["rule"] for r in council.housing.receipt(name)["reasons"]}


def started(council: Council, n: int = 150) -> None:
    council.housing.put(FEED, "2019-05-01", 1, tenancies(n))
    assert council.night(FEED, "2019-05-01") == ["accepted"]


def test_an_increment_of_another_partners_people_is_held(council: Council) -> None:
    started(council)
    rows = [f"U,{{0}}{n},A{n},T{n},arrears,2019-04-01,,100\n" for n in range(1, 80)]
    other = council.housing.put("housing_actions", "2019-05-01", 1, ACTION + "".join(r.format("NP") for r in rows))
    assert council.night("housing_actions", "2019-05-01") == ["held"]
    assert "stranger" in rules(council, other)
    assert council.facts("housing_actions") == 0
    council.housing.put("housing_actions", "2019-05-01", 1, ACTION + "".join(r.format("H9") for r in rows), bump=60)
    assert council.night("housing_actions", "2019-05-02") == ["accepted"]  # people of the known form, not yet introduced


def test_another_authoritys_people_among_ours_are_held(council: Council) -> None:
    started(council)
    rows = tenancies(150).splitlines(keepends=True)
    mixed = [r.replace("CT1 2AB", "M1 1AE") if n % 3 == 0 else r for n, r in enumerate(rows)]
    name = council.housing.put(FEED, "2019-05-08", 2, "".join(mixed))
    assert council.night(FEED, "2019-05-08") == ["held"]
    assert rules(council, name) == {"elsewhere"}
    some = [r.replace("CT1 2AB", "M1 1AE") if n % 10 == 0 else r for n, r in enumerate(rows)]
    council.housing.put(FEED, "2019-05-15", 3, "".join(some))
    assert council.night(FEED, "2019-05-15") == ["accepted"]


def test_a_column_that_was_sorted_apart_is_held(council: Council) -> None:
    started(council)
    cells = [r.split(",") for r in tenancies(150).splitlines()]
    births = sorted(c[3] for c in cells[1:])
    apart = [cells[0], *([*c[:3], b, *c[4:]] for c, b in zip(cells[1:], births, strict=True))]
    name = council.housing.put(FEED, "2019-05-08", 2, "".join(",".join(c) + "\n" for c in apart))
    assert council.night(FEED, "2019-05-08") == ["held"]
    assert rules(council, name) == {"born_changed"}


@pytest.mark.parametrize(("corrected", "status"), [(15, "accepted"), (40, "held")])
def test_some_corrected_birth_days_are_no_fault(council: Council, corrected: int, status: str) -> None:
    started(council)
    rows = tenancies(150).splitlines(keepends=True)
    chosen = set(random.Random(1).sample(range(1, 151), corrected))
    text = "".join(re.sub(r"19\d\d-", "2001-", r, count=1) if n in chosen else r for n, r in enumerate(rows))
    council.housing.put(FEED, "2019-05-08", 2, text)
    assert council.night(FEED, "2019-05-08") == [status]


@pytest.mark.parametrize(
    ("like", "said"),
    [
        (Likeness(people=50, alike=24, known=50, forms=2), ["stranger"]),
        (Likeness(people=50, alike=25, known=50, forms=2), []),
        (Likeness(people=49, alike=0, known=50, forms=2), []),
        (Likeness(people=50, alike=0, known=49, forms=2), []),
        (Likeness(people=50, alike=0, known=50, forms=3), []),  # references without a common form
        (Likeness(placed=100, elsewhere=21, known_placed=100), ["elsewhere"]),
        (Likeness(placed=100, elsewhere=20, known_placed=100), []),
        (Likeness(placed=99, elsewhere=99, known_placed=100), []),
        (Likeness(born_both=400, born_changed=21), ["born_changed"]),
        (Likeness(born_both=400, born_changed=20), []),
        (Likeness(born_both=1000, born_changed=50), []),
        (Likeness(born_both=1000, born_changed=51), ["born_changed"]),
    ],
)
def test_each_guard_of_people_at_its_edge(like: Likeness, said: list[str]) -> None:
    found = guard.people_plausible(like, load_guards(), is_older=False)
    assert [r.rule for r in found] == said
    older = guard.people_plausible(like, load_guards(), is_older=True)
    assert [r.rule for r in older] == [r for r in said if r != "born_changed"]
