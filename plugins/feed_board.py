"""The feed board inside Airflow (Browse, Feed board): a row per feed, a page per delivery; states and counts only."""

from __future__ import annotations

from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI

PREFIX, PAGE, DELIVERY = "/tfi", "/feed-board", "/delivery"
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
           "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"}
COLUMNS = {"feed": "Feed", "partner": "Partner", "state": "State", "due_on": "Due",
           "last_arrived_at": "Last arrived", "rows_read": "Read", "rows_loaded": "Loaded",
           "rows_rejected": "Rejected", "usual": "Usual", "covers_to": "Covers to", "next_action": "Next"}
STYLE = """body{font:16px/1.4 sans-serif;color:#0b0c0c;background:#fff;margin:1rem}
table{border-collapse:collapse;margin-bottom:1.5rem}
caption,h1{font-weight:bold;text-align:left;padding-bottom:.5rem}
h1{font-size:1.5rem;margin:0}caption{font-size:1.25rem;white-space:nowrap}
th,td{text-align:left;vertical-align:top;padding:.35rem .7rem;border-bottom:1px solid #b1b4b6}
td.n,td.d{font-variant-numeric:tabular-nums;white-space:nowrap}td.n{text-align:right}
tbody th{border-left:6px solid transparent}tr.act th{border-left-color:#d4351c}"""


class FeedBoard(AirflowPlugin):
    """The menu entry and its page. The page is made only where it is served: no worker pays for it."""

    name = "feed_board"
    external_views = [{"name": "Feed board", "href": f"{PREFIX[1:]}{PAGE}", "url_route": "feed-board",  # noqa: RUF012
                       "destination": "nav", "category": "browse"}]

    @cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        return [{"app": build(), "url_prefix": PREFIX, "name": "feed board"}]


def build() -> FastAPI:
    """The application. A mount inherits no guard, so it carries its own, and describes itself to nobody."""
    from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
    from airflow.api_fastapi.core_api.security import requires_access_view
    from fastapi import Depends, FastAPI
    from fastapi.responses import HTMLResponse

    app = FastAPI(dependencies=[Depends(requires_access_view(AccessView.PLUGINS))],
                  openapi_url=None, docs_url=None, redoc_url=None)

    @app.get(PAGE, response_class=HTMLResponse)
    def board() -> HTMLResponse:
        from tf_integration.flow.board import feed_board
        from tf_integration.model.errors import PlatformError
        from tf_integration.model.settings import Settings

        try:
            return HTMLResponse(page(feed_board(Settings.load())), headers=HEADERS)
        except PlatformError as error:
            return HTMLResponse(document(f"<p>{escape(str(error))}</p>"), status_code=503, headers=HEADERS)

    @app.get(f"{DELIVERY}/{{delivery_id}}", response_class=HTMLResponse)
    def delivery(delivery_id: int) -> HTMLResponse:
        import delivery_page

        from tf_integration.flow.delivery_page import show
        from tf_integration.model.errors import CallError, PlatformError
        from tf_integration.model.settings import Settings

        try:
            told = delivery_page.page(show(Settings.load(), str(delivery_id)))
            return HTMLResponse(document(told, "Delivery"), headers=HEADERS)
        except PlatformError as error:
            code = 404 if isinstance(error, CallError) else 503
            return HTMLResponse(document(f"<p>{escape(str(error))}</p>"), status_code=code, headers=HEADERS)

    return app


def page(rows: list[dict[str, Any]]) -> str:
    """The board as one table that a screen reader can walk; what needs a person is said in words too."""
    heads = "".join(f'<th scope="col">{h}</th>' for h in (*COLUMNS.values(), "Page"))
    as_at = f"Feed board on {rows[0]['as_at']}" if rows else "Feed board: no contracts are loaded"
    body = "".join(_row(r) for r in rows)
    head = f"<caption>{escape(as_at)}</caption><thead><tr>{heads}</tr></thead>"
    return document(f"<table>{head}<tbody>{body}</tbody></table>")


def document(inner: str, title: str = "Feed board") -> str:
    """A whole page around what it is given."""
    return (f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{STYLE}</style></head><body>{inner}</body></html>")


def _row(row: dict[str, Any]) -> str:
    low, high = row["usual_low"], row["usual_high"]
    usual = None if high is None else f"{low:,}" if low == high else f"{low:,} to {high:,}"
    came = row["last_arrived_at"]
    shown = row | {"usual": usual, "last_arrived_at": came and f"{came:%Y-%m-%d %H:%M}"}
    cells = "".join(_cell(c, shown[c]) for c in COLUMNS)
    if row["delivery_id"] is not None:
        cells += f'<td><a href="{DELIVERY[1:]}/{int(row["delivery_id"])}">Newest file</a></td>'
    return f'<tr{"" if row["state"] == "on time" else " class=act"}>{cells}</tr>'


def _cell(column: str, value: Any) -> str:
    if column == "feed":
        return f'<th scope="row">{escape(str(value))}</th>'
    number = isinstance(value, int)
    text = f"{value:,}" if number else escape(str(value)) if value is not None else "none"
    kind = " class=n" if number else " class=d" if column.endswith(("_on", "_at", "_to")) else ""
    return f"<td{kind}>{text}</td>"
