"""Progress to target: a chart for each plan, and the table that it is drawn from."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from tf_integration.flow import claim_lists
from tf_integration.web.chart import drawn
from tf_integration.web.render import page
from tf_integration.web.visit import May, Visit

router = APIRouter(prefix="/progress")


@router.get("")
def months(request: Request, visit: Annotated[Visit, Depends(May("progress"))]) -> Response:
    """Each plan's months: counts of families and claims, no family."""
    plans = claim_lists.months(visit.settings)
    return page(request, "progress.html", plans=[(rows, drawn(rows)) for rows in plans.values()])
