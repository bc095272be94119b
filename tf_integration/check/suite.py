"""Run a feed's Great Expectations suite over the rows of a delivery; only outcomes and counts leave this file.

A suite is data (`expectations/<feed>.json`). Great Expectations keeps and prints failing values by default; here they
are excluded. It is imported inside the functions, since that alone takes seconds.
An expectation whose `meta.least_rows` is more than the delivery has is not asked: shares mean nothing in a few rows.
"""

from __future__ import annotations

import json
import logging
import numbers
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tf_integration.model.errors import ContractError
from tf_integration.model.settings import PROJECT

if TYPE_CHECKING:
    import pandas as pd

SUITES = PROJECT / "expectations"
_WITHOUT_VALUES = {"result_format": "BASIC", "exclude_unexpected_values": True}
_OF_THE_TABLE = "expect_table_row_count"  # asked of all rows or not at all
_COLUMN_WORDS = ("column", "column_A", "column_B", "column_list", "column_set", "sum_columns")


@dataclass(frozen=True)
class Measure:
    """One outcome. `quantity` is the share of rows that failed, in percent, or the figure observed; never a value."""

    name: str
    success: bool | None
    severity: str
    quantity: float | None = None


def load_suite(feed: str, folder: Path = SUITES) -> dict[str, Any]:
    """The suite of a feed, as data; one without expectations where the file is missing.

    Raises:
        ContractError: the file is not a suite.
    """
    file = folder / f"{feed}.json"
    if not file.exists():
        return {"name": feed, "expectations": [], "meta": {}}
    try:
        suite = json.loads(file.read_text())
        if suite["name"] != feed or not isinstance(suite["expectations"], list):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise ContractError(
            "not a suite of that feed.", where=f"expectations/{file.name}", mend="See expectations/README.md."
        ) from None
    return dict(suite)


def columns_of(suite: Mapping[str, Any]) -> list[str]:
    """The columns that a suite asks about, in name order: only these need be read."""
    return sorted({c for e in suite["expectations"] for c in _columns(e)})


def _columns(expectation: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for word in _COLUMN_WORDS:
        named = expectation["kwargs"].get(word, ())
        found += [named] if isinstance(named, str) else list(named)
    return found


def run(suite: Mapping[str, Any], frame: pd.DataFrame, rows: int, snapshot_on: date) -> list[Measure]:
    """Every outcome of a suite over `frame`, which holds all `rows` rows of the delivery or an even sample of them.

    Dates must be `datetime64[ns]`. `{"$PARAMETER": "snapshot_on"}` in a suite stands for the file's date.
    """
    asked = [e for e in suite["expectations"] if applies(e, frame.columns, len(frame), rows)]
    measures = [Measure("rows", None, "info", rows)]
    if not asked or frame.empty:
        return measures
    result = _batch(frame).validate(
        _suite(suite["name"], asked),
        result_format=_WITHOUT_VALUES,
        expectation_parameters={"snapshot_on": datetime.combine(snapshot_on, time()), "rows": rows},
    )
    return measures + [_measure(r) for r in result.results]


def critical(measures: Sequence[Measure]) -> list[Measure]:
    """Those that hold the delivery."""
    return [m for m in measures if m.success is False and m.severity == "critical"]


def warned(measures: Sequence[Measure]) -> list[Measure]:
    """Those that are worth a look."""
    return [m for m in measures if m.success is False and m.severity == "warning"]


def applies(expectation: Mapping[str, Any], columns: Iterable[str], in_hand: int, rows: int) -> bool:
    """Whether an expectation is asked of a delivery of `rows` rows, `in_hand` of them in hand with these columns."""
    enough = rows >= (expectation.get("meta") or {}).get("least_rows", 0)
    is_sample = in_hand < rows and expectation["type"].startswith(_OF_THE_TABLE)
    return enough and not is_sample and set(_columns(expectation)) <= set(columns)


def label(expectation_type: str, kwargs: Mapping[str, Any], meta: Mapping[str, Any] | None) -> str:
    """The name of a measure: the suite's own, and the columns that it is about."""
    about = ", ".join(_columns({"kwargs": kwargs}))
    name = str((meta or {}).get("name") or expectation_type.removeprefix("expect_"))
    return f"{name}: {about}" if about else name


def is_installed() -> bool:
    """Whether Great Expectations is here; a partner's own check does without (`plain`)."""
    return find_spec("great_expectations") is not None


def _measure(result: Any) -> Measure:
    config = result.expectation_config
    raised = any(bool(i.get("raised_exception")) for i in _exceptions(result.exception_info))
    quantity = result.result.get("unexpected_percent", result.result.get("observed_value"))
    return Measure(
        label(config.type, config.kwargs, config.meta),
        None if raised else bool(result.success),
        str(getattr(config.severity, "value", config.severity) or "warning"),
        float(quantity) if isinstance(quantity, numbers.Real) else None,
    )


def _exceptions(info: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    if not info:
        return []
    return [info] if "raised_exception" in info else [i for i in info.values() if isinstance(i, Mapping)]


@lru_cache(maxsize=1)
def _context() -> Any:
    """One quiet context for the process: no files, no network, no progress bars, no fingerprint of the whole frame."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.execution_engine import pandas_execution_engine

    for name in ("", ".data_context.types.base"):  # which sets a level of its own when imported
        logging.getLogger(f"great_expectations{name}").setLevel(logging.WARNING)
    pandas_execution_engine.HASH_THRESHOLD = 0  # hashing every frame costs more than checking it (measured)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _batch(frame: pd.DataFrame) -> Any:
    context = _context()
    if "rows" not in context.data_sources.all():
        context.data_sources.add_pandas("rows").add_dataframe_asset("delivery").add_batch_definition_whole_dataframe(
            "all"
        )
    asset = context.data_sources.get("rows").get_asset("delivery")
    return asset.get_batch_definition("all").get_batch({"dataframe": frame})


def _suite(name: str, expectations: list[Any]) -> Any:
    import great_expectations as gx

    return gx.ExpectationSuite(name=name, expectations=[dict(e) for e in expectations])
