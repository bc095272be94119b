"""Match review: the pairs that wait, how the records of one compare, and a person's word on it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from tf_integration.flow import review
from tf_integration.flow.review_words import VALUES
from tf_integration.web.render import page
from tf_integration.web.visit import May, SentBy, Visit

router = APIRouter(prefix="/matches")
_MOST = 50
# a word on a pair, and how it reads on its button
WORDS = {"same": "One person", "different": "Two people", "never": "Never join them", "undo": "Take the last word back"}
_May = Annotated[Visit, Depends(May("review"))]
_Sent = Annotated[Visit, Depends(SentBy("review"))]


@router.get("")
def waiting(request: Request, visit: _May, kind: str = "") -> Response:
    """The pairs that wait, in the order of what a decision would change."""
    chosen = kind if kind in review.KINDS else None
    return page(request, "matches.html", told=review.waiting(visit.settings, _MOST, chosen), kinds=review.KINDS,
                chosen=chosen)


@router.get("/{pair}")
def pair(request: Request, visit: _May, pair: str) -> Response:
    """One pair: the model's weights, and both histories in shape."""
    return _pair(request, visit, pair)


@router.post("/{pair}/names")
def names(request: Request, visit: _Sent, pair: str) -> Response:
    """The same with the values. That somebody looked is kept."""
    return _pair(request, visit, pair, with_names=True)


@router.post("/{pair}")
def say(request: Request, visit: _Sent, pair: str, word: Annotated[str, Form()] = "",
        because: Annotated[str, Form()] = "") -> Response:
    """Keep a word on the pair."""
    if word not in WORDS or not because.strip():
        return _pair(request, visit, pair, error="Choose what they are, and say why.", because=because)
    told = review.say(visit.settings, pair, word, visit.who.name, because)
    return page(request, "match_said.html", told=told, words=WORDS)


def _pair(request: Request, visit: Visit, named: str, with_names: bool = False, error: str = "",
          because: str = "") -> Response:
    told = review.show(visit.settings, named, with_names, visit.who.name)
    return page(request, "match.html", 400 if error else 200, told=told, values=VALUES, with_names=with_names,
                words=WORDS, error=error, because=because)
