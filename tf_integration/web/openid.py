"""Signing in at the council's own sign-on service: there, and back."""

from __future__ import annotations

import secrets
from urllib.parse import quote, unquote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from tf_integration.flow import access
from tf_integration.keep.openid import REASONS, NotLetIn, Service
from tf_integration.web.render import page
from tf_integration.web.sign_on import begun, ours, ways

router = APIRouter(prefix="/sign-in/openid")
_COOKIE, _PATH, _SECONDS = "tfi_asked", "/sign-in/openid", 600


@router.get("")
def go(request: Request, next: str = "/") -> Response:
    """Send the browser to the service. A cookie of its own ties the answer to it, and says where it was going."""
    token = secrets.token_urlsafe(32)
    answer = RedirectResponse(_service(request).address(token, _back(request)), status_code=303)
    answer.set_cookie(_COOKIE, f"{token}|{quote(ours(next), safe='')}", max_age=_SECONDS, path=_PATH, httponly=True,
                      samesite="lax", secure=request.app.state.is_https)  # lax: it comes back from another site
    return answer


@router.get("/back")
def back(request: Request) -> Response:
    """Open a session for whoever the service vouches for.

    The answer is a page that goes on by itself: the session's cookie is for these pages alone, and a browser would not
    bring it along on a way that began at another site.
    """
    token, _, after = request.cookies.get(_COOKIE, "").partition("|")
    service, state = _service(request), request.app.state
    try:
        session = access.sign_in_vouched(state.settings, state.access, service, token, _back(request),
                                         dict(request.query_params))
        answer: Response = begun(request, page(request, "signed_in.html", next=ours(unquote(after) or "/")), session)
    except NotLetIn as refusal:
        answer = page(request, "sign_in.html", 403, next="/", refusal=REASONS[refusal.reason], **ways(request))
    answer.delete_cookie(_COOKIE, path=_PATH)
    return answer


def _service(request: Request) -> Service:
    found: Service | None = request.app.state.openid
    if found is None:
        raise HTTPException(404)
    return found


def _back(request: Request) -> str:
    """Our address that the service knows: it is registered there."""
    at = request.app.state.settings.web.url or str(request.base_url)
    return f"{at.rstrip('/')}{_PATH}/back"
