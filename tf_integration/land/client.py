"""A partner's SFTP account: one pinned host key, one Ed25519 key, time-outs on everything.

The usual SFTP hooks accept truncated and growing files, and some accept any host (measured), so this client is our own.
"""

from __future__ import annotations

import base64
import binascii
import posixpath
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, cast

import paramiko
from paramiko.pkey import UnknownKeyType
from paramiko.sftp import CMD_CLOSE, CMD_OPENDIR, CMD_READDIR

from tf_integration.land.limits import Limits
from tf_integration.model.errors import CallError, ServiceError
from tf_integration.model.settings import PartnerServer

EXTRACTS, RECEIPTS = "extracts", "receipts"
_FAST_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")


class Unreachable(ServiceError):
    """The partner's server cannot be reached, or broke off; worth another try."""


class Refused(ServiceError):
    """The partner's server is not the one that is pinned, or it refuses our key; another try would not help."""


class KeyRefused(Refused):
    """The account refuses our key. Each further try counts against the account, which may lock itself."""


@dataclass(frozen=True)
class RemoteFile:
    """One regular file of a folder; `modified_at` is the server's own clock, and only ever compared for equality."""

    name: str
    bytes: int
    modified_at: int


class Account:
    """An open SFTP session on a partner's account."""

    def __init__(self, partner: str, sftp: paramiko.SFTPClient, root: str, limits: Limits) -> None:
        self.partner, self.sftp, self.root, self.limits = partner, sftp, root, limits

    def path(self, folder: str, name: str = "") -> str:
        return posixpath.join(self.root, folder, name).rstrip("/")

    def listing(self, folder: str) -> list[RemoteFile]:
        """The regular files of a folder; links, folders and devices are not looked at.

        Raises:
            Unreachable: the folder cannot be listed.
        """
        with translated(self.partner, f"listing {folder}/"):
            found = self.sftp.listdir_attr(self.path(folder))
        regular = (a for a in found if a.st_mode is not None and stat.S_ISREG(a.st_mode))
        files = (RemoteFile(a.filename, a.st_size or 0, a.st_mtime or 0) for a in regular)
        return [f for f in files if "/" not in f.name]

    def stat(self, folder: str, name: str) -> RemoteFile | None:
        """The file as it is now, or None when it has gone."""
        with translated(self.partner, f"looking at a file of {folder}/"):
            try:
                found = self.sftp.stat(self.path(folder, name))
            except FileNotFoundError:
                return None
        return RemoteFile(name, found.st_size or 0, found.st_mtime or 0)

    def read_small(self, folder: str, name: str, most: int) -> bytes:
        """A small file's bytes, at most `most` + 1 of them (so that a longer one shows)."""
        with (
            translated(self.partner, f"reading a control file of {folder}/"),
            self.sftp.open(self.path(folder, name), "rb") as handle,
        ):
            return bytes(handle.read(most + 1))

    def remove(self, folder: str, name: str) -> None:
        """Remove a file of ours if it is there."""
        with translated(self.partner, f"writing to {folder}/"), suppress(FileNotFoundError):
            self.sftp.remove(self.path(folder, name))

    def write(self, folder: str, name: str, content: bytes) -> None:
        """Write a file whole: under a temporary name, then renamed over the final one."""
        part, final = self.path(folder, f".{name}.part"), self.path(folder, name)
        with translated(self.partner, f"writing to {folder}/"):
            with self.sftp.open(part, "wb") as handle:
                handle.write(content)
            try:
                self.sftp.posix_rename(part, final)
            except OSError:  # a server without that extension cannot rename over a file
                with suppress(OSError):
                    self.sftp.remove(final)
                self.sftp.rename(part, final)


class _Client(paramiko.SFTPClient):
    """The library's client, but for one listing: there a name that is no UTF-8 would end it for the whole folder."""

    _request: Any
    _adjust_cwd: Any

    def listdir_attr(self, path: str = ".") -> list[paramiko.SFTPAttributes]:
        """The folder's entries; a name that is no UTF-8 is shown by its escapes."""
        _, opened = self._request(CMD_OPENDIR, self._adjust_cwd(path))
        handle, found, attributes = opened.get_binary(), [], cast(Any, paramiko.SFTPAttributes)
        while True:
            try:
                _, entries = self._request(CMD_READDIR, handle)
            except EOFError:
                break
            for _ in range(entries.get_int()):
                name = entries.get_binary().decode("utf-8", "backslashreplace")
                entries.get_binary()  # the same in the words of `ls -l`
                found.append(attributes._from_msg(entries, name))
        self._request(CMD_CLOSE, handle)
        return [a for a in found if a.filename not in (".", "..")]


