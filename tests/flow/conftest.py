"""A council in small: a fresh warehouse, an empty home, and partners on real SFTP servers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import asyncssh
import pytest

sys.path.append(str(Path(__file__).parents[1] / "land"))

from sftp_partner import Partner

from tf_integration.flow.deliver import deliver, discover
from tf_integration.flow.reference import load_reference
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

TENANCY = ("person_ref,forename,surname,date_of_birth,sex,address,postcode,uprn,upn,nhs_number,nino,"
           "tenancy_ref,role,start_on,end_on,tenure\n")
ACTION = "op,person_ref,action_ref,tenancy_ref,action,action_on,ended_on,amount\n"


@dataclass
class Council:
    """The platform of one test. `nights` delivers what a feed has and gives the status of each file in order."""

    settings: Settings
    partners: dict[str, Partner]
    start: Callable[[str], Partner]
    seen: list[dict[str, Any]] = field(default_factory=list)

    @property
    def housing(self) -> Partner:
        return self.partners["housing"]

    def night(self, feed: str, on: str) -> list[str | int]:
        """One night of one feed; the statuses."""
        as_at = date.fromisoformat(on)
        said = [deliver(self.settings, d, as_at) for d in discover(self.settings, feed, as_at)]
        self.seen += said
        return [s["status"] for s in said]

    def rows(self, sql: str, **params: Any) -> list[Any]:
        with warehouse.transaction(self.settings) as conn:
            return [dict(r) for r in warehouse.rows(conn, sql, **params)]

    def count(self, sql: str, **params: Any) -> int:
        with warehouse.transaction(self.settings) as conn:
            return int(warehouse.scalar(conn, sql, **params))

    def facts(self, feed: str) -> int:
        return self.count("SELECT count(*) FROM core.fact WHERE feed = :f AND known_to = 'infinity'", f=feed)

    def ledger(self) -> list[tuple[str, str]]:
        """(file name, status) of every delivery, in the order of their files."""
        found = self.rows("SELECT file_name, status FROM landing.delivery ORDER BY file_name, received_at, status")
        return [(r["file_name"], r["status"]) for r in found]

    def join(self, name: str) -> Partner:
        """Open an account for one more partner."""
        self.partners[name] = self.start(name)
        self.settings.partners[name] = self.partners[name].server()
        return self.partners[name]


@pytest.fixture(scope="session")
def our_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    key = asyncssh.generate_private_key("ssh-ed25519")
    file = tmp_path_factory.mktemp("keys") / "id_ed25519"
    file.write_bytes(key.export_private_key())
    return file, " ".join(key.export_public_key().decode().split()[:2])


@pytest.fixture
def council(home: Path, warehouse_url: str, tmp_path: Path, our_key: tuple[Path, str]) -> Iterator[Council]:
    started: list[Partner] = []

    def start(name: str) -> Partner:
        partner = Partner(name, tmp_path / "partners" / name, our_key[0], accepts=our_key[1])
        partner.start()
        started.append(partner)
        return partner

    (home / "limits.yaml").write_text("settle_seconds: 0.05\npause_seconds: 0\nconnect_seconds: 5\n")
    made = Council(Settings(home=home, warehouse_url=warehouse_url), {}, start)
    with warehouse.transaction(made.settings) as conn:
        load_reference(conn)
    made.join("housing")
    yield made
    for partner in started:
        partner.stop()


def tenancies(n: int, *, first: int = 1, surname: str = "Gable", start_on: str = "2019-01-01") -> str:
    """A whole file of `n` tenants."""
    return TENANCY + "".join(
        f"H{i},Ann,{surname}{i},{1970 + i % 30}-{1 + i % 12:02d}-{1 + i % 28:02d},F,{i} High Street,CT1 2AB,,,,,"
        f"T{i},tenant,{start_on},,LA\n" for i in range(first, first + n))


def actions(*rows: str) -> str:
    """An increment of housing actions."""
    return ACTION + "".join(f"{r}\n" for r in rows)
