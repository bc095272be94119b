"""Airflow's configuration: what we set exists, and is safe."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from tf_integration.model.settings import PROJECT, Settings
from tf_integration.serve import airflow_env
from tf_integration.serve.airflow_api import Api
from tf_integration.serve.keys import Keyring


@pytest.fixture
def options(tmp_path):
    settings = Settings(home=tmp_path / "a home")
    keyring = Keyring(settings.home / "secrets")
    keyring.airflow()
    keyring.write("airflow_database_url", "sqlite:////nowhere")
    return airflow_env.options(airflow_env.embedded(settings, 8080))


@pytest.mark.airflow
def test_airflow_knows_every_option_that_we_set_and_reads_secrets_from_their_files(options, tmp_path):
    script = ("import os\nfrom airflow.configuration import conf\n"
              "named = [n.removesuffix('_CMD').split('__')[1:] for n in os.environ if n.startswith('AIRFLOW__')]\n"
              "known = conf.configuration_description\n"
              "print([n for n in named if n[1].lower() not in known.get(n[0].lower(), {}).get('options', {})])\n"
              "print(conf.get('core', 'fernet_key'), conf.get('database', 'sql_alchemy_conn'))\n")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")}
    answer = subprocess.run([sys.executable, "-c", script], env={**clean, **options}, capture_output=True, text=True,
                            check=True)
    unknown, secrets = answer.stdout.splitlines()[-2:]
    assert unknown == "[]"
    assert secrets == f"{Keyring(tmp_path / 'a home' / 'secrets').peek('airflow_fernet_key')} sqlite:////nowhere"


def test_nobody_is_let_in_without_a_password_and_no_examples_are_loaded(options):
    assert options["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS"] == "False"
    assert options["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    assert options["GX_ANALYTICS_ENABLED"] == "false"


def test_no_secret_stands_in_the_environment(options, tmp_path):
    hidden = [f.read_text().strip() for f in (tmp_path / "a home" / "secrets").iterdir()]
    assert not [value for value in options.values() for secret in hidden if secret in value]


def test_it_reads_the_projects_own_folders(options):
    assert options["AIRFLOW__CORE__DAGS_FOLDER"] == str(PROJECT / "dags")
    assert options["AIRFLOW__CORE__PLUGINS_FOLDER"] == str(PROJECT / "plugins")


def test_only_the_scheduler_imports_ahead_and_only_what_is_not_ours():
    assert not [name for name in airflow_env.PRELOAD if name.startswith("tf_integration")]


def test_without_airflow_the_client_says_what_to_do(tmp_path):
    with pytest.raises(Exception, match="tfi up"):
        Api(Settings(home=tmp_path))
    silent = Settings(home=tmp_path, airflow_url="http://127.0.0.1:9")
    with pytest.raises(Exception, match="does not answer"):
        Api(silent).health()
    with pytest.raises(Exception, match="password cannot be read"):
        Api(silent).dag_ids()


def test_a_server_that_answers_too_late_is_asked_again_as_often_as_said(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings = Settings(home=tmp_path, airflow_url=f"http://127.0.0.1:{deaf.getsockname()[1]}")
        with pytest.raises(Exception, match="TimeoutError"):
            Api(settings, timeout_seconds=0.2, tries=3).health()
        deaf.settimeout(0.5)
        assert [len(deaf.accept()) for _ in range(3)] == [2, 2, 2]
        with pytest.raises(TimeoutError):
            deaf.accept()
