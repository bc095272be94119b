"""A fetched file becomes a delivery: under its digest, in a folder of its own, once."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tf_integration.land import ledger
from tf_integration.land.client import RemoteFile
from tf_integration.land.fetch import Fetched, digest_of, sync_folder
from tf_integration.land.ledger import Delivery, Sent
from tf_integration.land.open import remove_folder_files
from tf_integration.land.redact import digest_in_name
from tf_integration.model.delivery import FileName
from tf_integration.model.feed import Feed
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


@dataclass(frozen=True)
class Candidate:
    """A data file of a partner's folder, its control file's listing entry, and the contract that its name asks for."""

    name: FileName
    partner: str
    file: RemoteFile
    control_file: RemoteFile | None
    feed: Feed


def register(settings: Settings, candidate: Candidate, fetched: Fetched, sent: Sent, as_at: date) -> None:
    """Move the file to its delivery's folder and record it; the same file again becomes a duplicate, once."""
    name, feed, partner = candidate.name, candidate.feed, candidate.partner
    with warehouse.transaction(settings) as conn:
        ledger.see(conn, partner, [(candidate.file, candidate.control_file)])
        warehouse.run(conn, "landing/forget_waiting.sql", feed=feed.feed, partner=partner, file_name=name.text)
        new = ledger.register(conn, name, partner, feed, as_at, identity=sent.sha256, state="stable", sent=sent)
        delivery_id = new or ledger.delivery_id_of(conn, feed.feed, partner, name.text, sent.sha256)
        known = ledger.get(conn, delivery_id)
        if known is None or new or not known.is_decided or _control_was_mended(known, sent.control_text):
            ledger.land(conn, delivery_id, sent, _put(settings, delivery_id, name, fetched), as_at)
        else:
            ledger.register(
                conn,
                name,
                partner,
                feed,
                as_at,
                identity=f"{sent.sha256}|again",
                state="fetched",
                sent=sent,
                duplicate_of=delivery_id,
            )
        ledger.saw_fetched(conn, partner, name.text, delivery_id)
        _supersede(settings, conn, candidate, delivery_id)


def landed_file(settings: Settings, delivery: Delivery) -> Path | None:
    """The landed file, if it still stands whole; None after a torn write or a clear-out."""
    file = settings.landed / delivery.landed_path if delivery.landed_path else None
    if file is None or not file.is_file():
        return None
    return file if digest_of(file) == (digest_in_name(file) or delivery.sha256) else None


def _control_was_mended(known: Delivery, control_text: str | None) -> bool:
    """Whether a file that was held or rejected has come back unchanged with another control file."""
    if known.status not in ("held", "rejected") or any(r.rule == "superseded" for r in known.reasons):
        return False
    return json.loads(known.control_text or "null") != json.loads(control_text or "null")


def _supersede(settings: Settings, conn: Connection, candidate: Candidate, delivery_id: int) -> None:
    """Close earlier contents of the same name that were never applied, and let their bytes go."""
    closed = warehouse.run(
        conn,
        "landing/supersede.sql",
        feed=candidate.feed.feed,
        partner=candidate.partner,
        file_name=candidate.name.text,
        delivery_id=delivery_id,
        what_to_do="Nothing: a later file of the same name took its place.",
    ).scalars()
    for earlier in closed:
        remove_folder_files(settings.landed / str(earlier))


def _put(settings: Settings, delivery_id: int, name: FileName, fetched: Fetched) -> str:
    """Move a fetched file to its own folder, read-only, under a name of ours; returns the path below `landed/`."""
    folder = settings.landed / str(delivery_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    final = folder / f"data.csv{'.gz' if name.is_gzip else ''}{'.gpg' if name.is_pgp else ''}"
    fetched.path.chmod(0o440)
    os.replace(fetched.path, final)
    sync_folder(folder)
    return f"{delivery_id}/{final.name}"
