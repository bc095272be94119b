"""The feed board, a feed's deliveries, a delivery, and what people decide about it. Of a row no more than its line."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response

from tf_integration.flow import decisions, delivery_page, foresee
from tf_integration.flow.board import feed_board
from tf_integration.web.render import page
from tf_integration.web.visit import May, SentBy, Visit

router = APIRouter(prefix="/feeds")
ACTS = {"release": decisions.release, "reject": decisions.reject, "hold": decisions.hold}
_May = Annotated[Visit, Depends(May("feeds", "deciding"))]
_Sent = Annotated[Visit, Depends(SentBy("deciding"))]


@router.get("")
def board(request: Request, visit: _May) -> Response:
    """What has come, what is due, and what to do about it."""
    return page(request, "feeds.html", feeds=feed_board(visit.settings))


@router.get("/{feed}")
def deliveries(request: Request, visit: _May, feed: str) -> Response:
    """The newest deliveries of a feed."""
    known = next((f for f in feed_board(visit.settings) if f["feed"] == feed), None)
    if known is None:
        raise HTTPException(404)
    return page(request, "feed.html", feed=known, deliveries=delivery_page.recent(visit.settings, feed=feed))


@router.get("/{feed}/{delivery_id}")
def delivery(request: Request, visit: _May, feed: str, delivery_id: str) -> Response:
    """One delivery, whole; for those who decide, with what it is open to."""
    return _delivery(request, visit, delivery_id)


@router.post("/{feed}/{delivery_id}/would")
def would(request: Request, visit: _Sent, feed: str, delivery_id: str) -> Response:
    """The same, with what would change if it were applied: tried, counted and taken back."""
    return _delivery(request, visit, delivery_id, stands=foresee.preview(visit.settings, delivery_id))


@router.post("/{feed}/{delivery_id}")
def decide(request: Request, visit: _Sent, feed: str, delivery_id: str, act: Annotated[str, Form()] = "",
           because: Annotated[str, Form()] = "") -> Response:
    """Keep a decision on it, in the name of the account."""
    if act not in ACTS or not because.strip():
        return _delivery(request, visit, delivery_id, error="Choose what to do, and say why.", because=because, act=act)
    told = ACTS[act](visit.settings, delivery_id, visit.who.name, because)
    return page(request, "delivery_decided.html", told=told, act=act, feed=feed)


def _delivery(request: Request, visit: Visit, named: str, stands: dict[str, Any] | None = None, error: str = "",
              **said: str) -> Response:
    """`stands`: its preview, where one was made already; `said`: what stood in a form that lacked something."""
    told = delivery_page.show(visit.settings, named)
    if stands is None and "deciding" in visit.who.roles:
        stands = decisions.preview(visit.settings, named)
    return page(request, "delivery.html", 400 if error else 200, told=told, stands=stands, error=error, **said)
