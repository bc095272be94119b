"""The partners' accounts of the embedded default: one per partner that a feed contract names."""

from __future__ import annotations

from typing import Any

from tf_integration.model.feed import ANY_PARTNER, load_feeds
from tf_integration.model.settings import Settings
from tf_integration.serve.keys import Keyring
from tf_integration.serve.sftp import FOLDERS


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
