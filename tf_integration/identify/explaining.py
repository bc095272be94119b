"""Why two records are, or are not, one person: a sentence, and a table of weights that adds up to the match weight."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tf_integration.identify import models
from tf_integration.identify.evidence import load_evidence
from tf_integration.identify.matching import Matching
from tf_integration.identify.pairing import Records
from tf_integration.identify.reasons import sentence
from tf_integration.identify.steps import build, read, see_records
from tf_integration.identify.weighing import rarities
from tf_integration.model.errors import CallError
from tf_integration.store import warehouse

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

START = "before anything is compared"
RARITY = {"forename": "how rare the forename is", "surname": "how rare the surname is"}


@dataclass(frozen=True)
class Step:
    """One row of the table: what was compared, what was found, and the bits that it adds to `total`."""

    compared: str
    found: str
    bits: float
    total: float


@dataclass(frozen=True)
class Why:
    """The whole answer; no values of either record stand in it.

    `verdict`: `joins`, `holds` (only while the two are one person already), `for a person`, `unlikely`, or `two people`
    (something evidently differs, whatever the weight).
    """

    match_weight: float
    verdict: str
    sentence: str
    is_one_person: bool
    link_because: str | None
    steps: tuple[Step, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON-ready data."""
        return asdict(self)


def why(conn: Connection, record_a: int, record_b: int) -> Why:
    """Compare two current records with the live model, and say what each comparison adds.

    Raises:
        CallError: one of them is not a current record with particulars, or both are one record.
    """
    matcher = models.active(conn)
    build(conn, "work_placeholder", most_records=load_evidence().most_records)
    build(conn, "work_seen")
    see_records(conn, np.array([record_a, record_b]))
    frame = read(conn, "said")
    if frame.height != 2:
        raise CallError(
            "two different current records with particulars are compared.",
            where=f"{record_a}, {record_b}",
            mend="Take ids from person_source_v1.",
        )
    records = Records(frame, matcher)
    steps, levels = _steps(records)
    weight = steps[-1].total
    unlike = bool(records.unlike(np.array([0]), np.array([1]))[0])
    return Why(weight, _verdict(weight, unlike, matcher.matching), sentence(levels, matcher.matching),
               *_link(conn, record_a, record_b), steps)


def _steps(records: Records) -> tuple[tuple[Step, ...], dict[str, int]]:
    a, b = records.profile[:1], records.profile[1:]
    found = records.comparer.levels(a, b)
    levels = {c: int(level[0]) for c, level in found.items()}
    rows = [(START, "", records.model.prior_bits)]
    for comparison, number in levels.items():
        told = list(records.matching.comparisons[comparison].values())
        words = told[number - 1].words if number else "nothing to compare"
        rows.append((comparison.replace("_", " "), words, float(records.model.bits(comparison)[number])))
        if comparison == "name":
            rare = rarities(found["name"], a, b, records.profiles, records.model)
            rows += [(RARITY[f], "", float(bits[0])) for f, bits in rare.items() if bits[0]]
    totals = np.cumsum([bits for _, _, bits in rows])
    steps = (Step(c, w, round(bits, 4), round(float(t), 4)) for (c, w, bits), t in zip(rows, totals, strict=True))
    return tuple(steps), levels


def _verdict(weight: float, unlike: bool, matching: Matching) -> str:
    if unlike:
        return "two people"
    bands = ((matching.join_at, "joins"), (matching.hold_at, "holds"), (matching.review_at, "for a person"))
    return next((verdict for least, verdict in bands if weight >= least), "unlikely")


def _link(conn: Connection, record_a: int, record_b: int) -> tuple[bool, str | None]:
    """Whether the two are linked as one person, and by what the later-linked of them was."""
    rows = warehouse.rows(
        conn,
        "SELECT person_id, because FROM identity.person_link WHERE known_to = 'infinity' "
        "AND source_record_id IN (:a, :b) ORDER BY source_record_id = person_id, source_record_id",
        a=record_a,
        b=record_b,
    )
    is_one = len(rows) == 2 and rows[0]["person_id"] == rows[1]["person_id"]
    return is_one, str(rows[0]["because"]) if is_one else None
