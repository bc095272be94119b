"""Crime, anti-social behaviour, domestic abuse, missing children: police, youth justice, probation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tf_integration.county import housing
from tf_integration.county.family import DAY, Family, Person
from tf_integration.county.incidents import Way, days_of, lag, spell_of
from tf_integration.county.world import pick

_OFFENCES = ("105/01", "039/01", "058/07", "008/06", "092/59", "125/11", "149/00", "066/91")


def incident(
    fam: Family,
    kind: str,
    on: date,
    people: list[tuple[Person, str]],
    *,
    known_on: date | None = None,
    seen: date | None = None,
    **more: Any,
) -> str:
    """One occurrence as the police record it, a row for each person in it. Returns its reference."""
    ref = fam.new_ref("OC")
    known = known_on or on + timedelta(days=1 + lag(fam))
    for person, role in people:
        fam.send(
            "police_incidents",
            person,
            known,
            seen_on=seen or on,
            occurrence_ref=ref,
            role=role,
            incident=kind,
            occurred_on=on,
            recorded_on=min(known, on + DAY),
            **more,
        )
        fam.happened(kind, person, on, ref=ref)
    return ref


def proven(fam: Family, child: Person, proof_on: date, *, settled: bool = True) -> None:
    """An offence and its proof: cautioned or convicted; youth justice mostly reports the same offence too."""
    on = proof_on - timedelta(days=fam.between(15, 60))
    convicted = fam.chance(0.4)
    ref = fam.new_ref("OC")
    row: dict[str, Any] = {
        "occurrence_ref": ref,
        "role": "offender",
        "incident": "crime",
        "offence_code": pick(fam.rng, _OFFENCES),
        "occurred_on": on,
        "recorded_on": on + DAY,
    }
    fam.send("police_incidents", child, on + timedelta(days=2), outcome="", **row)
    proof: dict[str, Any] = (
        {"outcome": "1", "outcome_on": on + timedelta(days=9), "convicted_on": proof_on}
        if convicted
        else {
            "outcome": pick(fam.rng, ("2", "3") if child.age_on(proof_on) < 18 else ("3",)),
            "outcome_on": proof_on,
        }
    )
    fam.send("police_incidents", child, proof_on + timedelta(days=1 + lag(fam)), **row, **proof)
    fam.happened("proven_offence", child, proof_on, ref=ref)
    if child.age_on(proof_on) < 18 and settled and fam.chance(0.8):
        disposal = pick(fam.rng, ("RO", "RO", "YRO", "DTO")) if convicted else pick(fam.rng, ("YC", "YCC"))
        fam.send(
            "youth_justice_disposals",
            child,
            proof_on + timedelta(days=fam.between(3, 20)),
            case_ref=fam.new_ref("YC"),
            offence_on=on,
            disposal=disposal,
            disposal_on=proof_on,
            gravity=fam.between(2, 5),
        )


# How crime or anti-social behaviour shows itself; each returns whether this family could have it so.


def child_offence(fam: Family, shape: str) -> bool:
    """Proven offences of one child."""
    days = days_of(fam, shape, 2)
    able = [c for c in fam.aged(11, 17, days[0]) if all(11 <= c.age_on(d) < 18 for d in days)]
    if not able:
        return False
    child = pick(fam.rng, able)
    for day in days:
        proven(fam, child, day)
    return True


def interventions(fam: Family, shape: str) -> bool:
    """The police, or the landlord, step in against anti-social behaviour."""
    able = [
        p
        for p in fam.people
        if p.resident
        and not p.left_on
        and p.age_on(fam.world.as_at) > 11
        and p.joined_on < fam.world.ago(900)
    ]
    days = days_of(fam, shape, 3)
    if not able or (shape == "clearing" and not fam.attached_on):
        return False
    who = pick(fam.rng, able)
    for day in days:
        if (
            fam.tenancies
            and fam.chance(0.4)
            and housing.act(fam, pick(fam.rng, ("asb_action", "nosp_asb", "asb_action")), day)
        ):
            continue
        incident(fam, "asb_intervention", day, [(who, "offender")])
        if fam.chance(0.6):
            incident(
                fam,
                "asb",
                max(day - timedelta(days=fam.between(1, 20)), fam.world.history_on),
                [(who, pick(fam.rng, ("suspect", "offender")))],
            )
    return True


def on_order(fam: Family, shape: str) -> bool:
    """An adult on licence or serving an order in the community."""
    if not fam.adults:
        return False
    who = fam.adults[-1]
    start, end = spell_of(fam, shape)
    order = pick(fam.rng, ("community_order", "suspended_sentence", "licence"))
    planned = end or fam.world.ago(-fam.between(60, 400))
    fam.send(
        "probation_orders",
        who,
        start + timedelta(days=7),
        order_ref=fam.new_ref("PO"),
        order=order,
        start_on=start,
        end_on=planned,
    )
    fam.happened(order, who, start, planned)
    return True


def in_custody(fam: Family, shape: str) -> bool:
    """One of two adults in custody, the day of release known."""
    if len(fam.adults) < 2 or shape != "current":
        return False
    who = fam.adults[-1]
    start, release = fam.ago(40, 200), fam.world.ago(-fam.between(60, 330))
    fam.send(
        "probation_orders",
        who,
        start + timedelta(days=7),
        order_ref=fam.new_ref("PO"),
        order="custody",
        start_on=start,
        end_on=release,
    )
    fam.happened("custody", who, start, release)
    return True


CRIME: list[Way] = [child_offence, child_offence, interventions, interventions, on_order, in_custody]


def call_outs(fam: Family, shape: str) -> bool:
    """The police are called to the home."""
    for day in days_of(fam, shape, 3):
        call_out(fam, day)
    return True


def call_out(fam: Family, on: date, known_on: date | None = None) -> None:
    """The police are called to abuse in the family: mostly two adults, some of the children as witnesses."""
    grown = [p for p in fam.people if p.relationship != "child" and p.joined_on <= on and p.age_on(on) >= 18]
    victim = fam.people[0]
    others = [p for p in grown if p is not victim]
    people = [(victim, "victim")] + (
        [(others[0], pick(fam.rng, ("suspect", "suspect", "offender")))] if others else []
    )
    people += [(c, "witness") for c in fam.children if c.joined_on <= on and fam.chance(0.35)]
    incident(fam, "domestic_abuse", on, people, known_on=known_on, dash=pick(fam.rng, "SMH"))


def gone_missing(fam: Family, shape: str) -> bool:
    """A child missing, as the police know it."""
    days = days_of(fam, shape, 2)
    able = [c for c in fam.children if all(9 < c.age_on(d) < 18 for d in days)]
    if not able:
        return False
    child = pick(fam.rng, able)
    for day in days:
        incident(fam, "missing", day, [(child, "victim")])
    return True


def everyday(fam: Family) -> None:
    """Victims, witnesses, idle suspicions: no rule counts them, but they show who lives where."""
    for person in fam.people:
        if person.age_on(fam.world.as_at) < 12 or not fam.chance(
            fam.world.life["noise"] * (0.5 if person.relationship == "child" else 1)
        ):
            continue
        on = max(fam.ago(10, 1000), person.joined_on + DAY)
        if on < fam.world.ago(5):
            incident(
                fam,
                "crime",
                on,
                [(person, pick(fam.rng, ("victim", "victim", "witness", "suspect")))],
                offence_code=pick(fam.rng, _OFFENCES),
                outcome=pick(fam.rng, ("18", "16", "14")),
                outcome_on=on + DAY,
            )
