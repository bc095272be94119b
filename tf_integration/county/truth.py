"""The truth beside the extracts: who is behind every row, who lived with whom, and what happened."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from tf_integration.county.family import Family, Person, Row
from tf_integration.county.views import IDENTIFIERS, View

_FILES = {
    "persons": (
        "person_id",
        "household_id",
        "forename",
        "surname",
        "former_surname",
        "date_of_birth",
        "sex",
        *IDENTIFIERS,
        "former_upn",
    ),
    "households": ("household_id", "story", "help", "meant", "referred_on", "attached_on", "problems"),
    "memberships": ("household_id", "person_id", "relationship", "valid_from", "valid_to"),
    "events": ("household_id", "person_id", "kind", "starts_on", "ends_on", "ref"),
    "source_rows": (
        "feed",
        "partner",
        "person_ref",
        "person_id",
        *IDENTIFIERS,
    ),  # each identifier: own, mistyped, anothers or blank
    "references": ("partner", "kind", "ref", "household_id"),
    "special": ("case", "household_id", "person_id"),
    "faults": ("night", "partner", "file", "line", "column", "fault"),
}


class Truth:
    """The county's truth, written family by family to `truth/*.csv`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._open = {
            name: (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") for name in _FILES
        }
        self._csv = {name: csv.writer(handle, lineterminator="\n") for name, handle in self._open.items()}
        for name, columns in _FILES.items():
            self._csv[name].writerow(columns)
        self.persons = self.faults = 0

    def family(self, fam: Family) -> None:
        """Write one family's people, spells and events."""
        story = fam.story
        self._csv["households"].writerow(
            [
                fam.family_id,
                story["name"],
                story["help"],
                story["meant"],
                fam.referred_on,
                fam.attached_on,
                " ".join(f"{p}:{s}" for p, s in fam.problems.items()),
            ]
        )
        for person in fam.people:
            self.persons += 1
            self._csv["persons"].writerow(
                [
                    person.person_id,
                    fam.family_id,
                    person.forename,
                    person.surname,
                    person.old_surname,
                    person.born,
                    person.sex,
                    person.upn,
                    person.nhs_number,
                    person.nino,
                    person.old_upn,
                ]
            )
            self._csv["memberships"].writerows(_spells(fam, person))
        self._csv["events"].writerows([fam.family_id, *event] for event in fam.events)
        self._csv["special"].writerows([case, fam.family_id, person] for case, person in fam.labels)
        self._csv["references"].writerows(fam.references)

    def source(self, fam: Family, row: Row, known: View) -> None:
        """Write who is behind one partner's reference in one feed."""
        assert row.person is not None
        self._csv["source_rows"].writerow(
            [
                row.feed,
                row.partner,
                known.person_ref,
                row.person.person_id,
                *(known.marks.get(i, "") for i in IDENTIFIERS),
            ]
        )

    def fault(self, night: int, partner: str, file: str, line: int, column: str, fault: str) -> None:
        self.faults += 1
        self._csv["faults"].writerow([night, partner, file, line, column, fault])

    def close(self) -> None:
        for handle in self._open.values():
            handle.close()


def _spells(fam: Family, person: Person) -> list[list[Any]]:
    """Where the person truly belongs over time. A parent who lives elsewhere has a household of their own."""
    own = f"{fam.family_id}B"
    if not person.resident:
        return [[own, person.person_id, person.relationship, person.homes[-1][0], None]]
    found: list[list[Any]] = [
        [fam.family_id, person.person_id, person.relationship, person.joined_on, person.left_on]
    ]
    if person.left_on:
        found.append([own, person.person_id, person.relationship, person.left_on, None])
    return found


def read_day(text: str) -> date | None:
    """A day of a truth file; None where it is blank."""
    return date.fromisoformat(text) if text else None
