"""Schools: enrolments, absence, exclusions, alternative provision."""

from __future__ import annotations

from datetime import date, timedelta

from tf_integration.county.family import DAY, Enrolment, Family, Person
from tf_integration.county.incidents import Way, days_of
from tf_integration.county.world import pick

_REASONS = ("PP", "PA", "VP", "VA", "OW", "BU", "RA", "LG", "DS", "SM", "DA", "DM", "TH", "DB", "MT", "PH")


def enrol(fam: Family) -> None:
    """Every child of school age goes to a school of its town: primary from four, secondary from eleven."""
    choice, silent = (
        fam.between(0, 5),
        bool(fam.story.get("academy")) or fam.chance(fam.world.schools["silent_share"]),
    )
    for child in fam.people:
        starts = date(child.born.year + (4 if child.born < date(child.born.year, 9, 1) else 5), 9, 3)
        if (
            starts > fam.world.as_at
            or child.age_on(fam.world.history_on) > 18
            or fam.chance(fam.world.life["untaught"])
        ):
            continue
        secondary = date(starts.year + 7, 9, 3)
        child.schooling = _primary(fam, child, starts, secondary, choice)
        if secondary <= fam.world.as_at:
            _secondary(fam, child, secondary, choice, silent)


def _primary(fam: Family, child: Person, starts: date, until: date, choice: int) -> list[Enrolment]:
    home = fam.homes[0][1] if starts < fam.homes[-1][0] else fam.homes[-1][1]
    school = fam.world.school("PRI", home.town, choice)
    last = date(until.year, 7, 20)
    leaves = last + DAY if until <= fam.world.as_at else None
    moved_on, new_home = fam.homes[-1]
    if len(fam.homes) > 1 and starts < moved_on < min(last, fam.world.as_at) and new_home.town != home.town:
        return [
            Enrolment(school, "PRI", starts, moved_on),
            Enrolment(fam.world.school("PRI", new_home.town, choice), "PRI", moved_on, leaves),
        ]
    return [Enrolment(school, "PRI", starts, leaves)]


def _secondary(fam: Family, child: Person, starts: date, choice: int, silent: bool) -> None:
    school = fam.world.school("SILENT" if silent else "SEC", child.home_on(starts).town, choice)
    stays = 7 if fam.index % 3 == 0 else 5
    leaves = date(starts.year + stays, 7, 20) + DAY
    child.schooling.append(Enrolment(school, "SEC", starts, leaves if leaves <= fam.world.as_at else None))
    if child.upn_changed_on and starts < child.upn_changed_on and not child.schooling[-1].leaving_on:
        child.schooling[-1].leaving_on = child.upn_changed_on
        child.schooling.append(
            Enrolment(
                fam.world.school("SEC", child.home_on(starts).town, choice + 1), "SEC", child.upn_changed_on
            )
        )
    elif child.upn_changed_on:
        child.upn_changed_on, child.old_upn = None, ""


def school_on(child: Person, day: date) -> Enrolment | None:
    """The child's enrolment on that day; None where there is none."""
    return next(
        (
            e
            for e in reversed(child.schooling)
            if e.entry_on <= day and (e.leaving_on is None or day < e.leaving_on)
        ),
        None,
    )


def pupils(fam: Family) -> list[Person]:
    """Children of 5 to 15 now who are on a roll."""
    return [c for c in fam.aged(5, 15, fam.world.as_at) if school_on(c, fam.world.as_at)]


def school_day(fam: Family, low: date, high: date) -> date | None:
    """A weekday within a half-term and within [low, high]; None where there is none."""
    halves = [h for h in fam.world.terms if h.ends_on >= low and h.starts_on <= high]
    if not halves:
        return None
    half = pick(fam.rng, halves)
    start, end = max(low, half.starts_on), min(high, half.ends_on)
    day = start + timedelta(days=fam.between(0, (end - start).days))
    if day.weekday() > 4:
        day -= timedelta(days=day.weekday() - 4)
    return day if day >= start else None


# How a problem with school shows itself; each returns whether this family could have it so.


def persistent_absence(fam: Family, shape: str) -> bool:
    """A child away for more than a tenth of the sessions, term upon term."""
    children = pupils(fam)
    if not children:
        return False
    child, end = pick(fam.rng, children), fam.world.window_on
    authorised, unauthorised = 0.07 + fam.rng.random() * 0.05, 0.05 + fam.rng.random() * 0.035
    if shape == "clearing":
        end, authorised, unauthorised = _two_terms_in(fam), 0.06, 0.2 + fam.rng.random() * 0.1
    elif shape == "current":
        end, unauthorised = fam.world.as_at, 0.12 + fam.rng.random() * 0.2
    elif shape == "resolved" and fam.attached_on:
        end = max(end, fam.attached_on)
    child.absence.append((date.min, end, authorised, unauthorised))
    fam.happened("persistent_absence", child, fam.world.closed[0].starts_on, end)
    return True


