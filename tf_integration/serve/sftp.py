"""The partners' SFTP server: `python -m tf_integration.serve.sftp --home HOME --port PORT`.

One account per `TFI_HOME/secrets/partners/<partner>.pub`, shut into `TFI_HOME/partners/<partner>/`. Public
keys only; no shell, no commands, no forwarding, no links.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import posixpath
import signal
import sys
from pathlib import Path

import asyncssh
from asyncssh.sftp import SFTPAttrs, SFTPOpUnsupported, SFTPPermissionDenied

FOLDERS = ("extracts", "receipts")


class Accounts(asyncssh.SSHServer):
    """Who may sign in: the partner named, with the key on file for it now."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def begin_auth(self, username: str) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        if not username.replace("_", "").isalnum():          # a name that could be a path is nobody's
            return False
        file = self._home / "secrets" / "partners" / f"{username}.pub"
        try:
            return asyncssh.read_public_key(file).public_data == key.public_data
        except (OSError, asyncssh.KeyImportError):
            return False


class Chroot(asyncssh.SFTPServer):
    """One partner's files. A path is refused when any link on it leads out of the partner's folder.

    `extracts` and `receipts` may themselves be links: the operator's own, to another disc. A partner can
    neither replace them nor make a link, so what they point at is the operator's choice.
    """

    def __init__(self, channel: asyncssh.SSHServerChannel, root: Path) -> None:
        super().__init__(channel, chroot=os.fsencode(root))
        self._inside = [os.path.realpath(p) for p in (root, *(root / f for f in FOLDERS))]

    def map_path(self, path: bytes) -> bytes:
        mapped = super().map_path(_inner(path))
        real = os.path.realpath(os.fsdecode(mapped))
        if not any(real == top or real.startswith(top + os.sep) for top in self._inside):
            raise SFTPPermissionDenied("this path leads out of the account")
        return mapped

    def realpath(self, path: bytes) -> bytes:
        self.map_path(path)
        return _inner(path)

    def open(self, path: bytes, pflags: int, attrs: SFTPAttrs) -> object:
        if pflags & ~asyncssh.FXF_READ:
            self._below_folders(path)
        return super().open(path, pflags, SFTPAttrs())

    def open56(self, path: bytes, desired_access: int, flags: int, attrs: SFTPAttrs) -> object:
        raise SFTPOpUnsupported("version 3 of the protocol is spoken here")

    def mkdir(self, path: bytes, attrs: SFTPAttrs) -> None:
        self._below_folders(path)
        super().mkdir(path, SFTPAttrs())

    def rmdir(self, path: bytes) -> None:
        self._below_folders(path)
        super().rmdir(path)

    def remove(self, path: bytes) -> None:
        self._below_folders(path)
        super().remove(path)

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        self._below_folders(oldpath, newpath)
        super().rename(oldpath, newpath)

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        self._below_folders(oldpath, newpath)
        super().posix_rename(oldpath, newpath)

    def setstat(self, path: bytes, attrs: SFTPAttrs) -> None:
        self._below_folders(path)
        super().setstat(path, _times_and_size(attrs))

    def lsetstat(self, path: bytes, attrs: SFTPAttrs) -> None:
        self.setstat(path, attrs)

    def fsetstat(self, file_obj: object, attrs: SFTPAttrs) -> None:
        super().fsetstat(file_obj, _times_and_size(attrs))

    def symlink(self, oldpath: bytes, newpath: bytes) -> None:
        raise SFTPOpUnsupported("links are not kept here")

    def link(self, oldpath: bytes, newpath: bytes) -> None:
        raise SFTPOpUnsupported("links are not kept here")

    def readlink(self, path: bytes) -> bytes:
        raise SFTPOpUnsupported("links are not kept here")

    def _below_folders(self, *paths: bytes) -> None:
        """Writing is for what stands below `extracts` and `receipts`; those two stay."""
        for path in paths:
            parts = _inner(path).split(b"/")[1:]
            if len(parts) < 2 or os.fsdecode(parts[0]) not in FOLDERS:
                raise SFTPPermissionDenied("write below extracts/ or receipts/")


def _inner(path: bytes) -> bytes:
    """The path from the account's root. Two slashes are one: POSIX gives `//etc` a meaning of its own, which would
    otherwise lead past the root.
    """
    return posixpath.normpath(b"/" + path.lstrip(b"/"))


def _times_and_size(attrs: SFTPAttrs) -> SFTPAttrs:
    """What a client may set. Modes and owners stay the server's."""
    return SFTPAttrs(size=attrs.size, atime=attrs.atime, atime_ns=attrs.atime_ns, mtime=attrs.mtime,
                     mtime_ns=attrs.mtime_ns)


def command(home: Path, port: int) -> list[str]:
    """How the server is started as a process of its own."""
    return [sys.executable, "-m", "tf_integration.serve.sftp", "--home", str(home), "--port", str(port)]


async def serve(home: Path, port: int, host: str = "127.0.0.1") -> asyncssh.SSHAcceptor:
    """Listen. Raises OSError when the port is taken."""
    def session(channel: asyncssh.SSHServerChannel) -> Chroot:
        partner = str(channel.get_connection().get_extra_info("username"))
        return Chroot(channel, home / "partners" / partner)

    return await asyncssh.listen(
        host, port, server_factory=lambda: Accounts(home),
        server_host_keys=[str(home / "secrets" / "sftp_host_key")], sftp_factory=session, sftp_version=3,
        allow_scp=False, agent_forwarding=False, x11_forwarding=False, compression_algs=None,
        password_auth=False, kbdint_auth=False, host_based_auth=False, login_timeout=30,
        keepalive_interval=60)


async def _until_told(home: Path, port: int) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    server = await serve(home, port)
    await told.wait()
    server.close()


def main() -> None:
    """Serve until a SIGTERM."""
    parser = argparse.ArgumentParser(description="The partners' SFTP server of the embedded default.")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    os.umask(0o077)
    asyncio.run(_until_told(given.home, given.port))


if __name__ == "__main__":
    main()
