"""An outcome plan: which problems it knows, how each is identified and improved, what a result needs and pays.

A criterion is one question of a closed vocabulary. `seen`, `total`, `rate` count facts in a window; `open` asks for a
spell on the day; `clear` that there was nothing; `fewer` compares with before attachment; `latest` looks at how each
spell stands; `held` counts weeks in work. Windows: `12 months`, `13 weeks`, `3 terms` (whole terms), `3 terms to day`.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

PLANS = Path(__file__).resolve().parents[1] / "plans"
Verdict = Literal["met", "not_met", "not_known"]
Who = Literal["any", "child", "adult", "school_age", "family"]
Question = Literal["seen", "total", "rate", "open", "clear", "fewer", "latest"]
_WINDOW = re.compile(r"^([1-9]\d*) (months|weeks|terms|terms to day)$")
_NEEDS: dict[str, tuple[str, ...]] = {  # what a question cannot be asked without
    "seen": ("window",),
    "total": ("window", "at_least"),
    "rate": ("window", "measure"),
    "open": (),
    "clear": ("window",),
    "fewer": ("window", "at_most_share"),
    "latest": (),
}
_UNITS = {  # what each question may look over
    "seen": ("months", "weeks", "terms to day"),
    "total": ("months", "weeks", "terms to day"),
    "rate": ("terms",),
    "clear": ("months", "weeks"),
    "fewer": ("months", "weeks"),
}

Words = Annotated[str, Field(min_length=1)]
Window = Annotated[str, Field(pattern=_WINDOW.pattern)]
Span = Annotated[str, Field(pattern=r"^[1-9]\d* (months|weeks)$")]
Months = Annotated[str, Field(pattern=r"^[1-9]\d* months$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*$")]
Feeds = Annotated[tuple[str, ...], Field(min_length=1)]  # names of feed contracts
Matches = Annotated[tuple["Match", ...], Field(min_length=1)]
Share = Annotated[float, Field(gt=0, lt=1)]


def _whole_pence(pounds: float) -> float:
    if round(pounds, 2) != pounds:
        raise ValueError("an amount has no more than pence. The ledger would round it")
    return pounds


Pounds = Annotated[float, Field(ge=0), AfterValidator(_whole_pence)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Sourced(_Strict):
    """A rule that says where it comes from, and whether anybody has compared it with the published framework."""

    source: Words
    verified: bool


class Match(_Strict):
    """Which facts: a kind, and the values its attributes may take."""

    kind: str  # a kind of kinds.yaml
    code: tuple[str, ...] | None = None
    outcome: tuple[str, ...] | None = None
    not_outcome: tuple[str, ...] | None = None  # of a spell: blank, or any other than these
    role: tuple[str, ...] | None = None
    flagged: bool | None = None


class Test(_Strict):
    """One question to the facts of a household's members."""

    ask: Question
    of: Matches
    who: Who = "any"
    window: Window | None = None
    at_least: Annotated[float, Field(gt=0)] | None = None  # seen: occurrences; total: sum of quantity; rate
    below: Annotated[float, Field(gt=0)] | None = None  # rate and counts: the measure must be under this
    every: bool = False  # each person must pass (improvement), rather than one suffice
    measure: Literal["attended", "unauthorised", "attended_less_authorised"] | None = None
    once_per: Literal["ref", "happened_on"] | None = None
    with_child: bool = False  # the household must hold a dependent child on the day
    ends_within: Months | None = None  # open: the spell's known end lies within this of the day
    at_most_share: Share | None = None  # fewer: now / before
    since_attachment: bool = False  # only facts after the attachment day
    good: tuple[str, ...] = ()  # latest: outcomes that settle a spell
    says: Words | None = None  # what this one test asks, in words
    or_open_for: Span | None = None  # latest: or it has been open so long
    told_by: Feeds

    @model_validator(mode="after")
    def _whole(self) -> Test:
        for name in _NEEDS[self.ask]:
            if getattr(self, name) is None:
                raise ValueError(f"`ask: {self.ask}` needs `{name}`")
        units = _UNITS.get(self.ask, ())
        if self.window and parse_window(self.window)[1] not in units:
            over = " or ".join(units) or "no window"
            raise ValueError(f"`ask: {self.ask}` looks over {over}, not over `{self.window}`")
        if self.who == "family" and self.ask not in ("seen", "clear"):
            raise ValueError("what concerns the whole family (`who: family`) can be `seen` or `clear`")
        if self.ask == "seen" and not self.every and (self.at_least != 1 or self.below is not None):
            raise ValueError("`seen` asks for one (`at_least: 1`); a count is made per person, with `every: yes`")
        is_compared = self.ask == "rate" or (self.ask == "seen" and self.every)
        if is_compared and (self.at_least is None) == (self.below is None):
            raise ValueError("a count or rate is compared with `at_least` or with `below`, one of the two")
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
    says: Words
    as_at: date | None = None  # the plan's example_as_at when left out
    people: dict[str, date | None] = Field(default_factory=dict)  # besides the plan's example_family
    facts: tuple[dict[str, Any], ...] = ()
    without: tuple[str, ...] = ()  # feeds that cover nothing


class Criterion(_Sourced):
    """Met when any of `tests` is met. `nominated` marks one that professional judgement brings."""

    says: Words
    tests: Annotated[tuple[Test, ...], Field(min_length=1)]
    nominated: bool = False
    examples: tuple[Example, ...]

    @model_validator(mode="after")
    def _has_examples(self) -> Criterion:
        shown = {e.expect for e in self.examples}
        if not {"met", "not_met"} <= shown:
            raise ValueError("a criterion needs a worked example that is met and one that is not_met")
        return self


