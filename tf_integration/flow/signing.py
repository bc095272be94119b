"""A plan's way into force: one person signs its text, another activates it from a day. What claims rest on stays."""

from __future__ import annotations

from datetime import date
from typing import Any

from tf_integration.assess.plans import claims_on, store_plan
from tf_integration.claim.watch import watch
from tf_integration.flow.plans import find_plan, from_day, try_examples
from tf_integration.flow.refresh import alone
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.plan import Plan
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def sign(settings: Settings, named: str, by_whom: str, because: str) -> dict[str, Any]:
    """Record that a person has read a plan's text and signs it off; returns `plan`, `hash` and `by`.

    Raises:
        CallError: nobody signs, or no reason is given.
        NeedsAPerson: a worked example of the plan does not hold.
    """
    by_whom, because = _said(by_whom, "--by"), _said(because, "--because")
    plan, _ = find_plan(named, settings)
    wrong = [r for r in try_examples(settings, plan) if not r.is_right]
    if wrong:
        raise NeedsAPerson(f"{len(wrong)} of its worked examples do not hold.", where=plan.plan,
                           mend=f"See `tfi plan test {named}`; then sign.")  # fmt: skip
    with warehouse.transaction(settings) as conn:
        told = {"plan_id": plan.plan, "file_hash": plan.hash, "by_whom": by_whom, "because": because}
        warehouse.run(conn, "assess/plan__sign.sql", **told)
    return {"plan": plan.plan, "hash": plan.hash, "by": by_whom}


def activate(settings: Settings, named: str, from_on: date, by_whom: str) -> dict[str, Any]:
    """Let a signed plan judge from a day on; returns `plan`, `from_on`, `signed_by` and `by`. The next refresh does.

    Families attached on or after the day are its own (unattached ones on days from then on), where no later plan is in
    force.

    Raises:
        CallError: the text is not signed by another person, the day is not in its `in_force`, or claims rest on the
            text that it would replace.
    """
    by_whom = _said(by_whom, "--by")
    plan, file = find_plan(named, settings)
    with warehouse.transaction(settings) as conn:
        alone(conn)
        signed_by = _signed_by_another(conn, plan, named, by_whom)
        judges = from_day(plan, from_on)
        _may_replace(conn, judges)
        store_plan(conn, judges)
        watch(conn)  # a claim comes in before the next refresh: it must find whom the others hold under this plan too
        told = {"plan_id": plan.plan, "file_hash": plan.hash, "plan_hash": judges.hash, "from_on": from_on}
        people = {"signed_by": signed_by, "by_whom": by_whom}
        warehouse.run(conn, "assess/plan__activate.sql", **told, **people, file_text=file.read_text(encoding="utf-8"))
    return {"plan": plan.plan, "from_on": from_on.isoformat(), "signed_by": signed_by, "by": by_whom}


def judging(settings: Settings) -> list[dict[str, Any]]:
    """The plans that judge, in order of coming into force: `plan_id`, `title`, days, hash, who signed and activated."""
    with warehouse.transaction(settings) as conn:
        return [dict(r) for r in warehouse.run(conn, "assess/plan__list.sql").mappings()]


def _said(text: str, where: str) -> str:
    if not text.strip():
        raise CallError("it is blank.", where=where, mend="Say who, or why, in words.")
    return " ".join(text.split())


def _signed_by_another(conn: Connection, plan: Plan, named: str, by_whom: str) -> str:
    asked = {"plan_id": plan.plan, "file_hash": plan.hash}
    signed = [str(r["by_whom"]) for r in warehouse.run(conn, "assess/plan__signatures.sql", **asked).mappings()]
    others = [who for who in signed if who.casefold() != by_whom.casefold()]
    if not signed:
        raise CallError("nobody has signed this text.", where=plan.plan,
                        mend=f"Sign it: `tfi plan sign {named} --by WHO --because WHY`.")  # fmt: skip
    if not others:
        raise CallError("who signs a plan does not activate it.", where=plan.plan, mend="Ask another person to.")
    return others[-1]


def _may_replace(conn: Connection, plan: Plan) -> None:
    """Whether the text that stands under the plan's id may give way."""
    stands = warehouse.scalar(conn, "SELECT plan_hash FROM assess.plan WHERE plan_id = :plan", plan=plan.plan)
    claims = claims_on(conn, plan.plan)
    if stands not in (None, plan.hash) and claims:
        raise CallError(
            f"{claims} claims rest on the text that it would replace, which stays as it is.",
            where=plan.plan,
            mend="Give the changed plan an id of its own, in force from the day of the change.",
        )
