"""A sender's own PGP: real gpg with key rings of its own, and everything that can be wrong with what it makes."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import gnupg


@dataclass
class Sender:
    """One key ring. `who` names keys in it; keys of others are taken in with `trust`."""

    gpg: gnupg.GPG
    home: Path

    def key(self, who: str, *, expires: str = "0", born: str = "") -> str:
        """Make a key pair; returns its fingerprint. `born` is a day on which the machine's clock is said to stand."""
        command = ["--batch", "--pinentry-mode", "loopback", "--passphrase", "", "--quick-gen-key", who]
        self.run(*([f"--faked-system-time={born}"] if born else []), *command, "ed25519", "sign", expires)
        made = str(self.gpg.list_keys(keys=who)[0]["fingerprint"])
        adding = ["--batch", "--pinentry-mode", "loopback", "--passphrase", "", "--quick-add-key", made]
        self.run(*([f"--faked-system-time={born}"] if born else []), *adding, "cv25519", "encrypt", expires)
        return made

    def public(self, who: str) -> str:
        return str(self.gpg.export_keys(who))

    def secret(self, who: str) -> str:
        return str(self.gpg.export_keys(who, True, expect_passphrase=False))

    def encrypt(self, data: bytes, to: str, by: str | None, *extra: str) -> bytes:
        """Encrypted `to` one key and signed `by` another, or by nobody."""
        signed = ["--sign", "--local-user", by] if by else []
        return self.run(*extra, "--encrypt", "--recipient", to, *signed, stdin=data)

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        start = ["gpg", "--homedir", str(self.home), "--batch", "--yes", "--trust-model", "always", "--quiet"]
        done = subprocess.run([*start, *arguments], input=stdin, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout


@contextmanager
def sender() -> Iterator[Sender]:
    home = Path(tempfile.mkdtemp(prefix="tfi-test-pgp-"))      # short: gpg's socket stands in it
    try:
        yield Sender(gnupg.GPG(gnupghome=str(home)), home)
    finally:
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "gpg-agent"], capture_output=True, check=False)
        shutil.rmtree(home, ignore_errors=True)
