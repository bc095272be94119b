"""The embedded default: what `tfi up` starts on this machine when nothing else is configured.

Each function imports what it needs when it is called: the SFTP server's own process shares this package.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from tf_integration.model.settings import Settings


def up(settings: Settings, prepare: Callable[[Settings], None], empty: bool = False,
       step: Callable[[str], AbstractContextManager[Any]] | None = None) -> Settings:
    """Start what is not running, mend what was killed, prepare the warehouse; return the settings in force.

    `prepare` is what brings the warehouse to this version (flow.setup.prepare: this room may not import that one).
    `step(text)` is entered around each thing that takes time. `empty` is for a home that someone will fill
    with extracts of their own: the folders are made and nothing is put there (which is so without it, too).

    Raises:
        ServiceError: a part did not start, with the end of its log.
    """
    from tf_integration.serve import platform

    return platform.up(settings, prepare, step or platform.silent)


def down(settings: Settings) -> list[str]:
    """Stop everything that was started for this home, and nothing else; return the parts that ran."""
    from tf_integration.serve import platform

    return platform.down(settings)


def status(settings: Settings) -> list[dict[str, Any]]:
    """One row per part: part, state (`running`, `stopped`, `elsewhere`), pid, port, since (UTC)."""
    from tf_integration.serve import platform

    return platform.status(settings)


def pages_url(settings: Settings) -> str:
    """Where people reach the pages: the address in the settings, else ours on this machine."""
    from tf_integration.serve import pages
    from tf_integration.serve.state import State

    return settings.web.url or pages.url(State(settings))


def doctor(settings: Settings) -> list[dict[str, str]]:
    """One row per check: check, state (`well`, `attention`, `failed`), says, mend."""
    from tf_integration.serve import checkup

    return checkup.doctor(settings)
