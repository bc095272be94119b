"""What people decide about matches: the pairs that wait for them, what is known of each, and their word.

A word never changes a link: it is kept, and the next refresh obeys it. Each is kept with what the platform
held of the pair, so that reviewers measure the matching.
"""

from __future__ import annotations

import re
from typing import Any

from tf_integration.flow import review_words, seal
from tf_integration.identify.reviewing import load_reviewing
from tf_integration.keep import audit
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

WORDS = ("same", "different", "never", "undo")
KINDS = ("conflict", "refused", "uncertain", "twins")
_RECORDS = re.compile(r"(\d+):(\d+)")


def waiting(settings: Settings, most: int, kind: str | None = None) -> dict[str, Any]:
    """The pairs that wait for a person, in the order of what a decision would change.

    Returns `waiting` (how many in all) and `pairs`: ids, kind, weight, reason and what each touches; no values.

    Raises:
        CallError: there is no such kind.
    """
    if kind is not None and kind not in KINDS:
        raise CallError("there is no such kind.", where=f"--kind {kind}", mend=f"It is one of {', '.join(KINDS)}.")
    with warehouse.transaction(settings) as conn:
        _work(conn)
        found = [dict(r) for r in warehouse.run(conn, "review/waiting.sql", most=most, kind=kind).mappings()]
    total = int(found[0]["n_waiting"]) if found else 0
    for row in found:
        del row["n_waiting"]
    return {"waiting": total, "pairs": found}


def sample(settings: Settings, most: int, seed: str) -> dict[str, Any]:
    """Links that the platform made, drawn by a seed: the same seed gives the same until somebody has spoken of them."""
    with warehouse.transaction(settings) as conn:
        found = warehouse.run(conn, "review/sample.sql", most=most, seed=seed).mappings()
        return {"seed": seed, "pairs": [dict(r) for r in found]}


def show(settings: Settings, named: str, names: bool = False, by: str = "") -> dict[str, Any]:
    """One pair: how its records compare in words, both histories, and what people said of it.

    With `names` the values stand in the histories, and that somebody (`by`) looked is kept; without, their shape.

    Raises:
        CallError: no such pair, or several.
        NeedsAPerson: somebody sealed it.
    """
    with warehouse.transaction(settings) as conn:
        _work(conn)
        pair = _find(conn, named)
        standing = _standing(conn, pair)
        if standing["is_sealed"]:
            raise NeedsAPerson("`never` stands on this pair.", where=pair["pair_id"],
                               mend="It is not shown. To take the word back: `tfi review undo`, by two people.")
        versions = [dict(r) for r in warehouse.run(
            conn, "review/histories.sql", a=pair["a"], b=pair["b"], person_a=pair["person_a"],
            person_b=pair["person_b"]).mappings()]
        if names:
            if not by.strip():
                raise CallError("say who looks.", mend="Give --by.")
            warehouse.run(conn, "review/look.sql", a=pair["a"], b=pair["b"], by_whom=by)
            audit.note(conn, by, "look at a pair", pair["pair_id"])
        touches = _touches_claim(conn, pair)
        return {**_about(pair), "stands": standing["says"], "touches_claim": touches,
                **review_words.weighed(conn, pair),
                "histories": review_words.histories(versions, names),
                "words": [dict(w) for w in _words(conn, pair)]}


def say(settings: Settings, named: str, word: str, by: str, because: str) -> dict[str, Any]:
    """Keep a reviewer's word on a pair; when enough different people have said it, it is decided.

    Returns the pair's ids, `says`, `people`, `people_needed` and `decides`. It takes effect at the next refresh.

    Raises:
        CallError: no such pair, or no name or reason.
        NeedsAPerson: the word stands already, this person said it before, or a seal forbids it.
    """
    if not by.strip() or not because.strip():
        raise CallError("say who decides and why.", mend="Give --by and --because.")
    with warehouse.transaction(settings) as conn:
        warehouse.scalar(conn, "SELECT pg_advisory_xact_lock(7355)")     # reviewers of one pair: one after the other
        _work(conn)
        pair = _find(conn, named)
        standing, words = _standing(conn, pair), _words(conn, pair)
        _allowed(pair, word, standing, words)
        needed = _people_needed(conn, pair, word, standing)
        people = _said_by(words, word)
        if by.strip().lower() in (p.lower() for p in people):
            raise NeedsAPerson("this person said so already.", where=pair["pair_id"],
                               mend=f"It needs {needed} different people; ask another.")
        people = [*people, by.strip()]
        decides = len(people) >= needed and (word != "undo" or standing["says"] is not None)
        kept = {"a": pair["a"], "b": pair["b"], "says": word, "because": because.strip()}
        warehouse.run(conn, "review/say.sql", **kept, by_whom=by.strip(), listed_as=pair["listed_as"], decides=decides,
                      was_joined=bool(pair["is_joined"]), match_weight=pair["match_weight"], people_needed=needed)
        if decides:
            warehouse.run(conn, "review/decide.sql", **kept, by_whom=", ".join(people))
    return {"pair_id": pair["pair_id"], "record_a": pair["a"], "record_b": pair["b"], "says": word,
            "people": len(people), "people_needed": needed, "decides": decides}


