"""Templates into pages: what each may use, and the menu that somebody's roles give them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, Undefined

from tf_integration.flow.explain import STATUS_SAYS, VERDICT_SAYS
from tf_integration.flow.explain_words import span, whose
from tf_integration.flow.foresee_words import counted

# path, how it is called, which roles see it
MENU = (
    ("/families", "Families", ("families",)),
    ("/progress", "Progress", ("progress",)),
    ("/feeds", "Feeds", ("feeds", "deciding")),
    ("/matches", "Matches", ("review",)),
    ("/look-up", "Look-up", ("look_up",)),
    ("/audit", "Audit", ("audit",)),
)
_TAGS = {
    "met": "green", "not met": "grey", "not known": "yellow",
    "ready": "green", "claimed": "teal", "in progress": "blue", "blocked by data": "yellow", "eligible": "purple",
    "cannot tell": "yellow", "not eligible": "grey",
    "on time": "green", "accepted": "green", "accepted with rejects": "green", "held": "red", "rejected": "red",
    "late": "yellow", "missing": "red", "waiting": "yellow", "never arrived": "grey", "duplicate": "grey",
}  # fmt: skip

_SHORT = {"nhs": "NHS", "upn": "UPN", "uprn": "UPRN", "nino": "National Insurance number"}


def page(request: Request, template: str, status_code: int = 200, **told: Any) -> HTMLResponse:
    """Render a template. It knows who has signed in, if anybody, and the pages that are theirs."""
    visit = getattr(request.state, "visit", None)
    roles = visit.who.roles if visit else frozenset()
    menu = [(path, called) for path, called, needed in MENU if roles & set(needed)]
    path = request.url.path
    here = next((p for p, _ in menu if path == p or path.startswith(p + "/")), path)
    text = _ENVIRONMENT.get_template(template).render(visit=visit, menu=menu, here=here, **told)
    return HTMLResponse(text, status_code)


def words(code: Any) -> str:
    """A code as people say it: `blocked_by_data` -> `blocked by data`, `upn` -> `UPN`; nothing -> a dash."""
    said = "–" if code is None or code == "" else str(code).replace("_", " ")
    return " ".join(_SHORT.get(word, word) for word in said.split(" "))


def day(on: date | None) -> str:
    """`1 March 2019`, or a dash."""
    return "–" if on is None else f"{on.day} {on:%B %Y}"


def brief(on: date | None) -> str:
    """`1 Mar 2019`, for a table; or a dash."""
    return "–" if on is None else f"{on.day} {on:%b %Y}"


def moment(at: datetime | None) -> str:
    """`1 March 2019, 02:15 UTC`, or a dash."""
    return "–" if at is None else f"{at.day} {at:%B %Y, %H:%M} UTC"


def count(n: Any) -> str:
    """`1,234`, or a dash."""
    return "–" if n is None else f"{n:,}"


def money(pounds: Any) -> str:
    """`£1,234`, or a dash."""
    return "–" if not pounds else f"£{pounds:,.0f}"


def sentence(verdict: dict[str, Any]) -> str:
    """A verdict's own words, without the verdict that stands beside them as a tag."""
    said = str(verdict["says"])
    for opening in ("Met: ", "Not met: ", "Not known: "):
        said = said.removeprefix(opening)
    return capital(said)


def capital(text: str) -> str:
    """With its first letter large, and the others as they are."""
    return text[:1].upper() + text[1:]


def _environment() -> Environment:
    ours = PackageLoader("tf_integration.web")
    theirs = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    made = Environment(loader=ChoiceLoader([ours, theirs]), autoescape=True, undefined=Undefined,
                       trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.do"])
    # (the forgiving kind of undefined: GOV.UK's macros take parameters that a caller may leave out)
    made.filters.update(words=words, capitalize_first=capital, day=day, brief=brief, moment=moment, count=count,
                        money=money, sentence=sentence)
    made.globals.update(STATUS_SAYS=STATUS_SAYS, VERDICT_SAYS=VERDICT_SAYS, tag_colours=_TAGS, span=span, whose=whose,
                        counted=counted)
    return made


_ENVIRONMENT = _environment()
