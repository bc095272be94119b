"""What the database raises when a constraint refuses a row: for verbs that let two people race and one win."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError as Conflict

__all__ = ["Conflict", "constraint"]


def constraint(error: Conflict) -> str | None:
    """The name of the constraint that refused, where it has one."""
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None)
