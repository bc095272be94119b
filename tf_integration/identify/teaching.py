"""Learn a model from what partners' current records say, which needs no labels."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tf_integration.identify import models
from tf_integration.identify.matching import load_matching, load_nicknames
from tf_integration.identify.profiles import COLUMNS, encode
from tf_integration.identify.steps import read
from tf_integration.identify.training import train
from tf_integration.model.errors import NeedsAPerson

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def teach(conn: Connection, on: date) -> dict[str, Any]:
    """The parameters of a model learnt from the records that are current now, as `identity.model` holds them.

    Raises:
        NeedsAPerson: there are no records to learn from.
    """
    frame = read(conn, "said_once")
    if frame.is_empty():
        raise NeedsAPerson("there are no records to learn from.", mend="Run `tfi night` first.")
    matching = load_matching()
    model = train(encode(frame.select(COLUMNS), matching), matching, load_nicknames(), f"learnt {on}", on.isoformat())
    return models.to_parameters(model)
