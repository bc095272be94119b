"""Unit costs and the rules of disclosure as rows, where `mart.cohort_v1` reads them."""

from __future__ import annotations

from pathlib import Path

from tf_integration.model.costs import load_costs
from tf_integration.model.errors import ContractError
from tf_integration.model.kind import load_kinds
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def load_unit_costs(conn: Connection, home: Path | None = None) -> dict[str, int | bool]:
    """Write the table of unit costs in place of the earlier one; returns `items` and whether all are `verified`.

    Raises:
        ContractError: the council's file is wrong, or names a kind of fact that there is not.
    """
    told = load_costs(home)
    if unknown := sorted({c.kind for c in told.costs.values()} - set(load_kinds())):
        raise ContractError(f"no such kind of fact: {', '.join(unknown)}.", where="unit_costs.yaml",
                            mend="See tf_integration/kinds.yaml.")  # fmt: skip
    warehouse.run(conn, "returns/disclosure.sql", **told.disclosure.model_dump())
    warehouse.run(conn, "returns/clear_costs.sql")
    for item, cost in told.costs.items():
        row = cost.model_dump() | {"item": item, "codes": list(cost.codes)}
        row["source"] = cost.source or told.source
        row["verified"] = told.verified if cost.verified is None else cost.verified
        warehouse.run(conn, "returns/unit_cost.sql", **row)
    return {"items": len(told.costs), "verified": told.verified}
