"""Who asks, and whether they may: what each page depends on."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, HTTPException, Request

from tf_integration.flow import access
from tf_integration.keep.access import Access, Who
from tf_integration.model.settings import Settings

COOKIE = "tfi_pages"


class NotSignedIn(Exception):
    """Nobody has signed in, or the session has ended."""


@dataclass(frozen=True)
class Visit:
    """Somebody who has signed in, asking for a page."""

    request: Request
    who: Who
    token: str

    @property
    def settings(self) -> Settings:
        found: Settings = self.request.app.state.settings
        return found

    @property
    def rules(self) -> Access:
        found: Access = self.request.app.state.access
        return found

    @property
    def form_key(self) -> str:
        """What every form of this session carries, and no other site can know."""
        return hashlib.sha256(f"form {self.token}".encode()).hexdigest()


def signed_in(request: Request) -> Visit:
    """The visit of whoever has signed in.

    Raises:
        NotSignedIn: nobody has.
    """
    token = request.cookies.get(COOKIE, "")
    who = access.seen(request.app.state.settings, request.app.state.access, token) if token else None
    if who is None:
        raise NotSignedIn
    visit = Visit(request, who, token)
    request.state.visit = visit
    return visit


def may(*roles: str) -> Callable[[Visit], Visit]:
    """A dependency: somebody with one of these roles; with none named, anybody who has signed in."""

    def allowed(visit: Annotated[Visit, Depends(signed_in)]) -> Visit:
        if roles and not visit.who.roles & set(roles):
            raise HTTPException(403)
        return visit

    return allowed


def sent_by(*roles: str) -> Callable[..., Visit]:
    """A dependency: a form of this session's own, sent by somebody with one of these roles."""

    def checked(visit: Annotated[Visit, Depends(may(*roles))], form_key: Annotated[str, Form()] = "") -> Visit:
        if not hmac.compare_digest(form_key.encode(), visit.form_key.encode()):
            raise HTTPException(403)
        return visit

    return checked
