"""Case `households`: who lives with whom, against the example county's true dated spells, beside a fair baseline.

The baseline is handed the same persons and the same home evidence: of each person the nearest evidence in time, persons
of one home together, and a rule of dwelling types (many people of many surnames are a shared house or communal).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from landed_county import landed, truth
from place import Place

from tf_integration import identify
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

AS_AT, SEEDS = date(2019, 11, 20), (71, 72)
BEFORE_DAYS = (0, 365)      # on the last day, and with hindsight a year before
GOAL = 0.95                 # F1
Pair = frozenset[str]
# The dwelling-type rule of the baseline: (people at least, different surnames a person at least, what then binds).
DWELLINGS = ((12, 0.7, "nobody"), (5, 0.8, "surname"))


@dataclass(frozen=True)
class Score:
    """Co-resident pairs of one day: precision, recall and F1."""

    whose: str
    day: date
    found: int
    true: int
    both: int

    @property
    def precision(self) -> float:
        return self.both / max(self.found, 1)

    @property
    def recall(self) -> float:
        return self.both / max(self.true, 1)

    @property
    def f1(self) -> float:
        return 2 * self.both / max(self.found + self.true, 1)


def run(here: Place, families: int, seeds: Iterable[int] = SEEDS) -> list[Score]:
    """Ours and the baseline's scores over several counties, pairs added up."""
    scores: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    for seed in seeds:
        with landed(here, families, seed, AS_AT) as (settings, folder):
            with warehouse.transaction(settings) as conn:
                identify.resolve(conn, AS_AT)
            for s in compare(settings, folder, AS_AT):
                scores[s.whose, s.day].update(found=s.found, true=s.true, both=s.both)
    return [Score(whose, day, n["found"], n["true"], n["both"]) for (whose, day), n in scores.items()]


def compare(settings: Settings, folder: Path, as_at: date) -> list[Score]:
    """The scores of one county that is identified."""
    people, homes, members = _read(settings)
    real = {(r["feed"], r["partner"], r["person_ref"]): r["person_id"] for r in truth(folder, "source_rows")}
    seen: dict[int, Counter[str]] = defaultdict(Counter)
    for p in people:
        if (p["feed"], p["partner"], p["person_ref"]) in real:
            seen[p["person_id"]][real[p["feed"], p["partner"], p["person_ref"]]] += 1
    who = {person: counted.most_common(1)[0][0] for person, counted in seen.items()}
    surname = {p["person_id"]: p["surname"] for p in people if p["surname"]}
    known, found = set(who.values()), []
    spells = [m for m in truth(folder, "memberships") if m["person_id"] in known]
    for day in (as_at - timedelta(days=n) for n in BEFORE_DAYS):
        groups = _groups((m["household_id"], m["person_id"]) for m in spells
                         if m["valid_from"] <= day.isoformat() < (m["valid_to"] or "9999"))
        true = _pairs(groups)
        ours = _pairs(_groups((m["household_id"], who[m["person_id"]]) for m in members
                              if m["person_id"] in who and m["from"] <= day < m["to"]))
        base = _pairs(_baseline(homes, who, surname, day))
        found += [Score("ours", day, len(ours), len(true), len(ours & true)),
                  Score("nearest evidence and dwelling type", day, len(base), len(true), len(base & true))]
    return found


def _read(settings: Settings) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Persons' records, their homes by the day they were given, and the members of households who live in them."""
    with warehouse.transaction(settings) as conn:
        warehouse.run(conn, "identity/work_resident__all.sql")
        warehouse.run(conn, "identity/work_sighting__all.sql")
        homes = warehouse.rows(conn, """
            SELECT person_id, partner, seen_on, home FROM work_sighting ORDER BY person_id, partner, seen_on, home""")
        people = warehouse.rows(conn, """
            SELECT l.person_id, r.feed, r.partner, r.person_ref, identity.text_key(r.surname) AS surname
            FROM core.source_record r JOIN identity.person_link l USING (source_record_id)
            WHERE r.known_to = 'infinity' AND l.known_to = 'infinity' AND r.introduces ORDER BY r.source_record_id""")
        members = warehouse.rows(conn, """
            SELECT household_id, person_id, coalesce(valid_from, date '1900-01-01') AS "from",
                   coalesce(valid_to, date '2100-01-01') AS "to"
            FROM mart.household_member_v1 WHERE resident IS NOT FALSE""")
    return people, homes, members


def _groups(listed: Iterable[tuple[Any, str]]) -> Iterable[set[str]]:
    groups: dict[Any, set[str]] = defaultdict(set)
    for group, person in listed:
        groups[group].add(person)
    return groups.values()


def _pairs(groups: Iterable[set[str]]) -> set[Pair]:
    return {frozenset(pair) for group in groups for pair in combinations(sorted(group), 2)}


def _baseline(
    homes: list[dict[str, Any]], who: dict[int, str], surname: dict[int, str], day: date
) -> Iterable[set[str]]:
    """Each person at the home whose evidence is nearest to the day; among the nearest, where most partners say."""
    near: dict[int, tuple[int, Counter[str]]] = {}
    for h in homes:
        away = abs((h["seen_on"] - day).days)
        if h["person_id"] not in near or away < near[h["person_id"]][0]:
            near[h["person_id"]] = (away, Counter())
        if away == near[h["person_id"]][0]:
            near[h["person_id"]][1][h["home"]] += 1
    at: dict[str, list[int]] = defaultdict(list)
    for person, (_, votes) in near.items():
        if person in who:
            at[min(votes, key=lambda home: (-votes[home], home))].append(person)
    listed = []
    for home, persons in at.items():
        names, size = {surname.get(p, "") for p in persons}, len(persons)
        bound = next((b for least, share, b in DWELLINGS if size >= least and len(names) >= share * size), "home")
        key = {"surname": surname.get, "nobody": int, "home": lambda _: ""}[bound]
        listed += [((home, key(p)), who[p]) for p in persons]
    return _groups(listed)


def shown(scores: list[Score]) -> str:
    """A table."""
    rows = [f"{'households: co-resident pairs':<38}{'day':<12}{'precision':>10}{'recall':>8}{'F1':>8}{'true':>8}"]
    rows += [
        f"{s.whose:<38}{s.day!s:<12}{s.precision:>10.4f}{s.recall:>8.4f}{s.f1:>8.4f}{s.true:>8}"
        + (f"  goal {GOAL}{'' if s.f1 >= GOAL else ' missed'}" if s.whose == "ours" else "")
        for s in scores
    ]
    return "\n".join(rows)
