"""Every act on claims is kept on a chain of hashes, with who did it and why."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from tf_integration.model.errors import CallError
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def record(
    conn: Connection,
    act: str,
    by: str,
    because: str,
    window_id: int | None = None,
    claim_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> str:
    """Add an act to the chain; returns its hash. `detail` holds counts, references and digests, never a particular.

    Raises:
        CallError: no reason is given.
    """
    reasoned(because)
    return str(
        warehouse.run(
            conn,
            "claim/act__record.sql",
            act=act,
            window_id=window_id,
            claim_id=claim_id,
            by=by,
            because=because,
            detail=json.dumps(detail or {}, default=str),
        ).scalar_one()
    )


def named(who: str, option: str = "--by") -> str:
    """A person's name, trimmed, in one way of writing its letters and spaces: by these two people are told apart.

    Raises:
        CallError: it is blank.
    """
    name = " ".join(unicodedata.normalize("NFKC", who).split())
    if not name:
        raise CallError("nobody is named.", where=option, mend="Give your own name: the ledger keeps it.")
    return name


def reasoned(because: str) -> str:
    """A reason, as it was given.

    Raises:
        CallError: it is blank.
    """
    if not because.strip():
        raise CallError("no reason is given.", where="--because", mend="Say why, in words that an auditor will read.")
    return because
