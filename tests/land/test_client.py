"""Whom we talk to, and what we send before we know."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh
import pytest
from sftp_partner import Partner

from tf_integration.land.client import Refused, Unreachable, connect
from tf_integration.land.limits import Limits
from tf_integration.model.errors import CallError


def sign_in(partner: Partner, limits: Limits, **changes: object) -> None:
    with connect(partner.name, partner.server(**changes), limits) as account:
        account.listing("extracts")


def test_a_pinned_host_and_our_key_let_us_in(housing: Partner, limits: Limits) -> None:
    sign_in(housing, limits)
    assert "key sent" in housing.seen


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256"])
def test_a_changed_host_key_is_refused_before_any_credential_is_sent(
    housing: Partner, limits: Limits, kind: str
) -> None:
    other = " ".join(asyncssh.generate_private_key(kind).export_public_key().decode().split()[:2])
    with pytest.raises(Refused, match="nothing was sent"):
        sign_in(housing, limits, host_key=other)
    assert "auth begun" not in housing.seen
    assert "key sent" not in housing.seen
    assert "password sent" not in housing.seen


def test_the_pin_of_one_host_is_not_taken_from_the_users_known_hosts(
    housing: Partner, limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = " ".join(housing.host_key.export_public_key().decode().split()[:2])
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{housing.port} {real}\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    other = " ".join(asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().split()[:2])
    with pytest.raises(Refused):
        sign_in(housing, limits, host_key=other)


def test_a_key_that_the_partner_does_not_know_is_refused_and_not_tried_again(housing: Partner, limits: Limits) -> None:
    housing.accepts = None
    with pytest.raises(Refused, match="refuses our key"):
        sign_in(housing, limits)
    assert housing.seen.count("connected") == 1
    assert "password sent" not in housing.seen


def test_no_other_key_of_the_machine_is_offered(
    housing: Partner, limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stray = asyncssh.generate_private_key("ssh-ed25519")
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "id_ed25519").write_bytes(stray.export_private_key())
    (tmp_path / ".ssh" / "id_ed25519").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    housing.accepts = None
    caplog.set_level(logging.DEBUG, "paramiko")
    with agent_holding(tmp_path / ".ssh" / "id_ed25519") as socket:
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        with pytest.raises(Refused):
            sign_in(housing, limits)
    tried = [r.getMessage() for r in caplog.records if r.getMessage().startswith("Trying")]
    assert len(tried) == 1  # ours; the client tells of each one that it tries
    assert "discovered" not in tried[0]
    assert "agent" not in tried[0]


@contextmanager
def agent_holding(key: Path) -> Iterator[str]:
    """A real SSH agent with a key in it; its socket."""
    if not shutil.which("ssh-agent"):
        pytest.skip("there is no ssh-agent on this machine")
    said = subprocess.run(["ssh-agent", "-s"], capture_output=True, text=True, check=True).stdout
    socket, process = said.split("SSH_AUTH_SOCK=")[1].split(";")[0], int(said.split("SSH_AGENT_PID=")[1].split(";")[0])
    try:
        environment = os.environ | {"SSH_AUTH_SOCK": socket}
        subprocess.run(["ssh-add", str(key)], capture_output=True, check=True, env=environment)
        yield socket
    finally:
        os.kill(process, signal.SIGTERM)


def test_a_dead_server_is_unreachable_with_the_partner_named(housing: Partner, limits: Limits) -> None:
    housing.stop()
    with pytest.raises(Unreachable, match="partner housing"):
        sign_in(housing, limits)


def test_an_unreadable_pin_says_which_setting_to_mend(housing: Partner, limits: Limits) -> None:
    for pin in ("", "ssh-ed25519", "ssh-ed25519 not-base64!", "none AAAA"):
        with pytest.raises(CallError, match=r"partners\.housing\.host_key"):
            sign_in(housing, limits, host_key=pin)


def test_a_missing_private_key_says_which_setting_to_mend(housing: Partner, limits: Limits, tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"partners\.housing\.key_file"):
        sign_in(housing, limits, key_file=tmp_path / "none")
