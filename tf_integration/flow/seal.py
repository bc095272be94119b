"""The sealed list: people who must never be rejoined to a former identity. It is obeyed, and never shown."""

from __future__ import annotations

import re

from tf_integration.flow.refresh import alone
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

_RECORDS = re.compile(r"(\d+):(\d+)")
# (where they belonged is found by their links, which go after it)
_TRACES = ("membership", "link", "uncertain", "contradiction", "review", "review_look", "decision", "person_event")


def seal(settings: Settings, named: str, people: tuple[str, str], because: str) -> None:
    """Seal a new identity from a former one; `named` gives a record of each as FORMER:NEW.

    From the next refresh on nothing joins them: no evidence, model or word, nor any later record of either. What told
    of a link between them, words of reviewers included, is taken away.

    Raises:
        CallError: the two records are not there, or two different people and a reason are not given.
        NeedsAPerson: they are sealed already.
    """
    former, new = _asked(named, people, because)
    with warehouse.transaction(settings) as conn:
        alone(conn)
        if _standing(conn, former, new) is not None:
            raise NeedsAPerson("these two are sealed already.", where=named)
        warehouse.run(conn, "sealed/sides.sql", former=former, new=new)
        if warehouse.scalar(conn, "SELECT count(DISTINCT is_new) FROM sealed_side") != 2:
            raise CallError("there are no two such records.", where=named, mend="Give current ids: FORMER:NEW.")
        opened = warehouse.run(conn, "sealed/seal.sql", by_whom=list(people), because=because.strip())
        seal_id = opened.scalar_one()
        warehouse.run(conn, "sealed/mark.sql", seal_id=seal_id)
        warehouse.run(conn, "sealed/member.sql", seal_id=seal_id)
        for trace in _TRACES:
            warehouse.run(conn, f"sealed/forget__{trace}.sql")
        warehouse.run(conn, "sealed/pending.sql", seal_id=seal_id)


def unseal(settings: Settings, named: str, people: tuple[str, str], because: str) -> None:
    """Lift the seal between two records: they are judged by evidence again from the next refresh on.

    Raises:
        CallError: no such seal, or two different people and a reason are not given.
    """
    former, new = _asked(named, people, because)
    with warehouse.transaction(settings) as conn:
        alone(conn)
        found = _standing(conn, former, new)
        if found is None:
            raise CallError("there is no such seal.", where=named, mend="Give them as they were sealed: FORMER:NEW.")
        warehouse.run(conn, "sealed/pending.sql", seal_id=found)
        warehouse.run(conn, "sealed/compare_again.sql", seal_id=found)
        warehouse.run(conn, "sealed/lift.sql", seal_id=found, by_whom=list(people), because=because.strip())


def hides(conn: Connection, a: int, b: int) -> bool:
    """Whether these two records are sealed from one another, so that the platform knows of no such pair."""
    return bool(warehouse.run(conn, "sealed/hides.sql", a=a, b=b).scalar_one())


def _asked(named: str, people: tuple[str, str], because: str) -> tuple[int, int]:
    found = _RECORDS.fullmatch(named.strip())
    if not found or found[1] == found[2]:
        raise CallError("two records are needed.", where=named, mend="Give their ids as FORMER:NEW.")
    if len({p.strip().lower() for p in people} - {""}) != 2 or not because.strip():
        raise CallError("two different people decide this, and say why.", mend="Give --by, --with and --because.")
    return int(found[1]), int(found[2])


def _standing(conn: Connection, former: int, new: int) -> int | None:
    found = warehouse.run(conn, "sealed/found.sql", former=former, new=new).scalars().first()
    return None if found is None else int(found)
