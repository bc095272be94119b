"""Every worked example in every plan gets the verdict that it states."""

import pytest

from tf_integration import assess
from tf_integration.assess.examples import run_examples
from tf_integration.assess.run import stored_plans
from tf_integration.flow.reference import load_reference
from tf_integration.model.plan import load_plans


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
