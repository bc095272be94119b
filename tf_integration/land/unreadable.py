"""Why a file cannot be opened: the one thing that unpacking, decrypting and reading text have in common."""

from __future__ import annotations


class Unreadable(Exception):
    """The file cannot be opened or is no text. `line_no` is where that shows, when it is a line's fault."""

    def __init__(self, rule: str, line_no: int | None = None) -> None:
        self.rule, self.line_no = rule, line_no
        super().__init__(rule)
