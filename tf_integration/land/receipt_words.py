"""What a receipt says: as JSON, as a page of text, and the rejected lines as CSV. Never a value of a row.

Needs no warehouse and no server, so that a partner's own check says the same from the same code.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tf_integration.model.delivery import Reason
from tf_integration.text.cells import inert

RECEIPT, REJECTS, PAGE = ".receipt.json", ".rejects.csv", ".receipt.txt"
HISTORY = 30  # deliveries of the partner that a receipt looks back on
LINES_SHOWN = 200  # of the rejected lines, on the page; the CSV has them all
_COLUMNS = ("line", "column", "rule", "what_to_do")


def content(
    *,
    status: str,
    file: str,
    sha256: str | None,
    counts: tuple[int, int, int],
    reasons: Iterable[Reason],
    delivery_id: int | None = None,
    received_at: str | None = None,
    decided_at: str | None = None,
    families_affected: int | None = None,
    history: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The JSON of a receipt. `counts` is rows read, loaded and rejected; a held file's rows all count as rejected.

    `families_affected` counts the households known here that the rejected rows, or a file's not being applied, concern;
    None where they are few.
    `history` is the partner's deliveries before this one, the newest first: file, feed, status, counts, received_at.
    """
    read, loaded, rejected = counts
    why = list(reasons)
    return {
        "status": status,
        "delivery_id": delivery_id,
        "file": file,
        "sha256": sha256,
        "rows_read": read,
        "rows_loaded": loaded,
        "rows_rejected": rejected,
        "reasons": [{"rule": r.rule, "count": r.count, "what_to_do": r.what_to_do} for r in why],
        "received_at": received_at,
        "decided_at": decided_at,
        "status_in_words": _status_in_words(status, file, counts, why),
        "families_affected": families_affected,
        "history": [dict(h) for h in history],
    }


def _status_in_words(status: str, file: str, counts: tuple[int, int, int], reasons: Sequence[Reason]) -> str:
    read, loaded, rejected = counts
    if status == "accepted":
        return f"Accepted: {_all(read)} loaded." if read else "Accepted: a file without rows, as was said beforehand."
    if status == "accepted_with_rejects":
        were = "was" if rejected == 1 else "were"
        return f"Accepted: {loaded:,} of {_rows(read)} loaded; {rejected:,} {were} not: see {file}{REJECTS}."
    if status == "held":
        final = any(r.effect == "hold" and not r.people for r in reasons)
        ends = "it must be sent again" if final else "a person at the council decides about it"
        return f"Held: nothing of it is applied, and what was accepted before stands; {ends}."
    if status == "duplicate":
        return "A duplicate: the same file was sent before and was decided then; nothing is done twice."
    return "Rejected: nothing of it is applied, and what was accepted before stands; send it again as the reasons say."


def _rows(n: int) -> str:
    return f"{n:,} row{'' if n == 1 else 's'}"


def _all(n: int) -> str:
    return "its one row was" if n == 1 else f"all {n:,} rows were"


def as_text(told: Mapping[str, Any], rejects: Sequence[Mapping[str, Any]] = (), *, heading: str = "Receipt for") -> str:
    """A receipt as a page that can be read without a program; `rejects` are rows of `rejects_csv`'s columns."""
    lines = [f"{heading} {told['file']}", "", str(told["status_in_words"]), ""]
    lines += [f"  {name:<16}{told[key]:>12,}" for name, key in _COUNTS.items()]
    if told["families_affected"] is not None:
        lines.append(f"  {'Families':<16}{told['families_affected']:>12,}  known here, whom this concerns")
    lines += [f"  {name:<16}{told[key]}" for name, key in _PARTICULARS.items() if told.get(key) is not None]
    if told["reasons"]:
        lines += ["", "What to do"]
        lines += [f"- {r['rule']} ({r['count']:,}): {r['what_to_do']}" for r in told["reasons"]]
    lines += _rejected(told["file"], rejects) + _before(told["history"])
    return "\n".join(lines) + "\n"


_COUNTS = {"Rows read": "rows_read", "Rows loaded": "rows_loaded", "Rows rejected": "rows_rejected"}
_PARTICULARS = {"sha256": "sha256", "Delivery": "delivery_id", "Received": "received_at", "Decided": "decided_at"}


def _rejected(file: str, rejects: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rejects:
        return []
    lines = ["", "Rejected rows, by the line on which each starts"]
    for r in rejects[:LINES_SHOWN]:
        where = f"line {r['line']}{', column ' + r['column'] if r['column'] else ''}"
        lines.append(f"- {where}: {r['rule']}. {r['what_to_do']}")
    more = len(rejects) - LINES_SHOWN
    return [*lines, f"  and {more:,} more, all of them in {file}{REJECTS}"] if more > 0 else lines


def _before(history: Sequence[Mapping[str, Any]]) -> list[str]:
    if not history:
        return []
    statuses = Counter(str(h["status"]).replace("_", " ") for h in history)
    counted = ", ".join(f"{n} {status}" for status, n in statuses.most_common())
    width = max(len(str(h["file"])) for h in history)
    lines = ["", f"Your last {len(history)} deliveries before this one, newest first: {counted}"]
    lines.append(f"  {'file':<{width}}  {'status':<21}  {'read':>9}  {'loaded':>9}  {'rejected':>9}")
    for h in history:
        counts = "".join(f"  {h[key] or 0:>9,}" for key in _COUNTS.values())
        lines.append(f"  {h['file']:<{width}}  {str(h['status']).replace('_', ' '):<21}{counts}")
    return lines


def rejects_csv(rejects: Iterable[Mapping[str, Any]]) -> bytes:
    """The rejected lines as CSV (line, column, rule, what_to_do); a cell that a spreadsheet would run is made inert."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for r in rejects:
        writer.writerow([r["line"], *(inert(r[c] or "") for c in _COLUMNS[1:])])
    return out.getvalue().encode()
