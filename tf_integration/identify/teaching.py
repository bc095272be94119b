"""Learn a model from what partners' current records say, which needs no labels."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tf_integration.identify import models, remembering
from tf_integration.identify.matching import load_matching, load_nicknames
from tf_integration.identify.profiles import COLUMNS, encode
from tf_integration.identify.training import train
from tf_integration.model.errors import NeedsAPerson

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# Each distinct view of somebody once: exact copies would weigh as agreement.
_PARTICULARS = """
    SELECT DISTINCT forename, surname, date_of_birth, sex, address, postcode, nullif(ltrim(uprn, '0'), '') AS uprn,
           nhs_number, upn, nino
    FROM core.source_record WHERE known_to = 'infinity' AND introduces
    ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"""


def teach(conn: Connection, on: date) -> dict[str, Any]:
    """The parameters of a model learnt from the records that are current now, as `identity.model` holds them.

    Raises:
        NeedsAPerson: there are no records to learn from.
    """
    frame = remembering.read(conn, _PARTICULARS)
    if frame.is_empty():
        raise NeedsAPerson("there are no records to learn from.", mend="Run `tfi night` first.")
    matching = load_matching()
    model = train(encode(frame.select(COLUMNS), matching), matching, load_nicknames(), f"learnt {on}", on.isoformat())
    return models.to_parameters(model)
