"""A partner's question: is this person known to the programme, who leads the work, and when was the family last seen?

Two identifiers and a reason go in, little comes out, and each question is kept with who asked and why, never with what
was typed. Where two identifiers do not mean one person, nothing is said but that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from tf_integration.flow.access import LOOK_UP
from tf_integration.keep import audit
from tf_integration.keep.access import Access, Who
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection
from tf_integration.text import dates, identifiers, names, postcodes

# what may be given: how it reads on the page, and what makes it canonical (None: it is not one)
GIVEN: dict[str, tuple[str, Callable[[str], Any]]] = {
    "nhs_number": ("NHS number", identifiers.nhs_number),
    "upn": ("Unique pupil number (UPN)", identifiers.upn),
    "nino": ("National Insurance number", identifiers.nino),
    "date_of_birth": ("Date of birth", dates.parse),
    "surname": ("Surname", lambda text: names.plain(text) or None),
    "postcode": ("Postcode", postcodes.postcode),
}
_SHORTEST_REASON = 10


def look_up(settings: Settings, access: Access, who: Who, given: Mapping[str, str], because: str) -> dict[str, Any]:
    """Answer one question, and keep that it was asked.

    Returns `answer` (`known`, `not_known` or `several`) and, when known, `attached_on`, `last_involved_on`,
    `lead_worker`, `worker_role` and `is_closed`.

    Raises:
        CallError: too few identifiers, one that cannot be right (`where` names the field), or no reason.
        NeedsAPerson: this account has asked too often within the hour.
    """
    asked = _read(given)
    if len(asked) < access.look_up.identifiers:
        raise CallError(f"give at least {access.look_up.identifiers} of these.", where=next(iter(GIVEN)))
    if len(because.strip()) < _SHORTEST_REASON:
        raise CallError("say why you ask, so that an auditor understands it.", where="because")
    with warehouse.transaction(settings) as conn:
        if warehouse.run(conn, "web/look_up__asked.sql", name=who.name).scalar_one() >= access.look_up.each_hour:
            raise NeedsAPerson(f"this account has asked {access.look_up.each_hour} times within an hour.",
                               where=who.name, mend="Ask again later, or speak to the programme's data team.")
        people = _meant(conn, asked)
        told = _answer(conn, people)
        subject = str(next(iter(people))) if len(people) == 1 else ""
        audit.note(conn, who.name, LOOK_UP, subject, because, given=sorted(asked), answer=told["answer"])
        return told


def _read(given: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (says, canonical) in GIVEN.items():
        if text := given.get(name, "").strip():
            found[name] = canonical(text)
            if found[name] is None:
                raise CallError(f"this is not a {says}.", where=name)
    return found


def _meant(conn: Connection, asked: Mapping[str, Any]) -> set[int]:
    """The persons whom every identifier means. A surname narrows down, and finds nobody by itself."""
    keys = {name: asked.get(name) for name in GIVEN if name != "surname"}
    rows = warehouse.run(conn, "web/look_up__persons.sql", **keys).mappings()
    surname = asked.get("surname")
    return {int(r["person_id"]) for r in rows if surname is None or names.plain(r["surname"] or "") == surname}


def _answer(conn: Connection, people: set[int]) -> dict[str, Any]:
    if len(people) > 1:
        return {"answer": "several"}
    for person_id in people:
        if known := warehouse.run(conn, "web/look_up__answer.sql", person_id=person_id).mappings().first():
            return {"answer": "known", **known}
    return {"answer": "not_known"}


def day(given: Mapping[str, str]) -> str:
    """The three boxes of a date of birth as one date text; blank when all are blank."""
    boxes = [given.get(f"date_of_birth-{part}", "").strip() for part in ("year", "month", "day")]
    if not any(boxes):
        return ""
    try:
        return date(*(int(b) for b in boxes)).isoformat()
    except (ValueError, OverflowError):
        return "not a date"
