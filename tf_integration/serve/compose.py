"""The secrets that docker-compose.yml reads: passwords, keys, and the settings that name the servers."""

from __future__ import annotations

import json
from pathlib import Path

from tf_integration.serve import partners
from tf_integration.serve.keys import Keyring

# Where the containers find them, and by what names they call one another.
MOUNTED = Path("/run/secrets")
KEYS_MOUNTED = Path("/run/partners")
DATABASE_HOST, SFTP_HOST, SFTP_PORT, REDIS_HOST = "postgres", "partners", 2222, "redis"


def write_secrets(folder: Path) -> list[Path]:
    """Write every secret of the compose file into `folder`, each its owner's alone; returns the files.

    Passwords and keys that are there already are kept; what is made from them is written again.
    """
    keyring = Keyring(folder)
    keyring.airflow()
    owner, airflow, redis = (keyring.password(n) for n in ("warehouse_password", "airflow_database_password",
                                                           "redis_password"))
    database = f"{DATABASE_HOST}:5432"
    keyring.write("airflow_database_url", f"postgresql+psycopg2://airflow:{airflow}@{database}/airflow")
    keyring.write("celery_broker_url", f"redis://:{redis}@{REDIS_HOST}:6379/0")
    keyring.write("celery_result_backend", f"db+postgresql://airflow:{airflow}@{database}/airflow")
    keyring.write("settings.toml", _settings(keyring, f"postgresql://tfi:{owner}@{database}/warehouse"))
    return sorted(f for f in folder.glob("**/*") if f.is_file())


def _settings(keyring: Keyring, warehouse_url: str) -> str:
    """A settings file in which the partners' server and the warehouse are the containers."""
    pinned = keyring.host_key()[1]
    lines = [f"warehouse_url = {json.dumps(warehouse_url)}", 'airflow_url = "http://api-server:8080"']
    for partner in partners.names():
        keyring.client_key(partner)
        lines += ["", f"[partners.{partner}]", f'host = "{SFTP_HOST}"', f"port = {SFTP_PORT}",
                  f'username = "{partner}"', f'key_file = "{KEYS_MOUNTED / partner}"',
                  f'host_key = "{pinned}"', 'root = "/"']
    return "\n".join(lines) + "\n"
