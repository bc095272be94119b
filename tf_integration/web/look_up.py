"""A partner's look-up: two identifiers and a reason in; known, lead worker and last involved out. Each is kept."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from tf_integration.flow import look_up
from tf_integration.model.errors import CallError
from tf_integration.web.render import page
from tf_integration.web.visit import May, SentBy, Visit

router = APIRouter(prefix="/look-up")
BOXES = ("day", "month", "year")


@router.get("")
def ask(request: Request, visit: Annotated[Visit, Depends(May("look_up"))]) -> Response:
    """The form, blank."""
    return _form(request, visit, {}, None)


@router.post("")
async def answer(request: Request, visit: Annotated[Visit, Depends(SentBy("look_up"))]) -> Response:
    """The answer, or the form again with what is wrong in it. What was typed stands in no address and no log."""
    sent = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    given = {**sent, "date_of_birth": look_up.day(sent)}
    try:
        told = await run_in_threadpool(look_up.look_up, visit.settings, visit.rules, visit.who, given,
                                       sent.get("because", ""))
    except CallError as error:
        return _form(request, visit, sent, error)
    return page(request, "look_up_answer.html", told=told)


def _form(request: Request, visit: Visit, sent: dict[str, Any], error: CallError | None) -> Response:
    return page(request, "look_up.html", 200 if error is None else 400, given=look_up.GIVEN, sent=sent, error=error,
                rules=visit.rules.look_up, boxes=BOXES)
