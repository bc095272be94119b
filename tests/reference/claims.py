"""Which earlier claim stands for a household: the guard on the children, stated a second time."""

from __future__ import annotations

from datetime import date

from reference.meanings import IN_FORCE, RULES, birthday
from reference.world import Claim, World

# Plans of which a family has one result between them: each line's plans exclude one another.
ONE_RESULT_ACROSS = [{"national-2012", "national-2015", "national-2020"}]
STANDS = {"frozen", "submitted", "paid"}


def excludes(plan: str | None, other: str) -> bool:
    """Whether a claim under the one plan leaves none to make under the other."""
    return plan == other or any({plan, other} <= together for together in ONE_RESULT_ACROSS)


def standing_claim(world: World, household_id: int, plan: str | None, day: date) -> str | None:
    """The reference of the earliest claim that stands for the household on a day, through whoever is a member then."""
    members = {m.person_id for m in world.memberships if m.household_id == household_id
               and (m.joined is None or m.joined <= day) and (m.left is None or day < m.left)}
    born = {p.person_id: p.date_of_birth for p in world.persons}
    families = {(r.partner, r.family_ref) for r in world.refs if r.household_id == household_id}

    def is_for_it(claim: Claim) -> bool:
        if (claim.partner, claim.family_ref) in families:
            return True
        return any(born[p] is None or claim.claimed_on < birthday(born[p], RULES["adult_at"]) for p in claim.people if p in members)

    standing = [c for c in world.claims if c.state in STANDS and c.claimed_on <= day and excludes(plan, c.plan_id) and is_for_it(c)]
    return min(((c.claimed_on, c.claim_ref) for c in standing), default=(None, None))[1]


assert {p for together in ONE_RESULT_ACROSS for p in together} < {plan for plan, _, _ in IN_FORCE}
