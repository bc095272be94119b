"""What a plan names must exist: kinds, feeds, codes, problems, people of its examples. Each fault has its mend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple

from tf_integration.model.feed import load_feeds
from tf_integration.model.kind import Kind, load_kinds
from tf_integration.model.plan import PLANS, Example, Match, Plan, Test

Where = tuple[str | int, ...]
Own = tuple[frozenset[str], frozenset[str]]  # the codes of problems, and of the plan's criteria
ATTRIBUTES = ("code", "outcome", "role")
_DATES = ("starts_on", "ends_on", "happened_on")
_NUMBERS = ("quantity", "out_of", "authorised", "unauthorised")
_SAID_OF = {  # a field of a test that only some questions read
    "below": ("rate", "seen"),
    "at_least": ("seen", "total", "rate"),
    "measure": ("rate",),
    "at_most_share": ("fewer",),
    "ends_within": ("open",),
    "with_child": ("open",),
    "good": ("latest",),
    "or_open_for": ("latest",),
    "every": ("seen", "total", "rate"),
    "window": ("seen", "total", "rate", "clear", "fewer"),
}


class Fault(NamedTuple):
    """One fault: the place in the file, what is wrong there, and the mend."""

    where: Where
    what: str
    mend: str


def unknown_names(plan: Plan, data: dict[str, Any], plans: set[str]) -> Iterator[Fault]:
    """Every name in the plan that nothing answers to, and every field that its rule does not read.

    `data` is the file as read, and `plans` the ids of the plans that are known beside it.
    """
    criteria = frozenset(code for problem in plan.problems.values() for code in problem.identified)
    named = [*_matches(data, (), (frozenset({*plan.problems, *_known_problems()}), criteria)), *_feeds(data, ())]
    yield from named
    if named:
        return  # what is asked of a kind is judged when the kind is known
    for where, test in tests(plan):
        yield from _test(where, test)
    yield from _whole(plan, plans)
    for where, example in examples(plan):
        yield from _example(where, example, plan)


def _did_you_mean(said: str, words: Any, what: str) -> str:
    known = sorted(words)
    close = get_close_matches(said, known, n=1, cutoff=0.5)
    listed = f"{what} {', '.join(known)}." if len(known) <= 20 else "docs/data-dictionary.md lists them."
    return f"Did you mean `{close[0]}`? {listed}" if close else listed


# -- kinds, codes and feeds wherever they stand ---------------------------------------------------------------------


def _matches(data: Any, where: Where, own: Own) -> Iterator[Fault]:
    """Walk the file as written: whatever has a `kind` names one, and the values that it may have."""
    if isinstance(data, list):
        for n, each in enumerate(data):
            yield from _matches(each, (*where, n), own)
    elif isinstance(data, dict):
        if "kind" in data:
            yield from _match(data, where, own)
        for name, each in data.items():
            yield from _matches(each, (*where, name), own)
    elif where and where[-1] == "unsettles" and data not in load_kinds():
        yield Fault(where, f"there is no kind `{data}`.", _did_you_mean(str(data), load_kinds(), "The kinds are"))


def _match(data: dict[str, Any], where: Where, own: Own) -> Iterator[Fault]:
    kind = load_kinds().get(str(data["kind"]))
    if kind is None:
        said = str(data["kind"])
        yield Fault((*where, "kind"), f"there is no kind `{said}`.", _did_you_mean(said, load_kinds(), "The kinds are"))
        return
    for name in (*ATTRIBUTES, "flagged"):
        column = "is_flagged" if name == "flagged" else name
        if data.get(name) is not None and column not in kind.columns:
            has = ", ".join(kind.columns) or "no columns"
            yield Fault((*where, name), f"`{kind.kind}` has no `{name}`.", f"It has {has}.")
    for name in (*ATTRIBUTES, "not_outcome"):
        values = data.get(name)
        allowed = _codes(kind.kind, name.removeprefix("not_"), own)
        for n, value in enumerate(values if isinstance(values, list) else [values]):
            place = (*where, name, n) if isinstance(values, list) else (*where, name)
            if value is not None and allowed and str(value) not in allowed:
                mend = _did_you_mean(str(value), allowed, "The codes are")
                yield Fault(place, f"`{value}` is no {name} of `{kind.kind}`.", mend)


@lru_cache(maxsize=256)
def _codes(kind: str, column: str, own: Own) -> frozenset[str]:
    """The values that the contracts let a kind's column have, or the plan's own codes; nothing when any may."""
    found: set[str] = set()
    for feed in load_feeds().values():
        for fact in feed.facts:
            source = fact.set.get(column, "")
            if fact.kind != kind or not source:
                continue
            if source.startswith("="):
                found.add(source[1:])
                continue
            for name in source.split("|"):
                if name in ("problem", "criterion"):
                    return own[name == "criterion"]
                codes = feed.column(name).codes
                if not codes:
                    return frozenset()
                found |= set(codes)
    return frozenset(found)


@lru_cache(maxsize=1)
def _known_problems() -> frozenset[str]:
    """The problem codes of the plans that are shipped: a nomination may name another plan's."""
    import yaml

    found: set[str] = set()
    for file in PLANS.glob("*.yaml"):
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for key, value in getattr(node, "value", ()):
            if key.value == "problems" and isinstance(value, yaml.MappingNode):
                found |= {name.value for name, _ in value.value}
    return frozenset(found)


