"""What stands before every page: headers, forms from elsewhere, bodies too large, and faults of any kind."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

_MOST_BYTES = 64 * 1024
_SAFE = ("GET", "HEAD")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
                               "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """The outermost layer. `unexpected` makes the answer to a fault that nothing below has met."""

    def __init__(self, app: ASGIApp, unexpected: Callable[[Request, Exception], Response]) -> None:
        self.app, self.unexpected = app, unexpected

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with every header, whatever happens below."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun = False

        async def sealed(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        if refused := _refused(scope):
            return await refused(scope, receive, sealed)
        try:
            await self.app(scope, receive, sealed)
        except Exception as error:          # nothing may fall through to a log that would print its message
            if not begun:
                answer = await run_in_threadpool(self.unexpected, Request(scope, receive), error)
                await answer(scope, receive, sealed)


def _refused(scope: Scope) -> Response | None:
    """The answer to a request that no page should see: a form of another site, or one without a sane length."""
    if scope["method"] in _SAFE:
        return None
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") or (
            origin and urlsplit(origin).netloc != headers.get("host")):
        return PlainTextResponse("This form was not sent from these pages.", 403)
    length = headers.get("content-length", "")
    if not length.isdecimal() or int(length) > _MOST_BYTES:
        return PlainTextResponse("This form is too large, or does not say how large it is.", 413)
    return None
