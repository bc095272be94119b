"""Write a whole county: nights of extracts, and the truth beside them, family by family."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from tf_integration.county.living import live
from tf_integration.county.sending import Post
from tf_integration.county.truth import Truth
from tf_integration.county.world import World
from tf_integration.model.errors import CallError

MOST_FAMILIES = 200_000  # as many as there are addresses of their own
_TOLD_EVERY = 500


@dataclass(frozen=True)
class CountySummary:
    """What was written. `rows` counts by feed, over all nights; `files` counts data and control files."""

    out: Path
    families: int
    persons: int
    nights: int
    files: int
    rows: dict[str, int]
    planted_faults: int

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "out": str(self.out)}


def generate(
    out: Path,
    families: int,
    seed: int,
    as_at: date,
    nights: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> CountySummary:
    """Write `out/night_NN/<partner>/extracts/*`, `out/truth/*.csv` and, last, `out/nights.json`.

    The last night's business date is `as_at`, the one before it a day earlier, and so on. The same arguments
    give the same bytes. Memory does not grow with the families. `progress(done, families)` is called now
    and then.

    Raises:
        CallError: `out` holds something already, or a number or date is beyond what the county can do.
    """
    _check(out, families, nights)
    world = World(families, seed, as_at, [as_at - timedelta(days=nights - n) for n in range(1, nights + 1)])
    truth = Truth(out / "truth")
    post = Post(world, out, truth)
    for index in range(families):
        fam = live(world, index, post.partners)
        post.take(fam)
        truth.family(fam)
        if index == families // 2:
            post.plant()
        if progress and index % _TOLD_EVERY == 0:
            progress(index, families)
    post.plant()
    summary = _finish(out, world, post, truth)
    if progress:
        progress(families, families)
    return summary


def _check(out: Path, families: int, nights: int) -> None:
    if not 1 <= families <= MOST_FAMILIES:
        raise CallError(f"a county has from 1 to {MOST_FAMILIES} families.", where="--families")
    if nights < 1:
        raise CallError("a county has at least one night.", where="--nights")
    if out.exists() and any(out.iterdir()):
        raise CallError(
            "the folder already holds something.", where=str(out), mend="Name an empty or a new folder."
        )


def _finish(out: Path, world: World, post: Post, truth: Truth) -> CountySummary:
    by_night: list[list[str]] = [[] for _ in world.nights]
    rows: dict[str, int] = {}
    planted = truth.faults
    for box, sent, names in post.close():
        folder = sent.folder.relative_to(out).as_posix()
        by_night[sent.night - 1] += [f"{folder}/{name}" for name in names]
        rows[box.feed.feed] = rows.get(box.feed.feed, 0) + sent.rows
    truth.close()
    told = [
        {"night": n, "as_at": str(day), "folder": f"night_{n:02d}", "files": files}
        for n, (day, files) in enumerate(zip(world.nights, by_night, strict=True), start=1)
    ]
    (out / "nights.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return CountySummary(
        out, world.families, truth.persons, len(world.nights), sum(map(len, by_night)), rows, planted
    )
