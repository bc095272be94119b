"""A window on its way: one step of it, and all the steps up to the audit or the freeze."""

from __future__ import annotations

from typing import Any

from claim.council import Council
from tf_integration.claim import window as windows
from tf_integration.flow import claims
from tf_integration.store import warehouse


def step(council: Council, name: str, *args: Any, **more: Any) -> dict[str, Any]:
    """One step of a window in its own transaction."""
    with warehouse.transaction(council.settings) as conn:
        return getattr(windows, name)(conn, *args, **more)


def audited(council: Council, window: str = "w") -> None:
    """Drafted by Ada, sampled, and every sampled claim found valid by Ben."""
    claims.draft(council.settings, window, "Ada", "the quarter's claims")
    for drawn in step(council, "sample", window, "Ben", "audit")["sampled"]:
        step(council, "say_verdict", drawn["claim_ref"], True, "Ben", "seen the case file")


def frozen(council: Council, window: str = "w") -> None:
    audited(council, window)
    step(council, "approve", window, "Cas", "all sampled are valid")
    claims.freeze(council.settings, window, "Ada", "approved")
