"""A sign-in that may read the public views and nothing else, for whoever consumes the tables."""

from __future__ import annotations

from urllib.parse import urlsplit

from tf_integration.model.errors import ServiceError
from tf_integration.model.settings import Settings
from tf_integration.serve.keys import Keyring
from tf_integration.store import warehouse

ROLE = "tfi_report"
_PASSWORD_FILE = "reader_password"


def reader_url(settings: Settings) -> str:
    """The connection string of a role that reads the schema `mart` alone; the role is made where it is not there.

    Raises:
        ServiceError: no warehouse is configured, or its owner may not make roles.
    """
    with warehouse.transaction(settings) as conn:
        if not warehouse.scalar(conn, "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"):
            raise ServiceError("the warehouse's owner may not make roles.", where="--reader",
                               mend=f"Have a role made: CREATE ROLE {ROLE} LOGIN PASSWORD ... IN ROLE tfi_reader.")
        if not warehouse.scalar(conn, "SELECT 1 FROM pg_roles WHERE rolname = :r", r=ROLE):
            conn.exec_driver_sql(f"CREATE ROLE {ROLE} LOGIN IN ROLE tfi_reader")
        # Nothing to quote: the password is of letters that are safe in a URL (see Keyring).
        password = Keyring(settings.home / "secrets").password(_PASSWORD_FILE)
        conn.exec_driver_sql(f"ALTER ROLE {ROLE} PASSWORD '{password}'")
    parts = urlsplit((settings.warehouse_url or "").replace("postgresql+psycopg2://", "postgresql://", 1))
    return parts._replace(netloc=f"{ROLE}:{password}@{parts.netloc.rpartition('@')[2]}").geturl()
