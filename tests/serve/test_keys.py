"""Secrets are made once, kept, and readable by their owner alone."""

from __future__ import annotations

import stat

from tf_integration.serve.keys import Keyring, too_open


def test_each_secret_is_made_once_and_is_its_owners_alone(tmp_path):
    first, second = Keyring(tmp_path / "s"), Keyring(tmp_path / "s")
    assert first.password("a") == second.password("a") != first.password("b")
    assert first.client_key("p") == second.client_key("p")
    assert first.host_key()[1] == second.host_key()[1] != first.client_key("p")[1]
    first.airflow()
    files = [f for f in (tmp_path / "s").glob("**/*") if f.is_file()]
    assert len(files) >= 9
    assert too_open(files) == []
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700


def test_a_key_half_written_is_made_anew(tmp_path):
    keyring = Keyring(tmp_path)
    keyring.client_key("p")[0].unlink()
    file, public = keyring.client_key("p")
    assert file.exists()
    assert public.startswith("ssh-ed25519 ")
