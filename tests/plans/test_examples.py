"""Every worked example in every plan gets the verdict that it states."""

import pytest

from tf_integration import assess
from tf_integration.assess.examples import run_examples
from tf_integration.assess.run import stored_plans
from tf_integration.flow.reference import load_reference
from tf_integration.model.plan import Example, load_plans


@pytest.fixture
def plans(db):
    load_reference(db)
    assess.load_plans(db)
    return {p.plan: p for p in stored_plans(db)}


@pytest.mark.parametrize("plan_id", sorted(load_plans()))
def test_every_example_gets_its_verdict(db, plans, plan_id):
    results = run_examples(db, plans[plan_id])
    wrong = [r for r in results if not r.is_right]
    assert results
    assert wrong == []


@pytest.mark.parametrize(("kind", "verdict"), [("suspension", "not_known"), ("permanent_exclusion", "met")])
def test_what_one_test_of_a_criterion_found_decides_no_test_of_another_kind(db, plans, kind, verdict):
    """"any: ... not known if none is met and one is not known": two suspensions say nothing of exclusions."""
    plan = plans["national-2022"]
    rule = plan.problems["education"].identified["exclusions"]
    roll = [{"who": "kid", "kind": "enrolment", "starts_on": "2019-09-03", "place": "9990001"},
            {"who": "teen", "kind": "enrolment", "starts_on": "2018-09-03", "place": "9990002"}]  # fmt: skip
    found = [{**r, "kind": kind, "starts_on": "2022-10-04", "quantity": 2, "code": "SEC"} for r in roll]
    example = Example(expect=verdict, says="one of each child, and schools sent no exclusions", facts=(*roll, *found),
                      without=("schools_exclusions",))  # fmt: skip
    told = rule.model_copy(update={"examples": (example,)})
    changed = plan.problems["education"].model_copy(
        update={"identified": {**plan.problems["education"].identified, "exclusions": told}})  # fmt: skip
    results = run_examples(db, plan.model_copy(update={"problems": {**plan.problems, "education": changed}}))
    assert [r.got for r in results if r.says == example.says] == [verdict]
