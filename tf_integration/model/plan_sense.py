"""Names that stand where nothing of their sort can answer, and the same thing said twice: each fault with its mend.

`plan_names` asks whether a name exists; this asks whether it can do there what the field is for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from tf_integration.model.feed import load_feeds
from tf_integration.model.kind import Kind, load_kinds
from tf_integration.model.plan import Match, Plan, Test
from tf_integration.model.plan_names import Fault, Where, examples, tests


def senseless(plan: Plan, data: dict[str, Any]) -> Iterator[Fault]:
    """Every field whose value exists and cannot be meant. `data` is the file as read."""
    yield from _twice(data, ())
    for where, match, fits, mend in _asked(plan):
        if not fits(load_kinds()[match.kind]):
            yield Fault((*where, "kind"), f"`{match.kind}` cannot stand here.", mend)
    for where, test in tests(plan):
        yield from _told(where, test)
        for name in ("at_least", "below") if test.ask == "rate" else ():
            if (getattr(test, name) or 0) > 1:
                yield Fault((*where, name), "a rate lies between 0 and 1.", "Write 90% as 0.9.")
    yield from _flags(plan)
    yield from _example_dates(plan)


def _twice(data: Any, where: Where) -> Iterator[Fault]:
    """A word that stands twice in one list."""
    for name, each in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        if isinstance(data, list) and isinstance(each, str) and each in data[:name]:
            yield Fault((*where, name), f"`{each}` stands twice in this list.", "Take one away, or say what was meant.")
        yield from _twice(each, (*where, name))


def _asked(plan: Plan) -> Iterator[tuple[Where, Match, Callable[[Kind], bool], str]]:
    """Each kind that a field of the plan itself names, and what that field can read."""
    family = "Name a family's milestone, like `family_attached`: docs/data-dictionary.md lists them."
    spell = "Name a spell, which starts and ends, like `employment`: docs/data-dictionary.md lists them."
    yield ("milestones", "attached"), plan.milestones.attached, _of_family, family
    yield ("milestones", "referred"), plan.milestones.referred, _of_family, family
    yield ("improved_if_only_nominated", "goal"), plan.improved_if_only_nominated.goal, _of_family, family
    for code, principle in plan.principles.items():
        yield ("principles", code, "of"), principle.of, _of_family, family
        if principle.closed_by:
            yield ("principles", code, "closed_by"), principle.closed_by, _of_family, family
    yield ("schooling", "of"), plan.schooling.of, _on_roll, "Name the spell of being on a school's roll: `enrolment`."
    if plan.unmatched:
        state = "Name a state, like `benefit_not_matched`: docs/data-dictionary.md lists them."
        yield ("unmatched", "of"), plan.unmatched.of, lambda kind: kind.shape == "state", state
    for name in ("work", "benefit") if plan.employment else ():
        for n, match in enumerate(getattr(plan.employment, name)):
            yield ("employment", name, n), match, lambda kind: kind.shape == "spell", spell


def _of_family(kind: Kind) -> bool:
    return kind.domain == "family" and kind.kind not in ("nomination", "family_member")


def _on_roll(kind: Kind) -> bool:
    return kind.shape == "spell" and "place" in kind.columns


def _told(where: Where, test: Test) -> Iterator[Fault]:
    """A feed that tells of nothing that the test asks would have it covered by the wrong partner's deliveries."""
    asked = {match.kind for match in test.of}
    could = sorted(name for name, feed in load_feeds().items() if asked & {fact.kind for fact in feed.facts})
    for n, feed in enumerate(test.told_by):
        if feed not in could:
            mend = f"Name those that do: {', '.join(could)}."
            yield Fault((*where, "told_by", n), f"`{feed}` tells of none of what is asked here.", mend)


def _flags(plan: Plan) -> Iterator[Fault]:
    shown: dict[str, str] = {}
    for code, principle in plan.principles.items():
        flag = principle.shown_as
        if flag and flag in shown:
            mend = "Each is shown under a name of its own, or under none."
            yield Fault(("principles", code, "shown_as"), f"`{flag}` shows `{shown[flag]}` already.", mend)
        shown.setdefault(flag or "", code)


def _example_dates(plan: Plan) -> Iterator[Fault]:
    for name, born in plan.example_family.items():
        if born > plan.example_as_at:
            mend = f"Give a day on or before {plan.example_as_at}."
            yield Fault(("example_family", name), f"`{name}` is not born yet on `example_as_at`.", mend)
    for where, example in examples(plan):
        for n, fact in enumerate(example.facts):
            starts, ends = fact.get("starts_on"), fact.get("ends_on")
            if isinstance(starts, date) and isinstance(ends, date) and ends < starts:
                mend = "Give a day on or after `starts_on`."
                yield Fault((*where, "facts", n, "ends_on"), "lies before `starts_on`.", mend)
