"""The application: its pages, what every answer carries, and what is said when something goes wrong."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from tf_integration.flow import faults
from tf_integration.keep.access import load_access
from tf_integration.keep.openid import Service
from tf_integration.model.errors import CallError, NeedsAPerson, PlatformError
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.web import audit, families, feeds, look_up, openid, progress, review, sign_on
from tf_integration.web.guard import Guard
from tf_integration.web.render import page
from tf_integration.web.visit import NotSignedIn

STATIC = Path(__file__).with_name("static")
NEAR = ("127.0.0.1", "localhost")
_STATUS: dict[type[PlatformError], int] = {CallError: 404, NeedsAPerson: 409}
_WORDS = {403: "You may not see this page.", 404: "There is no such page.", 405: "This page is not for that."}
log = logging.getLogger("web")


def create(settings: Settings) -> FastAPI:
    """The application over one warehouse.

    Raises:
        CallError: `access.yaml` in `TFI_HOME` names something unknown.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.settings, app.state.access = settings, load_access(settings.home)
    app.state.openid = Service(settings.web.openid, app.state.access.openid) if settings.web.openid else None
    outside = urlsplit(settings.web.url) if settings.web.url else None
    app.state.is_https = bool(outside and outside.scheme == "https")
    hosts = [*NEAR, *([outside.hostname] if outside and outside.hostname else [])]
    for pages in (sign_on, openid, feeds, families, progress, look_up, review, audit):
        app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=STATIC))
    app.add_api_route("/health", _health, methods=["GET"])
    app.add_exception_handler(NotSignedIn, _to_sign_in)
    app.add_exception_handler(PlatformError, _platform_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    app.add_middleware(Guard, unexpected=_unexpected)
    return app


def _health(request: Request) -> Response:
    """Whether the pages can read the warehouse; nothing else is said to whoever asks."""
    with warehouse.transaction(request.app.state.settings) as conn:
        warehouse.scalar(conn, "SELECT 1")
    return PlainTextResponse("well")


async def _to_sign_in(request: Request, error: Exception) -> Response:
    wanted = request.url.path if request.method == "GET" else "/"
    return RedirectResponse(f"/sign-in?next={quote(wanted)}", status_code=303)


async def _platform_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, PlatformError)
    code = next((c for kind, c in _STATUS.items() if isinstance(error, kind)), 503)
    return page(request, "error.html", code, what=error.what, mend=error.mend)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return page(request, "error.html", error.status_code, what=_WORDS.get(error.status_code, "That did not work."))


async def _misread(request: Request, error: Exception) -> Response:
    return page(request, "error.html", 400, what="What was sent could not be read.")


def _unexpected(request: Request, error: Exception) -> Response:
    """A fault of any other kind: its place goes to the log, its words nowhere, for they may quote a row."""
    meant = faults.known(error, request.app.state.settings)
    for line in faults.shape(error):
        log.error("%s", line)
    said: dict[str, Any] = {"what": meant.what} if meant else {"what": "Something went wrong here."}
    return page(request, "error.html", 503 if meant else 500, **said,
                mend="Try again in a minute. If it stays so, tell the data team when it was.")
