"""Which model decides: the one that somebody made live in the warehouse, else the shipped one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tf_integration.identify import artefact
from tf_integration.identify.matching import load_matching, load_nicknames
from tf_integration.identify.pairing import Matcher
from tf_integration.identify.weighing import Model
from tf_integration.store import warehouse

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def active(conn: Connection) -> Matcher:
    """The live model with the rules of this version.

    Raises:
        ContractError: the live model lacks what this version compares.
    """
    rows = warehouse.rows(conn, "SELECT parameters FROM identity.active_model")
    return Matcher(
        from_parameters(rows[0]["parameters"]) if rows else artefact.load(), load_matching(), load_nicknames()
    )


def to_parameters(model: Model) -> dict[str, Any]:
    """The model as `identity.model.parameters` holds it: Splink's settings and the frequencies of names."""
    return {"settings": artefact.to_splink(model, load_matching()), "names": artefact.frequencies_as_csv(model)}


def from_parameters(parameters: dict[str, Any]) -> Model:
    """What `to_parameters` gave.

    Raises:
        ContractError: it lacks what this version compares.
    """
    return artefact.from_splink(parameters["settings"], *artefact.frequencies_from_csv(parameters["names"]))
