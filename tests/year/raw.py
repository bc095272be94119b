"""The landed files read by nothing of the platform: plain csv, and the annex of the data-sharing agreement.

What the partners' receipts say was accepted is read again from where it landed; its rows become dated facts by the words of
`docs` alone, without a contract, a kind or a rule of the platform's. Only who is whose comes from outside.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from reference.world import Coverage, Fact

Row = dict[str, str]
Key = tuple[str, ...]
WHOLE = {
    "schools_pupils",
    "youth_justice_disposals",
    "probation_orders",
    "dwp_benefits",
    "housing_tenancies",
    "social_care_episodes",
    "early_help_members",
    "early_help_milestones",
}
KEYS = {
    "schools_pupils": "person_ref upn establishment entry_on",
    "schools_attendance": "person_ref establishment period_start period_end",
    "schools_exclusions": "person_ref establishment category start_on",
    "police_incidents": "person_ref occurrence_ref role incident",
    "youth_justice_disposals": "person_ref case_ref disposal",
    "probation_orders": "person_ref order_ref",
    "dwp_benefits": "person_ref benefit start_on",
    "jcp_employment": "person_ref employment_ref",
    "health_contacts": "person_ref referral_ref",
    "housing_tenancies": "person_ref tenancy_ref",
    "housing_actions": "person_ref action_ref",
    "social_care_episodes": "person_ref episode_ref",
    "early_help_members": "person_ref family_ref joined_on",
    "early_help_milestones": "family_ref milestone on problem",
    "nominations": "person_ref nomination_ref",
}
ENDS = {
    "schools_pupils": "leaving_on",
    "probation_orders": "end_on",
    "dwp_benefits": "end_on",
    "housing_tenancies": "end_on",
    "social_care_episodes": "end_on",
    "early_help_members": "left_on",
}


@dataclass(frozen=True)
class Accepted:
    """One accepted file: where it landed and what its control file says of it."""

    feed: str
    partner: str
    name: str
    snapshot_on: date
    sequence: int
    file: Path
    covers: tuple[date, date]

    def rows(self, about: Callable[[Row], bool], faulty: set[int]) -> Iterator[Row]:
        """The rows about somebody, without those that were spoilt on purpose. Lines are counted from the header's, 1."""
        content = self.file.read_bytes()
        text = (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""))
        names = next(reader)
        for cells in reader:
            if reader.line_num in faulty or len(cells) != len(names):
                continue
            row = dict(zip(names, cells, strict=True))
            if about(row):
                yield row


class Landed:
    """Every file that the partners were told had been accepted, as the bytes that landed."""

    def __init__(self, home: Path, faulty: dict[tuple[str, str], set[int]]) -> None:
        self.faulty, found = faulty, []
        for receipt in sorted((home / "partners").glob("*/receipts/*.receipt.json")):
            told = json.loads(receipt.read_text())
            if not str(told["status"]).startswith("accepted"):
                continue
            partner = receipt.parts[-3]
            control = json.loads((receipt.parents[1] / "extracts" / f"{told['file']}.ctl.json").read_text())
            file = next((home / "landed" / str(told["delivery_id"])).glob("data.csv*"))
            if hashlib.sha256(file.read_bytes()).hexdigest() != control["sha256"]:
                raise AssertionError(f"{told['file']}: what landed is not what was sent")
            found.append(
                Accepted(
                    control["feed"],
                    partner,
                    told["file"],
                    _day(control["snapshot_on"]),
                    control["sequence"],
                    file,
                    (_day(control["covers_from"]), _day(control["covers_to"])),
                )
            )
        self.files = sorted(found, key=lambda f: (f.feed, f.partner, f.snapshot_on, f.sequence))

    def standing(self, people: set[tuple[str, str]], families: set[str]) -> list[Standing]:
        """The rows about these people and families that stand after the last file of each feed and partner."""
        held: dict[tuple[str, str], dict[Key, Standing]] = defaultdict(dict)
        for f in self.files:
            rows, seen, names = held[f.feed, f.partner], set(), KEYS[f.feed].split()

            def about(row: Row, partner: str = f.partner) -> bool:
                return (partner, row["person_ref"]) in people if "person_ref" in row else row["family_ref"] in families

            for row in f.rows(about, self.faulty.get((f.partner, f.name), set())):
                key = tuple(row[n] for n in names)
                seen.add(key)
                if row.get("op") == "D":
                    rows.pop(key, None)
                elif (was := rows.get(key)) is None or was.row != row or was.gone_on:
                    rows[key] = Standing(f, row)
            for key in (rows.keys() - seen) if f.feed in WHOLE else ():
                was = rows[key]
                rows[key] = replace(was, absent=was.absent + 1, gone_on=was.gone_on or f.snapshot_on)
        return [s for rows in held.values() for s in rows.values()]

    def coverage(self) -> list[Coverage]:
        """What each file speaks for; of attendance, each school's half-terms of which it holds a row."""
        found = [Coverage(f.feed, *f.covers) for f in self.files if f.feed != "schools_attendance"]
        for f in self.files:
            if f.feed == "schools_attendance":
                rows = f.rows(lambda _: True, self.faulty.get((f.partner, f.name), set()))
                places = dict.fromkeys((r["establishment"], r["period_start"], r["period_end"]) for r in rows)
                found += [Coverage(f.feed, _day(first), _day(last), place) for place, first, last in places]
        return found


