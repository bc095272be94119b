"""Generated secrets: each in a file of its own under TFI_HOME/secrets, readable by its owner alone."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from tf_integration.model.private import write_private
from tf_integration.serve.airflow_api import ADMIN, PASSWORD_FILE

COMMENT = "tf-integration"


@dataclass(frozen=True)
class Keyring:
    """The secrets of one installation. Each method returns what is there, and makes it when it is not."""

    folder: Path

    def password(self, name: str) -> str:
        """A random password (48 bytes, safe in a URL) in the file `name`."""
        return self._kept(name, lambda: secrets.token_urlsafe(48))

    def peek(self, name: str) -> str:
        """What the file `name` holds; blank when there is none, and none is made."""
        file = self.folder / name
        return file.read_text().strip() if file.exists() else ""

    def airflow(self) -> None:
        """What Airflow's configuration names: its keys, and the file that its own sign-on reads."""
        self._kept("airflow_fernet_key", lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
        self.password("airflow_jwt_secret")
        self.password("airflow_api_secret_key")
        self.write("airflow_passwords.json", json.dumps({ADMIN: self.password(PASSWORD_FILE)}) + "\n")

    def host_key(self) -> tuple[Path, str]:
        """The SFTP server's key file, and the line `<type> <base64>` that clients pin."""
        return self._ed25519("sftp_host_key")

    def client_key(self, partner: str) -> tuple[Path, str]:
        """One partner's key file, and its public line. The server reads the `.pub` at each sign-in."""
        return self._ed25519(f"partners/{partner}")

    def write(self, name: str, text: str) -> Path:
        """Put `text` into the file `name`, whole or not at all; unchanged text leaves the file alone."""
        file = self.folder / name
        if not file.exists() or file.read_text() != text:
            write_private(file, text)
        file.chmod(0o600)
        return file

    def _kept(self, name: str, make: Callable[[], str]) -> str:
        if text := self.peek(name):
            return text
        text = make()
        self.write(name, text)         # no line end: Airflow would take it for a part of the secret
        return text

    def _ed25519(self, name: str) -> tuple[Path, str]:
        file, public = self.folder / name, self.folder / f"{name}.pub"
        if not file.exists() or not public.exists():
            key = asyncssh.generate_private_key("ssh-ed25519", comment=COMMENT)
            self.write(name, key.export_private_key().decode())
            self.write(f"{name}.pub", key.export_public_key().decode())
        return file, " ".join(public.read_text().split()[:2])


def too_open(files: Iterable[Path]) -> list[Path]:
    """Those of the files that someone other than their owner may read or write."""
    return [f for f in files if f.is_file() and f.stat().st_mode & 0o077]
