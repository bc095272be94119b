"""The embedded cluster of one home and its databases: `warehouse`, and `airflow` for Airflow's own tables."""

from __future__ import annotations

from tf_integration.model.settings import Settings
from tf_integration.serve.keys import Keyring
from tf_integration.serve.postgres import Cluster
from tf_integration.serve.state import State
from tf_integration.store import warehouse

WAREHOUSE, AIRFLOW = "warehouse", "airflow"


def cluster(settings: Settings, state: State, keyring: Keyring) -> Cluster:
    """The cluster of this home, running or not; its port is the one it runs on, or had last, or 0."""
    password = keyring.peek("warehouse_password")
    found = Cluster(settings.home / "postgres" / "data", state.port("postgres") or 0, password)
    found.port = found.running_port() or found.port
    return found


def create(admin_url: str, airflow_password: str) -> None:
    """Make the databases and Airflow's role where they are not there. `admin_url` is a superuser's."""
    admin = warehouse.engine(warehouse.normal_url(admin_url)).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        if not warehouse.scalar(conn, "SELECT 1 FROM pg_roles WHERE rolname = :n", n=AIRFLOW):
            conn.exec_driver_sql(f"CREATE ROLE {AIRFLOW} LOGIN")
        # Nothing to quote: the password is of letters that are safe in a URL (see Keyring).
        conn.exec_driver_sql(f"ALTER ROLE {AIRFLOW} PASSWORD '{airflow_password}'")
        for name, owner in ((WAREHOUSE, "DEFAULT"), (AIRFLOW, AIRFLOW)):
            if not warehouse.scalar(conn, "SELECT 1 FROM pg_database WHERE datname = :n", n=name):
                conn.exec_driver_sql(f"CREATE DATABASE {name} OWNER {owner}")
            conn.exec_driver_sql(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    admin.dispose()


def airflow_url(password: str, host: str, port: int) -> str:
    """How Airflow reaches its own tables."""
    return f"postgresql+psycopg2://{AIRFLOW}:{password}@{host}:{port}/{AIRFLOW}"


def airflow_revision(cluster: Cluster) -> str | None:
    """The version of Airflow's tables in its database; None before the first migration."""
    engine = warehouse.engine(warehouse.normal_url(cluster.database_url(AIRFLOW)))
    try:
        with engine.connect() as conn:
            if not warehouse.scalar(conn, "SELECT to_regclass('public.alembic_version')"):
                return None
            return str(warehouse.scalar(conn, "SELECT version_num FROM alembic_version"))
    finally:
        engine.dispose()