@contextmanager
def connect(partner: str, server: PartnerServer, limits: Limits) -> Iterator[Account]:
    """One session on a partner's account. The host key is compared before any credential is sent.

    Raises:
        CallError: the key file or the pinned host key cannot be read.
        Refused: the host key is not the pinned one, or the account refuses our key.
        Unreachable: no answer, a time-out, or the connection breaks.
    """
    client, key = _pinned(partner, server), _private_key(partner, server)
    seconds = limits.connect_seconds
    try:
        with translated(partner, "connecting"):
            client.connect(
                server.host,
                server.port,
                server.username,
                pkey=key,
                timeout=seconds,
                banner_timeout=seconds,
                auth_timeout=seconds,
                channel_timeout=seconds,
                allow_agent=False,
                look_for_keys=False,
                compress=False,
                transport_factory=_transport,
            )
            transport = client.get_transport()
            if transport is None:
                raise EOFError
            transport.set_keepalive(limits.keepalive_seconds)
            sftp = _Client.from_transport(transport)
            if sftp is None:
                raise EOFError
            channel = sftp.get_channel()
            if channel is not None:
                channel.settimeout(limits.channel_seconds)
        yield Account(partner, sftp, server.root, limits)
    finally:
        client.close()


def _transport(sock: object, **options: object) -> paramiko.Transport:
    transport = paramiko.Transport(sock, **options)  # type: ignore[arg-type]
    security = transport.get_security_options()
    fast = [c for c in _FAST_CIPHERS if c in security.ciphers]
    security.ciphers = (*fast, *(c for c in security.ciphers if c not in fast))
    return transport


def _pinned(partner: str, server: PartnerServer) -> paramiko.SSHClient:
    """A client that knows one host key and refuses every other."""
    kind, _, text = server.host_key.strip().partition(" ")
    try:
        key = paramiko.PKey.from_type_string(kind, base64.b64decode(text.split()[0]))
    except (paramiko.SSHException, UnknownKeyType, binascii.Error, IndexError, ValueError, TypeError):
        raise CallError(
            "the pinned host key cannot be read.",
            where=f"partners.{partner}.host_key",
            mend="Write it as `<type> <base64>`, as ssh-keyscan prints it, checked with the partner.",
        ) from None
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    for name in (server.host, f"[{server.host}]:{server.port}"):
        client.get_host_keys().add(name, kind, key)
    return client


def _private_key(partner: str, server: PartnerServer) -> paramiko.PKey:
    try:
        return paramiko.Ed25519Key.from_private_key_file(str(server.key_file))
    except (OSError, paramiko.SSHException, ValueError):
        raise CallError(
            "our private key cannot be read as an Ed25519 key.",
            where=f"partners.{partner}.key_file",
            mend="Make one with `ssh-keygen -t ed25519` and give its public half to the partner.",
        ) from None


@contextmanager
def translated(partner: str, doing: str) -> Iterator[None]:
    """Turn what the SSH library raises into our errors, without the server's own words."""
    where = f"partner {partner}, {doing}"
    try:
        yield
    except paramiko.BadHostKeyException:
        raise Refused(
            "the server's host key is not the pinned one; nothing was sent.",
            where=where,
            mend="Ask the partner by another channel whether the key was changed, before pinning it.",
        ) from None
    except paramiko.AuthenticationException:
        raise KeyRefused(
            "the account refuses our key.",
            where=where,
            mend="Ask the partner to install our public key; do not retry in a loop, it may lock the account.",
        ) from None
    except paramiko.SSHException as error:
        raise Unreachable(
            f"the connection broke ({type(error).__name__}).",
            where=where,
            mend="The next night tries again; if it lasts, ring the partner.",
        ) from None
    except (FileNotFoundError, PermissionError):
        raise Unreachable(
            "the server has no such file or folder, or keeps us out of it.",
            where=where,
            mend="Ask the partner to look at extracts/ and receipts/ of our account.",
        ) from None
    except (EOFError, OSError, paramiko.SFTPError) as error:
        raise Unreachable(
            f"no answer or the connection broke ({type(error).__name__}).",
            where=where,
            mend="The next night tries again; if it lasts, ring the partner.",
        ) from None


class Session:
    """One connection to a partner: opened when first needed, shared by all its files, opened again after a break."""

    def __init__(self, partner: str, server: PartnerServer, limits: Limits) -> None:
        self.partner = partner
        self._server, self._limits = server, limits
        self._open: AbstractContextManager[Account] | None = None
        self._account: Account | None = None

    @contextmanager
    def account(self) -> Iterator[Account]:
        """The open account. A break inside closes it, so that the next call connects afresh.

        Raises:
            Refused, Unreachable, CallError: as `connect`.
        """
        if self._account is None:
            self._open = connect(self.partner, self._server, self._limits)
            self._account = self._open.__enter__()
        try:
            yield self._account
        except Unreachable:
            self.close()
            raise

    def close(self) -> None:
        opened, self._open, self._account = self._open, None, None
        if opened is not None:
            opened.__exit__(None, None, None)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
