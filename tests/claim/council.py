"""A judged council of a few families, to claim for."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from reference.world import load
from spec.families import County, Family
from spec.test_results import troubled

from tf_integration.assess import assess, load_plans
from tf_integration.claim.read import COLUMNS
from tf_integration.flow import marts
from tf_integration.flow.claims import import_claims
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

D = "2018-06-30"


class Council:
    """Families in a warehouse of their own, judged as at D."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.county = County(D)

    def ready(self, label: str = "") -> Family:
        """A family whose result stands."""
        return troubled(self.county, label)

    def judge(self) -> None:
        """Put the families into the warehouse and judge them."""
        with warehouse.transaction(self.settings) as conn:
            load_plans(conn)
            marts.create(conn)
            load(conn, self.county.world)
            assess(conn, self.county.as_at, full=True)

    def judge_on(self, day: str, full: bool = False) -> dict[str, Any]:
        with warehouse.transaction(self.settings) as conn:
            return assess(conn, date.fromisoformat(day), full=full)

    def rows(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        with warehouse.transaction(self.settings) as conn:
            return warehouse.rows(conn, sql, **params)

    def value(self, sql: str, **params: Any) -> Any:
        with warehouse.transaction(self.settings) as conn:
            return warehouse.scalar(conn, sql, **params)

    def status(self, family: Family) -> tuple[str, str | None]:
        row = self.rows(
            "SELECT status, claimed_as FROM mart.claim_readiness_v1 WHERE household_id = :h", h=family.household_id
        )[0]
        return row["status"], row["claimed_as"]

    def file(self, *rows: dict[str, Any], name: str = "earlier.csv") -> Path:
        """A file of earlier claims."""
        file = self.settings.home / name
        with file.open("w", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        return file

    def imports(self, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
        return import_claims(self.settings, self.file(*rows), "Ada", "earlier claims", **more)


def row(claim_ref: str, person: int, **more: Any) -> dict[str, Any]:
    """A row of a file of earlier claims."""
    return {
        "claim_ref": claim_ref,
        "plan_id": "national-2015",
        "family_ref": "",
        "partner": "early_help",
        "person_ref": person,
        "result": "sustained",
        "state": "paid",
        "claimed_on": "2017-06-01",
        "amount_pounds": "800.00",
    } | more
