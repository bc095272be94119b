"""The evidence of judged households as plain data: what a pack holds, what its digest is of, what a replay compares."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

Evidence = dict[str, Any]
_FACT = (
    "fact_id",
    "kind",
    "says",
    "person_id",
    "starts_on",
    "ends_on",
    "quantity",
    "out_of",
    "reference",
    "worker_role",
    "feed",
    "partner",
    "file",
    "line",
    "sha256",
    "loaded_on",
    "delivery_id",
)


def collect(conn: Connection, households: Sequence[int], as_at: date, known_at: datetime) -> dict[int, Evidence]:
    """The evidence of households that a run has just judged as at that day and instant, by household.

    Dates are ISO text, numbers are text without trailing noughts: the same facts give the same bytes.
    """
    asked = {"households": list(households)}
    heads = _rows(conn, "pack__household", **asked, known_at=known_at)
    people = _by_household(_rows(conn, "pack__person", **asked, as_at=as_at, known_at=known_at))
    problems, verdicts, facts = (
        _by_household(_rows(conn, f"pack__{name}", **asked)) for name in ("problem", "verdict", "fact")
    )
    found = {}
    for head in heads:
        household = head["household_id"]
        told = _told(verdicts[household], facts[household], head["document"])
        found[household] = _whole(head, as_at, people[household], problems[household], told)
    _add_others(conn, found, {h["household_id"]: h["document"] for h in heads}, as_at, known_at)
    return {h: json.loads(canonical(e)) for h, e in found.items()}


def canonical(evidence: Any) -> str:
    """The one text of some evidence: keys in order, no spaces."""
    return json.dumps(evidence, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def digest(evidence: Evidence) -> str:
    """The sha256 of the one text."""
    return hashlib.sha256(canonical(evidence).encode()).hexdigest()


def _rows(conn: Connection, name: str, **params: Any) -> list[dict[str, Any]]:
    return [dict(r) for r in warehouse.run(conn, f"claim/{name}.sql", **params).mappings()]


def _by_household(rows: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row.pop("household_id")].append(row)
    return found


def _told(
    verdicts: list[dict[str, Any]], facts: list[dict[str, Any]], plan: Mapping[str, Any]
) -> dict[tuple[str, str], list[Evidence]]:
    """By side and problem: each verdict with the plan's own rule and the facts that it rests on."""
    resting: dict[tuple[str, str, str], list[Evidence]] = defaultdict(list)
    for fact in facts:
        resting[fact["side"], fact["problem"], fact["criterion"]].append(
            {k: fact[k] for k in _FACT if fact[k] is not None}
        )
    told: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for v in verdicts:
        side, problem, criterion = v["side"], v["problem"], v["criterion"]
        shown = {
            k: v[k]
            for k in (
                "criterion",
                "verdict",
                "says",
                "measure",
                "threshold",
                "window_start",
                "window_end",
                "unknown_feeds",
            )
        }
        told[side, problem].append(
            shown | {"rule": _rule(plan, side, problem, criterion), "facts": resting[side, problem, criterion]}
        )
    return told


def _rule(plan: Mapping[str, Any], side: str, problem: str, criterion: str) -> Evidence | None:
    """The rule as the plan has it, without its worked examples."""
    about = plan.get("problems", {}).get(problem, {})
    if side == "identified":
        place = about.get("identified", {}).get(criterion)
    elif side == "improved":
        improved = about.get("improved", {})
        place = {
            "says": improved.get("says"),
            "source": improved.get("source"),
            "verified": improved.get("verified"),
            "tests": improved.get("tests", {}).get(criterion),
        }
    else:
        place = plan.get("principles", {}).get(criterion) if side == "principle" else plan.get(criterion)
    if not isinstance(place, Mapping):
        return None
    return {k: v for k, v in place.items() if k != "examples" and v is not None}


def _whole(
    head: Mapping[str, Any],
    as_at: date,
    people: list[Evidence],
    problems: list[Evidence],
    told: Mapping[tuple[str, str], list[Evidence]],
) -> Evidence:
    plan = head["document"]
    named = plan.get("problems", {})
    shown = [
        p
        | {
            "says": named.get(p["problem"], {}).get("says", p["problem"]),
            "identified": told.get(("identified", p["problem"]), []),
            "improvement": told.get(("improved", p["problem"]), []),
        }
        for p in problems
    ]
    about = {k: plan.get(k) for k in ("title", "source", "in_force", "needs", "counts", "money", "signed_off")}
    return {
        "household_id": head["household_id"],
        "family_refs": head["family_refs"],
        "as_at": as_at,
        "attached_on": head["attached_on"],
        "status": head["status"],
        "result": head["result"],
        "problems_present": head["problems_present"],
        "problems_improved": head["problems_improved"],
        "plan": {"plan_id": head["plan_id"], "sha256": head["plan_hash"], **about},
        "people": people,
        "problems": shown,
        "principles": told.get(("principle", ""), []),
        "results": told.get(("result", ""), []),
        "calendar": _calendar(shown, as_at),
    }


