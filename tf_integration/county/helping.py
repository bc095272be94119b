"""Help given: who is in the family's file, its milestones, the four principles, nominations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tf_integration.county.family import DAY, Family
from tf_integration.county.incidents import lag
from tf_integration.county.world import data, pick

_PRINCIPLES = ("assessment", "plan", "lead_worker", "tfop_agreed")


def members(fam: Family) -> None:
    """The people whom the early help file lists, under each of the family's references."""
    if not fam.referred_on:
        return
    labels = dict(fam.labels)
    for _ in range(2 if "filed_twice" in labels else 1):
        fam.help_refs.append(fam.stands_for("early_help_members", "family_ref", fam.new_ref("FAM")))
    for person in fam.people:
        if not person.resident and "two_homes" not in labels and fam.chance(0.5):
            continue
        for ref in fam.help_refs:
            known = max(
                fam.referred_on + timedelta(days=fam.between(0, 4)), person.joined_on + timedelta(days=10)
            )
            fam.send(
                "early_help_members",
                person,
                known,
                seen_on=fam.world.as_at,
                family_ref=ref,
                relationship=person.relationship,
                parental_responsibility="Y" if person.responsible else "N",
                resident="Y" if person.resident else "N",
                joined_on=person.joined_on,
                left_on=person.left_on,
            )


def milestones(fam: Family) -> None:
    """The family's case, from referral to closure, with what the file lacks left out."""
    if not fam.referred_on:
        return
    _say(fam, "referred", fam.referred_on, whole_family="")
    if len(fam.help_refs) > 1:
        _say(fam, "referred", fam.referred_on, family=1)
    if "attached_before" in dict(fam.labels):
        first = fam.world.ago(2250) - timedelta(days=fam.index % 90)
        for milestone, days in (("referred", 0), ("attached", 20), ("assessment", 40), ("closed", 330)):
            _say(fam, milestone, first + timedelta(days=days))
    if fam.attached_on:
        _say(fam, "attached", fam.attached_on)
        _principles(fam, fam.attached_on)
    elif fam.story["name"] == "referred_two" and fam.chance(0.5):
        _say(fam, "assessment", fam.referred_on + 5 * DAY, whole_family="Y")


def _principles(fam: Family, attached_on: date) -> None:
    assert fam.referred_on is not None
    world, last_night = fam.world, fam.story.get("last_night")
    lacking = set(fam.rng.sample(_PRINCIPLES, fam.story.get("lacks", 0)))
    assessed = min(attached_on + timedelta(days=fam.between(-5, 15)), world.ago(2))
    planned = min(assessed + timedelta(days=fam.between(5, 25)), world.ago(1))
    agreed = min(planned + timedelta(days=fam.between(0, 20)), world.as_at)
    if last_night == "tfop_agreed":
        agreed = world.ago(fam.between(0, max(0, len(world.nights) - 2)))
    assessed = max(assessed, fam.referred_on)
    closed_on = (
        fam.ago(15, 150) if fam.story["meant"] == "ready" and not last_night and fam.chance(0.4) else None
    )
    _say(fam, "assessment", assessed, whole_family="N" if "assessment" in lacking else "Y")
    _say(fam, "plan", max(planned, assessed), whole_family="N" if "plan" in lacking else "Y")
    _lead_worker(fam, assessed, closed_on, "lead_worker" in lacking)
    if "tfop_agreed" not in lacking:
        _say(fam, "tfop_agreed", max(agreed, assessed))
    for problem, shape in fam.problems.items():
        if shape == "resolved" and fam.attached_ago > 200 and fam.chance(0.6):
            _say(fam, "goal_met", fam.ago(95, 180), problem=problem)
        elif (
            shape == "current"
            and problem == "children_need_help"
            and fam.chance(0.3)
            and fam.attached_ago > 60
        ):
            _say(fam, "stepped_up", fam.ago(20, 50))
    if closed_on:
        _say(fam, "closed", closed_on)


def _lead_worker(fam: Family, since: date, closed_on: date | None, lacking: bool) -> None:
    """One worker, or two in turn; where lacking, the last has left and nobody has followed."""
    if lacking:
        left = min(since + timedelta(days=fam.between(20, 120)), fam.world.ago(1))
        _say(fam, "lead_worker", since, ended_on=max(left, since + DAY), shift=0)
        return
    if fam.attached_ago > 150 and fam.chance(0.25):
        handed_over = since + timedelta(days=fam.between(30, 90))
        _say(fam, "lead_worker", since, ended_on=handed_over, shift=0)
        since = handed_over
    _say(fam, "lead_worker", since, ended_on=closed_on, shift=1)


def _say(fam: Family, milestone: str, on: date, *, family: int = 0, shift: int = 1, **more: object) -> None:
    names = data("names")["groups"][0]
    number = (fam.index // 23 + shift) * 7
    forenames, surnames = names["female"], names["surnames"]
    worker = f"{forenames[number % len(forenames)]} {surnames[number * 3 % len(surnames)]}"
    row: dict[str, Any] = {"whole_family": "", **more}
    fam.send(
        "early_help_milestones",
        None,
        on,
        family_ref=fam.help_refs[family],
        milestone=milestone,
        on=on,
        worker=worker,
        worker_role="family worker" if fam.index % 3 else "early help practitioner",
        reference=f"Case file section {1 + len(milestone) % 6}, {on:%d %B %Y}",
        **row,
    )
    fam.happened(f"family_{milestone}", None, on, more.get("ended_on"), fam.help_refs[family])  # type: ignore[arg-type]


def nominate(fam: Family, problem: str, shape: str) -> bool:
    """A worker elsewhere judges that the family has the problem, in that partner's own references."""
    signers: dict[str, str] = data("views")["nominating"]
    by = [
        p
        for p in data("views")["nominated_by"][problem]
        if p != fam.partners["early_help_members"] or fam.referred_on
    ]
    if not by or shape == "past":
        return False
    partner, quiet = pick(fam.rng, by), fam.world.life["work_quiet_days"]
    known = (
        [c for c in fam.children if c.schooling] if partner == fam.partners["schools_pupils"] else fam.adults
    )
    if not known:
        return False
    on = fam.ago(fam.attached_ago + 10, fam.attached_ago + 120) if fam.attached_on else fam.ago(15, 200)
    ended = {"resolved": lambda: fam.ago(quiet, fam.attached_ago), "clearing": lambda: fam.ago(8, 75)}.get(
        shape, lambda: None
    )()
    who = known[0]
    row: dict[str, Any] = {
        "nomination_ref": fam.new_ref("NM"),
        "problem": problem,
        "criterion": "",
        "nominated_on": on,
        "agency": partner.replace("_", " "),
        "nominated_by": f"Officer {1 + fam.index % 60}",
        "nominator_role": signers[partner],
        "reason": "Professional judgement after a home visit",
    }
    fam.send(
        "nominations", who, on + timedelta(days=1 + lag(fam) // 3), partner=partner, ended_on=None, **row
    )
    if ended:
        fam.send("nominations", who, ended + timedelta(days=2), partner=partner, ended_on=ended, **row)
    fam.happened(f"nominated_{problem}", who, on, ended, str(row["nomination_ref"]))
    return True
