"""A family's life from its story: which problems, in which shape, and the everyday beside them."""

from __future__ import annotations

from datetime import date, timedelta

from tf_integration.county import caring, helping, housing, offending, registers, schooling, working
from tf_integration.county.family import DAY, Family
from tf_integration.county.forming import form
from tf_integration.county.incidents import Way
from tf_integration.county.world import Weighted, World, pick

_WAYS: dict[str, list[Way]] = {
    "crime_asb": offending.CRIME,
    "education": schooling.WAYS,
    "children_need_help": caring.CARE,
    "work_finance": working.WAYS,
    "domestic_abuse": [offending.call_outs],
    "health": caring.HEALTH,
}
_BY_NOMINATION = 0.07


def live(world: World, index: int, partners: dict[str, str]) -> Family:
    """Family number `index`, with every row that a partner could say of it and every true event."""
    fam = form(world, index, partners)
    housing.tenancies(fam)
    schooling.enrol(fam)
    helping.members(fam)
    _problems(fam)
    for room in (housing, schooling, offending, working, caring):
        room.everyday(fam)
    registers.report(fam)
    helping.milestones(fam)
    _last_nights(fam)
    return fam


def _problems(fam: Family) -> None:
    story, rng = fam.story, fam.rng
    for problem, way in story.get("fixed", {}).items():
        if working.FIXED[way](fam, "current"):
            fam.problems[problem] = "fixed"
    among = [
        p for p in story.get("needs", _WAYS) if p not in fam.problems and p not in story.get("but_not", ())
    ]
    rng.shuffle(among)
    shapes, wanted = (
        Weighted(list(story["shapes"]), list(story["shapes"].values())),
        fam.between(*story["problems"]),
    )
    pledged = [s for s, n in story.get("at_least", {}).items() for _ in range(n)]
    for problem in among:
        if wanted <= 0:
            return
        shape = pledged[-1] if pledged else shapes.draw(rng)
        if _befalls(fam, problem, shape):
            fam.problems[problem] = shape
            pledged, wanted = pledged[:-1], wanted - 1


def _befalls(fam: Family, problem: str, shape: str) -> bool:
    """Let the problem show itself in one of its ways; False when none fits this family."""
    if fam.chance(_BY_NOMINATION) and helping.nominate(fam, problem, shape):
        return True
    ways = list(_WAYS[problem])
    fam.rng.shuffle(ways)
    return any(_cleanly(fam, way, shape) for way in dict.fromkeys(ways))


def _cleanly(fam: Family, way: Way, shape: str) -> bool:
    """Try one way; leave nothing behind when it does not fit."""
    rows, events = len(fam.rows), len(fam.events)
    if way(fam, shape):
        return True
    del fam.rows[rows:], fam.events[events:]
    return False


def _last_nights(fam: Family) -> None:
    """What reaches the council only after the first night: a relapse, corrections, a row withdrawn."""
    world, later = fam.world, fam.world.nights[1:]
    if fam.story.get("last_night") == "call_out":
        known = pick(fam.rng, later) if later else world.as_at
        offending.call_out(fam, known - timedelta(days=fam.between(1, 3)), known)
    if not later:
        return
    if fam.chance(world.life["amended"]):
        _amend(fam, pick(fam.rng, later))
    if fam.chance(world.life["withdrawn"]):
        _withdraw(fam, pick(fam.rng, later))


def _amend(fam: Family, night: date) -> None:
    """A correction, under the same key, of something said on the first night."""
    changes: dict[str, dict[str, object]] = {
        "schools_exclusions": {"reason": "OW"},
        "housing_actions": {"ended_on": night - DAY},
        "police_incidents": {"offence_code": "195/94"},
    }
    said = [r for r in fam.rows if r.feed in changes and r.known_on <= fam.world.nights[0] and r.op == "U"]
    if said:
        row = said[-1]
        same = [
            r
            for r in said
            if r.feed == row.feed
            and r.person is row.person
            and r.values.get("occurrence_ref") == row.values.get("occurrence_ref")
        ]
        last = max(same, key=lambda r: r.known_on) if row.feed == "police_incidents" else row
        fam.rows.append(last._replace(known_on=night, values={**last.values, **changes[row.feed]}))
        fam.label("amended", row.person)


def _withdraw(fam: Family, night: date) -> None:
    """An incident first entered against somebody who was not there, and taken back."""
    wrong, ref = fam.people[0], fam.new_ref("OC")
    row = {"occurrence_ref": ref, "role": "witness", "incident": "crime"}
    on = fam.ago(60, 300)
    fam.send("police_incidents", wrong, on + 2 * DAY, seen_on=on, occurred_on=on, recorded_on=on + DAY, **row)
    fam.send("police_incidents", wrong, night, seen_on=on, op="D", **row)
    fam.label("withdrawn", wrong)