def _two_terms_in(fam: Family) -> date:
    """The end of the second of the last three whole terms."""
    halves = [h for h in fam.world.terms if h.starts_on >= fam.world.window_on]
    return halves[3].ends_on + DAY


def _exclusion_days(fam: Family, shape: str, count: int) -> list[date]:
    window = fam.world.window_on
    low, high = {
        "resolved": (window - timedelta(days=115), window - timedelta(days=16)),
        "past": (window - timedelta(days=600), window - timedelta(days=420)),
        "clearing": (window + timedelta(days=2), window + timedelta(days=80)),
        "current": (fam.world.ago(230), fam.world.ago(15)),
    }[shape]
    found = {school_day(fam, low, high) for _ in range(count * 4)}
    return sorted(d for d in found if d)[:count]


def suspended_often(fam: Family, shape: str) -> bool:
    """Three suspensions or more, each short."""
    return _suspend(fam, shape, 3 + fam.between(0, 2), (2, 8))


def suspended_long(fam: Family, shape: str) -> bool:
    """Few suspensions, but of a week or more."""
    return _suspend(fam, shape, 3, (10, 14))


def _suspend(fam: Family, shape: str, count: int, sessions: tuple[int, int]) -> bool:
    days = _exclusion_days(fam, shape, count)
    children = [
        c for c in pupils(fam) if c.age_on(fam.world.as_at) > 8 and all(school_on(c, d) for d in days)
    ]
    if len(days) < 3 or not children:
        return False
    child = pick(fam.rng, children)
    for day in days:
        exclude(fam, child, day, "SUSP", fam.between(*sessions))
    return True


def exclude(fam: Family, child: Person, day: date, category: str, sessions: int | None) -> None:
    """The school sends a child home: the row and the truth."""
    at = school_on(child, day)
    assert at is not None
    fam.send(
        "schools_exclusions",
        child,
        day + timedelta(days=fam.between(0, 6)),
        seen_on=day,
        establishment=at.school,
        category=category,
        start_on=day,
        sessions=sessions,
        reason=pick(fam.rng, _REASONS),
        phase=at.phase,
    )
    fam.happened(
        {"SUSP": "suspension", "PERM": "permanent_exclusion", "LNCH": "lunchtime_exclusion"}[category],
        child,
        day,
        ref=at.school,
    )


def permanently_excluded(fam: Family, shape: str) -> bool:
    """Excluded for good from secondary school, and taught in the referral unit since."""
    days = _exclusion_days(fam, shape, 1)
    children = [
        c
        for c in pupils(fam)
        if days and (at := school_on(c, days[0])) and at.phase == "SEC" and not at.leaving_on
    ]
    if not children:
        return False
    child, day = pick(fam.rng, children), days[0]
    exclude(fam, child, day, "PERM", None)
    child.schooling[-1].leaving_on = day + timedelta(days=5)
    back = fam.world.school("PRU", 0, 0)
    child.schooling.append(Enrolment(back, "PRU", day + timedelta(days=5), elsewhere=shape == "current"))
    return True


def taught_elsewhere(fam: Family, shape: str) -> bool:
    """On roll, but in alternative provision."""
    children = [c for c in pupils(fam) if c.age_on(fam.world.as_at) >= 11]
    if not children or shape not in ("current", "clearing"):
        return False
    child = pick(fam.rng, children)
    child.schooling[-1].elsewhere = True
    fam.happened("alternative_provision", child, child.schooling[-1].entry_on)
    return True


WAYS: list[Way] = [
    persistent_absence,
    persistent_absence,
    suspended_often,
    suspended_long,
    permanently_excluded,
    taught_elsewhere,
]


def everyday(fam: Family) -> None:
    """A suspension or a lunchtime that counts for nothing."""
    for child in pupils(fam):
        if fam.chance(0.06):
            for day in days_of(fam, "past", 1):
                if (on := school_day(fam, day - 20 * DAY, day + 20 * DAY)) and school_on(child, on):
                    exclude(fam, child, on, pick(fam.rng, ("SUSP", "LNCH")), fam.between(1, 4))
