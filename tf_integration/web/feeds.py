"""The feed board, a feed's deliveries, and a delivery's own page. Of a row no more than its line."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from tf_integration.flow import delivery_page
from tf_integration.flow.board import feed_board
from tf_integration.web.render import page
from tf_integration.web.visit import May, Visit

router = APIRouter(prefix="/feeds")
_May = Annotated[Visit, Depends(May("feeds"))]


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
    """One delivery, whole."""
    return page(request, "delivery.html", told=delivery_page.show(visit.settings, delivery_id))