def _work(conn: Connection) -> None:
    """The pairs that wait and the persons whom claims hold, as temporary tables."""
    warehouse.run(conn, "review/work_pair.sql")
    warehouse.run(conn, "review/work_claimed.sql")
    if warehouse.scalar(conn, "SELECT to_regclass('claim.person') IS NOT NULL"):
        warehouse.run(conn, "review/work_claimed__holds.sql")


def _find(conn: Connection, named: str) -> dict[str, Any]:
    records = _RECORDS.fullmatch(named.strip())
    first, second = (int(n) for n in records.groups()) if records else (None, None)
    asked = {"named": named.strip().lower(), "first": first, "second": second}
    found = warehouse.run(conn, "review/pair.sql", **asked).mappings().all()
    found = [f for f in found if not seal.hides(conn, f["a"], f["b"])]
    if len(found) != 1 or not named.strip():
        what = "several pairs begin so." if len(found) > 1 else "there is no such pair."
        raise CallError(what, where=named, mend="Give a pair's id from `tfi review list`, or two record ids as A:B.")
    return dict(found[0])


def _about(pair: dict[str, Any]) -> dict[str, Any]:
    return {"pair_id": pair["pair_id"], "record_a": pair["a"], "record_b": pair["b"], "person_a": pair["person_a"],
            "person_b": pair["person_b"], "listed_as": pair["listed_as"], "match_weight": pair["match_weight"],
            "because": pair["because"]}


def _standing(conn: Connection, pair: dict[str, Any]) -> dict[str, Any]:
    return dict(warehouse.run(conn, "review/standing.sql", a=pair["a"], b=pair["b"]).mappings().one())


def _words(conn: Connection, pair: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(w) for w in warehouse.run(conn, "review/words.sql", a=pair["a"], b=pair["b"]).mappings()]


def _touches_claim(conn: Connection, pair: dict[str, Any]) -> bool:
    persons = [p for p in (pair["person_a"], pair["person_b"]) if p is not None]
    found = warehouse.scalar(conn, "SELECT count(*) FROM work_claimed WHERE person_id = ANY(:p)", p=persons)
    return bool(found)


def _allowed(pair: dict[str, Any], word: str, standing: dict[str, Any], words: list[dict[str, Any]]) -> None:
    where = pair["pair_id"]
    if word == "undo":
        if standing["says"] is None and not _waits(words):
            raise NeedsAPerson("nobody's word stands on this pair.", where=where)
    elif standing["says"] == word:
        raise NeedsAPerson(f"`{word}` stands on this pair already.", where=where)
    elif word == "same" and standing["is_sealed"]:
        raise NeedsAPerson("`never` stands on this pair.", where=where,
                           mend="Take the word back first: `tfi review undo`, by two people.")


def _people_needed(conn: Connection, pair: dict[str, Any], word: str, standing: dict[str, Any]) -> int:
    needed = load_reviewing().people_needed
    if standing["says"] == "never":
        return needed.lift_a_seal
    if word == "never":
        return needed.seal
    if word == "same" and not pair["is_joined"]:
        return needed.merge_that_touches_a_claim if _touches_claim(conn, pair) else needed.merge
    return needed.split


def _said_by(words: list[dict[str, Any]], word: str) -> list[str]:
    """Who said this word since the last decision or the last other word."""
    people: list[str] = []
    for said in words:
        if said["decides"] or said["says"] != word:
            people = []
        else:
            people.append(said["by_whom"])
    return people


def _waits(words: list[dict[str, Any]]) -> bool:
    """Whether the last word waits for a second person."""
    return bool(words) and not words[-1]["decides"] and words[-1]["says"] != "undo"
