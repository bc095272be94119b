"""An outcome plan: which problems it knows, how each is identified and improved, what a result needs and pays.

A criterion is one question of a closed vocabulary. `seen`, `total`, `rate` count facts in a window; `open` asks for a
spell on the day; `clear` that there was nothing; `fewer` compares with before attachment; `latest` looks at how each
spell stands; `held` counts weeks in work. Windows: `12 months`, `13 weeks`, `3 terms` (whole terms), `3 terms to day`.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tf_integration.model.errors import ContractError

PLANS = Path(__file__).resolve().parents[1] / "plans"
Verdict = Literal["met", "not_met", "not_known"]
Who = Literal["any", "child", "adult", "school_age", "family"]
Question = Literal["seen", "total", "rate", "open", "clear", "fewer", "latest"]
_WINDOW = re.compile(r"^(?P<n>\d+) (?P<unit>months|weeks|terms|terms to day)$")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Match(_Strict):
    """Which facts: a kind, and the values its attributes may take."""

    kind: str
    code: tuple[str, ...] | None = None
    outcome: tuple[str, ...] | None = None
    role: tuple[str, ...] | None = None
    flagged: bool | None = None


class Test(_Strict):
    """One question to the facts of a household's members."""

    ask: Question
    of: tuple[Match, ...]
    who: Who = "any"
    window: str | None = None
    at_least: float | None = None  # seen: occurrences; total: sum of quantity
    below: float | None = None  # rate and counts: the measure must be under this
    every: bool = False  # each person must pass (improvement), rather than one suffice
    measure: Literal["attended", "unauthorised", "attended_less_authorised"] | None = None
    once_per: Literal["ref", "happened_on"] | None = None
    with_child: bool = False  # the household must hold a dependent child on the day
    ends_within: str | None = None  # open: the spell's known end lies within this of the day
    at_most_share: float | None = None  # fewer: now / before
    since_attachment: bool = False  # only facts after the attachment day
    good: tuple[str, ...] = ()  # latest: outcomes that settle a spell
    says: str = ""  # what this one test asks, in words
    or_open_for: str | None = None  # latest: or it has been open so long
    told_by: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _windows_read(self) -> Test:
        for text in (self.window, self.ends_within, self.or_open_for):
            if text is not None and not _WINDOW.match(text):
                raise ValueError(
                    f"a window is written like `12 months`, `13 weeks`, `3 terms` or `3 terms to day`, not `{text}`"
                )
        if self.ask in ("seen", "total", "rate", "clear", "fewer") and self.window is None:
            raise ValueError(f"`{self.ask}` needs a window")
        return self

    @property
    def window_n(self) -> int | None:
        return parse_window(self.window)[0] if self.window else None

    @property
    def window_unit(self) -> str | None:
        return parse_window(self.window)[1] if self.window else None


class Example(_Strict):
    """A worked example: a family on a day, and the verdict it must get."""

    expect: Verdict
    as_at: date | None = None
    people: dict[str, date | None] = Field(default_factory=dict)
    facts: tuple[dict[str, Any], ...] = ()
    without: tuple[str, ...] = ()  # feeds that cover nothing
    says: str = ""


class Criterion(_Strict):
    """Met when any of `tests` is met. `nominated` marks the one that professional judgement brings."""

    says: str
    source: str
    verified: bool
    tests: tuple[Test, ...] = Field(min_length=1)
    nominated: bool = False
    examples: tuple[Example, ...]

    @model_validator(mode="after")
    def _has_examples(self) -> Criterion:
        shown = {e.expect for e in self.examples}
        if not {"met", "not_met"} <= shown:
            raise ValueError("a criterion needs a worked example that is met and one that is not_met")
        return self


class Improvement(_Strict):
    """Improved when every one of `tests` is met."""

    says: str
    source: str
    verified: bool
    tests: dict[str, Test]


class NominationEnds(_Strict):
    """How a problem present only by nomination improves."""

    ended_for: str
    goal: Match
    told_by: tuple[str, ...]


class Problem(_Strict):
    says: str
    identified: dict[str, Criterion]
    improved: Improvement


class Principle(_Strict):
    """A dated milestone after the referral. `until_closed` lets a spell that lasted to the closure count."""

    says: str
    of: Match
    spell: bool = False
    closed_by: Match | None = None
    shown_as: str  # the mart's has_... flag
    asks: str  # what would make it so, in words
    told_by: tuple[str, ...]


class Weeks(_Strict):
    """So many weeks in work of the last so many, for these benefits at attachment."""

    need: int
    of_last: int
    when: tuple[Match, ...]


class Employment(_Strict):
    says: str
    source: str
    verified: bool
    work: tuple[Match, ...]
    benefit: tuple[Match, ...]
    weeks: tuple[Weeks, ...]  # the first whose `when` matches rules; the last has none and is the rest
    told_by_work: tuple[str, ...]
    told_by_benefit: tuple[str, ...]


class InForce(_Strict):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    from_: date = Field(alias="from")
    to: date | None = None


class Ages(_Strict):
    adult: int
    school_from: int
    school_to: int  # the first age that is no longer school age


class Milestones(_Strict):
    attached: Match
    referred: Match
    told_by: tuple[str, ...]


class Unmatched(_Strict):
    """A state that makes a person's answer not known to tests that read `unsettles`."""

    of: Match
    unsettles: str


class Schooling(_Strict):
    """The spell of being on a school's roll: it says whose attendance and exclusions a child's schools could tell."""

    of: Match
    told_by: tuple[str, ...]


class Money(_Strict):
    attachment: float
    result: float


class Plan(_Strict):
    """One whole plan."""

    plan: str
    title: str
    source: str
    in_force: InForce
    signed_off: str | None = None
    needs: int = Field(ge=1)
    counts: Literal["problems", "criteria"] = "problems"
    money: Money
    one_result_across: tuple[str, ...]
    earliest_within: str
    ages: Ages
    milestones: Milestones
    schooling: Schooling
    unmatched: Unmatched | None = None
    problems: dict[str, Problem]
    improved_if_only_nominated: NominationEnds
    principles: dict[str, Principle]
    employment: Employment | None = None
    example_family: dict[str, date]
    example_as_at: date
    hash: str = ""  # sha256 of the file's text, filled on load


def parse_window(text: str) -> tuple[int, str]:
    """`12 months` -> (12, 'months')."""
    found = _WINDOW.match(text)
    if not found:
        raise ValueError(text)
    return int(found["n"]), found["unit"]


def load_plan(file: Path) -> Plan:
    """Read one plan.

    Raises:
        ContractError: with the file, the line or field, and what is wrong with it.
    """
    text = file.read_text()
    try:
        return Plan(**yaml.safe_load(text), hash=hashlib.sha256(text.encode()).hexdigest())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ContractError(
            f"not valid YAML{f', line {mark.line + 1}' if mark else ''}.",
            where=file.name,
            mend="Check the indentation and the colons there.",
        ) from None
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'plan'}: {e['msg']}" for e in error.errors())
        raise ContractError(said, where=file.name, mend="See tf_integration/plans/README.md.") from None


@lru_cache(maxsize=4)
def load_plans(folder: Path = PLANS) -> dict[str, Plan]:
    """Every plan of a folder, by plan id, in order of coming into force."""
    plans = [load_plan(f) for f in sorted(folder.glob("*.yaml"))]
    return {p.plan: p for p in sorted(plans, key=lambda p: p.in_force.from_)}
