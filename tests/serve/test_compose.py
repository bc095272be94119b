"""The compose file: valid, whole in its references, in step with the embedded default, and without a secret."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tf_integration.model.settings import PROJECT, Settings
from tf_integration.serve import airflow_env, compose, partners
from tf_integration.serve.keys import too_open

FILE = PROJECT / "docker-compose.yml"


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text())


@pytest.fixture(scope="module")
def services(whole) -> dict[str, dict[str, Any]]:
    return whole["services"]


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("compose") / "secrets"
    compose.write_secrets(folder)
    return folder


def default(text: str) -> str:
    """What compose makes of `${NAME:-default}` when nothing is set."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


def ours(services) -> dict[str, dict[str, Any]]:
    return {n: s for n, s in services.items() if s.get("image") == "tf-integration/platform"}


def test_it_is_a_valid_compose_file():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_it_has_every_part(services):
    assert set(services) == {"postgres", "partners", "airflow-init", "api-server", "scheduler", "dag-processor",
                             "web", "triggerer", "redis", "worker"}
    assert {n for n, s in services.items() if s.get("profiles") == ["celery"]} == {"redis", "worker"}


def test_whatever_is_waited_for_exists_and_can_come_true(services):
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in services, f"{name} waits for {other}"
            if how["condition"] == "service_healthy":
                assert services[other].get("healthcheck"), f"{other} is never healthy"
            else:
                assert services[other]["restart"] == "no", f"{other} never completes"


def test_everything_that_keeps_running_has_a_health_check(services):
    assert [n for n, s in services.items() if "healthcheck" not in s] == ["airflow-init"]


def test_volumes_and_secrets_are_declared_used_and_written(whole, services, written):
    mounted = {default(v).split(":")[0] for s in services.values() for v in s.get("volumes", [])}
    assert {m for m in mounted if not m.startswith(("./", "/"))} == set(whole["volumes"])
    used = {name for s in services.values() for name in s.get("secrets", [])}
    assert used == set(whole["secrets"])
    for name, secret in whole["secrets"].items():
        assert default(secret["file"]) == f"./secrets/{name}"
        assert (written / name).stat().st_size, name
    assert {p.stem for p in (written / "partners").glob("*.pub")} == set(partners.names())


def test_each_file_that_a_service_reads_is_given_to_it(services):
    for name, service in services.items():
        told = [*map(str, service.get("environment", {}).values()), str(service.get("command", "")),
                str(service.get("healthcheck", ""))]
        if "celery" not in service.get("profiles", []):       # the broker's own are read by its profile alone
            told = [t for t in told if "celery" not in t]
        read = {f for text in told for f in re.findall(r"/run/secrets/([\w.]+)", text)}
        missing = read - set(service.get("secrets", []))
        assert missing <= {"airflow_admin_password"} if name == "airflow-init" else not missing, (name, missing)


def test_airflow_is_told_the_same_as_in_the_embedded_default(services):
    expected = airflow_env.options(compose.PLACE)
    for name, service in ours(services).items():
        told = {k: default(v) for k, v in service["environment"].items()}
        assert {k: told.get(k) for k in expected} == expected, name
        extra = set(told) - set(expected)
        assert extra <= {"TFI_SETTINGS", "TFI_AIRFLOW_PASSWORD_FILE", "TFI_PRELOAD",
                         "AIRFLOW__CELERY__BROKER_URL_CMD", "AIRFLOW__CELERY__RESULT_BACKEND_CMD"}, name
    assert services["scheduler"]["environment"]["TFI_PRELOAD"] == airflow_env.preload()["TFI_PRELOAD"]


def test_no_secret_stands_in_it(written):
    text = FILE.read_text()
    assert not [f.name for f in written.glob("**/*") if f.is_file() and f.suffix not in (".pub", ".toml", ".env")
                and f.read_text().strip() in text]
    for line in re.findall(r"^\s+\w*(?:PASSWORD|SECRET|KEY|CONN)\w*:.*$", text, re.MULTILINE):
        assert re.search(r"(_FILE|_CMD|_URL)\b", line) or "false" in line.lower(), line


def test_nothing_is_published_beyond_this_machine_and_nothing_gains_rights(services):
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert all("no-new-privileges:true" in s.get("security_opt", []) for n, s in services.items() if n != "postgres")


def test_images_name_a_version_and_are_built_from_targets_that_exist(services):
    targets = set(re.findall(r"^FROM \S+ AS (\w+)$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE))
    for service in services.values():
        if "build" in service:
            assert service["build"]["target"] in targets
        else:
            assert re.search(r":\d", service["image"])
    assert {s["build"]["target"] for s in services.values() if "build" in s} == targets


def test_what_the_images_copy_exists():
    for source in re.findall(r"^COPY (.+) \S+$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE):
        for name in source.split():
            assert (PROJECT / name).exists(), name


def test_the_settings_that_the_containers_read_name_the_containers(services, written, tmp_path, monkeypatch):
    monkeypatch.setenv("TFI_SETTINGS", str(written / "settings.toml"))
    settings = Settings.load(tmp_path)
    assert sorted(settings.partners) == partners.names()
    assert {s.host for s in settings.partners.values()} <= set(services)
    assert str(settings.warehouse_url).split("@")[1] == "postgres:5432/warehouse"
    assert settings.airflow_url == compose.PLACE.api_url
    assert tomllib.loads((written / "settings.toml").read_text())


def test_secrets_are_kept_when_written_again_and_are_their_owners_alone(written):
    before = {f: f.read_text() for f in written.glob("**/*") if f.is_file()}
    again = compose.write_secrets(written)
    assert {f: f.read_text() for f in again} == before
    assert too_open(again) == []
    assert f"TFI_UID={os.getuid()}\n" in (written / "compose.env").read_text()


def test_the_partners_server_allows_files_over_public_keys_and_nothing_else():
    told = dict(line.split(None, 1) for line in (PROJECT / "tf_integration/serve/container/sshd_config").read_text()
                .splitlines() if line and not line.startswith("#"))
    assert told["ForceCommand"].startswith("internal-sftp")
    assert told["ChrootDirectory"] == "/srv/partners/%u"
    for option in ("PasswordAuthentication", "KbdInteractiveAuthentication", "PermitRootLogin", "AllowTcpForwarding",
                   "AllowAgentForwarding", "AllowStreamLocalForwarding", "X11Forwarding", "PermitTunnel", "PermitTTY"):
        assert told[option] == "no", option
