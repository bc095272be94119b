"""Tenancies, and what landlords do: arrears, notices, anti-social behaviour, homelessness."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tf_integration.county.family import DAY, Family, Person

_TAKEN_UP = {"child": "child", "other": "other", "grandparent": "tenant"}


def tenancies(fam: Family) -> None:
    """A tenancy for each home, where a landlord who shares knows the family."""
    apart = [p for p in fam.people if p.homes is not fam.homes and not p.resident]
    if apart:
        _apart(fam, apart[0])
    if not fam.chance(fam.world.life["has_tenancy"]) and "two_homes" not in dict(fam.labels):
        return
    oldest = fam.world.history_on
    for n, (since, home) in enumerate(fam.homes):
        until = fam.homes[n + 1][0] if n + 1 < len(fam.homes) else None
        if until is None or until > oldest:
            ref = fam.stands_for("housing_tenancies", "tenancy_ref", fam.new_ref("TEN"))
            fam.tenancies.append((ref, since, until))
            _rows(fam, ref, since, until, fam.tenures[n], home.number)


def _rows(fam: Family, ref: str, since: date, until: date | None, tenure: str, dwelling: int) -> None:
    fam.happened("tenancy", fam.people[0], since, until, ref)
    tenants = 0
    for person in fam.people:
        lives = person.homes is fam.homes or person.home_on(max(since, person.joined_on)).number == dwelling
        start = max(since, person.joined_on)
        end = min(filter(None, (until, person.left_on)), default=None)
        if not lives or not person.resident or (end and start >= end):
            continue
        role = _TAKEN_UP.get(person.relationship) or ("joint" if tenants else "tenant")
        role = "partner" if person.relationship == "partner" else role
        tenants += role == "tenant"
        fam.send(
            "housing_tenancies",
            person,
            start + timedelta(days=fam.between(1, 6)),
            seen_on=(until or fam.world.as_at) - DAY,
            tenancy_ref=ref,
            role=role,
            start_on=start,
            end_on=end,
            tenure=tenure,
        )


def _apart(fam: Family, person: Person) -> None:
    """The home of a parent who lives elsewhere; the child who goes between is listed there too."""
    since = person.homes[-1][0]
    ref = fam.stands_for("housing_tenancies", "tenancy_ref", fam.new_ref("TEN"), f"{fam.family_id}B")
    cases = dict.fromkeys(case for case, _ in fam.labels)
    fam.happened("tenancy", person, since, None, ref)
    for member, role in (
        (person, "tenant"),
        *((c, "child") for c in fam.children[:1] if "two_homes" in cases),
    ):
        fam.send(
            "housing_tenancies",
            member,
            max(since, member.born) + DAY,
            seen_on=fam.world.as_at,
            tenancy_ref=ref,
            role=role,
            start_on=max(since, member.born),
            end_on=None,
            tenure="PRIVATE",
        )


def tenancy_on(fam: Family, day: date) -> str:
    """The reference of the family's tenancy on that day, or blank."""
    return next(
        (ref for ref, since, until in fam.tenancies if since <= day and (until is None or day < until)), ""
    )


def act(fam: Family, action: str, on: date, **more: Any) -> bool:
    """The landlord acts on the tenant that day. False when no tenancy was open."""
    ref = tenancy_on(fam, on)
    if not ref or not fam.people[0].joined_on <= on:
        return False
    known = on + timedelta(days=fam.between(1, 9))
    fam.send(
        "housing_actions",
        fam.people[0],
        known,
        action_ref=fam.new_ref("HA"),
        tenancy_ref=ref,
        action=action,
        action_on=on,
        **more,
    )
    fam.happened(action, fam.people[0], on, ref=ref)
    return True


def everyday(fam: Family) -> None:
    """Arrears that come to nothing, and duties to families without a home."""
    life = fam.world.life
    if fam.tenancies and fam.chance(0.3):
        on = fam.ago(20, 900)
        act(
            fam,
            "arrears",
            on,
            amount=fam.between(80, 1900),
            ended_on=on + timedelta(days=60) if on < fam.world.ago(70) else None,
        )
    for (since, _), tenure in zip(fam.homes, fam.tenures, strict=True):
        if tenure == "TA" and tenancy_on(fam, since):
            act(fam, "homeless_duty", since)
            act(fam, "temporary_accommodation", since)
    if fam.chance(life["waiting"]):
        fam.send(
            "housing_actions",
            fam.people[-1],
            fam.ago(30, 300),
            action_ref=fam.new_ref("HA"),
            tenancy_ref="",
            action="asb_complaint",
            action_on=fam.ago(400, 900),
        )
