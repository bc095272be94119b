"""A feed's suite without Great Expectations, for a partner's own check: what the shipped suites ask, same outcome.

A test puts both to the same rows. Where Great Expectations is installed it is what is asked (`suite`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from tf_integration.check.suite import Measure, applies, label
from tf_integration.model.errors import ContractError
from tf_integration.model.feed import Feed

Columns = dict[str, list[Any]]
_NUMBERS = ("integer", "decimal")


def typed(feed: Feed, columns: Sequence[str], rows: Iterable[Sequence[str | None]]) -> Columns:
    """Rows as columns: days as `date`, numbers as floats, the rest as text; None where blank."""
    kinds = {c.name: c.type for c in feed.columns}
    casts: list[Callable[[str], Any]] = [
        date.fromisoformat if kinds[c] == "date" else float if kinds[c] in _NUMBERS else str for c in columns
    ]
    found: Columns = {c: [] for c in columns}
    for row in rows:
        for name, cast, cell in zip(columns, casts, row, strict=True):
            found[name].append(None if cell is None else cast(cell))
    return found


def run(suite: Mapping[str, Any], columns: Columns, rows: int, snapshot_on: date) -> list[Measure]:
    """Every outcome of a suite over the columns in hand, as `suite.run` gives them.

    Raises:
        ContractError: the suite asks something that only Great Expectations knows.
    """
    in_hand = max((len(c) for c in columns.values()), default=0)
    measures = [Measure("rows", None, "info", rows)]
    if not in_hand:
        return measures
    for asked in suite["expectations"]:
        if applies(asked, columns, in_hand, rows):
            kwargs = {k: _parameter(v, snapshot_on) for k, v in asked["kwargs"].items()}
            success, quantity = _asked(asked["type"], suite["name"], in_hand)(columns, kwargs)
            name = label(asked["type"], kwargs, asked.get("meta"))
            measures.append(Measure(name, success, asked.get("severity", "warning"), quantity))
    return measures


def _parameter(value: Any, snapshot_on: date) -> Any:
    return snapshot_on if value == {"$PARAMETER": "snapshot_on"} else value


Outcome = tuple[bool | None, float | None]
Question = Callable[[Columns, Mapping[str, Any]], Outcome]


def _asked(kind: str, suite: str, in_hand: int) -> Question:
    if kind == "expect_table_row_count_to_be_between":
        return lambda _, k: (_between(in_hand, k), float(in_hand))
    if kind not in _QUESTIONS:
        raise ContractError(f"{kind} is not one that is known here.", where=f"expectations/{suite}.json",
                            mend="Add it to check/plain.py, or use one that is there.")  # fmt: skip
    return _QUESTIONS[kind]


def _between(value: Any, k: Mapping[str, Any]) -> bool:
    low, high = k.get("min_value"), k.get("max_value")
    return (low is None or value >= low) and (high is None or value <= high)


def _share(n_bad: int, n: int, k: Mapping[str, Any]) -> Outcome:
    """Success where enough of n are good; of none, all are."""
    return (True, None) if not n else ((n - n_bad) / n >= k.get("mostly", 1), 100 * n_bad / n)


def _filled(columns: Columns, k: Mapping[str, Any]) -> list[Any]:
    return [v for v in columns[k["column"]] if v is not None]


def _each(good: Callable[[Any, Mapping[str, Any]], bool]) -> Question:
    def ask(columns: Columns, k: Mapping[str, Any]) -> Outcome:
        values = _filled(columns, k)
        return _share(sum(not good(v, k) for v in values), len(values), k)

    return ask


def _not_null(columns: Columns, k: Mapping[str, Any]) -> Outcome:
    values = columns[k["column"]]
    return _share(sum(v is None for v in values), len(values), k)


def _unique_share(columns: Columns, k: Mapping[str, Any]) -> Outcome:
    values = _filled(columns, k)
    if not values:
        return False, None
    share = len(set(values)) / len(values)
    return _between(share, k), share


def _unique_count(columns: Columns, k: Mapping[str, Any]) -> Outcome:
    n = len(set(_filled(columns, k)))
    return _between(n, k), float(n)


def _mean(columns: Columns, k: Mapping[str, Any]) -> Outcome:
    values = _filled(columns, k)
    if not values:
        return False, None
    mean = sum(values) / len(values)
    return _between(mean, k), mean


def _pair(columns: Columns, k: Mapping[str, Any]) -> Outcome:
    either = k.get("ignore_row_if") == "either_value_is_missing"
    pairs = [
        (a, b)
        for a, b in zip(columns[k["column_A"]], columns[k["column_B"]], strict=True)
        if not ((a is None or b is None) if either else (a is None and b is None))
    ]
    bad = sum(a is None or b is None or not (a > b or (k.get("or_equal") and a == b)) for a, b in pairs)
    return _share(bad, len(pairs), k)


def _compound(columns: Columns, k: Mapping[str, Any]) -> Outcome:
    keys = [key for key in zip(*(columns[c] for c in k["column_list"]), strict=True) if None not in key]
    n_of = Counter(keys)
    return _share(sum(n_of[key] > 1 for key in keys), len(keys), k)


_QUESTIONS: dict[str, Question] = {
    "expect_column_values_to_be_in_set": _each(lambda v, k: v in k["value_set"]),
    "expect_column_values_to_match_regex": _each(lambda v, k: re.search(k["regex"], str(v)) is not None),
    "expect_column_values_to_be_between": _each(_between),
    "expect_column_values_to_not_be_null": _not_null,
    "expect_column_proportion_of_unique_values_to_be_between": _unique_share,
    "expect_column_unique_value_count_to_be_between": _unique_count,
    "expect_column_mean_to_be_between": _mean,
    "expect_column_pair_values_a_to_be_greater_than_b": _pair,
    "expect_compound_columns_to_be_unique": _compound,
    "expect_column_distinct_values_to_contain_set": lambda c, k: (set(k["value_set"]) <= set(_filled(c, k)), None),
    "expect_column_distinct_values_to_be_in_set": lambda c, k: (set(_filled(c, k)) <= set(k["value_set"]), None),
}