def _feeds(data: Any, where: Where) -> Iterator[Fault]:
    if isinstance(data, dict):
        for name, each in data.items():
            place = (*where, name)
            if (str(name).startswith("told_by") or name == "without") and isinstance(each, list):
                for n, feed in enumerate(each):
                    if feed not in load_feeds():
                        mend = _did_you_mean(str(feed), load_feeds(), "The feeds are")
                        yield Fault((*place, n), f"there is no feed `{feed}`.", mend)
            else:
                yield from _feeds(each, place)
    elif isinstance(data, list):
        for n, each in enumerate(data):
            yield from _feeds(each, (*where, n))


# -- tests -----------------------------------------------------------------------------------------------------------


def tests(plan: Plan) -> Iterator[tuple[Where, Test]]:
    """Each test of a plan, with its place."""
    for name, problem in plan.problems.items():
        for code, rule in problem.identified.items():
            for n, test in enumerate(rule.tests):
                yield ("problems", name, "identified", code, "tests", n), test
        for code, test in problem.improved.tests.items():
            yield ("problems", name, "improved", "tests", code), test


def _test(where: Where, test: Test) -> Iterator[Fault]:
    for name, asks in _SAID_OF.items():
        if getattr(test, name) and test.ask not in asks:
            mend = f"Take it away, or ask {' or '.join(asks)}."
            yield Fault((*where, name), f"`ask: {test.ask}` does not read `{name}`.", mend)
    for n, match in enumerate(test.of):
        yield from _kind_fits((*where, "of", n, "kind"), test, match, load_kinds()[match.kind])
    outcomes = frozenset().union(*(_codes(m.kind, "outcome", (frozenset(), frozenset())) for m in test.of))
    for n, good in enumerate(test.good):
        if good not in outcomes:
            yield Fault((*where, "good", n), f"`{good}` is no outcome here.", _did_you_mean(good, outcomes, "They are"))


def _kind_fits(where: Where, test: Test, match: Match, kind: Kind) -> Iterator[Fault]:
    if (kind.domain == "family" and match.kind != "nomination") != (test.who == "family"):
        yield Fault(
            where,
            f"`who: {test.who}` and the kind `{match.kind}` do not go together.",
            "What concerns the whole family is asked with `who: family`, and nothing else is.",
        )
    if test.ask == "rate" and "out_of" not in kind.columns:
        yield Fault(where, f"`{match.kind}` is no sum over a sum.", "A `rate` reads attendance.")
    if test.window and "terms" in test.window and "place" not in kind.columns:
        yield Fault(where, f"`{match.kind}` is not counted by terms.", "Give a window in months or weeks.")
    if match.not_outcome and (kind.shape == "event" or test.ask == "latest"):
        yield Fault((*where[:-1], "not_outcome"), "is read of spells alone.", "List what counts, with `outcome`.")
    if test.ask == "total" and "quantity" not in kind.columns:
        yield Fault(where, f"`{match.kind}` has no quantity to add up.", "Count with `ask: seen`.")
    if test.ask in ("open", "latest") and kind.shape == "event":
        yield Fault(where, f"`{match.kind}` happens and is over: it is never open.", "Ask `seen` over a window.")
    if test.once_per and test.once_per not in kind.columns:
        yield Fault((*where[:-3], "once_per"), f"`{match.kind}` has no `{test.once_per}`.", "Take `once_per` away.")