class Improvement(_Sourced):
    """Improved when every one of `tests` is met."""

    says: Words
    tests: Annotated[dict[Code, Test], Field(min_length=1)]


class NominationEnds(_Sourced):
    """How a problem present only by nomination improves."""

    ended_for: Span
    goal: Match
    told_by: Feeds


class Problem(_Strict):
    says: Words
    in_result: bool = True  # no: it counts towards what a family needs, and no result asks for its improvement
    identified: Annotated[dict[Code, Criterion], Field(min_length=1)]
    improved: Improvement


class Principle(_Sourced):
    """A dated milestone, counted after the referral or after the attachment.

    `spell`: it counts while it lasts, and after `closed_by` when it lasted to it. `held_for`: it counts once so old.
    """

    says: Words
    of: Match
    since: Literal["referral", "attachment"] = "referral"
    spell: bool = False
    closed_by: Match | None = None
    held_for: Span | None = None
    in_result: bool = True  # no: it is shown, and no result asks for it
    shown_as: Literal["has_assessment", "has_plan", "has_lead_worker", "has_tfop"] | None = None  # the mart's flag
    asks: Words  # what would make it so, in words
    told_by: Feeds


class Weeks(_Strict):
    """So many weeks in work of the last so many, for these benefits at attachment."""

    need: Annotated[int, Field(gt=0)]
    of_last: Annotated[int, Field(gt=0)]
    when: tuple[Match, ...]

    @model_validator(mode="after")
    def _not_more(self) -> Weeks:
        if self.need > self.of_last:
            raise ValueError("`need` is at most `of_last`")
        return self


class Employment(_Sourced):
    """The result by work. `to`: the last day as at which it can be one."""

    says: Words
    to: date | None = None
    work: Matches
    benefit: Matches
    weeks: Annotated[tuple[Weeks, ...], Field(min_length=1)]  # the first whose `when` matches; the last is the rest
    told_by_work: Feeds
    told_by_benefit: Feeds


class InForce(_Strict):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    from_: date = Field(alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> InForce:
        if self.to is not None and self.to < self.from_:
            raise ValueError("`to` lies before `from`")
        return self


class Ages(_Strict):
    adult: Annotated[int, Field(gt=0, le=25)]
    school_from: Annotated[int, Field(gt=0, le=18)]
    school_to: Annotated[int, Field(gt=0, le=25)]  # the first age that is no longer school age

    @model_validator(mode="after")
    def _in_order(self) -> Ages:
        if self.school_to <= self.school_from:
            raise ValueError("`school_to` is the first age after school: it lies above `school_from`")
        return self


class Milestones(_Strict):
    attached: Match
    referred: Match
    told_by: Feeds


class Unmatched(_Strict):
    """A state that makes a person's answer not known to tests that read `unsettles`."""

    of: Match
    unsettles: str


class Schooling(_Strict):
    """The spell of being on a school's roll: it says whose attendance and exclusions a child's schools could tell."""

    of: Match
    told_by: Feeds


class Fees(_Strict):
    """Pounds per family. `employment`: when that result pays otherwise than `result`."""

    attachment: Pounds
    result: Pounds
    employment: Pounds | None = None


class LaterFees(Fees):
    """The fees of families attached on or after a day."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    from_: date = Field(alias="from")


class Money(Fees, _Sourced):
    later: tuple[LaterFees, ...] = ()

    def on(self, day: date) -> Fees:
        """The fees of a family attached on a day."""
        found: Fees = self
        for fees in sorted(self.later, key=lambda f: f.from_):
            if fees.from_ <= day:
                found = fees
        return found


class Progress(_Sourced):
    """A step of an adult towards work that adds money to a sustained result, while `problem` was present."""

    says: Words
    problem: Code
    of: Match
    pounds: Pounds
    told_by: Feeds


class Plan(_Strict):
    """One whole plan."""

    plan: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Words
    source: Words
    in_force: InForce
    signed_off: str | None = None
    needs: Annotated[int, Field(ge=1)]
    counts: Literal["problems", "needs"] = "problems"  # needs: each criterion that is met is one
    money: Money
    one_result_across: Annotated[tuple[str, ...], Field(min_length=1)]
    earliest_within: Months
    at_risk_within: Span | None = None  # how far ahead evidence that will lapse is listed
    ages: Ages
    milestones: Milestones
    schooling: Schooling
    unmatched: Unmatched | None = None
    expecting: tuple[Match, ...] = ()  # open at attachment, it stands for a dependent child
    problems: Annotated[dict[Code, Problem], Field(min_length=1)]
    improved_if_only_nominated: NominationEnds
    principles: dict[Code, Principle]
    employment: Employment | None = None
    progress: Progress | None = None
    example_family: Annotated[dict[str, date], Field(min_length=1)]
    example_as_at: date
    hash: str = ""  # sha256 of the file's text, filled on load


def parse_window(text: str) -> tuple[int, str]:
    """`12 months` -> (12, 'months')."""
    found = _WINDOW.match(text)
    if not found:
        raise ValueError(text)
    return int(found[1]), found[2]


def load_plan(file: Path) -> Plan:
    """Read one plan.

    Raises:
        ContractError: with the file, each fault's line, what is wrong there, and the mend.
    """
    from tf_integration.model.plan_file import read_plan

    return read_plan(file)


@lru_cache(maxsize=4)
def load_plans(folder: Path = PLANS) -> dict[str, Plan]:
    """Every plan of a folder, by plan id, in order of coming into force."""
    plans = [load_plan(f) for f in sorted(folder.glob("*.yaml"))]
    return {p.plan: p for p in sorted(plans, key=lambda p: p.in_force.from_)}
