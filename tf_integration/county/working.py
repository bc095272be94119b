"""Work and money: out-of-work benefits and their regimes, jobs, debts of rent."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tf_integration.county import housing
from tf_integration.county.family import DAY, Family, Person
from tf_integration.county.incidents import Way, days_of, spell_of
from tf_integration.county.world import pick

_BENEFITS = ("JSA", "ESA", "ESA", "IS", "IB", "CA", "SDA", "UC", "UC", "UC", "UC")
_REGIMES = ("search", "search", "prepare", "plan", "none")


def claim(fam: Family, adult: Person, benefit: str, start: date, end: date | None) -> None:
    """A spell out of work. A change of Universal Credit's regime ends one row and starts another."""
    cuts = [start, end]
    if (
        benefit == "UC"
        and (last := end or fam.world.as_at) - start > timedelta(days=150)
        and fam.chance(0.35)
    ):
        cuts.insert(1, start + (last - start) // 2)
    for since, until in pairwise(cuts):
        assert since is not None
        regime = (
            {"uc_regime": pick(fam.rng, _REGIMES), "uc_earnings_above_threshold": "N"}
            if benefit == "UC"
            else {}
        )
        fam.send(
            "dwp_benefits",
            adult,
            since + timedelta(days=fam.between(3, 12)),
            seen_on=until or fam.world.as_at,
            benefit=benefit,
            start_on=since,
            end_on=until,
            match="partial" if fam.chance(0.08) else "full",
            **regime,
        )
    fam.happened("out_of_work", adult, start, end, benefit)


def job(fam: Family, adult: Person, start: date, end: date | None, hours: int, proof: str) -> None:
    """A job as the Jobcentre learns of it; its end comes as a correction of the same row."""
    row: dict[str, Any] = {
        "employment_ref": fam.new_ref("JB"),
        "start_on": start,
        "hours_per_week": hours,
        "proof": proof,
        "attested_by": f"Work coach {1 + fam.index % 40}",
    }
    fam.send(
        "jcp_employment",
        adult,
        start + timedelta(days=12),
        end_on=None,
        attested_on=start + timedelta(days=10),
        **row,
    )
    if end:
        fam.send(
            "jcp_employment",
            adult,
            end + timedelta(days=8),
            end_on=end,
            attested_on=end + timedelta(days=6),
            **row,
        )
    fam.happened("employment", adult, start, end, row["employment_ref"])


def out_of_work(fam: Family, shape: str) -> bool:
    """An adult on a benefit for people out of work, and for some a job after it."""
    if not fam.adults:
        return False
    life, adult = fam.world.life, pick(fam.rng, fam.adults)
    start, end = spell_of(fam, shape, life["work_quiet_days"], life["benefit_clearing_days"])
    claim(fam, adult, pick(fam.rng, _BENEFITS), start, end)
    if fam.story.get("odd_jobs"):
        begins = fam.between(90, 180)
        job(
            fam,
            adult,
            fam.world.ago(begins),
            fam.world.ago(begins - fam.between(20, 50)),
            fam.between(4, 12),
            "self_declared",
        )
    elif end and fam.chance(0.7):
        job(
            fam,
            adult,
            end + timedelta(days=fam.between(0, 9)),
            None,
            fam.between(16, 38),
            pick(fam.rng, ("payslip", "rti", "employer_letter")),
        )
    return True


def rent_debt(fam: Family, shape: str) -> bool:
    """Notices, possession or eviction for debts of rent."""
    days = days_of(fam, shape, 2)
    done = [
        housing.act(fam, pick(fam.rng, ("nosp_arrears", "nosp_arrears", "possession", "eviction")), d)
        for d in days
        if housing.tenancy_on(fam, d)
    ]
    return len(done) == len(days)


def back_to_work(fam: Family, shape: str) -> bool:
    """Off the benefit for good: in work for every week of the last thirty, and so ready by employment."""
    adult = _off_benefit(fam)
    if adult:
        job(fam, adult, fam.world.ago(226), None, fam.between(20, 40), pick(fam.rng, ("payslip", "rti")))
    return adult is not None


def work_unheard_of(fam: Family, shape: str) -> bool:
    """The same, but the Jobcentre, silent of late, has not said so: a result is not known."""
    adult = _off_benefit(fam)
    if adult:
        fam.happened("employment", adult, fam.world.ago(226))
    return adult is not None


def _off_benefit(fam: Family) -> Person | None:
    """An adult whose benefit, open at attachment, has ended more than thirty weeks ago."""
    if not fam.adults:
        return None
    adult = fam.adults[0]
    since = fam.ago(fam.attached_ago + 40, fam.attached_ago + 500)
    claim(
        fam,
        adult,
        pick(fam.rng, ("JSA", "ESA", "IS", "UC", "UC")),
        since,
        fam.ago(226, fam.attached_ago - 12),
    )
    return adult


WAYS: list[Way] = [out_of_work, out_of_work, out_of_work, rent_debt]
FIXED = {"back_to_work": back_to_work, "work_unheard_of": work_unheard_of}


def everyday(fam: Family) -> None:
    """Adults in work, some with Universal Credit on top; and adults whom DWP could not match."""
    untouched = [
        a
        for a in fam.adults
        if not any(r.person is a and r.feed in ("dwp_benefits", "jcp_employment") for r in fam.rows)
    ]
    if fam.story.get("unmatched") and untouched:
        adult = untouched.pop(0)
        fam.send("dwp_benefits", adult, fam.world.ago(500), seen_on=fam.world.as_at, match="none")
        fam.happened("not_matched_by_dwp", adult, fam.world.ago(500))
    for adult in untouched:
        if fam.chance(0.3):
            start = max(fam.ago(200, 1000), adult.joined_on)
            fam.send(
                "dwp_benefits",
                adult,
                start + 5 * DAY,
                seen_on=fam.world.as_at,
                benefit="UC",
                start_on=start,
                end_on=None,
                match="full",
                uc_regime="working",
                uc_earnings_above_threshold=pick(fam.rng, "YN"),
            )
        elif fam.chance(0.12) and not fam.attached_on:
            start, end = spell_of(fam, "past")
            claim(fam, adult, "JSA", start, end)
