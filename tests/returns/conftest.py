"""The small council of `tests/flow`, with families that are known and judged."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tf_integration.flow.refresh import refresh
from tf_integration.flow.setup import prepare

FLOW = Path(__file__).parents[1] / "flow"
sys.path.append(str(FLOW))
_found = importlib.util.spec_from_file_location("flow_fixtures", FLOW / "conftest.py")
assert _found is not None
assert _found.loader is not None
_fixtures = importlib.util.module_from_spec(_found)
_found.loader.exec_module(_fixtures)
council, our_key = _fixtures.council, _fixtures.our_key

ON = date(2019, 6, 3)
MEMBERS = (
    "person_ref,forename,surname,date_of_birth,sex,address,postcode,uprn,upn,nhs_number,nino,"
    "family_ref,relationship,parental_responsibility,resident,joined_on,left_on\n"
    'A1,Ann,=Gable,1980-02-03,F,1 High Street,CT1 2AB,,,,AB123456C,F1,mother,Y,Y,2018-01-01,\n'
    "C1,Cat,Gable,2010-04-05,F,1 High Street,CT1 2AB,,,,,F1,child,N,Y,2018-01-01,\n"
    "A2,Bea,Wharf,1985-05-06,F,,,,,,,F2,mother,Y,Y,2018-01-01,\n"
    "C2,Dan,Wharf,2012-07-08,M,,,,,,,F2,child,N,Y,2018-01-01,\n"
)
MILESTONES = (
    "family_ref,milestone,on,ended_on,problem,whole_family,worker,worker_role,reference\n"
    "F1,referred,2018-09-01,,,Y,,,x\nF1,attached,2018-10-01,,,Y,,,x\nF1,assessment,2018-10-09,,,Y,,,x\n"
    "F1,lead_worker,2018-10-02,,,Y,W,worker,x\nF2,attached,2019-05-01,,,Y,,,x\n"
)
BENEFITS = (
    "person_ref,forename,surname,date_of_birth,sex,address,postcode,uprn,upn,nhs_number,nino,benefit,start_on,end_on,match,"
    "uc_regime,uc_earnings_above_threshold\n"
    "D9,Bea,Wharf,1985-05-06,F,9 Secret Lane,CT9 9ZZ,,,,CE123456A,JSA,2018-01-01,,full,,\n"
)


@pytest.fixture
def families(council: Any) -> Any:
    """Two attached families; of the second only the benefits partner knows where it lives."""
    prepare(council.settings)
    for partner, feed, text in (("early_help", "early_help_members", MEMBERS),
                                ("early_help", "early_help_milestones", MILESTONES),
                                ("dwp", "dwp_benefits", BENEFITS)):  # fmt: skip
        (council.partners.get(partner) or council.join(partner)).put(feed, "2019-06-01", 1, text)
        assert council.night(feed, "2019-06-01") == ["accepted"]
    refresh(council.settings, ON)
    return council
