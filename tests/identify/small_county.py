"""A small warehouse to resolve: source records, facts and decisions put in by hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from tf_integration import identify

KINDS = Path(identify.__file__).parents[1] / "kinds.yaml"
EARLY = datetime(2019, 1, 1, tzinfo=UTC)


class County:
    """What partners said, and what came of it."""

    def __init__(self, conn: sa.engine.Connection) -> None:
        self.conn = conn
        self.lines = 0
        for domain, kinds in yaml.safe_load(KINDS.read_text()).items():
            for kind, about in kinds.items():
                self.put("core.kind", kind=kind, domain=domain, shape=about["shape"], says=about["says"])

    def put(self, table: str, **values: Any) -> None:
        names = ", ".join(values)
        marks = ", ".join(f":{n}" for n in values)
        self.conn.execute(
            sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"),  # noqa: S608
            values,
        )

    def hash_id(self, text: str) -> int:
        return int(self.conn.execute(sa.text("SELECT core.hash_id(:t)"), {"t": text}).scalar_one())

    def delivery(self, snapshot_on: str) -> int:
        number = self.hash_id(f"delivery|{snapshot_on}")
        self.put(
            "landing.delivery",
            delivery_id=number,
            feed="any",
            partner="any",
            file_name=snapshot_on,
            snapshot_on=snapshot_on,
            sequence=1,
            mode="whole",
            contract_version="1",
            code_version="1",
            state="accepted",
        )
        return number

    def record(
        self,
        partner: str,
        ref: str,
        feed: str = "people",
        seen: str = "2020-01-06",
        *,
        introduces: bool = True,
        **said: Any,
    ) -> int:
        """One current source record; `said` are its particulars. A later day makes a new version."""
        number = self.hash_id(f"person|{partner}|{feed}|{ref}")
        known_from = EARLY + timedelta(days=(date.fromisoformat(seen) - EARLY.date()).days)
        first = self.one(
            "SELECT min(first_snapshot_on) FROM core.source_record WHERE source_record_id = :n", n=number
        )
        self.conn.execute(
            sa.text(
                "UPDATE core.source_record SET known_to = :t WHERE source_record_id = :n "
                "AND known_to = 'infinity'"
            ),
            {"t": known_from, "n": number},
        )
        self.lines += 1
        self.put(
            "core.source_record",
            source_record_id=number,
            partner=partner,
            feed=feed,
            person_ref=ref,
            introduces=introduces,
            first_snapshot_on=first or seen,
            delivery_id=self.delivery(seen),
            line_no=self.lines,
            known_from=known_from,
            **said,
        )
        return number

    def someone(
        self,
        partner: str,
        ref: str,
        forename: str = "Ann",
        surname: str = "Lee",
        born: str | None = "1985-03-02",
        seen: str = "2020-01-06",
        **said: Any,
    ) -> int:
        """A current record with particulars: a name, a birth date and, where not said otherwise, no home."""
        return self.record(
            partner, ref, seen=seen, forename=forename, surname=surname, date_of_birth=born, **said
        )

    def withdraw(self, number: int) -> None:
        self.conn.execute(
            sa.text("DELETE FROM core.source_record WHERE source_record_id = :n"), {"n": number}
        )

    def fact(
        self,
        kind: str,
        record: int | None = None,
        starts: str | None = None,
        ends: str | None = None,
        partner: str = "early_help",
        **about: Any,
    ) -> int:
        number = self.hash_id(json.dumps([kind, record, starts, ends, partner, about]))
        self.lines += 1
        self.put(
            "core.fact",
            fact_id=number,
            source_record_id=record,
            feed="people",
            partner=partner,
            kind=kind,
            starts_on=starts,
            ends_on=ends,
            row_key=f"{number:032x}",
            delivery_id=1,
            line_no=self.lines,
            known_from=EARLY,
            **about,
        )
        return number

    def listed(
        self,
        family: str,
        record: int,
        joined: str | None = None,
        left: str | None = None,
        role: str = "parent",
        **about: Any,
    ) -> int:
        """An early help listing."""
        return self.fact("family_member", record, joined, left, family_ref=family, role=role, **about)

    def says(self, a: int, b: int, word: str) -> None:
        n = self.one("SELECT count(*) FROM identity.decision")
        self.put(
            "identity.decision",
            source_record_a=a,
            source_record_b=b,
            says=word,
            by_whom="a reviewer",
            because="seen the papers",
            decided_at=EARLY + timedelta(minutes=n),
        )

    def resolve(self) -> dict[str, Any]:
        return identify.resolve(self.conn, date(2020, 6, 1))

    def one(self, sql: str, **params: Any) -> Any:
        return self.conn.execute(sa.text(sql), params).scalar()

    def rows(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        return [tuple(r) for r in self.conn.execute(sa.text(sql), params)]

    def person_of(self, record: int) -> int | None:
        number = self.one(
            "SELECT person_id FROM identity.person_link WHERE source_record_id = :r "
            "AND known_to = 'infinity'",
            r=record,
        )
        return None if number is None else int(number)

    def is_one_person(self, *records: int) -> bool:
        persons = {self.person_of(r) for r in records}
        assert None not in persons
        return len(persons) == 1

    def because(self, record: int) -> tuple[str, str]:
        return self.rows(
            "SELECT decided_by, because FROM identity.person_link WHERE source_record_id = :r "
            "AND known_to = 'infinity'",
            r=record,
        )[0]

    def household(self, basis: str, partner: str, ref: str) -> int:
        return self.hash_id(f"household|{basis}|{partner}|{ref}")

    def household_of(self, partner: str, family_ref: str) -> int | None:
        return self.one(
            "SELECT household_id FROM identity.household_ref WHERE partner = :p AND family_ref = :f "
            "AND known_to = 'infinity'",
            p=partner,
            f=family_ref,
        )

    def members(self, household: int | None) -> dict[int, list[str]]:
        """Person to spells, each written like `[2020-01-01,)`."""
        found: dict[int, list[str]] = {}
        for person, spell in self.rows(
            "SELECT person_id, valid::text FROM identity.membership WHERE household_id = :h "
            "AND known_to = 'infinity' ORDER BY person_id, valid",
            h=household,
        ):
            found.setdefault(person, []).append(spell)
        return found

    def days(self, household: int | None, record: int) -> list[str]:
        return self.members(household).get(self.person_of(record) or 0, [])

    def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that is current, without run numbers and instants."""
        return {
            "link": self.rows(
                "SELECT source_record_id, person_id, decided_by, because FROM identity.person_link "
                "WHERE known_to = 'infinity' ORDER BY 1"
            ),
            "person": self.rows(
                "SELECT person_id, date_of_birth, sex FROM identity.person WHERE person_id IN (SELECT "
                "person_id FROM identity.person_link WHERE known_to = 'infinity') ORDER BY 1"
            ),
            "household": self.rows(
                "SELECT household_id, basis, formed_on, ended_on FROM identity.household "
                "WHERE known_to = 'infinity' ORDER BY 1"
            ),
            "ref": self.rows(
                "SELECT household_id, partner, family_ref FROM identity.household_ref "
                "WHERE known_to = 'infinity' ORDER BY 1, 2, 3"
            ),
            "membership": self.rows(
                "SELECT household_id, person_id, valid::text, relationship, basis, confidence FROM "
                "identity.membership WHERE known_to = 'infinity' ORDER BY 1, 2, 3"
            ),
            "contradiction": self.rows(
                "SELECT source_record_a, source_record_b, because FROM identity.contradiction "
                "WHERE known_to = 'infinity' ORDER BY 1, 2, 3"
            ),
        }

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every version of every row, so that a write of any sort shows."""
        tables = (
            "person",
            "person_link",
            "person_event",
            "household",
            "household_ref",
            "membership",
            "contradiction",
            "touched",
        )
        return {
            t: self.rows(f"SELECT t::text FROM identity.{t} t ORDER BY 1")  # noqa: S608
            for t in tables
        }
