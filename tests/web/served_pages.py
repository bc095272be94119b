"""The pages at work over two families: what their partners sent, who signs in, which addresses there are."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import uvicorn

sys.path.append(str(Path(__file__).parents[1] / "flow"))

from small_council import Council

from tf_integration.flow.access import put_account
from tf_integration.model.settings import Settings
from tf_integration.serve.postgres import free_port
from tf_integration.web.app import create

CHROMIUM = shutil.which("chromium")
ON = date(2019, 6, 3)
PERSON = "person_ref,forename,surname,date_of_birth,sex,address,postcode,uprn,upn,nhs_number,nino"
MEMBERS = f"{PERSON},family_ref,relationship,parental_responsibility,resident,joined_on,left_on\n" + (
    "A1,Annabel,Gableworth,1980-02-03,F,1 High Street,CT1 2AB,,,,AB123456C,F1,mother,Y,Y,2018-01-01,\n"
    "C1,Catriona,Gableworth,2010-04-05,F,1 High Street,CT1 2AB,,,,,F1,child,N,Y,2018-01-01,\n"
    "C3,Casimir,Gableworth,2010-04-05,M,1 High Street,CT1 2AB,,,,,F1,child,N,Y,2018-01-01,\n"
    "A2,Beatrix,Wharfinger,1985-05-06,F,7 Low Road,CT3 4DB,,,,,F2,mother,Y,Y,2018-01-01,\n"
)
MILESTONES = (
    "family_ref,milestone,on,ended_on,problem,whole_family,worker,worker_role,reference\n"
    "F1,referred,2018-09-01,,,Y,,,x\nF1,attached,2018-10-01,,,Y,,,x\nF1,assessment,2018-10-09,,,Y,,,x\n"
    'F1,lead_worker,2018-10-02,,,Y,"<script>alert(1)</script> Worker",family worker,x\n'
)
BENEFITS = f"{PERSON},benefit,start_on,end_on,match,uc_regime,uc_earnings_above_threshold\n" + (
    "D1,Annabel,Gableworth,1980-02-03,F,1 High Street,CT1 2AB,,,,CE123456A,JSA,2018-01-01,,full,,\n"
)
PARTICULARS = ("Annabel", "Gableworth", "Catriona", "Casimir", "Beatrix", "Wharfinger", "High Street", "Low Road",
               "CT1 2AB", "CT3 4DB", "AB123456C", "CE123456A", "1980-02-03", "3 February 1980",
               "2010-04-05")  # fmt: skip


@dataclass
class Served:
    """The pages at work. `as_` gives a client that has signed in with these roles."""

    url: str
    council: Council
    app: Any
    clients: dict[tuple[str, ...], httpx.Client] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return self.council.settings

    def as_(self, *roles: str) -> httpx.Client:
        if roles not in self.clients:
            self.clients[roles] = self.sign_in(f"who.{'.'.join(roles)}".replace("_", "-"), *roles)
        return self.clients[roles]

    def sign_in(self, name: str, *roles: str) -> httpx.Client:
        """A new client, of an account that is made for it."""
        self.passwords[name] = put_account(self.settings, name, roles, "a test")["password"]
        client = httpx.Client(base_url=self.url, timeout=30)
        answer = client.post("/sign-in", data={"name": name, "password": self.passwords[name]})
        assert answer.status_code == 303
        return client

    def household(self, ref: str) -> int:
        return self.council.count("SELECT household_id FROM identity.household_ref WHERE family_ref = :r"
                                  " AND known_to = 'infinity'", r=ref)

    def pair(self) -> str:
        from tf_integration.flow import review

        return str(review.waiting(self.settings, 50)["pairs"][0]["pair_id"])

    def events(self, act: str) -> list[dict[str, Any]]:
        return self.council.rows("SELECT * FROM audit.event WHERE act = :a ORDER BY event_id", a=act)

    def addresses(self) -> dict[str, str]:
        """Every page that is only read: its route, and an address of it that has something to show."""
        delivery = self.council.rows("SELECT feed, delivery_id FROM landing.delivery ORDER BY delivery_id LIMIT 1")[0]
        values = {"household_id": self.household("F1"), "feed": delivery["feed"],
                  "delivery_id": delivery["delivery_id"], "pair": self.pair()}  # fmt: skip
        return {path: path.format(**values) for path in routes(self.app, "GET")}


def held_delivery(served: Served) -> str:
    """The address of a delivery that is held, for its control file counts other rows than it has."""
    n = served.council.count("SELECT coalesce(max(sequence), 0) + 1 FROM landing.delivery")
    early_help = served.council.partners["early_help"]
    more = MILESTONES + f"F2,referred,2018-09-0{n},,,Y,,,x\nF2,attached,2018-10-0{n},,,Y,,,x\n"
    name = early_help.put("early_help_milestones", "2019-06-02", n, more, control={"rows": 99})
    assert served.council.night("early_help_milestones", "2019-06-02")[-1:] == ["held"]
    found = served.council.rows("SELECT delivery_id FROM landing.delivery WHERE file_name = :f", f=name)
    return f"/feeds/early_help_milestones/{found[0]['delivery_id']}"


def routes(app: Any, method: str) -> list[str]:
    """The addresses that the application answers to, less those that anybody may ask."""
    found = [r.path for r in _all(app.routes) if method in (getattr(r, "methods", None) or ())]
    return sorted({path for path in found if not path.startswith(("/sign-in", "/health"))})


def _all(found: Any) -> Iterator[Any]:
    for route in found:
        inner = getattr(route, "original_router", None)
        yield from _all(inner.routes) if inner is not None else (route,)


def form_key(client: httpx.Client, path: str = "/") -> str:
    """The key that the forms of this client's session carry."""
    return client.get(path).text.split('name="form_key" value="')[1].split('"')[0]


class listening:
    """The pages of these settings, served in a thread while it lasts: their address, and the application."""

    def __init__(self, settings: Settings) -> None:
        self.app, self.port = create(settings), free_port()
        config = uvicorn.Config(self.app, "127.0.0.1", self.port, access_log=False, log_config=None)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> tuple[str, Any]:
        self.thread.start()
        until(lambda: self.server.started)
        return f"http://127.0.0.1:{self.port}", self.app

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(10)


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
