"""Connection strings for other clients: the owner's, and one that may read the public views and nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit

from tf_integration.model.errors import ServiceError
from tf_integration.model.settings import Settings
from tf_integration.serve.keys import Keyring
from tf_integration.store import warehouse

ROLE = "tfi_report"
_PASSWORD_FILE = "reader_password"


def owner_url(settings: Settings) -> str:
    """The connection string of the warehouse's owner, as any client takes it.

    Raises:
        ServiceError: no warehouse is configured.
    """
    if not settings.warehouse_url:
        raise ServiceError("no warehouse is configured.", where=str(settings.home),
                           mend="Run `tfi up`, or set TFI_WAREHOUSE_URL.")
    return settings.warehouse_url.replace("postgresql+psycopg2://", "postgresql://", 1)


def reader_url(settings: Settings) -> str:
    """The connection string of a role that reads the schema `mart` alone; the role is made where it is not there.

    Raises:
        ServiceError: no warehouse is configured, or its owner may not make roles.
    """
    parts = urlsplit(owner_url(settings))
    with warehouse.transaction(settings) as conn:
        if not warehouse.scalar(conn, "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"):
            raise ServiceError("the warehouse's owner may not make roles.", where="--reader",
                               mend=f"Have a role made: CREATE ROLE {ROLE} LOGIN PASSWORD ... IN ROLE tfi_reader.")
        if not warehouse.scalar(conn, "SELECT 1 FROM pg_roles WHERE rolname = :r", r=ROLE):
            conn.exec_driver_sql(f"CREATE ROLE {ROLE} LOGIN IN ROLE tfi_reader")
        # Nothing to quote: the password is of letters that are safe in a URL (see Keyring).
        password = Keyring(settings.home / "secrets").password(_PASSWORD_FILE)
        conn.exec_driver_sql(f"ALTER ROLE {ROLE} PASSWORD '{password}'")
    return parts._replace(netloc=f"{ROLE}:{password}@{parts.netloc.rpartition('@')[2]}").geturl()
