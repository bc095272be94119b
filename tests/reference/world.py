"""A small world in plain dataclasses, and the way to put it into the warehouse.

A world holds what the platform would know after conforming and identifying: persons, dated memberships, dated facts
and what each feed covers. `load` writes it into the core and identity tables, so that SQL and the plain evaluator
judge the same thing.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
import yaml
from sqlalchemy.engine import Connection

from tf_integration.model.feed import load_feeds
from tf_integration.model.settings import PROJECT
from tf_integration.store import warehouse

# Which feed tells of each kind when a fact does not say (a joint kind names its commoner source first).
FEED_OF = {
    "enrolment": "schools_pupils", "attendance": "schools_attendance", "suspension": "schools_exclusions",
    "permanent_exclusion": "schools_exclusions", "lunchtime_exclusion": "schools_exclusions",
    "proven_offence": "youth_justice_disposals", "community_resolution": "youth_justice_disposals",
    "suspected_offence": "police_incidents", "crime_involvement": "police_incidents", "asb": "police_incidents",
    "asb_intervention": "police_incidents", "asb_involvement": "police_incidents", "call_out": "police_incidents",
    "custody": "probation_orders", "licence": "probation_orders", "community_order": "probation_orders",
    "suspended_sentence": "probation_orders",
    "missing": "social_care_episodes", "cse": "social_care_episodes", "social_care_referral": "social_care_episodes",
    "s47": "social_care_episodes", "cin": "social_care_episodes", "cp": "social_care_episodes", "lac": "social_care_episodes",
    "benefit": "dwp_benefits", "benefit_not_matched": "dwp_benefits", "employment": "jcp_employment",
    "tenancy": "housing_tenancies", "arrears": "housing_actions", "asb_complaint": "housing_actions",
    "asb_action": "housing_actions", "nosp_arrears": "housing_actions", "nosp_asb": "housing_actions",
    "possession": "housing_actions", "eviction": "housing_actions", "homeless_duty": "housing_actions",
    "temporary_accommodation": "housing_actions",
    "health_referral": "health_contacts", "health_support": "health_contacts",
    "family_member": "early_help_members", "family_referred": "early_help_milestones",
    "family_attached": "early_help_milestones", "family_assessment": "early_help_milestones",
    "family_plan": "early_help_milestones", "family_lead_worker": "early_help_milestones",
    "family_tfop_agreed": "early_help_milestones", "family_goal_met": "early_help_milestones",
    "family_closed": "early_help_milestones", "family_stepped_up": "early_help_milestones",
    "nomination": "nominations",
}
PARTNER_OF = {
    "schools_pupils": "schools", "schools_attendance": "schools", "schools_exclusions": "schools",
    "police_incidents": "police", "youth_justice_disposals": "youth_justice", "probation_orders": "probation",
    "dwp_benefits": "dwp", "jcp_employment": "jcp", "health_contacts": "health", "housing_tenancies": "housing",
    "housing_actions": "housing", "social_care_episodes": "social_care", "early_help_members": "early_help",
    "early_help_milestones": "early_help", "nominations": "schools",
}
FEEDS = tuple(PARTNER_OF)
HALF_TERMS = ((1, "autumn", 9, 3, 10, 19), (2, "autumn", 10, 29, 12, 20), (3, "spring", 1, 4, 2, 14),
              (4, "spring", 2, 22, 3, 31), (5, "summer", 4, 16, 5, 24), (6, "summer", 6, 3, 7, 20))


@dataclass(frozen=True)
class Person:
    person_id: int
    date_of_birth: date | None


@dataclass(frozen=True)
class Membership:
    """[joined, left): None is always, or still."""

    household_id: int
    person_id: int
    joined: date | None = None
    left: date | None = None


@dataclass(frozen=True)
class Fact:
    """One row of core.fact. `person` is None for a fact about a family, which then has a `family_ref`."""

    kind: str
    starts_on: date | None
    person: int | None = None
    ends_on: date | None = None
    happened_on: date | None = None
    quantity: int | None = None
    out_of: int | None = None
    authorised: int | None = None
    unauthorised: int | None = None
    code: str | None = None
    role: str | None = None
    outcome: str | None = None
    place: str | None = None
    ref: str | None = None
    is_flagged: bool | None = None
    family_ref: str | None = None
    feed: str = ""
    partner: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "feed", self.feed or FEED_OF[self.kind])
        object.__setattr__(self, "partner", self.partner or PARTNER_OF[self.feed])

    def __str__(self) -> str:
        said = [f"{k}={v}" for k, v in vars(self).items() if v is not None and k not in ("kind", "starts_on", "ends_on")]
        return f"{self.kind} {self.starts_on}..{self.ends_on or ''} " + " ".join(said)


@dataclass(frozen=True)
class Coverage:
    """Days `first`..`last`, both inclusive, that a delivery of a feed (of one school) speaks for."""

    feed: str
    first: date
    last: date
    place: str | None = None


@dataclass(frozen=True)
class HalfTerm:
    school_year: int
    term: str
    half_term: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Ref:
    household_id: int
    family_ref: str
    partner: str = "early_help"


@dataclass(frozen=True)
class Claim:
    """An earlier claim for some people, by the partner's references (a person's number is its reference)."""

    claim_ref: str
    people: tuple[int, ...]
    claimed_on: date
    state: str = "paid"
    plan_id: str = "national-2015"
    family_ref: str = "elsewhere"
    partner: str = "early_help"


@dataclass
class World:
    persons: list[Person] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    terms: list[HalfTerm] = field(default_factory=lambda: list(TERMS))
    refs: list[Ref] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)

    def household_ids(self) -> list[int]:
        return sorted({m.household_id for m in self.memberships} | {r.household_id for r in self.refs})

    def only(self, household_id: int) -> World:
        """The same world with one household and its people alone."""
        memberships = [m for m in self.memberships if m.household_id == household_id]
        people = {m.person_id for m in memberships}
        refs = [r for r in self.refs if r.household_id == household_id]
        families = {(r.partner, r.family_ref) for r in refs}
        return World([p for p in self.persons if p.person_id in people], memberships,
                     [f for f in self.facts if f.person in people or (f.person is None and (f.partner, f.family_ref) in families)],
                     self.coverage, self.terms, refs, self.claims)


def example_terms(first: int = 2011, last: int = 2027) -> list[HalfTerm]:
    """The example county's half-terms for the school years that begin in `first`..`last`."""
    return [HalfTerm(year, term, n, date(year + (m1 < 9), m1, d1), date(year + (m2 < 9), m2, d2))
            for year in range(first, last + 1) for n, term, m1, d1, m2, d2 in HALF_TERMS]


