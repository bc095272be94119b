"""The partners' server: each account sees its own files and nothing else, whatever the client sends."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest

REFUSED = (asyncssh.SFTPPermissionDenied, asyncssh.SFTPOpUnsupported, asyncssh.SFTPNoSuchFile)


@pytest.fixture
def account(sftp_server: Any, partner: str) -> Path:
    """The folder that the account is shut into, with one extract and, outside it, a secret."""
    root = sftp_server.home / "partners" / partner
    (root / "extracts" / "mine.csv").write_text("person_ref\n")
    (sftp_server.home / "outside.txt").write_text("secret")
    return root


def session(server: Any, partner: str, work: Callable[[asyncssh.SFTPClient], Awaitable[Any]]) -> Any:
    """Do `work` over a signed-in session."""
    async def run() -> Any:
        async with connected(server, partner) as connection:
            return await work(await connection.start_sftp_client())
    return asyncio.run(run())


@asynccontextmanager
async def connected(server: Any, username: str, key: Path | None = None, **more: Any) -> AsyncIterator[Any]:
    pinned = asyncssh.import_public_key(next(iter(server.settings.partners.values())).host_key)
    options = {"client_keys": [str(key or server.key(username))], "config": None, "agent_path": None,
               "known_hosts": ([pinned], [], []), **more}
    options |= {"host": "127.0.0.1", "port": server.port, "username": username}
    async with asyncio.timeout(20), asyncssh.connect(**options) as connection:
        yield connection


def signs_in(server: Any, username: str, **options: Any) -> bool:
    async def run() -> bool:
        async with connected(server, username, **options):
            return True
    try:
        return asyncio.run(run())
    except asyncssh.PermissionDenied:
        return False


def test_a_partner_sees_its_extracts_and_receipts_and_nothing_above(sftp_server, partner, account):
    async def work(client):
        return {p: sorted(set(await client.listdir(p)) - {".", ".."}) for p in ("/", "/..", "/../..", ".")}
    assert set(map(tuple, session(sftp_server, partner, work).values())) == {("extracts", "receipts")}


def test_an_extract_is_read_and_a_receipt_written(sftp_server, partner, account):
    async def work(client):
        async with client.open("/receipts/mine.csv.receipt.json", "w") as file:
            await file.write("{}")
        async with client.open("/extracts/mine.csv") as file:
            return await file.read()
    assert session(sftp_server, partner, work) == "person_ref\n"
    assert (account / "receipts" / "mine.csv.receipt.json").read_text() == "{}"


def test_only_the_partners_own_key_opens_its_account(sftp_server, partner, other_partner):
    assert signs_in(sftp_server, partner)
    assert not signs_in(sftp_server, partner, key=sftp_server.key(other_partner))
    assert not signs_in(sftp_server, partner, client_keys=None, password="anything")
    assert not signs_in(sftp_server, "nobody", key=sftp_server.key(partner))
    assert not signs_in(sftp_server, f"../partners/{partner}", key=sftp_server.key(partner))


def test_the_server_shows_the_host_key_that_is_pinned(sftp_server, partner):
    stranger = asyncssh.generate_private_key("ssh-ed25519").convert_to_public()
    with pytest.raises(asyncssh.HostKeyNotVerifiable):
        signs_in(sftp_server, partner, known_hosts=([stranger], [], []))


@pytest.mark.parametrize("path", ["../../outside.txt", "/../../outside.txt", "extracts/../../../outside.txt",
                                  "/extracts/../../../../etc/passwd", "/etc/passwd", "//etc//passwd"])
def test_dots_lead_nowhere(sftp_server, partner, account, path):
    async def work(client):
        async with client.open(path) as file:
            return await file.read()
    with pytest.raises(REFUSED):
        session(sftp_server, partner, work)


def test_a_doubled_slash_is_one(sftp_server, partner, account):
    async def work(client):
        async with client.open("//extracts//mine.csv") as file:
            return await file.read()
    assert session(sftp_server, partner, work) == "person_ref\n"


@pytest.mark.parametrize(("name", "target"), [("file", "outside.txt"), ("folder", "."), ("chain", "secrets")])
def test_a_link_that_leads_out_is_not_followed(sftp_server, partner, account, name, target):
    link = account / "extracts" / name
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(sftp_server.home / target, link.parent))
    deeper = "" if name == "file" else "/outside.txt"
    attempts = [lambda c: c.stat(f"/extracts/{name}{deeper}"), lambda c: c.lstat(f"/extracts/{name}/outside.txt"),
                lambda c: c.listdir(f"/extracts/{name}"), lambda c: c.truncate(f"/extracts/{name}{deeper}", 0),
                lambda c: c.rename("/extracts/mine.csv", f"/extracts/{name}/mine.csv"),
                lambda c: c.mkdir(f"/extracts/{name}/new"), lambda c: c.readlink(f"/extracts/{name}"),
                lambda c: c.open(f"/extracts/{name}{deeper}")]
    try:
        for attempt in attempts:
            with pytest.raises((*REFUSED, asyncssh.SFTPFailure)):
                session(sftp_server, partner, attempt)
    finally:
        link.unlink()
    assert (sftp_server.home / "outside.txt").read_text() == "secret"
    assert not (sftp_server.home / "new").exists()


def test_no_link_is_made(sftp_server, partner, account):
    for make in (lambda c: c.symlink("/etc/passwd", "/extracts/l"), lambda c: c.symlink("mine.csv", "/extracts/l"),
                 lambda c: c.link("/extracts/mine.csv", "/extracts/l")):
        with pytest.raises(REFUSED):
            session(sftp_server, partner, make)
    assert not os.path.lexists(account / "extracts" / "l")


def test_the_two_folders_stay_and_nothing_stands_beside_them(sftp_server, partner, account):
    for attempt in (lambda c: c.mkdir("/mine"), lambda c: c.rename("/receipts", "/old"), lambda c: c.rmdir("/receipts"),
                    lambda c: c.posix_rename("/extracts", "/receipts/extracts"), lambda c: c.open("/note", "w")):
        with pytest.raises(asyncssh.SFTPPermissionDenied):
            session(sftp_server, partner, attempt)
    assert sorted(p.name for p in account.iterdir()) == ["extracts", "receipts"]


def test_a_client_cannot_open_a_file_to_others(sftp_server, partner, account):
    session(sftp_server, partner, lambda c: c.chmod("/extracts/mine.csv", 0o777))
    assert not stat.S_IMODE((account / "extracts" / "mine.csv").stat().st_mode) & 0o111


def test_a_folder_that_the_operator_links_elsewhere_is_served(sftp_server, other_partner, tmp_path):
    folder = sftp_server.home / "partners" / other_partner / "extracts"
    folder.rmdir()
    folder.symlink_to(tmp_path)
    (tmp_path / "there.csv").write_text("there")
    try:
        async def work(client):
            async with client.open("/extracts/there.csv") as file:
                return await file.read()
        assert session(sftp_server, other_partner, work) == "there"
    finally:
        folder.unlink()
        folder.mkdir()


def test_there_is_no_shell_and_no_command(sftp_server, partner):
    async def run(command):
        async with connected(sftp_server, partner) as connection:
            await connection.create_process(command)
    for command in (None, "id", "scp -f /etc/passwd"):
        with pytest.raises(asyncssh.ChannelOpenError):
            asyncio.run(run(command))


def test_no_port_is_forwarded(sftp_server, partner):
    async def outwards():
        async with connected(sftp_server, partner) as connection:
            await connection.open_connection("127.0.0.1", sftp_server.port)

    async def inwards():
        async with connected(sftp_server, partner) as connection:
            await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", sftp_server.port)

    for attempt in (outwards, inwards):
        with pytest.raises((asyncssh.ChannelOpenError, asyncssh.ChannelListenError)):
            asyncio.run(attempt())
