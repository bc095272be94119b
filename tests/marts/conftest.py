"""The tiny world as fixtures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from sqlalchemy.engine import Connection
from tiny_world import AS_AT, KNOWN, Family, World, judge

from tf_integration.flow import marts
from tf_integration.model.settings import PROJECT


@pytest.fixture
def world(db: Connection, home: Path) -> World:
    """Kinds and a plan loaded, nobody in it."""
    made = World(db, home / "landed")
    for domain, kinds in yaml.safe_load((PROJECT / "tf_integration" / "kinds.yaml").read_text()).items():
        for kind, about in kinds.items():
            made.insert("core.kind", kind=kind, domain=domain, shape=about["shape"], says=about["says"])
    made.insert(
        "assess.plan",
        plan_id="a-plan",
        title="A plan",
        in_force="[2015-01-01,2020-12-31]",
        plan_hash="p",
        needs=1,
        attachment_pounds=1000,
        result_pounds=800,
        document={"ages": {"adult": 18}, "problems": {"domestic_abuse": {}}},
    )
    made.insert("identity.run", as_at=AS_AT, code_version="0")
    marts.create(db)
    return made


@pytest.fixture
def family(world: World, home: Path) -> Family:
    """A mother and a child, attached, a call-out on line 3 of a file: in progress, a plan of one problem."""
    world.feed("police_incidents", "police")
    world.feed("early_help_members", "early_help", mode="whole", rhythm="nightly")
    calls = world.delivery(
        "police_incidents", "police", "calls.csv", "person_ref,occurrence_ref\nP9,O-0\nP1,O-77\n"
    )
    members = world.delivery(
        "early_help_members",
        "early_help",
        "members.csv",
        "person_ref,family_ref\nE1,F1\nE2,F1\n",
        mode="whole",
    )
    mum = world.record("police_incidents", "police", "P1", calls, date(1984, 6, 2))
    kid = world.record("early_help_members", "early_help", "E2", members, date(2008, 5, 1))
    call_out = world.fact(
        calls,
        3,
        "call_out",
        date(2018, 12, 20),
        of=mum,
        feed="police_incidents",
        partner="police",
        role="victim",
        ref="O-77",
    )
    attached = world.fact(
        members,
        4,
        "family_attached",
        date(2018, 4, 3),
        feed="early_help_members",
        partner="early_help",
        family_ref="F1",
    )
    household = world.hash_id("household|early_help|early_help|F1")
    world.insert(
        "identity.household",
        household_id=household,
        basis="early_help",
        formed_on=date(2018, 1, 1),
        run_id=1,
        known_from=KNOWN,
    )
    world.insert(
        "identity.household_ref",
        household_id=household,
        partner="early_help",
        family_ref="F1",
        run_id=1,
        known_from=KNOWN,
    )
    for person, role in ((mum, "mother"), (kid, "child")):
        world.insert(
            "identity.membership",
            household_id=household,
            person_id=person,
            valid="[2018-01-01,)",
            relationship=role,
            basis="early_help",
            run_id=1,
            known_from=KNOWN,
        )
    judge(world, household, mum, call_out, attached)
    return Family(world, household, mum, kid, call_out, home)
