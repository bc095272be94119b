"""A tiny world by hand: one partner's files on disk, their facts, one household, one run's verdicts."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

AS_AT = date(2019, 3, 15)
KNOWN = "2019-03-10 06:00+00"


@dataclass
class World:
    """Inserts rows and remembers their ids. `files` maps a file name to its landed text."""

    conn: Connection
    landed: Path
    files: dict[str, str] = field(default_factory=dict)

    def insert(self, table: str, **values: Any) -> None:
        names = ", ".join(values)
        marks = ", ".join(f":{n}" for n in values)
        self.conn.execute(
            sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})"),  # noqa: S608
            {k: json.dumps(v) if isinstance(v, dict) else v for k, v in values.items()},
        )

    def hash_id(self, text: str) -> int:
        return int(self.conn.execute(sa.text("SELECT core.hash_id(:t)"), {"t": text}).scalar_one())

    def feed(
        self, feed: str, partner: str, mode: str = "increment", rhythm: str = "weekly", **more: Any
    ) -> None:
        self.insert(
            "core.feed",
            feed=feed,
            partner=partner,
            owner="someone",
            mode=mode,
            rhythm=rhythm,
            stale_days=14,
            contract_version="c1",
            **more,
        )

    def delivery(self, feed: str, partner: str, name: str, text: str, **more: Any) -> int:
        """Write the landed file and its row."""
        self.landed.mkdir(parents=True, exist_ok=True)
        (self.landed / name).write_text(text)
        self.files[name] = text
        sha = hashlib.sha256(text.encode()).hexdigest()
        delivery_id = self.hash_id(f"{feed}|{partner}|{name}|{sha}")
        values: dict[str, Any] = {
            "mode": "increment",
            "snapshot_on": date(2019, 3, 8),
            "sequence": 1,
            "status": "accepted",
            "state": "acknowledged",
            "rows_read": 1,
            "rows_loaded": 1,
            "rows_rejected": 0,
            "received_at": KNOWN,
            "business_on": date(2019, 3, 10),
        } | more
        self.insert(
            "landing.delivery",
            delivery_id=delivery_id,
            feed=feed,
            partner=partner,
            file_name=name,
            sha256=sha,
            landed_path=name,
            contract_version="c1",
            code_version="0",
            **values,
        )
        return delivery_id

    def record(self, feed: str, partner: str, ref: str, delivery_id: int, born: date | None) -> int:
        """A source record that an identifier made a person of its own."""
        record = self.hash_id(f"person|{partner}|{feed}|{ref}")
        self.insert(
            "core.source_record",
            source_record_id=record,
            partner=partner,
            feed=feed,
            person_ref=ref,
            introduces=True,
            surname="Quillfeather",
            date_of_birth=born,
            first_snapshot_on=AS_AT,
            delivery_id=delivery_id,
            line_no=2,
            known_from=KNOWN,
        )
        self.insert("identity.person", person_id=record, date_of_birth=born, run_id=1)
        self.insert(
            "identity.person_link",
            source_record_id=record,
            person_id=record,
            decided_by="identifier",
            because="the partner's own reference",
            run_id=1,
            known_from=KNOWN,
        )
        return record

    def fact(
        self,
        delivery_id: int,
        line_no: int,
        kind: str,
        starts_on: date | None,
        *,
        of: int | None = None,
        feed: str,
        partner: str,
        **more: Any,
    ) -> int:
        fact_id = self.hash_id(f"fact|{delivery_id}|{line_no}|{kind}|0")
        self.insert(
            "core.fact",
            fact_id=fact_id,
            source_record_id=of,
            feed=feed,
            partner=partner,
            kind=kind,
            starts_on=starts_on,
            delivery_id=delivery_id,
            line_no=line_no,
            known_from=more.pop("known_from", KNOWN),
            row_key=hashlib.md5(f"{fact_id}".encode()).hexdigest(),
            **more,
        )
        return fact_id


@dataclass
class Family:
    """The household of the tiny world and what hangs on it."""

    world: World
    household_id: int
    mum: int
    kid: int
    call_out: int
    home: Path


def judge(world: World, household: int, mum: int, call_out: int, attached: int) -> None:
    """Write what a run would: one problem present and not improved."""
    world.insert(
        "assess.run",
        as_at=AS_AT,
        known_at="2019-03-15 07:00+00",
        plan_hashes={},
        code_version="0",
        scope="full",
    )
    made = {"household_id": household, "plan_id": "a-plan", "as_at": AS_AT, "run_id": 1}
    world.insert(
        "assess.criterion_verdict",
        side="identified",
        problem="domestic_abuse",
        criterion="call_out",
        verdict="met",
        measure=1,
        threshold=1,
        window_start=date(2018, 3, 16),
        window_end=AS_AT,
        says="1 call-out in the last 12 months",
        **made,
    )
    world.insert(
        "assess.criterion_verdict",
        side="improved",
        problem="domestic_abuse",
        criterion="no_call_out",
        verdict="not_met",
        measure=1,
        threshold=0,
        says="1 call-out in the last 6 months",
        **made,
    )
    world.insert(
        "assess.criterion_verdict",
        side="principle",
        problem="",
        criterion="plan",
        verdict="not_met",
        says="no plan for the whole family",
        **made,
    )
    world.insert(
        "assess.problem_verdict",
        problem="domestic_abuse",
        present="met",
        improved="not_met",
        present_since="met",
        criteria_met=["call_out"],
        first_met_on=date(2018, 12, 20),
        evidence_count=1,
        **made,
    )
    for side, criterion in (("identified", "call_out"), ("improved", "no_call_out")):
        world.insert(
            "assess.facts_used",
            side=side,
            problem="domestic_abuse",
            criterion=criterion,
            person_id=mum,
            fact_ids=[call_out],
            kind="call_out",
            **made,
        )
    world.insert(
        "assess.readiness",
        status="in_progress",
        attached_on=date(2018, 4, 3),
        problems_present=["domestic_abuse"],
        problems_improved=[],
        has_assessment=False,
        has_plan=False,
        has_lead_worker=True,
        has_tfop=False,
        why_not="1 call-out in the last 6 months",
        what_next="record a plan that covers the whole family",
        earliest_on=date(2019, 6, 20),
        binds=["no_call_out"],
        value_pounds=0,
        **made,
    )
    world.insert(
        "assess.status_change",
        household_id=household,
        run_id=1,
        as_at=AS_AT,
        status_was="eligible",
        status_is="in_progress",
        because="new fact",
    )
