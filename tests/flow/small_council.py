"""A council in small, and the files that its partners send."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "land"))

from sftp_partner import QUICK, Partner
from sftp_partner import new_key as new_key

from tf_integration.flow.deliver import deliver, discover
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

TENANCY = (
    "person_ref,forename,surname,date_of_birth,sex,address,postcode,uprn,upn,nhs_number,nino,"
    "tenancy_ref,role,start_on,end_on,tenure\n"
)
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


@contextmanager
def opened(settings: Settings, folder: Path, our_key: tuple[Path, str], limits: str = "") -> Iterator[Council]:
    """A council with one partner, housing, on a real SFTP server; `limits` are more lines of `limits.yaml`."""
    started: list[Partner] = []

    def start(name: str) -> Partner:
        started.append(Partner(name, folder / name, our_key[0], accepts=our_key[1]))
        started[-1].start()
        return started[-1]

    (settings.home / "limits.yaml").write_text(QUICK + limits)
    made = Council(settings, {}, start)
    made.join("housing")
    yield made
    for partner in started:
        partner.stop()


def nothing_stands(council: Council) -> bool:
    """Whether no row of any delivery has reached core."""
    return (
        council.count(
            "SELECT (SELECT count(*) FROM core.fact) + (SELECT count(*) FROM core.source_record)"
            " + (SELECT count(*) FROM core.coverage)"
        )
        == 0
    )


def tenancies(n: int, *, first: int = 1, surname: str = "Gable", start_on: str = "2019-01-01") -> str:
    """A whole file of `n` tenants."""
    return TENANCY + "".join(
        f"H{i},Ann,{surname}{i},{1970 + i % 30}-{1 + i % 12:02d}-{1 + i % 28:02d},F,{i} High Street,CT1 2AB,,,,,"
        f"T{i},tenant,{start_on},,LA\n"
        for i in range(first, first + n)
    )


def actions(*rows: str) -> str:
    """An increment of housing actions."""
    return ACTION + "".join(f"{r}\n" for r in rows)
