"""Who asks, and whether they may: what each page depends on."""

from __future__ import annotations

import hashlib
import hmac
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


class May:
    """A dependency: somebody with one of these roles; with none named, anybody who has signed in."""

    def __init__(self, *roles: str) -> None:
        self.roles = frozenset(roles)

    def __call__(self, visit: Annotated[Visit, Depends(signed_in)]) -> Visit:
        """The visit, or 403."""
        if self.roles and not visit.who.roles & self.roles:
            raise HTTPException(403)
        return visit


class SentBy(May):
    """A dependency: a form of this session's own, sent by somebody with one of these roles."""

    def __call__(self, visit: Annotated[Visit, Depends(signed_in)], form_key: Annotated[str, Form()] = "") -> Visit:
        """The visit, or 403."""
        super().__call__(visit)
        if not hmac.compare_digest(form_key.encode(), visit.form_key.encode()):
            raise HTTPException(403)
        return visit
