"""Children's social care and health: episodes, enquiries, referrals and what came of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tf_integration.county.family import Family, Person
from tf_integration.county.incidents import Way, days_of, lag, spell_of
from tf_integration.county.offending import gone_missing
from tf_integration.county.world import pick

_SERVICE = {
    "mental_health": ("CAMHS", "AMH"),
    "drugs": ("SUBSTANCE",),
    "alcohol": ("SUBSTANCE",),
    "new_mother": ("MATERNITY", "HV"),
}
_PROTECTION = ("NEG", "PHY", "SAB", "EMO", "MUL")


def episode(fam: Family, child: Person, kind: str, start: date, end: date | None) -> None:
    """One episode as social care keeps it. About one in five does not yet carry the family's reference."""
    fam.care_ref = fam.care_ref or fam.stands_for("social_care_episodes", "family_ref", fam.new_ref("SF"))
    category = (
        pick(fam.rng, _PROTECTION) if kind == "cp" else f"N{fam.between(1, 8)}" if kind == "cin" else ""
    )
    ref = fam.new_ref("EP")
    fam.send(
        "social_care_episodes",
        child,
        start + timedelta(days=1 + lag(fam) // 3),
        seen_on=end or fam.world.as_at,
        episode_ref=ref,
        episode=kind,
        start_on=start,
        end_on=end,
        category=category,
        family_ref="" if fam.chance(0.2) else fam.care_ref,
    )
    fam.happened(kind, child, start, end, ref)


def _minor(fam: Family, days: list[date], youngest: int = 0) -> list[Person]:
    return [c for c in fam.children if c.born < days[0] and all(youngest <= c.age_on(d) < 18 for d in days)]


def in_need(fam: Family, shape: str) -> bool:
    """A spell in need, under protection or looked after, with the referral before it."""
    start, end = spell_of(fam, shape)
    able = _minor(fam, [start, end or fam.world.as_at])
    if not able:
        return False
    child, kind = pick(fam.rng, able), pick(fam.rng, ("cin", "cin", "cin", "cp", "cp", "lac"))
    referred_on = start - timedelta(days=fam.between(10, 40))
    if referred_on > child.born:
        episode(fam, child, "referral", referred_on, referred_on)
    episode(fam, child, kind, start, end)
    return True


def enquiry(fam: Family, shape: str) -> bool:
    """A section 47 enquiry."""
    days = days_of(fam, shape, 1)
    able = _minor(fam, days)
    if not able:
        return False
    for day in days:
        episode(fam, able[0], "s47", day, day + timedelta(days=12) if day < fam.world.ago(13) else None)
    return True


def exploited(fam: Family, shape: str) -> bool:
    """Missing or exploited, as social care knows it."""
    days = days_of(fam, shape, 2)
    able = _minor(fam, days, 10)
    if not able:
        return False
    for day in days:
        episode(fam, able[0], pick(fam.rng, ("missing", "missing", "cse")), day, day + timedelta(days=1))
    return True


CARE: list[Way] = [in_need, in_need, enquiry, exploited, gone_missing]


def contact(
    fam: Family,
    person: Person,
    service: str,
    need: str,
    accepted_on: date,
    discharged_on: date | None,
    discharge: str = "",
) -> None:
    """A referral, its acceptance and its discharge: rows of the same key, as the service learns of it."""
    referred_on = max(accepted_on - timedelta(days=fam.between(3, 20)), person.born)
    row: dict[str, Any] = {
        "referral_ref": fam.new_ref("RF"),
        "service": service,
        "need": need,
        "referred_on": referred_on,
        "basis": pick(fam.rng, ("consent", "consent", "direct_care")),
    }
    fam.send("health_contacts", person, referred_on + timedelta(days=1), **row)
    fam.send(
        "health_contacts",
        person,
        accepted_on + timedelta(days=1 + lag(fam) // 4),
        accepted_on=accepted_on,
        **row,
    )
    if discharged_on:
        fam.send(
            "health_contacts",
            person,
            discharged_on + timedelta(days=2 + lag(fam) // 2),
            accepted_on=accepted_on,
            discharged_on=discharged_on,
            discharge=discharge,
            **row,
        )
    fam.happened(f"support_{need}", person, accepted_on, discharged_on, str(row["referral_ref"]))


def unwell(fam: Family, shape: str) -> bool:
    """Somebody with a need that counts, in touch with a service: better, lost to it, or still there."""
    grown = fam.adults + [c for c in fam.aged(12, 17, fam.world.as_at) if fam.chance(0.4)]
    if not grown:
        return False
    start, end, discharge = _course(fam, shape)
    who = pick(fam.rng, grown)
    need = pick(fam.rng, ("mental_health", "mental_health", "mental_health", "drugs", "alcohol"))
    if (
        who.sex == "F"
        and who.relationship == "mother"
        and any(-60 < (start - c.born).days < 360 for c in fam.children)
    ):
        need = "new_mother"
    if who.relationship == "child":
        need = "mental_health"
    service = _SERVICE[need][0 if who.relationship == "child" or len(_SERVICE[need]) == 1 else 1]
    contact(fam, who, service, need, start, end, discharge)
    return True


def _course(fam: Family, shape: str) -> tuple[date, date | None, str]:
    """When support was accepted, when it ended, and how."""
    quiet = fam.world.life["work_quiet_days"]
    if shape == "clearing":
        return fam.ago(12, 70), None, ""
    if shape == "current" and fam.attached_ago > 60:
        start, _ = spell_of(fam, shape)
        return start, fam.ago(20, fam.attached_ago - 20), "dropped_out"
    if shape == "current":
        return (
            fam.ago(15, 80) if not fam.attached_on else fam.ago(fam.attached_ago + 5, fam.attached_ago + 50),
            None,
            "",
        )
    if shape == "resolved" and fam.chance(0.25):
        return fam.ago(quiet + 15, max(quiet + 15, fam.attached_ago)), None, ""
    start, end = spell_of(fam, shape, quiet)
    return start, end, pick(fam.rng, ("completed", "improved"))


HEALTH: list[Way] = [unwell]


def everyday(fam: Family) -> None:
    """Health visitors, emergency departments, and social care long ago."""
    for person in fam.people:
        age = person.age_on(fam.world.as_at)
        if age < 6 and fam.chance(0.8):
            seen = max(person.born + timedelta(days=10), fam.ago(100, 900))
            if seen < fam.world.ago(40):
                contact(fam, person, "HV", "development", seen, seen + timedelta(days=30), "completed")
        elif fam.chance(fam.world.life["noise"]):
            seen = fam.ago(15, 1000)
            contact(fam, person, "ED", "physical", seen, seen + timedelta(days=1), "completed")
    if fam.chance(0.05):
        in_need(fam, "past")
