"""A delivery's measures against what is usual for its feed and partner. The figures are `quality.yaml`'s."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt

from tf_integration.keep.rules import read_over
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

SHIPPED = Path(__file__).with_name("quality.yaml")


class Floor(BaseModel):
    """The narrowest usual range of a kind of measure: relative to the median, or in its own unit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    share_of_usual: float = 0
    least: float = 0


class Quality(BaseModel):
    """`quality.yaml`, whole."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    history: PositiveInt
    least: PositiveInt = Field(ge=2)
    width: PositiveFloat
    noise: PositiveFloat
    least_rows: PositiveInt
    floors: dict[str, Floor]


def load_quality(home: Path | None = None) -> Quality:
    """The shipped figures, with those of `home/quality.yaml` over them.

    Raises:
        CallError: the council's file names something unknown.
    """
    return Quality(**read_over(SHIPPED, home, Quality))


def judge(conn: Connection, delivery_id: int, rules: Quality) -> int:
    """Write beside each measure of a delivery what was usual before it, and whether it drifts; how many do."""
    floors = [{"prefix": prefix, **floor.model_dump()} for prefix, floor in rules.floors.items()]
    given = {"delivery_id": delivery_id, "history": rules.history}
    warehouse.run(conn, "keep/measure__absent.sql", **given)
    warehouse.run(conn, "keep/measure__usual.sql", **given, floors=json.dumps(floors), least=rules.least,
                  width=rules.width, noise=rules.noise, least_rows=rules.least_rows)
    return int(warehouse.scalar(
        conn, "SELECT count(*) FROM landing.measure WHERE delivery_id = :d AND is_drift", d=delivery_id))
