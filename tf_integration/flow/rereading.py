"""The landed files read again for frozen evidence: does each line still say what the evidence says that it said?

The file's bytes are compared with the digest that was received; its lines are read under the contract in force, as a
delivery's are, and each fact of the evidence is compared with what its line makes of it. Nothing of it is kept.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tf_integration import conform
from tf_integration.claim.evidence import Evidence
from tf_integration.land import ledger, pgp
from tf_integration.land.ledger import Delivery
from tf_integration.land.limits import load_limits
from tf_integration.land.open import Unreadable, open_text
from tf_integration.land.redact import digest_in_name
from tf_integration.model.delivery import read_name
from tf_integration.model.errors import ContractError
from tf_integration.model.feed import Feed, load_feeds
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

_COMPARED = ("starts_on", "quantity", "out_of")


@dataclass
class Reread:
    """What reading again found: by fact, a word where its line says otherwise; by delivery, a word about its file."""

    differs: dict[int, str] = field(default_factory=dict)
    changed: dict[int, str] = field(default_factory=dict)

    def of(self, facts: Iterable[Evidence]) -> dict[str, Any]:
        """Of one claim's facts: `files`, `files_changed` and `lines_differ` (words), `lines_read`."""
        used = list(facts)
        files = {f["delivery_id"]: f["file"] for f in used if f.get("sha256")}
        differ = {f["fact_id"]: f"{f['says']}, {f.get('starts_on', 'undated')}: {self.differs[f['fact_id']]} "
                  f"({f['file']} line {f['line']})" for f in used if f["fact_id"] in self.differs}  # fmt: skip
        return {
            "files": len(files),
            "files_changed": sorted(files[d] for d in files if d in self.changed),
            "lines_read": len({(f["delivery_id"], f["line"]) for f in used if f["delivery_id"] in files}),
            "lines_differ": sorted(differ.values()),
        }


def reread(conn: Connection, settings: Settings, facts: Iterable[Evidence]) -> Reread:
    """Read each landed file that these facts came from once more, and compare fact by fact."""
    wanted: dict[int, dict[int, Evidence]] = defaultdict(dict)
    for fact in facts:
        if fact.get("sha256"):
            wanted[fact["delivery_id"]][fact["fact_id"]] = fact
    found = Reread()
    for delivery_id, told in sorted(wanted.items()):
        delivery = ledger.get(conn, delivery_id)
        file = settings.landed / delivery.landed_path if delivery and delivery.landed_path else None
        if delivery is None or file is None or not file.is_file():
            found.changed[delivery_id] = "no longer kept"
            continue
        is_cut = digest_in_name(file)
        if _sha256(file) != (is_cut or delivery.sha256):
            found.changed[delivery_id] = "its bytes are not those that were received"
        found.differs |= _compare(conn, settings, delivery, file, told, is_plain=is_cut is not None)
    return found


def _compare(
    conn: Connection, settings: Settings, delivery: Delivery, file: Path, told: dict[int, Evidence], is_plain: bool
) -> dict[int, str]:
    """By fact, how its line differs from it."""
    feed = load_feeds().get(delivery.feed)
    try:
        if feed is None:
            raise ContractError(f"no contract of feed {delivery.feed}.")
        with TemporaryDirectory() as folder, _taken_back(conn):
            text = _text(settings, delivery, feed, file, Path(folder) / "plain.csv", is_plain)
            staged = conform.stage(conn, text, conform.source_of(conn, feed, delivery.delivery_id), record=False)
            if staged.faults:
                return dict.fromkeys(told, f"the file cannot be read any more ({staged.faults[0].rule})")
            lines = sorted({f["line"] for f in told.values()})
            said = warehouse.run(conn, "claim/reread__said.sql", lines=lines).mappings().all()
    except (Unreadable, ContractError, OSError) as error:
        return dict.fromkeys(told, f"the file cannot be read any more ({getattr(error, 'rule', type(error).__name__)})")
    return {i: word for i, fact in told.items() if (word := _difference(fact, [dict(s) for s in said]))}


def _difference(fact: Evidence, said: list[dict[str, Any]]) -> str | None:
    """How a line differs from the fact that was taken from it; None where it does not.

    An end that the line does not name came from the row's absence in later snapshots, so only a named one is compared.
    """
    now = next((s for s in said if s["fact_id"] == fact["fact_id"]), None)
    if now is None:
        of_line = sorted({s["kind"] for s in said if s["line"] == fact["line"]})
        return f"its line now says {', '.join(of_line) if of_line else 'nothing'}"
    for name in _COMPARED:
        if now[name] != fact.get(name):
            return f"its line now says {name.replace('_', ' ')} {now[name] or 'blank'}"
    if now["ends_on"] and fact.get("ends_on") and fact["ends_on"] > now["ends_on"]:
        return f"its line now says ends on {now['ends_on']}"
    return None


@contextmanager
def _taken_back(conn: Connection) -> Iterator[None]:
    trial = conn.begin_nested()
    try:
        yield
    finally:
        trial.rollback()


def _text(settings: Settings, delivery: Delivery, feed: Feed, file: Path, into: Path, is_plain: bool) -> Path:
    name = read_name(delivery.file_name)
    is_gzip, is_pgp = (name.is_gzip, name.is_pgp) if name and not is_plain else (False, False)
    keys = pgp.keys_of(settings, delivery.partner) if is_pgp else None
    limits = load_limits(settings.home)
    return open_text(file, into, feed.dialect.encoding, limits, is_gzip=is_gzip, is_pgp=is_pgp, keys=keys)


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
