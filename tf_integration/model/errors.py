"""What the platform raises. A message says where, what (in shape, never a value), and what to do."""

from __future__ import annotations


class PlatformError(Exception):
    """Base of every error that a user may read.

    `where` names the file, line, setting or service; `what` the fault; `mend` the next step.
    None of the three may hold a personal value.
    """

    exit_code = 3

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        self.what, self.where, self.mend = what, where, mend
        super().__init__(" ".join(p for p in (f"{where}:" if where else "", what, mend) if p))


class CallError(PlatformError):
    """The command was called wrongly (exit code 2)."""

    exit_code = 2


class ContractError(CallError):
    """A feed contract, plan or calendar file is not what its model says."""


class NeedsAPerson(PlatformError):
    """Something in the data needs a decision (exit code 1)."""

    exit_code = 1


class ServiceError(PlatformError):
    """A database, SFTP server or scheduler is absent, unreachable or refuses us (exit code 3)."""
