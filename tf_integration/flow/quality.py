"""What is measured of a delivery beside its suite, and what was usual: stored with it, without a value of a row."""

from __future__ import annotations

from tf_integration import conform
from tf_integration.conform.apply import prepare_rows
from tf_integration.flow.case import Case
from tf_integration.keep.quality import judge, load_quality
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


def measure(conn: Connection, staged: conform.Staged, last: conform.Vanishing | None) -> None:
    """Add to the measures: rejected rows, warnings (identifiers that fail their check), and what is there again."""
    if staged.rows_read:
        staged.measures["rejected"] = staged.rows_rejected / staged.rows_read
        for (rule, column, _), n in staged.warned.items():
            staged.measures[f"warned:{rule}:{column or ''}".rstrip(":")] = min(1.0, n / staged.rows_read)
    if last and last.known:
        staged.measures["overlap:keys"] = 1 - last.gone / last.known
    prepare_rows(conn)
    found = warehouse.run(conn, "keep/overlap.sql").one()
    if found.people:
        staged.measures["overlap:people"] = found.known / found.people


def note(conn: Connection, case: Case) -> int:
    """Judge the stored measures of the delivery against what was usual; how many drift."""
    return judge(conn, case.delivery.delivery_id, load_quality(case.settings.home))
