"""What conforming says about a file. Nothing here holds a value of a row, but for references of the erased."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, NamedTuple

SPOOL = 4 << 20  # bytes of rejects kept in memory before they go to a temporary file


class Fault(NamedTuple):
    """Why the file as a whole may not be applied."""

    rule: str
    what_to_do: str
    line: int | None = None


class Reject(NamedTuple):
    """One fault of one row. `line_no` is the physical line on which the row starts."""

    line_no: int
    column: str | None
    rule: str
    what_to_do: str


class Note(NamedTuple):
    """A rule and how often it spoke: a reason for rejects, or a warning about rows that loaded."""

    rule: str
    column: str | None
    rows: int
    what_to_do: str


class FileFault(Exception):
    """Ends the reading of a file; carries the fault for the report."""

    def __init__(self, rule: str, what_to_do: str, line: int | None = None) -> None:
        self.fault = Fault(rule, what_to_do, line)
        super().__init__(f"{rule}: {what_to_do}")


def _spool() -> IO[str]:
    """Lives as long as the report; removed with it."""
    return tempfile.SpooledTemporaryFile(SPOOL, "w+", newline="", encoding="utf-8")


@dataclass
class Staged:
    """The report on one file. `rows_read = rows_loaded + rows_rejected`."""

    rows_read: int = 0
    rows_rejected: int = 0
    faults: list[Fault] = field(default_factory=list)
    measures: dict[str, float] = field(default_factory=dict)
    counted: Counter[tuple[str, str | None, str]] = field(default_factory=Counter)
    warned: Counter[tuple[str, str | None, str]] = field(default_factory=Counter)
    erased: set[str] = field(default_factory=set, repr=False)  # references whose lines the landed file must lose too
    _spool: IO[str] = field(default_factory=_spool, repr=False)

    @property
    def rows_loaded(self) -> int:
        return self.rows_read - self.rows_rejected

    @property
    def reasons(self) -> list[Note]:
        """Why rows were rejected, commonest first."""
        return [Note(rule, column, n, mend) for (rule, column, mend), n in self.counted.most_common()]

    @property
    def warnings(self) -> list[Note]:
        """What a person should look at although the rows loaded, commonest first."""
        return [Note(rule, column, n, mend) for (rule, column, mend), n in self.warned.most_common()]

    def refuse(self, rejects: list[Reject]) -> None:
        """Count faults of rows and keep them for the receipt. The caller counts the rows."""
        self.counted.update((r.rule, r.column, r.what_to_do) for r in rejects)
        csv.writer(self._spool, lineterminator="\n").writerows(rejects)

    def warn(self, rule: str, column: str | None, what_to_do: str, count: int = 1) -> None:
        if count:
            self.warned[rule, column, what_to_do] += count

    def rejects(self) -> Iterator[Reject]:
        """Every fault of every rejected row, in the order found (by line, except those that need the whole file)."""
        self._spool.seek(0)
        for line_no, column, rule, mend in csv.reader(self._spool):
            yield Reject(int(line_no), column or None, rule, mend)
        self._spool.seek(0, 2)

    def rejects_csv(self, delivery_id: int) -> Iterator[bytes]:
        """The same as CSV text for COPY, each line led by the delivery's id."""
        self._spool.seek(0)
        while lines := self._spool.readlines(1 << 20):
            yield "".join(f"{delivery_id},{line}" for line in lines).encode()
        self._spool.seek(0, 2)
