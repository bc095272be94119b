"""Signing in and out, and the first page."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from tf_integration.flow import access
from tf_integration.web.render import page
from tf_integration.web.visit import COOKIE, SentBy, Visit, signed_in

router = APIRouter()


@router.get("/")
def home(request: Request, visit: Annotated[Visit, Depends(signed_in)]) -> Response:
    """The pages that somebody's roles give them, each with what it is for."""
    roles = {role: says for role, says in visit.rules.roles.items() if role in visit.who.roles}
    return page(request, "home.html", roles=roles)


@router.get("/sign-in")
def ask(request: Request, next: str = "/") -> Response:
    """The form."""
    return page(request, "sign_in.html", next=ours(next), **ways(request))


@router.post("/sign-in")
def sign_in(request: Request, name: Annotated[str, Form()] = "", password: Annotated[str, Form()] = "",
            next: Annotated[str, Form()] = "/") -> Response:
    """Open a session. What was wrong, the name or the password, is not said, nor that an account waits."""
    state = request.app.state
    if not ways(request)["is_local"]:
        raise HTTPException(403)
    token = access.sign_in(state.settings, state.access, name.strip().lower(), password)
    if token is None:
        return page(request, "sign_in.html", 403, next=ours(next), is_wrong=True,
                    wait_minutes=state.access.sign_on.wait_minutes, **ways(request))
    return begun(request, RedirectResponse(ours(next), status_code=303), token)


@router.post("/sign-out")
def sign_out(visit: Annotated[Visit, Depends(SentBy())]) -> Response:
    """End the session."""
    access.sign_out(visit.settings, visit.rules, visit.who, visit.token)
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


def begun(request: Request, answer: Response, token: str) -> Response:
    """The answer, with the cookie of a session that begins."""
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=request.app.state.is_https, path="/")
    return answer


def ways(request: Request) -> dict[str, bool]:
    """How somebody may sign in: `is_local`, with an account's password; `is_openid`, at the council's own service."""
    told = request.app.state.settings.web.openid
    return {"is_local": not (told and told.only), "is_openid": told is not None}


def ours(path: str) -> str:
    """A path of these pages, and never another site's address."""
    parts = urlsplit(path)
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path if is_ours and path.isprintable() else "/"
