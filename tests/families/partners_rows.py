"""A short way to write families as the rows that partners send, with control files beside.

Every person has an NHS number that checks, in each partner's rows; every child a UPN.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from tf_integration.model.feed import Feed, load_feeds

FIRST = date(2014, 1, 1)
PARTICULARS = ("person_ref", "forename", "surname", "date_of_birth", "sex", "address", "postcode", "nhs_number")
FORENAMES = ["Aaron", "Beth", "Carl", "Dina", "Ewan", "Fay", "Gail", "Hal", "Ines", "Jack", "Kath", "Liam", "Mona", "Nell", "Omar", "Pia", "Quin", "Rosa", "Sam", "Tess", "Uma", "Vera"]
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


class Town:
    """Every partner's rows on one day."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.feeds = load_feeds()
        self.rows: dict[str, list[dict[str, str]]] = defaultdict(list)
        self.people = 0
        self._draw = random.Random(5)

    def nhs_number(self) -> str:
        while True:
            digits = [self._draw.choice([4, 6, 7]), *(self._draw.randint(0, 9) for _ in range(8))]
            check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
            if check != 10:
                return "".join(map(str, [*digits, check % 11]))

    def upn(self) -> str:
        digits = [8, 0, 1, *(self._draw.randint(0, 9) for _ in range(9))]
        letter = UPN_LETTERS[sum(d * place for d, place in zip(digits, range(2, 14), strict=True)) % 23]
        return letter + "".join(map(str, digits))

    def write(self, out: Path) -> None:
        """`<out>/<partner>/extracts/<file>`; a feed with nothing to say sends a header."""
        for name, feed in self.feeds.items():
            partner = _partner(feed)
            folder = out / partner / "extracts"
            folder.mkdir(parents=True, exist_ok=True)
            text = io.StringIO()
            columns = [c.name for c in feed.columns]
            lines = csv.DictWriter(text, columns, lineterminator="\n", restval="")
            lines.writeheader()
            lines.writerows(self.rows[name])
            self._send(folder, feed, partner, text.getvalue().encode())

    def _send(self, folder: Path, feed: Feed, partner: str, data: bytes) -> None:
        file = folder / f"{feed.feed}_{self.on:%Y%m%d}_0001.csv"
        file.write_bytes(data)
        control = {"feed": feed.feed, "partner": partner, "snapshot_on": f"{self.on}", "mode": feed.mode, "sequence": 1,
                   "rows": len(self.rows[feed.feed]), "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(),
                   "covers_from": f"{FIRST}", "covers_to": f"{self.on}"}
        file.with_name(file.name + ".ctl.json").write_text(json.dumps(control))


def _partner(feed: Feed) -> str:
    return "early_help" if feed.partner == "any" else feed.partner


class Family:
    """A mother and a child of one early help family, and what partners say of them.

    `expected` holds what the marts must say: status, and any of result, earliest_on, problems_present, problems_improved.
    """

    def __init__(self, town: Town, says: str, number: int, **expected: Any) -> None:
        self.town, self.says, self.number, self.expected = town, says, number, expected
        self.ref = f"FAM{number:03d}"
        self.surname = "Sur" + "".join(chr(ord("a") + int(d)) for d in f"{number:03d}") + "ton"
        self.mum = Person(self, "1985-03-03", "mother", "F")
        self.kid = Person(self, "2009-05-05", "child", "M")

    def attached(self, on: str = "2018-11-01", principles: str = "assessment plan lead_worker tfop_agreed") -> Family:
        self.milestone("referred", "2018-10-20").milestone("attached", on)
        for name in principles.split():
            whole = {"whole_family": "Y"} if name in ("assessment", "plan") else {}
            self.milestone(name, "2018-11-05", **whole)
        return self

    def milestone(self, name: str, on: str, **columns: str) -> Family:
        self.town.rows["early_help_milestones"].append(
            {"family_ref": self.ref, "milestone": name, "on": on, **columns})
        return self


class Person:
    """One member. `says(feed, ...)` adds a row of a feed about them."""

    def __init__(self, family: Family, born: str, relationship: str, sex: str = "F", *, left: str = "",
                 at_school: bool | None = None) -> None:
        town = family.town
        town.people += 1
        self.family, self.number = family, town.people
        self.upn = town.upn() if relationship == "child" else ""
        self.particulars = {"forename": FORENAMES[self.number % len(FORENAMES)], "surname": family.surname, "sex": sex,
                            "date_of_birth": born, "address": f"{family.number} High Street", "postcode": "CB1 1AA",
                            "nhs_number": town.nhs_number()}
        self.at_school = relationship == "child" if at_school is None else at_school
        self.missed: dict[date, tuple[int, int, int]] = {}
        self.says("early_help_members", family_ref=family.ref, relationship=relationship, parental_responsibility="Y",
                  resident="Y", left_on=left)

    def says(self, feed: str, **columns: str) -> Person:
        contract, rows = self.family.town.feeds[feed], self.family.town.rows[feed]
        names = [c.name for c in contract.columns]
        row = {"person_ref": self.upn if contract.partner == "schools" else f"{_partner(contract)}{self.number}"}
        row |= {k: v for k, v in self.particulars.items() if k in names}
        row |= {"op": "U"} if "op" in names else {}
        own = [c.name for c in contract.columns if c.key and c.name.endswith("_ref") and c.name not in ("person_ref", "family_ref")]
        row |= {name: f"R{len(rows)}" for name in own}
        rows.append(row | columns)
        return self

    def goes_to_school(self, half_terms: list[tuple[date, date]], school: str = "8731111") -> None:
        """Sixty sessions a half-term, all attended but for what `missed` says: possible, authorised, unauthorised."""
        self.says("schools_pupils", upn=self.upn, establishment=school, entry_on="2014-09-05", nc_year="5",
                  alternative_provision="N")
        for first, last in half_terms:
            possible, authorised, unauthorised = self.missed.get(first, (60, 0, 0))
            self.says("schools_attendance", establishment=school, period_start=f"{first}", period_end=f"{last}",
                      sessions_possible=f"{possible}", sessions_attended=f"{possible - authorised - unauthorised}",
                      sessions_authorised=f"{authorised}", sessions_unauthorised=f"{unauthorised}")
