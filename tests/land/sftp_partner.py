"""A partner's SFTP account on a real server that can be told to misbehave."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import asyncssh

from tf_integration.model.feed import load_feeds
from tf_integration.model.settings import PartnerServer, Settings


@dataclass
class Faults:
    """What the server does wrong, and how often still. Offsets are bytes of the file that is read."""

    cut_at: int | None = None  # drop the connection when a read passes this offset
    end_at: int | None = None  # say that the file ends here
    flip_at: int | None = None  # one byte comes out wrong
    grow: bytes = b""  # appended to the file as soon as it is read
    rewrite: bytes = b""  # written over the file's end, a minute later by its clock, once half of it is read
    stall: bool = False  # say nothing when asked for data
    rename: bool = False  # the file gets another name while it is read
    times: int = 1

    def take(self) -> bool:
        """Whether a fault is still to happen; counts it."""
        self.times -= 1
        return self.times >= 0


@dataclass
class Partner:
    """One account. `extracts` and `receipts` are its folders; `seen` notes what clients did."""

    name: str
    root: Path
    client_key: Path
    faults: Faults = field(default_factory=Faults)
    seen: list[str] = field(default_factory=list)
    host_key: asyncssh.SSHKey = field(default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519"))
    accepts: str | None = None  # the public key that may sign in
    port: int = 0
    _loop: asyncio.AbstractEventLoop | None = None
    _acceptor: Any = None
    at_look: dict[int, Callable[[], object]] = field(default_factory=dict)   # what happens before the n-th listing
    looks: int = 0
    _connections: list[Any] = field(default_factory=list)

    @property
    def extracts(self) -> Path:
        return self.root / "extracts"

    @property
    def receipts(self) -> Path:
        return self.root / "receipts"

    def server(self, **changes: Any) -> PartnerServer:
        """The settings by which a client reaches the account."""
        known = {
            "host": "127.0.0.1",
            "port": self.port,
            "username": self.name,
            "key_file": self.client_key,
            "host_key": " ".join(self.host_key.export_public_key().decode().split()[:2]),
        }
        return PartnerServer(**(known | changes))

    def start(self) -> None:
        self.extracts.mkdir(parents=True, exist_ok=True)
        self.receipts.mkdir(exist_ok=True)
        ready: Future[int] = Future()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._run, args=(self._loop, ready), daemon=True).start()
        self.port = ready.result(20)

    def stop(self) -> None:
        """Stop listening and drop every connection."""
        loop, self._loop = self._loop, None
        if loop:
            asyncio.run_coroutine_threadsafe(self._close(), loop).result(20)
            loop.call_soon_threadsafe(loop.stop)

    async def _close(self) -> None:
        for connection in self._connections:
            connection.abort()
        await asyncio.sleep(0)
        self._acceptor.close()
        await self._acceptor.wait_closed()

    def _run(self, loop: asyncio.AbstractEventLoop, ready: Future[int]) -> None:
        asyncio.set_event_loop(loop)

        async def listen() -> None:
            self._acceptor = await asyncssh.listen(
                "127.0.0.1",
                self.port,
                server_host_keys=[self.host_key],
                server_factory=lambda: _Door(self),
                sftp_factory=lambda channel: _Files(channel, self),
                compression_algs=None,
            )
            ready.set_result(self._acceptor.get_port())

        loop.run_until_complete(listen())
        loop.run_forever()

    def put(
        self,
        feed: str,
        on: str,
        sequence: int,
        rows: str | bytes,
        *,
        control: dict[str, Any] | bool | None = True,
        packed: bool = False,
        bump: int = 0,
    ) -> str:
        """Write a data file and its control file, as a partner would; `control` changes that, or leaves it out.

        `bump` moves the file's time, for a second sending in the same second. Returns the file's name.
        """
        contract = load_feeds().get(feed)
        data = rows.encode() if isinstance(rows, str) else rows
        n_rows = max(len(data.decode(errors="replace").strip().splitlines()) - 1, 0)
        data = gzip.compress(data, mtime=0) if packed else data
        name = f"{feed}_{on.replace('-', '')}_{sequence:04d}.csv{'.gz' if packed else ''}"
        self.write(name, data, bump)
        if control is not False:
            said = {
                "feed": feed,
                "partner": self.name,
                "snapshot_on": on,
                "mode": contract.mode if contract else "whole",
                "sequence": sequence,
                "rows": n_rows,
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
                "covers_from": f"{int(on[:4]) - 1}{on[4:]}",
                "covers_to": on,
            }
            said |= control if isinstance(control, dict) else {}
            self.write(f"{name}.ctl.json", json.dumps(said).encode(), bump)
        return name

    def write(self, name: str, data: bytes, bump: int = 0) -> Path:
        file = self.extracts / name
        file.write_bytes(data)
        if bump:
            os.utime(file, (file.stat().st_atime, file.stat().st_mtime + bump))
        return file

    def receipt(self, name: str) -> dict[str, Any]:
        """The receipt that stands for a file."""
        return dict(json.loads((self.receipts / f"{name}.receipt.json").read_text()))


class _Door(asyncssh.SSHServer):
    def __init__(self, partner: Partner) -> None:
        self._partner = partner

    def connection_made(self, connection: asyncssh.SSHServerConnection) -> None:
        self._partner.seen.append("connected")
        self._partner._connections.append(connection)

    def begin_auth(self, username: str) -> bool:
        self._partner.seen.append("auth begun")
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._partner.seen.append("password sent")
        return False

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        self._partner.seen.append("key sent")
        return self._partner.accepts == " ".join(key.export_public_key().decode().split()[:2])


class _Files(asyncssh.SFTPServer):
    def __init__(self, channel: Any, partner: Partner) -> None:
        self._partner, self._channel = partner, channel
        super().__init__(channel, chroot=os.fsencode(partner.root))

    def scandir(self, path: bytes) -> Any:
        self._partner.looks += 1
        self._partner.at_look.get(self._partner.looks, lambda: None)()
        return super().scandir(path)

    def open(self, path: bytes, pflags: int, attrs: Any) -> object:
        self._partner.seen.append(f"open {os.fsdecode(path)}")
        return super().open(path, pflags, attrs)

    async def read(self, file_obj: Any, offset: int, size: int) -> bytes:
        faults = self._partner.faults
        is_data = not os.fsdecode(file_obj.name).endswith(".ctl.json")
        if is_data:
            self._partner.seen.append(f"read {offset}")
        if faults.cut_at is not None and is_data and offset + size > faults.cut_at and faults.take():
            await asyncio.sleep(1)  # what was asked for before is on its way, and a busy client takes its time
            self._channel.get_connection().abort()
            raise asyncssh.SFTPConnectionLost("cut")
        if faults.stall and is_data:
            await asyncio.sleep(3600)
        if faults.rename and is_data and faults.take():
            file = Path(os.fsdecode(file_obj.name))
            file.rename(file.with_name(f"{file.name}.done"))
        if faults.grow and is_data and faults.take():
            with open(file_obj.name, "ab") as same:
                same.write(faults.grow)
        if faults.rewrite and is_data and offset > 0 and faults.take():
            file = Path(os.fsdecode(file_obj.name))
            file.write_bytes(file.read_bytes()[: -len(faults.rewrite)] + faults.rewrite)
            os.utime(file, (file.stat().st_atime, file.stat().st_mtime + 60))
        if faults.end_at is not None and is_data and offset + size > faults.end_at and faults.times > 0:
            if offset >= faults.end_at:
                return b""
            size = faults.end_at - offset
        data = bytes(super().read(file_obj, offset, size))
        if faults.flip_at is not None and is_data and offset <= faults.flip_at < offset + len(data):
            at = faults.flip_at - offset
            data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        return data


# What a test does not wait for.
QUICK = "settle_seconds: 0.05\npause_seconds: 0\nconnect_seconds: 5\n"


def today(text: str) -> date:
    return date.fromisoformat(text)


def new_key(file: Path) -> tuple[Path, str]:
    """A client key written to `file`; the file, and the public half that an account accepts."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    file.write_bytes(key.export_private_key())
    return file, " ".join(key.export_public_key().decode().split()[:2])


def open_accounts(settings: Settings, folders: Path) -> Iterator[Partner]:
    """A started account for each partner's folder in `folders`, entered in the settings."""
    key, ours = new_key(settings.home / "key")
    for folder in sorted(folders.iterdir()):
        partner = Partner(folder.name, folder, key, accepts=ours)
        partner.start()
        settings.partners[folder.name] = partner.server()
        yield partner
