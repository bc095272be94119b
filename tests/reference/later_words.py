"""Random histories said again in the words that later plans read: other needs, named nominations, parts in a call-out, closures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from reference.meanings import add_months
from reference.strategies import Setting
from reference.ten_outcomes import CLOSED_MONTHS, NAMED
from reference.world import Fact, World

OLD_HEADINGS = ("children_need_help", "work_finance")
ROLES = ("victim", "witness", "suspect", "offender")
HOUSING = ("arrears", "homeless_duty", "temporary_accommodation")


def retold(setting: Setting, world: World, number: int) -> World:
    """The same people and days, each fact of a kind that the plans differ about drawn anew."""
    rng = Random(number)
    referrals: dict[tuple[int | None, str | None], str] = {}
    facts = [_again(rng, f, referrals) for f in world.facts]
    return replace(world, claims=[], facts=[*facts, *_closures(rng, setting, world)])


def _again(rng: Random, fact: Fact, referrals: dict[tuple[int | None, str | None], str]) -> Fact:
    if fact.kind == "nomination":
        heading = rng.choice((*NAMED, *OLD_HEADINGS, fact.code))
        return replace(fact, code=heading, outcome=rng.choice((None, "something_else", *NAMED.get(heading or "", ()))))
    if fact.kind in ("health_referral", "health_support"):
        need = referrals.setdefault((fact.person, fact.ref), rng.choice((fact.code, fact.code, "development", "parenting", "physical")) or "")
        return replace(fact, code=need)
    if fact.kind == "call_out":
        return replace(fact, role=rng.choice(ROLES))
    if fact.kind in HOUSING:
        return replace(fact, kind=rng.choice(HOUSING))
    if fact.kind == "family_goal_met":
        return replace(fact, code=rng.choice(tuple(NAMED)))
    return fact


def _closures(rng: Random, setting: Setting, world: World) -> list[Fact]:
    """Two in three attached families are closed about six months before the day."""
    attached = {f.family_ref: f.starts_on for f in world.facts if f.kind == "family_attached"}
    found = []
    for ref, day in sorted(attached.items(), key=str):
        closed = add_months(setting.as_at, -CLOSED_MONTHS) + timedelta(days=rng.choice((-40, -1, 0, 1)))
        if rng.random() < 2 / 3 and day is not None and closed <= setting.as_at:
            found.append(Fact("family_closed", max(closed, day), None, family_ref=ref))
    return found
