"""Open what a partner encrypted to us: decrypted as a stream, and believed only when that partner's key signed it.

Each file is opened in a key ring of its own, which holds our private key and this one partner's public keys, and goes
afterwards. So no key of the machine, of another partner or of an earlier file can vouch for anything.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import gnupg
import psutil

from tf_integration.land.limits import Limits
from tf_integration.land.unreadable import Unreadable
from tf_integration.model.errors import CallError, ServiceError
from tf_integration.model.private import write_private
from tf_integration.model.settings import Settings

_PREFIX = "tfi-pgp-"
_MEMORY = Path("/dev/shm")
_OPTIONS = ("--disable-dirmngr", "--no-auto-key-retrieve", "--no-auto-key-locate", "--pinentry-mode", "loopback")
_SPENT = {"EXPSIG", "EXPKEYSIG", "REVKEYSIG"}
_UNKNOWN = {"ERRSIG", "NO_PUBKEY"}
_UNLOCKED = {"DECRYPTION_KEY", "DECRYPTION_INFO"}  # one of our keys gave the message's own key


@dataclass(frozen=True)
class Keys:
    """Our private key (None: we have none), the file with its passphrase, and the partner's public keys."""

    ours: Path | None
    theirs: tuple[Path, ...] = ()
    passphrase: Path | None = None

    @property
    def are_there(self) -> bool:
        return self.ours is not None and bool(self.theirs)


def keys_of(settings: Settings, partner: str) -> Keys:
    """The keys that open and vouch for a partner's files."""
    ours = settings.pgp_private_key
    theirs = settings.pgp_keys(partner)
    return Keys(ours if ours.is_file() else None, tuple(f for f in theirs if f.is_file()), settings.pgp_passphrase_file)


def decrypted(file: Path, keys: Keys, limits: Limits) -> Iterator[bytes]:
    """The plain bytes in blocks; only a caller that reads to the end may believe them.

    Raises:
        Unreadable: `pgp_not_configured`, or at the latest after the last block what is wrong with the encryption or the
            signature, or `too_large` or `bomb` as soon as more comes out than a file may hold.
        ServiceError: this machine has no gpg.
    """
    if not keys.are_there:
        raise Unreadable("pgp_not_configured")
    with _ring() as (gpg, home):
        theirs = _imported(gpg, keys)
        status = home / "status"
        with _running(gpg, home, file, keys, status) as process:
            assert process.stdout is not None
            yield from _within(process.stdout, file, limits)
            code = process.wait()
        fault = verdict(status.read_text(errors="replace").splitlines(), code, theirs)
    if fault:
        raise Unreadable(fault)


def verdict(status: list[str], code: int, theirs: set[str]) -> str:
    """The rule that gpg's status lines amount to; '' for a whole file, encrypted to us and signed by `theirs`."""
    said = [line.split()[1:] for line in status if line.startswith("[GNUPG:] ")]
    words = {s[0] for s in said}
    if "ENC_TO" not in words:
        return "pgp_not_encrypted"
    if "BADSIG" in words:  # gpg goes no further then
        return "pgp_signature_wrong"
    if "DECRYPTION_OKAY" not in words:
        return "pgp_damaged" if words & _UNLOCKED else "pgp_not_for_us"
    if words & _SPENT:
        return "pgp_signature_expired"
    signers = {s[-1] for s in said if s[0] == "VALIDSIG"}
    if words & _UNKNOWN or signers - theirs:
        return "pgp_signer_unknown"
    if not signers:
        return "pgp_unsigned"
    return "pgp_damaged" if code else ""


def make_our_key(settings: Settings) -> bool:
    """Make our key pair under `secrets/` unless a private key is there; False when this machine has no gpg.

    RSA, because partners' older programs know nothing else.
    """
    private, public = settings.pgp_private_key, settings.home / "secrets" / "pgp_public_key.asc"
    if private.exists():
        return True
    if not shutil.which("gpg"):
        return False
    with _ring() as (gpg, _):
        made = gpg.gen_key(
            gpg.gen_key_input(
                no_protection=True,
                key_type="RSA",
                key_length=3072,
                subkey_type="RSA",
                subkey_length=3072,
                name_real="tf-integration",
                name_email="extracts@tf-integration.invalid",
                expire_date=0,
            )
        )
        write_private(public, gpg.export_keys(made.fingerprint))
        write_private(private, gpg.export_keys(made.fingerprint, True, expect_passphrase=False))
    return True


@contextmanager
def _ring() -> Iterator[tuple[gnupg.GPG, Path]]:
    """An empty key ring in memory where the machine has such a place. Its path is short: gpg's socket stands in it."""
    _sweep()
    home = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_base()))
    try:
        try:
            yield gnupg.GPG(gnupghome=str(home), options=list(_OPTIONS)), home
        except OSError as error:
            if shutil.which("gpg"):
                raise
            raise ServiceError(
                f"gpg cannot be started ({error.strerror or 'not found'}).", mend="Install gnupg (2.2 or later)."
            ) from None
    finally:
        with suppress(OSError, subprocess.TimeoutExpired):
            end = ["gpgconf", "--homedir", str(home), "--kill", "gpg-agent"]
            subprocess.run(end, capture_output=True, check=False, timeout=10)
        shutil.rmtree(home, ignore_errors=True)


def _base() -> Path:
    return _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())


def _sweep() -> None:
    """Remove the rings of processes that were killed."""
    for left in _base().glob(f"{_PREFIX}*"):
        owner = re.match(rf"{_PREFIX}(\d+)-", left.name)
        if owner and not psutil.pid_exists(int(owner[1])) and left.stat().st_uid == os.geteuid():
            shutil.rmtree(left, ignore_errors=True)


def _imported(gpg: gnupg.GPG, keys: Keys) -> set[str]:
    """Put the keys into the ring; returns the fingerprints that may sign."""
    assert keys.ours is not None
    if not gpg.import_keys(keys.ours.read_bytes()).sec_read:
        raise CallError(
            "our PGP private key cannot be read.",
            where=str(keys.ours),
            mend="Put an exported private key there, or remove the file and run `tfi up`, which makes one.",
        )
    theirs: set[str] = set()
    for file in keys.theirs:
        theirs |= {f for f in gpg.import_keys(file.read_bytes()).fingerprints if f}
    return theirs


@contextmanager
def _running(
    gpg: gnupg.GPG, home: Path, file: Path, keys: Keys, status: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """gpg at work on the file, its plain text on standard output; ended with the context, whatever happens."""
    unlock = ["--passphrase-file", str(keys.passphrase)] if keys.passphrase else []
    command = [gpg.gpgbinary, "--homedir", str(home), "--batch", "--no-tty", "--quiet", "--trust-model", "always",
               "--status-file", str(status), *_OPTIONS, *unlock, "--decrypt", "--", str(file)]  # fmt: skip
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
    )
    try:
        yield process
    finally:
        process.kill()
        if process.stdout:
            process.stdout.close()
        process.wait()


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _within(stream: object, file: Path, limits: Limits) -> Iterator[bytes]:
    packed, out = max(file.stat().st_size, 1), 0
    while block := stream.read(limits.block_bytes):  # type: ignore[attr-defined]
        out += len(block)
        if out > limits.unpacked_bytes:
            raise Unreadable("too_large")
        if out > limits.ratio_from_bytes and out > packed * limits.unpacked_ratio:
            raise Unreadable("bomb")
        yield block
