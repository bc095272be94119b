"""What docker-compose.yml needs of us: its secrets, and `python -m tf_integration.serve.compose`, its first container.

The names here are the compose file's; a test holds the two together.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tf_integration.model.settings import Settings
from tf_integration.serve import airflow_env, databases, partners
from tf_integration.serve.airflow_env import Place
from tf_integration.serve.keys import Keyring

SECRETS, PARTNER_KEYS = "/run/secrets", "/run/partners"
PLACE = Place(tfi_home="/srv/tfi", airflow_home="/srv/tfi/airflow", project="/opt/tf-integration",
              logs="/srv/tfi/logs/airflow", secrets=SECRETS, api_url="http://api-server:8080",
              public_url="http://localhost:8080")
_DATABASE, _SFTP, _REDIS = ("postgres", 5432), ("partners", 2222), ("redis", 6379)


def write_secrets(folder: Path) -> list[Path]:
    """Write every secret of the compose file into `folder`, each its owner's alone; returns the files.

    Passwords and keys that are there already are kept; what is made from them is written again. `compose.env`
    holds no secret: it tells compose to run as whoever may read the files.
    """
    keyring = Keyring(folder)
    keyring.airflow()
    owner, airflow, redis = (keyring.password(n) for n in ("warehouse_password", "airflow_database_password",
                                                           "redis_password"))
    keyring.write("airflow_database_url", databases.airflow_url(airflow, *_DATABASE))
    keyring.write("celery_result_backend", "db+" + databases.airflow_url(airflow, *_DATABASE))
    keyring.write("celery_broker_url", f"redis://:{redis}@{_REDIS[0]}:{_REDIS[1]}/0")
    keyring.write("redis.conf", f'requirepass {redis}\nsave ""\nappendonly no\n')
    keyring.write("settings.toml", _settings(keyring, owner))
    keyring.write("compose.env", f"TFI_UID={os.getuid()}\nTFI_SECRETS={folder.absolute()}\n")
    return sorted(f for f in folder.glob("**/*") if f.is_file())


def _settings(keyring: Keyring, password: str) -> str:
    """A settings file in which the partners' server and the warehouse are the containers."""
    host, port = _DATABASE
    url = f"postgresql://tfi:{password}@{host}:{port}/{databases.WAREHOUSE}"
    lines = [f"warehouse_url = {json.dumps(url)}", f"airflow_url = {json.dumps(PLACE.api_url)}"]
    pinned = keyring.host_key()[1]
    for partner in partners.names():
        keyring.client_key(partner)
        known = {"host": _SFTP[0], "username": partner, "key_file": f"{PARTNER_KEYS}/{partner}", "host_key": pinned,
                 "root": "/"}
        lines += ["", f"[partners.{partner}]", f"port = {_SFTP[1]}"]
        lines += [f"{name} = {json.dumps(value)}" for name, value in known.items()]
    return "\n".join(lines) + "\n"


def initialise() -> None:
    """Make the two databases and Airflow's tables; doing it again changes nothing. `tfi prepare` does the rest."""
    password = Keyring(Path(SECRETS)).peek("airflow_database_password")
    databases.create(Settings.load().warehouse_url or "", password)
    airflow_env.write_local_settings(Path(PLACE.airflow_home))
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True)


if __name__ == "__main__":
    initialise()
