"""Claims from worklist to ledger: earlier ones from a file, windows from those that are ready."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tf_integration.claim import load as ledger
from tf_integration.claim.acts import named
from tf_integration.claim.read import read_file
from tf_integration.flow.refresh import judge_again
from tf_integration.model.errors import NeedsAPerson
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.conflicts import Conflict

_TRIES = 3


def import_claims(settings: Settings, file: Path, by: str, because: str, judge: bool = True) -> dict[str, Any]:
    """Load earlier claims from a file, and judge again the households that they touch.

    Returns what `claim.load.load` returns, and `judged`: what `assess` returns, or None where nothing has been judged
    yet, nothing changed, or `judge` is false (the next refresh will).

    Raises:
        CallError: the file cannot be read, or its header does not fit.
        NeedsAPerson: others kept claiming for the same children at the same moment.
    """
    rows = read_file(file)
    who = named(by)
    for _ in range(_TRIES):
        try:
            with warehouse.transaction(settings) as conn:
                told = ledger.load(conn, rows, who, because)
            break
        except Conflict:
            continue  # another took a child first: look again, and it is named
    else:
        raise NeedsAPerson("others kept claiming for the same children.", where=file.name, mend="Import it again.")
    moved = told["claims_new"] or told["claims_moved"] or told["rows_new"]
    told["judged"] = judge_again(settings) if judge and moved else None
    return {"file": file.name, **told}
