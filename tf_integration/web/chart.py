"""A chart of a plan's months as places on a page: the template draws them, and the table beside says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

WIDTH, HEIGHT = 720, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 130, 14, 34
_MOST_LABELS = 8


@dataclass(frozen=True)
class Chart:
    """Places in a box of `width` x `height`: lines as SVG points, and the labels of both axes."""

    width: int
    height: int
    lines: list[dict[str, Any]]     # name, points, x and y of its end
    band: str                       # the forecast's interval as points; blank without one
    ticks: list[tuple[float, str]]  # y and words
    labels: list[tuple[float, str]]  # x and words
    floor: float


def drawn(rows: Sequence[Mapping[str, Any]]) -> Chart | None:
    """The chart of a plan's months; None where there is but one, which a table says better."""
    if len(rows) < 2:
        return None
    most = _round_up(max([_known(r, c) for r in rows for c in ("target", "attached", "forecast_high")] + [1]))
    step = (WIDTH - _LEFT - _RIGHT) / (len(rows) - 1)

    def at(n: int, value: float) -> str:
        return f"{_LEFT + n * step:.1f},{HEIGHT - _BOTTOM - value / most * (HEIGHT - _TOP - _BOTTOM):.1f}"

    past = [(n, r) for n, r in enumerate(rows) if not r["is_ahead"]]
    ahead = [(n, r) for n, r in enumerate(rows) if r["forecast_claims"] is not None]
    lines = [_line("target", [at(n, r["target"]) for n, r in enumerate(rows) if r["target"] is not None]),
             _line("attached", [at(n, r["attached"]) for n, r in past]),
             _line("claimed", [at(n, _claimed(r)) for n, r in past]),
             _line("forecast", [at(n, r["forecast_claims"]) for n, r in ahead])]
    band = [at(n, r["forecast_high"]) for n, r in ahead] + [at(n, r["forecast_low"]) for n, r in reversed(ahead)]
    every = ceil(len(rows) / _MOST_LABELS)
    return Chart(WIDTH, HEIGHT, [one for one in lines if one["points"]], " ".join(band),
                 [(float(at(0, v).split(",")[1]), f"{v:,.0f}") for v in (0, most / 2, most)],
                 [(_LEFT + n * step, f"{r['month']:%b %Y}") for n, r in enumerate(rows) if n % every == 0],
                 HEIGHT - _BOTTOM)


def _line(name: str, points: list[str]) -> dict[str, Any]:
    x, y = map(float, points[-1].split(",")) if points else (0.0, 0.0)
    return {"name": name, "points": " ".join(points), "x": x, "y": y}


def _claimed(row: Mapping[str, Any]) -> int:
    return int(row["claimed_sustained"] + row["claimed_employment"])


def _known(row: Mapping[str, Any], column: str) -> float:
    return float(row[column] or 0)


def _round_up(value: float) -> int:
    """The next number of one figure, so that the axis reads well: 4,670 -> 5,000."""
    unit = 10 ** floor(log10(value))
    return int(ceil(value / unit) * unit)
