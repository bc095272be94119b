"""Compare the two statements of the plan, and say plainly where they differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from reference.evaluator import Answer, evaluate
from reference.meanings import STALE_DAYS
from reference.settings import Setting, settings_of_a_county
from reference.strategies import TURNING_POINTS, families, pointed_families
from reference.world import World, combine

Ask = Callable[[World, date], dict[int, Answer]]


def draw_examples(strategy: SearchStrategy[Any], n: int, number: int) -> list[Any]:
    """The same n draws for the same number, on every machine."""
    found: list[Any] = []

    @seed(number)
    @settings(max_examples=n, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def collect(example: Any) -> None:
        found.append(example)

    collect()
    return found[:n]


def draw_afresh(strategy: SearchStrategy[Any], n: int, number: int) -> list[Any]:
    """n draws, four at a time: the first of one go is the plainest, and the later ones resemble each other."""
    return [found for at in range(-(-n // 4)) for found in draw_examples(strategy, 5, 1000 * number + at)[1:]][:n]


@cache
def random_county(number: int, n_families: int) -> tuple[Setting, World]:
    """The county of that number: a day, what the feeds cover, and so many families (the first draw is always the plainest)."""
    setting = draw_examples(settings_of_a_county(), 3, number)[-1]
    return setting, combine(draw_afresh(families(setting), n_families, number))


def pointed_draws(setting: Setting, turning_point: str, n: int) -> list[World]:
    """So many families that each turn on one edge."""
    return draw_afresh(pointed_families(setting, turning_point), n, TURNING_POINTS.index(turning_point))


@cache
def pointed_county(number: int, n_each: int) -> tuple[Setting, World]:
    """A day and coverage as above, with so many families for each edge that rules turn on."""
    setting = draw_examples(settings_of_a_county(), 3, number)[-1]
    return setting, combine([world for name in TURNING_POINTS for world in pointed_draws(setting, name, n_each)])


def differences(ours: Answer, reference: Answer, earliest: bool = True) -> list[str]:
    """Each part of the answer that the two give differently; `earliest` is the slow part."""
    found = []

    def same(what: str, a: object, b: object) -> None:
        if a != b:
            found.append(f"{what}: SQL {a}, reference {b}")

    for name in ("plan_id", "attached_on", "status", "claimed_as", "problems_present", "problems_improved"):
        same(name, getattr(ours, name), getattr(reference, name))
    for name in ("criteria", "present", "improved", "present_since"):
        a, b = getattr(ours, name), getattr(reference, name)
        for key in sorted(set(a) | set(b)):
            same(f"{name} {key if isinstance(key, str) else '.'.join(key)}", a.get(key), b.get(key))
    if reference.attached_on:
        for name, verdict in reference.principles.items():
            same(f"principle {name}", ours.principles[name], verdict)
        for name in ("sustained", "employment"):
            same(name, getattr(ours, name), getattr(reference, name))
    if reference.status == "ready":
        same("result", ours.result, reference.result)
    is_named = bool(ours.blocking) == bool(reference.blocking) and ours.blocking <= reference.blocking
    if reference.status == "blocked_by_data" and not is_named:
        found.append(f"blocked by: SQL {set(ours.blocking)}, reference one of {set(reference.blocking)}")
    if earliest and reference.status == ours.status:
        same("earliest_on", ours.earliest_on, reference.earliest_on)
    return found


def disagreements(world: World, as_at: date, ask: Ask) -> dict[int, list[str]]:
    """Household by household, what differs; empty when the two agree throughout."""
    answers = ask(world, as_at)
    found = {}
    for household in world.household_ids():
        differs = differences(answers[household], evaluate(world, household, as_at))
        if differs:
            found[household] = differs
    return found


def smallest(world: World, household: int, as_at: date, ask: Ask) -> World:
    """The household's world with everything left out that the disagreement does not need, one thing at a time."""
    world = world.only(household)
    while True:
        trials = [replace(world, facts=[g for g in world.facts if g is not f]) for f in world.facts]
        trials += [_without(world, p.person_id) for p in world.persons if len(world.persons) > 1]
        for at in range(0, len(trials), 90):
            batch = trials[at:at + 90]
            apart = combine([_as_household_1(w) for w in batch])
            still = disagreements(apart, as_at, ask)
            if still:
                world = batch[min(still) // 100 - 1]
                break
        else:
            return world


def _without(world: World, person: int) -> World:
    return replace(world, persons=[p for p in world.persons if p.person_id != person],
                   memberships=[m for m in world.memberships if m.person_id != person],
                   facts=[f for f in world.facts if f.person != person])


def _as_household_1(world: World) -> World:
    numbers = {p.person_id: n for n, p in enumerate(world.persons, 1)}
    return replace(world, persons=[replace(p, person_id=numbers[p.person_id]) for p in world.persons],
                   memberships=[replace(m, household_id=1, person_id=numbers[m.person_id]) for m in world.memberships],
                   refs=[replace(r, household_id=1) for r in world.refs],
                   claims=[replace(c, people=tuple(numbers[p] for p in c.people if p in numbers)) for c in world.claims],
                   facts=[replace(f, person=numbers[f.person] if f.person else None) for f in world.facts])


def describe(world: World, household: int, as_at: date, differs: list[str]) -> str:
    """The disagreement and everything that it was judged on."""
    world = world.only(household)
    lines = [f"household {household} as at {as_at}:", *(f"  {d}" for d in differs)]
    lines += [f"  person {p.person_id} born {p.date_of_birth}" for p in world.persons]
    lines += [f"  member {m.person_id} [{m.joined or ''}, {m.left or ''})" for m in world.memberships]
    lines += [f"  {f}" for f in sorted(world.facts, key=lambda f: (f.person or 0, f.starts_on or date.min))]
    return "\n".join(lines)


def describe_coverage(setting: Setting) -> str:
    """The feeds that do not cover everything, and the schools' half-terms that are covered."""
    lines = [f"  {c.feed} {c.place or ''} covers {c.first}..{c.last}" for c in setting.coverage if c.feed != "schools_attendance"
             and (c.first.year > 2010 or c.last < setting.as_at)]
    covered = {c.feed for c in setting.coverage}
    return "\n".join([*lines, f"  no coverage: {sorted(set(STALE_DAYS) - covered)}"])
