"""Who looked at what, what was done, and whether the record of it holds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from tf_integration.flow import access
from tf_integration.web.render import page
from tf_integration.web.visit import May, Visit

router = APIRouter(prefix="/audit")


@router.get("")
def report(request: Request, visit: Annotated[Visit, Depends(May("audit"))]) -> Response:
    """The state of the audit chain, looks by day and account, the newest acts, and the accounts."""
    return page(request, "audit.html", told=access.report(visit.settings), accounts=access.accounts(visit.settings))
