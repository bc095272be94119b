"""The worklist, and a family: its verdicts with their evidence, its timeline, its evidence pack. Each look is kept."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tf_integration.flow import access, claims
from tf_integration.flow import families as found
from tf_integration.flow.explain import STATUS_SAYS, explain
from tf_integration.flow.timeline import timeline
from tf_integration.flow.worklist import worklist
from tf_integration.model.errors import CallError
from tf_integration.text import dates
from tf_integration.web.render import page
from tf_integration.web.visit import May, Visit

router = APIRouter(prefix="/families")
_May = Annotated[Visit, Depends(May("families"))]
_EACH = 50              # families of a status on one page; the nearest to a claim come first
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@router.get("")
def listed(request: Request, visit: _May, status: str = "") -> Response:
    """How many families stand where, and those of one status, nearest to a claim first."""
    told = worklist(visit.settings, _EACH)
    first = next((r["status"] for r in told["households"]), "")
    chosen = status if status in STATUS_SAYS else first
    rows = [r for r in told["households"] if r["status"] == chosen]
    return page(request, "families.html", counts=told["counts"], chosen=chosen, rows=rows, each=_EACH)


@router.get("/find")
def find(request: Request, visit: _May, named: str = "") -> Response:
    """To the family that a reference or a number means."""
    try:
        household = found.find(visit.settings, named.strip())
    except CallError as error:
        return page(request, "error.html", 404, what=error.what, mend=error.mend)
    return RedirectResponse(f"/families/{household}", status_code=303)


@router.get("/{household_id}")
def family(request: Request, visit: _May, household_id: int, as_at: str = "") -> Response:
    """Why a family stands where it does, for today's run or judged again for another day."""
    day = _day(as_at)
    told = explain(visit.settings, household_id, as_at=day)
    access.note_look(visit.settings, visit.who.name, household_id, "family")
    members = found.members(visit.settings, household_id)
    return page(request, "family.html", told=told, members=members, asked_for=day)


@router.get("/{household_id}/timeline")
def events(request: Request, visit: _May, household_id: int) -> Response:
    """Everything known of a family, in order of time, each with its source."""
    told = timeline(visit.settings, household_id)
    access.note_look(visit.settings, visit.who.name, household_id, "timeline")
    return page(request, "timeline.html", told=told, household_id=household_id)


@router.get("/{household_id}/pack")
def pack(request: Request, visit: _May, household_id: int) -> Response:
    """The frozen evidence of the claim that stands for a family, as a page that prints, without names."""
    claim = explain(visit.settings, household_id)["claimed_as"]
    if not claim:
        raise HTTPException(404)
    text = claims.pack_page(visit.settings, claim)
    access.note_look(visit.settings, visit.who.name, household_id, f"evidence pack of {claim}")
    allowed = " ".join(f"'sha256-{_digest(style)}'" for style in _STYLE.findall(text))
    return HTMLResponse(text, headers={"Content-Security-Policy": f"default-src 'none'; style-src {allowed}; "
                                                                  "base-uri 'none'; frame-ancestors 'none'"})


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _day(as_at: str) -> date | None:
    day = dates.parse(as_at.strip())
    if as_at.strip() and day is None:
        raise HTTPException(400)
    return day
