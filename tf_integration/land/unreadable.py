"""Why a file cannot be opened: what fetching, unpacking, decrypting and reading text have in common."""

from __future__ import annotations

from tf_integration.model.errors import ServiceError


class Unreadable(Exception):
    """The file cannot be opened or is no text. `line_no` is where that shows, when it is a line's fault."""

    def __init__(self, rule: str, line_no: int | None = None) -> None:
        self.rule, self.line_no = rule, line_no
        super().__init__(rule)


class DiskFull(ServiceError):
    """Our own disk has no room for the file."""
