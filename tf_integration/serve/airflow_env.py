"""Airflow's configuration, whole, as environment variables: for the embedded parts, the tests and compose."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from tf_integration.model.settings import PROJECT, Settings
from tf_integration.serve.airflow_api import ADMIN

# Third-party modules that every task would otherwise import (great_expectations alone: 6 s of a core). The
# scheduler imports them once, before its workers fork: six tasks at once took 62 s without and 5 s with it,
# on two busy cores, for 190 MB more. Nothing of ours is named: our code may change under a running scheduler.
PRELOAD = ("great_expectations", "pandas", "polars", "pyarrow", "paramiko", "psycopg2", "sqlalchemy")


@dataclass(frozen=True)
class Place:
    """Where one installation keeps things, as Airflow's processes see them."""

    tfi_home: str
    airflow_home: str
    project: str
    logs: str
    secrets: str
    api_url: str                    # as the parts reach it
    public_url: str                 # as a browser reaches it
    timezone: str = "Europe/London"


def embedded(settings: Settings, api_port: int) -> Place:
    """The place of the embedded default."""
    home, url = settings.home, f"http://127.0.0.1:{api_port}"
    return Place(str(home), str(home / "airflow"), str(PROJECT), str(settings.logs / "airflow"),
                 str(home / "secrets"), url, url, settings.timezone)


def options(place: Place) -> dict[str, str]:
    """Every setting that we make, by environment variable. Secrets are named by file, never held."""
    def held(name: str) -> str:
        return "cat " + shlex.quote(f"{place.secrets}/{name}")

    core = {
        "DAGS_FOLDER": f"{place.project}/dags", "PLUGINS_FOLDER": f"{place.project}/plugins",
        "EXECUTOR": "LocalExecutor", "PARALLELISM": "4", "LOAD_EXAMPLES": "False",
        "DEFAULT_TIMEZONE": place.timezone, "HOSTNAME_CALLABLE": "socket.gethostname",
        "EXECUTION_API_SERVER_URL": f"{place.api_url}/execution/",
        "SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin", "SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
        "SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": f"{place.secrets}/airflow_passwords.json",
        "FERNET_KEY_CMD": held("airflow_fernet_key"),
    }
    logging = {
        "BASE_LOG_FOLDER": place.logs,
        "DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": f"{place.logs}/dag_processor",
        "FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
        "FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
        "COLORED_CONSOLE_LOG": "False", "NAMESPACE_LEVELS": "great_expectations=WARNING",
    }
    sections = {
        "CORE": core,
        "LOGGING": logging,
        "DATABASE": {"SQL_ALCHEMY_CONN_CMD": held("airflow_database_url")},
        # A task that was killed with its scheduler is taken for dead after so many seconds, and tried again.
        "SCHEDULER": {"SCHEDULER_IDLE_SLEEP_TIME": "0.1", "TASK_INSTANCE_HEARTBEAT_TIMEOUT": "40",
                      "TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5"},
        # A task waits about two minutes for an api-server that is away: a restart must not use up its tries.
        "WORKERS": {"EXECUTION_API_RETRIES": "24", "EXECUTION_API_RETRY_WAIT_MAX": "10"},
        "DAG_PROCESSOR": {"REFRESH_INTERVAL": "15", "MIN_FILE_PROCESS_INTERVAL": "30",
                          "PARSING_PROCESSES": "1"},
        "API": {"BASE_URL": place.public_url, "SECRET_KEY_CMD": held("airflow_api_secret_key")},
        "API_AUTH": {"JWT_SECRET_CMD": held("airflow_jwt_secret")},
    }
    airflow = {f"AIRFLOW__{section}__{name}": value
               for section, named in sections.items() for name, value in named.items()}
    # The parts talk to one another directly, whatever proxy the machine is told to use.
    return {"AIRFLOW_HOME": place.airflow_home, "TFI_HOME": place.tfi_home, "GX_ANALYTICS_ENABLED": "false",
            "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost", **airflow}


def preload() -> dict[str, str]:
    """What only the scheduler is told, beside `options`."""
    return {"TFI_PRELOAD": ",".join(PRELOAD)}


def write_local_settings(airflow_home: Path) -> None:
    """Put the module that Airflow imports at its start where it looks for it."""
    folder = airflow_home / "config"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "airflow_local_settings.py").write_text(_LOCAL_SETTINGS)


_LOCAL_SETTINGS = '''"""In the scheduler alone: import what tasks need, before its workers fork."""

import importlib
import os

__all__: list[str] = []

for _name in filter(None, os.environ.pop("TFI_PRELOAD", "").split(",")):
    importlib.import_module(_name)
'''
