"""A partner's own check judges a suite without Great Expectations, and judges the same."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from tf_integration.check import plain, suite
from tf_integration.check.rows import typed
from tf_integration.model.errors import ContractError
from tf_integration.model.feed import Feed, load_feeds

ON = date(2019, 6, 3)


def cell(draw: random.Random, column: object, tidy: float) -> str | None:
    if draw.random() > tidy:
        return None
    kind = column.type  # type: ignore[attr-defined]
    if kind == "date":
        return (ON - timedelta(days=draw.randrange(-40, 9000))).isoformat()
    if kind in ("integer", "decimal"):
        return str(draw.randrange(0, 60))
    if kind == "code":
        codes = column.codes  # type: ignore[attr-defined]
        return draw.choice(codes) if draw.random() < tidy else "ZZ"
    if kind == "postcode":
        return draw.choice(["CT1 2AB", "nowhere"])
    return f"R{draw.randrange(0, 300)}"


def made(feed: Feed, columns: list[str], n: int, seed: int) -> list[list[str | None]]:
    draw = random.Random(f"{feed.feed}{seed}")
    kinds = {c.name: c for c in feed.columns}
    tidy = {c: draw.choice([1, 0.97, 0.5, 0]) for c in columns}
    return [[cell(draw, kinds[c], tidy[c]) for c in columns] for _ in range(n)]


@pytest.mark.parametrize("feed", sorted(load_feeds()))
def test_both_say_the_same_of_any_rows(feed: str) -> None:
    contract, asked = load_feeds()[feed], suite.load_suite(feed)
    columns = [c for c in suite.columns_of(asked) if c in {d.name for d in contract.columns}]
    outcomes = set()
    for seed, n in ((1, 600), (2, 30)):
        rows = made(contract, columns, n, seed)
        ours = plain.run(asked, plain.typed(contract, columns, rows), n, ON)
        theirs = suite.run(asked, typed(contract, columns, rows), n, ON)
        said = [sorted((m.name, str(m.success), m.severity) for m in measures) for measures in (ours, theirs)]
        assert said[0] == said[1]
        outcomes |= {m.success for m in ours}
    assert {True, False} <= outcomes


def test_a_question_that_it_does_not_know_is_an_error_and_not_a_pass() -> None:
    asked = {"name": "x", "expectations": [{"type": "expect_column_kl_divergence", "kwargs": {"column": "a"}}]}
    with pytest.raises(ContractError, match=r"expectations/x\.json"):
        plain.run(asked, {"a": ["1"]}, 1, ON)
