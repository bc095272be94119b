"""Make a warehouse ready: tables, contracts, kinds, terms, plans and views. Doing it again changes nothing."""

from __future__ import annotations

from tf_integration.assess import load_plans
from tf_integration.flow import marts
from tf_integration.flow.access import first_account
from tf_integration.flow.reference import load_reference
from tf_integration.flow.unit_costs import load_unit_costs
from tf_integration.land import pgp
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse


def prepare(settings: Settings) -> None:
    """Migrate the warehouse, load what SQL reads of contracts, kinds, the calendar and the plans, make the views.

    Our PGP key is made too, where there is none.

    Raises:
        ServiceError: no warehouse is configured.
        ContractError: a contract, plan or calendar is not what its model says.
    """
    with warehouse.transaction(settings) as conn:
        warehouse.migrate(conn)
    with warehouse.transaction(settings) as conn:
        load_reference(conn, settings.reference)
        load_unit_costs(conn, settings.home)
        load_plans(conn)
        marts.create(conn)
        first_account(conn, settings)
    pgp.make_our_key(settings)