@dataclass(frozen=True)
class Standing:
    """A row, the file that last said it, and since when whole snapshots lack it."""

    of: Accepted
    row: Row
    absent: int = 0
    gone_on: date | None = None

    @property
    def ends_on(self) -> date | None:
        """The end that the row names; for a row that two snapshots lack, the day of the first, if it is earlier."""
        named = _when(self.row[ENDS[self.of.feed]])
        return min(named or date.max, self.gone_on) if self.absent >= 2 and self.gone_on else named


def births(standing: list[Standing], who: dict[tuple[str, str], str]) -> dict[str, date | None]:
    """Each person's birth date: what most of the partners' records say, and of as many the one that came first."""
    last: dict[tuple[str, str, str], tuple[str, str]] = {}
    for s in sorted(standing, key=lambda s: (s.of.snapshot_on, s.of.feed)):
        if born := s.row.get("date_of_birth"):
            last[s.of.feed, s.of.partner, s.row["person_ref"]] = who[s.of.partner, s.row["person_ref"]], born
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for person, born in last.values():
        said[person][born] += 1
    return {person: _day(counted.most_common(1)[0][0]) for person, counted in said.items()}


def facts(s: Standing, person: str | None) -> Iterator[Fact]:
    """What a row says happened, in the words that the plans use."""
    make = _SAYS[s.of.feed]
    for kind, starts_on, more in make(s):
        if starts_on:
            yield Fact(kind, starts_on, person, feed=s.of.feed, partner=s.of.partner, **more)  # type: ignore[arg-type]


Said = Iterator[tuple[str, date | None, dict[str, object]]]


def _pupils(s: Standing) -> Said:
    r = s.row
    yield (
        "enrolment",
        _when(r["entry_on"]),
        {"ends_on": s.ends_on, "place": r["establishment"], "is_flagged": r["alternative_provision"] == "Y"},
    )


def _attendance(s: Standing) -> Said:
    r = s.row
    yield (
        "attendance",
        _when(r["period_start"]),
        {
            "ends_on": _when(r["period_end"]),
            "place": r["establishment"],
            "quantity": int(r["sessions_attended"]),
            "out_of": int(r["sessions_possible"]),
            "authorised": int(r["sessions_authorised"]),
            "unauthorised": int(r["sessions_unauthorised"]),
        },
    )


def _exclusions(s: Standing) -> Said:
    r = s.row
    kind = {"SUSP": "suspension", "PERM": "permanent_exclusion", "LNCH": "lunchtime_exclusion"}[r["category"]]
    yield (
        kind,
        _when(r["start_on"]),
        {"place": r["establishment"], "quantity": int(r["sessions"] or 0), "code": r["phase"] or None},
    )


