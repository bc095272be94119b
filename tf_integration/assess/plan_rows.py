"""A plan as rows: what the SQL joins to the facts. Nothing is compiled; each row is one line of the plan."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from tf_integration.model.calendar import less_months
from tf_integration.model.plan import Match, Plan, Test, parse_window

Rows = dict[str, list[dict[str, Any]]]


def plan_rows(plans: Iterable[Plan], as_at: Any) -> Rows:
    """The rows of the temp tables `plan, plan_problem, milestone, rule, ...` (see sql/assess/000_inputs.sql)."""
    rows: Rows = {
        t: []
        for t in (
            "plan",
            "plan_problem",
            "milestone",
            "rule",
            "rule_match",
            "principle",
            "nomination_rule",
            "employment",
            "employment_match",
            "weeks_rule",
            "fees",
            "shares_result",
            "expecting",
            "progress_rule",
            "schooling_rule",
            "unmatched",
        )
    }
    for plan in plans:
        _plan(plan, as_at, rows)
        _tests(plan, rows)
        _principles(plan, rows)
        _employment(plan, rows)
        _money(plan, rows)
    return rows


def _plan(plan: Plan, as_at: Any, rows: Rows) -> None:
    months, _ = parse_window(plan.earliest_within)
    start, end = plan.in_force.from_, plan.in_force.to
    rows["plan"].append(
        {
            "plan_id": plan.plan,
            "in_force": f"[{start},{end or ''}{']' if end else ')'}",
            "needs": plan.needs,
            "adult": plan.ages.adult,
            "school_from": plan.ages.school_from,
            "school_to": plan.ages.school_to,
            "horizon": less_months(as_at, -months),
            "counts": plan.counts,
        }
    )
    rows["shares_result"] += [{"plan_id": plan.plan, "other": other} for other in plan.one_result_across]
    for what in ("attached", "referred"):
        rows["milestone"].append({"plan_id": plan.plan, "what": what, "kind": getattr(plan.milestones, what).kind})
    n, unit = parse_window(plan.improved_if_only_nominated.ended_for)
    rows["nomination_rule"].append(
        {"plan_id": plan.plan, "ended_n": n, "ended_unit": unit, "goal_kind": plan.improved_if_only_nominated.goal.kind}
    )
    rows["schooling_rule"].append(
        {"plan_id": plan.plan, "kind": plan.schooling.of.kind, "told_by": list(plan.schooling.told_by)}
    )
    if plan.unmatched:
        rows["unmatched"].append(
            {"plan_id": plan.plan, "kind": plan.unmatched.of.kind, "unsettles": plan.unmatched.unsettles}
        )


def _tests(plan: Plan, rows: Rows) -> None:
    for name, problem in plan.problems.items():
        rows["plan_problem"].append(
            {
                "plan_id": plan.plan,
                "problem": name,
                "says": problem.says,
                "improved_says": problem.improved.says,
                "in_result": problem.in_result,
            }
        )
        for criterion, rule in problem.identified.items():
            for number, test in enumerate(rule.tests):
                _test(plan, ("identified", name, criterion, number, rule.says, rule.nominated), test, rows)
        for number, (criterion, test) in enumerate(problem.improved.tests.items()):
            _test(plan, ("improved", name, criterion, number, test.says or problem.improved.says, False), test, rows)


def _test(plan: Plan, what: tuple[str, str, str, int, str, bool], test: Test, rows: Rows) -> None:
    rule_id = len(rows["rule"]) + 1
    side, problem, criterion, number, says, nominated = what
    threshold = test.below if test.below is not None else test.at_least
    # one occurrence decides a `seen`; more than one, or a ceiling, is counted per person
    counted = test.every or test.ask == "total"
    ends = parse_window(test.ends_within)[0] if test.ends_within else None
    open_n, open_unit = parse_window(test.or_open_for) if test.or_open_for else (None, None)
    rows["rule"].append(
        {
            "rule_id": rule_id,
            "plan_id": plan.plan,
            "side": side,
            "problem": problem,
            "criterion": criterion,
            "test_no": number,
            "says": says,
            "is_nominated": nominated,
            "ask": test.ask,
            "who": test.who,
            "window_n": test.window_n,
            "window_unit": test.window_unit,
            "threshold": None if threshold is None else Decimal(str(threshold)),
            "is_floor": test.below is None,
            "every": counted,
            "measure": test.measure,
            "once_per": test.once_per,
            "with_child": test.with_child,
            "ends_n": ends,
            "at_most_share": None if test.at_most_share is None else Decimal(str(test.at_most_share)),
            "since_attachment": test.since_attachment,
            "good": list(test.good),
            "open_n": open_n,
            "open_unit": open_unit,
            "told_by": list(test.told_by),
        }
    )
    rows["rule_match"] += [
        {
            "rule_id": rule_id,
            **_match(m),
            "not_outcome": _list(m.not_outcome),
            "role": _list(m.role),
            "flagged": m.flagged,
        }
        for m in test.of
    ]


def _match(match: Match) -> dict[str, Any]:
    return {"kind": match.kind, "code": _list(match.code), "outcome": _list(match.outcome)}


def _list(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else list(values)


def _principles(plan: Plan, rows: Rows) -> None:
    rows["principle"] += [
        {
            "plan_id": plan.plan,
            "principle": name,
            "says": p.says,
            "kind": p.of.kind,
            "flagged": p.of.flagged,
            "is_spell": p.spell,
            "closed_kind": p.closed_by.kind if p.closed_by else None,
            "shown_as": p.shown_as,
            "asks": p.asks,
            "since": p.since,
            "held_n": parse_window(p.held_for)[0] if p.held_for else None,
            "held_unit": parse_window(p.held_for)[1] if p.held_for else None,
            "in_result": p.in_result,
            "told_by": list(p.told_by),
        }
        for name, p in plan.principles.items()
    ]


def _employment(plan: Plan, rows: Rows) -> None:
    job = plan.employment
    if job is None:
        return
    rows["employment"].append(
        {
            "plan_id": plan.plan,
            "says": job.says,
            "until_on": job.to,
            "told_by_work": list(job.told_by_work),
            "told_by_benefit": list(job.told_by_benefit),
        }
    )
    for what, matches in (("work", job.work), ("benefit", job.benefit)):
        rows["employment_match"] += [{"plan_id": plan.plan, "what": what, **_match(m)} for m in matches]
    for nth, weeks in enumerate(job.weeks):
        every = {"plan_id": plan.plan, "nth": nth, "need": weeks.need, "of_last": weeks.of_last}
        named = [{**every, **_match(m)} for m in weeks.when]
        rows["weeks_rule"] += named or [{**every, "kind": None, "code": None, "outcome": None}]


def _money(plan: Plan, rows: Rows) -> None:
    """What a result pays, by the day of attachment; the first fees hold for any earlier day too."""
    steps = sorted(plan.money.later, key=lambda fees: fees.from_)
    starts = ["", *(str(fees.from_) for fees in steps)]
    for fees, start, end in zip([plan.money, *steps], starts, [*starts[1:], ""], strict=True):
        by_work = fees.result if fees.employment is None else fees.employment
        rows["fees"].append(
            {
                "plan_id": plan.plan,
                "attached": f"[{start},{end})",
                "sustained_pounds": Decimal(str(fees.result)),
                "employment_pounds": Decimal(str(by_work)),
            }
        )
    rows["expecting"] += [{"plan_id": plan.plan, **_match(m)} for m in plan.expecting]
    if plan.progress:
        step = plan.progress
        rows["progress_rule"].append(
            {
                "plan_id": plan.plan,
                "problem": step.problem,
                "says": step.says,
                "kind": step.of.kind,
                "code": _list(step.of.code),
                "pounds": Decimal(str(step.pounds)),
                "told_by": list(step.told_by),
            }
        )
