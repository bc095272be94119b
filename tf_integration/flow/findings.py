"""What the parser and the suite found in a file, as reasons. Needs no warehouse."""

from __future__ import annotations

from tf_integration.check import suite as expectations
from tf_integration.check.guards import Guards
from tf_integration.conform.report import Staged
from tf_integration.model.delivery import Reason


def file_faults(guards: Guards, staged: Staged) -> list[Reason]:
    """What the parser says of the whole file, and what it only warns of."""
    found = [
        guards.file_fault(f.rule, f"Line {f.line}: {f.what_to_do}" if f.line else f.what_to_do) for f in staged.faults
    ]
    return [*found, *(guards.warning(n.rule, n.what_to_do, n.rows) for n in staged.warnings)]


def exchanged_days(staged: Staged) -> tuple[int, int]:
    """As `Rows.exchanged`."""
    return int(staged.measures.get("exchanged_cells", 0)), int(staged.measures.get("exchanged_days", 0))


def expectation_reasons(guards: Guards, measures: list[expectations.Measure]) -> list[Reason]:
    """A critical outcome holds the delivery and is named; warnings are one reason together."""
    found = {"expectation": expectations.critical(measures), "expectation_warned": expectations.warned(measures)}
    return [
        guards.reason(rule, len(failed), f"{guards.rules[rule].says} ({'; '.join(sorted({m.name for m in failed}))})")
        for rule, failed in found.items()
        if failed
    ]