# -- the plan as a whole ---------------------------------------------------------------------------------------------


def _whole(plan: Plan, plans: set[str]) -> Iterator[Fault]:
    known = {*plans, plan.plan}
    for n, other in enumerate(plan.one_result_across):
        if other not in known:
            mend = _did_you_mean(other, known, "The plans are")
            yield Fault(("one_result_across", n), f"there is no plan `{other}`.", mend)
    if plan.plan not in plan.one_result_across:
        yield Fault(("one_result_across",), f"does not name `{plan.plan}` itself.", "Add it to the list.")
    first, last = plan.in_force.from_, plan.in_force.to or date.max
    for where, day in _days(plan):
        if not first <= day <= last:
            mend = f"Give a day from {first} to {plan.in_force.to or 'now'}."
            yield Fault(where, f"`{day}` lies outside `in_force`.", mend)
    if plan.progress and plan.progress.problem not in plan.problems:
        mend = _did_you_mean(plan.progress.problem, plan.problems, "The problems are")
        yield Fault(("progress", "problem"), f"there is no problem `{plan.progress.problem}`.", mend)
    criteria = sum(len(p.identified) for p in plan.problems.values())
    possible = len(plan.problems) if plan.counts == "problems" else criteria
    if plan.needs > possible:
        yield Fault(("needs",), f"{plan.needs} are more than the plan has ({possible}).", "Give a smaller number.")


def _days(plan: Plan) -> Iterator[tuple[Where, date]]:
    yield ("example_as_at",), plan.example_as_at
    for n, fees in enumerate(plan.money.later):
        yield ("money", "later", n, "from"), fees.from_
    if plan.employment and plan.employment.to:
        yield ("employment", "to"), plan.employment.to
    for where, example in examples(plan):
        if example.as_at:
            yield (*where, "as_at"), example.as_at


# -- worked examples -------------------------------------------------------------------------------------------------


def examples(plan: Plan) -> Iterator[tuple[Where, Example]]:
    """Each worked example of a plan, with its place."""
    for name, problem in plan.problems.items():
        for code, rule in problem.identified.items():
            for n, example in enumerate(rule.examples):
                yield ("problems", name, "identified", code, "examples", n), example


def _example(where: Where, example: Example, plan: Plan) -> Iterator[Fault]:
    people = {*plan.example_family, *example.people}
    for n, fact in enumerate(example.facts):
        place = (*where, "facts", n)
        kind = load_kinds().get(str(fact.get("kind")))
        if kind is None:
            slip = get_close_matches("kind", map(str, fact), n=1, cutoff=0.5)
            yield Fault((*place, *slip), "says no kind.", "Write `kind: ` and a kind of kinds.yaml.")
            continue
        who = fact.get("who")
        if who is not None and (not isinstance(who, str) or who not in people):
            mend = _did_you_mean(str(who), people, "The family is")
            yield Fault((*place, "who"), f"there is nobody called `{who}`.", mend)
        if who is None and (kind.domain != "family" or kind.kind == "nomination"):
            yield Fault(place, "does not say of whom it is.", f"Write `who: ` and one of {', '.join(sorted(people))}.")
        for name, value in fact.items():
            yield from _attribute((*place, name), kind, str(name), value)


def _attribute(where: Where, kind: Kind, name: str, value: Any) -> Iterator[Fault]:
    allowed = {"who", "kind", "starts_on", "ends_on", *kind.columns} - {"family_ref"}
    if name not in allowed:
        yield Fault(where, f"`{kind.kind}` has no `{name}`.", _did_you_mean(name, allowed, "It has"))
    elif name in _DATES and not isinstance(value, date):
        yield Fault(where, f"`{value}` is no date.", "Write a date like 2018-10-02.")
    elif name in _NUMBERS and (isinstance(value, bool) or not isinstance(value, int | float)):
        yield Fault(where, f"`{value}` is no number.", "Write a number.")
    elif name == "is_flagged" and not isinstance(value, bool):
        yield Fault(where, f"`{value}` is neither yes nor no.", "Write yes or no.")
    elif name in ("place", "ref") and not isinstance(value, str):
        yield Fault(where, f"`{value}` is not text.", "Put it in quotes.")