TERMS = tuple(example_terms())
_EARLY = "2001-01-01"
_KNOWN = "2001-01-01T00:00:00Z"
_FACT_COLUMNS = ("kind", "starts_on", "ends_on", "happened_on", "quantity", "out_of", "authorised", "unauthorised", "code",
                 "role", "outcome", "place", "ref", "is_flagged", "family_ref", "feed", "partner")


def load(conn: Connection, world: World) -> None:
    """Write a world into an empty, migrated warehouse, as if every fact had been known since 2001."""
    _load_contracts(conn)
    _load_terms(conn, world)
    deliveries = _load_deliveries(conn, world)
    records = _load_people(conn, world, deliveries)
    _load_households(conn, world)
    _load_facts(conn, world, deliveries, records)
    _load_claims(conn, world)
    _copy(conn, "core.coverage", ("feed", "partner", "place", "covers", "delivery_id", "known_from"),
          [(c.feed, PARTNER_OF[c.feed], c.place, f"[{c.first},{c.last}]", deliveries[c.feed, PARTNER_OF[c.feed]], _KNOWN)
           for c in dict.fromkeys(world.coverage)])


def hash_id(key: str) -> int:
    """What core.hash_id gives for the same text."""
    return int(hashlib.md5(key.encode()).hexdigest()[:15], 16)


def _copy(conn: Connection, table: str, columns: tuple[str, ...], found: list[tuple[Any, ...]]) -> None:
    if not found:
        return
    text = io.StringIO()
    csv.writer(text).writerows(found)
    warehouse.copy_in(conn, table, columns, [text.getvalue().encode()])


def _load_contracts(conn: Connection) -> None:
    _copy(conn, "core.feed", ("feed", "partner", "owner", "mode", "rhythm", "stale_days", "stale_half_terms", "contract_version"),
          [(f.feed, f.partner, f.owner.here, f.mode, f.rhythm, f.stale_after.days, f.stale_after.half_terms, f.version)
           for f in load_feeds().values()])
    kinds = yaml.safe_load((PROJECT / "tf_integration" / "kinds.yaml").read_text())
    _copy(conn, "core.kind", ("kind", "domain", "shape", "says"),
          [(kind, domain, k["shape"], k["says"]) for domain, group in kinds.items() for kind, k in group.items()])


def _load_terms(conn: Connection, world: World) -> None:
    _copy(conn, "core.half_term", ("school_year", "term", "half_term", "starts_on", "ends_on"),
          [(f"{t.school_year}/{(t.school_year + 1) % 100:02d}", t.term, t.half_term, t.starts_on, t.ends_on)
           for t in world.terms])


def _load_deliveries(conn: Connection, world: World) -> dict[tuple[str, str], int]:
    wanted = set(PARTNER_OF.items()) | {(f.feed, f.partner) for f in world.facts}
    ids = {key: n for n, key in enumerate(sorted(wanted), 1)}
    modes = {f.feed: f.mode for f in load_feeds().values()}
    _copy(conn, "landing.delivery", ("delivery_id", "feed", "partner", "file_name", "snapshot_on", "sequence", "mode", "sha256",
                                     "contract_version", "code_version", "state", "status"),
          [(n, feed, partner, f"{feed}_20010101_0001.csv", _EARLY, 1, modes.get(feed, "whole"), f"{n:064x}", "v", "v",
            "published", "accepted") for (feed, partner), n in ids.items()])
    return ids