def _police(s: Standing) -> Said:
    r = s.row
    on, ref, does = (
        _when(r["occurred_on"]) or _when(r["recorded_on"]),
        r["occurrence_ref"],
        r["role"] in ("suspect", "offender"),
    )
    if r["incident"] == "crime" and r["role"] == "offender":
        happened = _when(r["occurred_on"])
        for proof in (_when(r["outcome_on"]) if r["outcome"] in ("2", "3") else None, _when(r["convicted_on"])):
            yield "proven_offence", proof, {"happened_on": happened, "ref": ref}
    elif r["incident"] in ("asb", "asb_intervention") and does:
        yield r["incident"], on, {"ref": ref, "role": r["role"]}
    elif r["incident"] == "domestic_abuse":
        yield "call_out", on, {"ref": ref}
    elif r["incident"] == "missing":
        yield "missing", on, {"ref": ref}


def _youth_justice(s: Standing) -> Said:
    r = s.row
    if r["disposal"] != "COMRES":
        yield "proven_offence", _when(r["disposal_on"]), {"happened_on": _when(r["offence_on"]), "ref": r["case_ref"]}


def _probation(s: Standing) -> Said:
    yield s.row["order"], _when(s.row["start_on"]), {"ends_on": s.ends_on, "ref": s.row["order_ref"]}


def _benefits(s: Standing) -> Said:
    r = s.row
    if r["match"] == "none":
        yield "benefit_not_matched", s.of.snapshot_on, {"ends_on": s.gone_on}
    else:
        yield (
            "benefit",
            _when(r["start_on"]),
            {"ends_on": s.ends_on, "code": r["benefit"], "outcome": r["uc_regime"] or None},
        )


def _employment(s: Standing) -> Said:
    yield "employment", _when(s.row["start_on"]), {"ends_on": _when(s.row["end_on"]), "ref": s.row["employment_ref"]}


def _health(s: Standing) -> Said:
    r, ref = s.row, s.row["referral_ref"]
    yield "health_referral", _when(r["referred_on"]), {"code": r["need"], "ref": ref}
    yield (
        "health_support",
        _when(r["accepted_on"]),
        {
            "ends_on": _when(r["discharged_on"]),
            "happened_on": _when(r["referred_on"]),
            "code": r["need"],
            "outcome": r["discharge"] or None,
            "ref": ref,
        },
    )


def _actions(s: Standing) -> Said:
    yield s.row["action"], _when(s.row["action_on"]), {"ref": s.row["action_ref"]}


def _care(s: Standing) -> Said:
    r = s.row
    kind = "social_care_referral" if r["episode"] == "referral" else r["episode"]
    yield (
        kind,
        _when(r["start_on"]),
        {"ends_on": s.ends_on if kind in ("cin", "cp", "lac") else None, "ref": r["episode_ref"]},
    )


def _milestones(s: Standing) -> Said:
    r = s.row
    ends_on = _when(r["ended_on"]) if r["milestone"] == "lead_worker" else None
    if s.absent >= 2 and s.gone_on and r["milestone"] == "lead_worker":
        ends_on = min(ends_on or date.max, s.gone_on)
    yield (
        f"family_{r['milestone']}",
        _when(r["on"]),
        {
            "ends_on": ends_on,
            "family_ref": r["family_ref"],
            "code": r["problem"] or None,
            "is_flagged": r["whole_family"] == "Y",
        },
    )


def _nominations(s: Standing) -> Said:
    r = s.row
    yield (
        "nomination",
        _when(r["nominated_on"]),
        {
            "ends_on": _when(r["ended_on"]),
            "code": r["problem"],
            "outcome": r["criterion"] or None,
            "ref": r["nomination_ref"],
        },
    )


def _nothing(_: Standing) -> Said:
    yield from ()


_SAYS: dict[str, Callable[[Standing], Said]] = {
    "schools_pupils": _pupils,
    "schools_attendance": _attendance,
    "schools_exclusions": _exclusions,
    "police_incidents": _police,
    "youth_justice_disposals": _youth_justice,
    "probation_orders": _probation,
    "dwp_benefits": _benefits,
    "jcp_employment": _employment,
    "health_contacts": _health,
    "housing_tenancies": _nothing,
    "housing_actions": _actions,
    "social_care_episodes": _care,
    "early_help_members": _nothing,
    "early_help_milestones": _milestones,
    "nominations": _nominations,
}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _when(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
