"""The partners' accounts of the embedded default: one per partner that a feed contract names."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tf_integration.model.errors import ServiceError
from tf_integration.model.feed import ANY_PARTNER, load_feeds
from tf_integration.model.settings import PROJECT, PartnerServer, Settings
from tf_integration.serve.keys import Keyring
from tf_integration.serve.postgres import free_port
from tf_integration.serve.sftp import FOLDERS, command


def names() -> list[str]:
    """Every partner of a contract, in name order; `any` is no partner."""
    return sorted({feed.partner for feed in load_feeds().values()} - {ANY_PARTNER})


def make_folders(settings: Settings, partner: str) -> None:
    """The account's root with `extracts/` and `receipts/`. What stands there already is left as it is."""
    for folder in FOLDERS:
        (settings.home / "partners" / partner / folder).mkdir(parents=True, exist_ok=True, mode=0o700)


def accounts(settings: Settings, keyring: Keyring, port: int) -> dict[str, dict[str, Any]]:
    """How each account is reached, in the shape of `PartnerServer`."""
    pinned = keyring.host_key()[1]
    found = {}
    for partner in names():
        make_folders(settings, partner)
        found[partner] = {"host": "127.0.0.1", "port": port, "username": partner, "host_key": pinned,
                          "key_file": str(keyring.client_key(partner)[0]), "root": "/"}
    return found


@contextmanager
def served(settings: Settings, patience_seconds: float = 60) -> Iterator[None]:
    """The partners' server alone, for as long as the block runs: where a warehouse is wanted and no platform.

    The settings know its accounts afterwards.

    Raises:
        ServiceError: nothing answers after `patience_seconds`.
    """
    port = free_port()
    found = accounts(settings, Keyring(settings.home / "secrets"), port)
    settings.partners.update({partner: PartnerServer(**account) for partner, account in found.items()})
    server = subprocess.Popen(command(settings.home, port), stderr=subprocess.DEVNULL,
                              env=os.environ | {"PYTHONPATH": str(PROJECT)})
    try:
        _await(server, port, time.monotonic() + patience_seconds)
        yield
    finally:
        server.terminate()
        server.wait(30)


def _await(server: subprocess.Popen[bytes], port: int, until: float) -> None:
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                raise ServiceError("the partners' server did not start.", where=f"127.0.0.1:{port}",
                                   mend="Look for what ended it or holds its port; then start again.") from None
            time.sleep(0.2)