def _load_people(conn: Connection, world: World, deliveries: dict[tuple[str, str], int]) -> dict[tuple[int, str, str], int]:
    _copy(conn, "identity.person", ("person_id", "date_of_birth", "run_id"), [(p.person_id, p.date_of_birth, 1) for p in world.persons])
    wanted = sorted({(f.person, f.feed, f.partner) for f in world.facts if f.person is not None}
                    | {(p.person_id, "early_help_members", "early_help") for p in world.persons})
    ids = {(person, feed, partner): hash_id(f"person|{partner}|{feed}|{person}") for person, feed, partner in wanted}
    born = {p.person_id: p.date_of_birth for p in world.persons}
    _copy(conn, "core.source_record", ("source_record_id", "partner", "feed", "person_ref", "introduces", "date_of_birth",
                                       "first_snapshot_on", "delivery_id", "line_no", "known_from"),
          [(n, partner, feed, person, True, born[person], _EARLY, deliveries[feed, partner], i, _KNOWN)
           for i, ((person, feed, partner), n) in enumerate(ids.items(), 2)])
    _copy(conn, "identity.person_link", ("source_record_id", "person_id", "decided_by", "because", "run_id", "known_from"),
          [(n, person, "identifier", "the world says so", 1, _KNOWN) for (person, _, _), n in ids.items()])
    return ids


def _load_households(conn: Connection, world: World) -> None:
    conn.execute(sa.text("INSERT INTO identity.run (as_at, code_version, finished_at) VALUES (:d, 'v', now())"), {"d": _EARLY})
    _copy(conn, "identity.household", ("household_id", "basis", "run_id", "known_from"),
          [(h, "early_help", 1, _KNOWN) for h in world.household_ids()])
    _copy(conn, "identity.household_ref", ("household_id", "partner", "family_ref", "run_id", "known_from"),
          [(r.household_id, r.partner, r.family_ref, 1, _KNOWN) for r in world.refs])
    _copy(conn, "identity.membership", ("household_id", "person_id", "valid", "basis", "run_id", "known_from"),
          [(m.household_id, m.person_id, f"[{m.joined or ''},{m.left or ''})", "early_help", 1, _KNOWN)
           for m in dict.fromkeys(world.memberships)])


def _load_facts(conn: Connection, world: World, deliveries: dict[tuple[str, str], int],
                records: dict[tuple[int, str, str], int]) -> None:
    found = []
    for line, fact in enumerate(world.facts, 2):
        key = hashlib.md5(f"{line}".encode()).hexdigest()
        record = None if fact.person is None else records[fact.person, fact.feed, fact.partner]
        found.append((line, record, key, deliveries[fact.feed, fact.partner], line, _KNOWN,
                      *(getattr(fact, c) for c in _FACT_COLUMNS)))
    _copy(conn, "core.fact", ("fact_id", "source_record_id", "row_key", "delivery_id", "line_no", "known_from", *_FACT_COLUMNS), found)


def _load_claims(conn: Connection, world: World) -> None:
    claims = list(dict.fromkeys(world.claims))
    _copy(conn, "claim.claim", ("claim_id", "claim_ref", "plan_id", "result", "claimed_on", "amount_pounds", "recorded_at"),
          [(hash_id(f"claim|{c.claim_ref}"), c.claim_ref, c.plan_id, "sustained", c.claimed_on, 800, _KNOWN) for c in claims])
    _copy(conn, "claim.person", ("claim_id", "partner", "person_ref", "recorded_at"),
          [(hash_id(f"claim|{c.claim_ref}"), c.partner, p, _KNOWN) for c in claims for p in dict.fromkeys(c.people)])
    _copy(conn, "claim.family", ("claim_id", "partner", "family_ref", "recorded_at"),
          [(hash_id(f"claim|{c.claim_ref}"), c.partner, c.family_ref, _KNOWN) for c in claims])
    _copy(conn, "claim.transfer", ("claim_id", "state_was", "state_is", "by_whom", "because", "happened_at"),
          [(hash_id(f"claim|{c.claim_ref}"), "outside", c.state, "the world", "it says so", _KNOWN) for c in claims])


def combine(worlds: list[World]) -> World:
    """One world of many, each keeping its own people, households and family references."""
    whole = World(terms=worlds[0].terms, coverage=worlds[0].coverage)
    for n, world in enumerate(worlds, 1):
        base = n * 100
        whole.persons += [Person(p.person_id + base, p.date_of_birth) for p in world.persons]
        whole.memberships += [replace(m, household_id=m.household_id + base, person_id=m.person_id + base) for m in world.memberships]
        whole.refs += [replace(r, household_id=r.household_id + base, family_ref=f"{r.family_ref}/{n}") for r in world.refs]
        whole.facts += [replace(f, person=f.person and f.person + base, family_ref=f.family_ref and f"{f.family_ref}/{n}",
                                ref=f.ref and f"{f.ref}/{n}") for f in world.facts]
        whole.claims += [replace(c, claim_ref=f"{c.claim_ref}/{n}", people=tuple(p + base for p in c.people),
                                 family_ref=f"{c.family_ref}/{n}") for c in world.claims]
    return whole