def _calendar(problems: list[Evidence], as_at: date) -> list[Evidence]:
    """The sustained period of each problem that was present: its days, and month by month how many facts bear on it."""
    rows = []
    for p in problems:
        starts = [v["window_start"] for v in p["improvement"] if v["window_start"]]
        if p["present_since"] != "met" or not starts:
            continue
        first = min(starts)
        facts = {f["fact_id"]: f["starts_on"] for v in p["improvement"] for f in v["facts"] if f.get("starts_on")}
        months = [
            {"month": m, "facts": sum(f"{on:%Y-%m}" == m for on in facts.values() if on >= first)}
            for m in _months(first, as_at)
        ]
        rows.append(
            {
                "problem": p["problem"],
                "says": p["says"],
                "improved": p["improved"],
                "first_day": first,
                "last_day": as_at,
                "months": months,
            }
        )
    return rows


def _months(first: date, last: date) -> list[str]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in months]


def _add_others(
    conn: Connection,
    found: dict[int, Evidence],
    plans: Mapping[int, Mapping[str, Any]],
    as_at: date,
    known_at: datetime,
) -> None:
    """What speaks against: other facts of the period, tests that are not met or not known though the result holds."""
    for plan_hash in {e["plan"]["sha256"] for e in found.values()}:
        these = [h for h, e in found.items() if e["plan"]["sha256"] == plan_hash]
        kinds = sorted({m["kind"] for t in _tests(plans[these[0]]) for m in t.get("of", [])})
        starts = [c["first_day"] for h in these for c in found[h]["calendar"]]
        others = _by_household(
            _rows(
                conn,
                "pack__other",
                households=these,
                kinds=kinds,
                since=min(starts, default=as_at),
                as_at=as_at,
                known_at=known_at,
            )
        )
        for household in these:
            found[household]["counter_evidence"] = _counter(found[household], others[household])


def _tests(plan: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    for problem in plan.get("problems", {}).values():
        for criterion in problem.get("identified", {}).values():
            yield from criterion.get("tests", [])
        yield from problem.get("improved", {}).get("tests", {}).values()


def _counter(evidence: Evidence, others: list[Evidence]) -> Evidence:
    groups = [
        *(v for p in evidence["problems"] for v in (*p["identified"], *p["improvement"])),
        *evidence["principles"],
        *evidence["results"],
    ]
    used = {f["fact_id"] for v in groups for f in v["facts"]}
    since = min((c["first_day"] for c in evidence["calendar"]), default=evidence["as_at"])
    facts = [
        {k: v for k, v in f.items() if v is not None and k != "is_open"}
        for f in others
        if f["fact_id"] not in used
        and (f["starts_on"] > since or f["is_open"] or (f["ends_on"] is not None and f["ends_on"] > since))
    ]
    doubts = [
        {
            "problem": p["problem"],
            "test": v["criterion"],
            "verdict": v["verdict"],
            "says": v["says"],
            "feeds": v["unknown_feeds"],
        }
        for p in evidence["problems"]
        if p["present_since"] != "not_met"
        for v in p["improvement"]
        if v["verdict"] != "met"
    ]
    doubts += [
        {
            "problem": p["problem"],
            "test": "present",
            "verdict": p["present_since"],
            "says": p["not_known_because"] or "",
            "feeds": [],
        }
        for p in evidence["problems"]
        if p["present_since"] == "not_known"
    ]
    unverified = sorted(
        {
            v["rule"]["source"]
            for v in groups
            if v["rule"] and not v["rule"].get("verified", True) and v["rule"].get("source")
        }
    )
    return {"other_facts": facts, "not_met_or_not_known": doubts, "rules_not_verified": unverified}


def differences(then: Evidence, now: Evidence) -> list[str]:
    """What has changed between two states of the evidence, in words without particulars; empty when nothing has."""
    found = []
    for what in ("status", "result", "attached_on"):
        if then[what] != now[what] and what != "status":
            found.append(f"{what.replace('_', ' ')} was {then[what]}, is {now[what]}")
    if then["plan"]["sha256"] != now["plan"]["sha256"]:
        found.append("the plan's text has changed")
    was, has = ({f["fact_id"]: f for f in facts_of(e)} for e in (then, now))
    for words, ids in (("no longer counts", was.keys() - has.keys()), ("new in the evidence", has.keys() - was.keys())):
        found += [
            f"{words}: {f['says']}, {f.get('starts_on', '')} ({f['file']} line {f['line']})"
            for f in sorted(((was | has)[i] for i in ids), key=lambda f: (f.get("starts_on") or "", f["fact_id"]))
        ]
    found += [
        f"changed: {has[i]['says']}, {has[i].get('starts_on', '')}"
        for i in sorted(was.keys() & has.keys())
        if was[i] != has[i]
    ]
    members = ({(p["person_id"], p["valid_from"], p["valid_to"]) for p in e["people"]} for e in (then, now))
    if len({frozenset(m) for m in members}) > 1:
        found.append("the members of the household have changed")
    before, after = ({p["problem"]: (p["present_since"], p["improved"]) for p in e["problems"]} for e in (then, now))
    found += [
        f"{p}: present {before[p][0]}, improved {before[p][1]} then; present {after[p][0]}, improved {after[p][1]} now"
        for p in before
        if p in after and before[p] != after[p]
    ]
    return found


def facts_of(evidence: Evidence) -> list[Evidence]:
    """Every fact that a verdict rests on."""
    groups = [
        *(v for p in evidence["problems"] for v in (*p["identified"], *p["improvement"])),
        *evidence["principles"],
        *evidence["results"],
    ]
    return [f for v in groups for f in v["facts"]]
