"""Bad files of one feed that no list of faults foresees: what a spreadsheet, an export or a tired person makes of it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from small_council import tenancies

ROWS = 40
GOOD = tenancies(ROWS)
Made = bytes | str
BESIDE = "accepted_with_rejects"


@dataclass(frozen=True)
class Odd:
    """`make` spoils the good text. `rule`: of the rejected row, or of the file. `loads`: how many rows do."""

    name: str
    make: Callable[[str], Made]
    status: str
    rule: str = ""
    loads: int = ROWS - 1
    control: dict[str, Any] | None = None
    packed: bool = False
    also: dict[str, int] = field(default_factory=dict)  # SQL and what it must count


def line(n: int, change: Callable[[str], str]) -> Callable[[str], str]:
    """Change the line of row `n` alone."""

    def made(text: str) -> str:
        lines = text.split("\n")
        lines[n] = change(lines[n])
        return "\n".join(lines)

    return made


def cell(n: int, old: str, new: str) -> Callable[[str], str]:
    def change(row: str) -> str:
        assert old in row
        return row.replace(old, new, 1)

    return line(n, change)


def blank_row(row: str) -> str:
    return "," * row.count(",")


ODD = (
    # -- a cell that other programs take for what is agreed
    Odd("a day without its noughts", cell(3, "2019-01-01", "2019-1-1"), BESIDE, "date"),
    Odd("a day with a time", cell(3, "2019-01-01", "2019-01-01T00:00:00"), BESIDE, "date"),
    Odd("a day in full-width digits", cell(3, "2019-01-01", "２０１９-01-01"), BESIDE, "date"),
    Odd("a day in Arabic digits", cell(3, "2019-01-01", "٢٠١٩-01-01"), BESIDE, "date"),
    Odd("a day of the year nought", cell(3, "2019-01-01", "0000-01-01"), BESIDE, "date"),
    Odd("the 29th of February of no leap year", cell(3, "2019-01-01", "2019-02-29"), BESIDE, "date"),
    Odd("a serial number of a spreadsheet for a day", cell(3, "2019-01-01", "43466"), BESIDE, "date"),
    Odd("a five-digit year", cell(3, "2019-01-01", "20190-01-01"), BESIDE, "date"),
    Odd("a code in capitals", cell(3, ",tenant,", ",TENANT,"), BESIDE, "code"),
    Odd("a code with a space that does not break", cell(3, ",tenant,", ",tenant\u00a0,"), BESIDE, "code"),
    Odd("a code with a space of no width", cell(3, ",tenant,", ",ten\u200bant,"), BESIDE, "code"),
    Odd("a code in another alphabet's letters", cell(3, ",tenant,", ",t\u0435nant,"), BESIDE, "code"),
    Odd("quotes of a word processor round a code", cell(3, ",tenant,", ",\u201ctenant\u201d,"), BESIDE, "code"),
    Odd("a sex in words", cell(3, ",F,", ",Female,"), BESIDE, "code"),
    Odd("a start that is a sentinel", cell(3, "2019-01-01", "1900-01-01"), BESIDE),
    Odd("an end before its start", cell(3, "2019-01-01,,LA", "2019-01-01,2018-01-01,LA"), BESIDE),
    # -- a row that is none
    Odd("a row of commas", line(3, blank_row), BESIDE),
    Odd("a key left blank", cell(3, ",T3,", ",,"), BESIDE),
    Odd("a person left blank", cell(3, "H3,", ","), BESIDE),
    Odd("the end-of-file mark of an old system", lambda t: t + "\x1a", BESIDE, loads=ROWS, control={"rows": ROWS + 1}),
    Odd("a mark of byte order in the middle, as two files joined", cell(20, "H20,", "\ufeffH20,"), BESIDE, "byte_order_mark"),
    Odd("a reference with a space that does not break", cell(3, "H3,", "H3\u00a0,"), BESIDE, "invisible"),
    Odd("a reference with a mark that cannot be seen", cell(3, ",T3,", ",T\u200b3,"), BESIDE, "invisible"),
    Odd("a line end of a mainframe inside a name", cell(3, "Gable3", "Ga\x85ble"), BESIDE, "control_character"),
    Odd("a comment of whoever made it", lambda t: t + "# made by the Tuesday job\n", BESIDE, loads=ROWS, control={"rows": ROWS + 1}),
    Odd("cut in the midst of the last row, and counted so", lambda t: t[:-25], BESIDE),
    # -- what must pass as it is
    Odd("a separator of lines inside a name", cell(3, "Gable3", "Ga\u2028ble"), "accepted", loads=ROWS,
        also={"SELECT count(*) FROM core.source_record WHERE surname = E'Ga\\u2028ble'": 1}),
    Odd("a name of one quotation mark", cell(3, "Gable3", '""""'), "accepted", loads=ROWS,
        also={"SELECT count(*) FROM core.source_record WHERE surname = '\"'": 1}),
    Odd("a name that says null", cell(3, "Gable3", "NULL"), "accepted", loads=ROWS,
        also={"SELECT count(*) FROM core.source_record WHERE surname = 'NULL'": 1}),
    Odd("a name that says \\N", cell(3, "Gable3", "\\N"), "accepted", loads=ROWS,
        also={"SELECT count(*) FROM core.source_record WHERE surname = E'\\\\N'": 1}),
    Odd("the end mark of the database's own copying", line(3, lambda row: row.replace("Gable3", "\\.")), "accepted", loads=ROWS),
    Odd("a name that is a statement", cell(3, "Gable3", "x'); DROP TABLE core.fact; --"), "accepted", loads=ROWS,
        also={"SELECT count(*) FROM core.source_record WHERE surname LIKE 'x%%DROP%%'": 1}),
    Odd("a name that is a template", cell(3, "Gable3", "{{ 7*7 }}%s{0}"), "accepted", loads=ROWS,
        also={"SELECT count(*) FROM core.source_record WHERE surname LIKE '{{ 7*7 }}%%'": 1}),
    Odd("a name written backwards by a mark", cell(3, "Gable3", "\u202eelbaG"), "accepted", loads=ROWS),
    Odd("a digest in capitals", lambda t: t, "accepted", loads=ROWS, control={"sha256": "UPPER"}),
    # -- bytes
    Odd("a letter written in more bytes than it needs", lambda t: t.encode().replace(b"Gable3,", b"\xc0\x80le3,"), "rejected",
        "wrong_encoding", 0),
    Odd("half of a pair of surrogates", lambda t: t.encode().replace(b"Gable3,", b"\xed\xa0\x80,"), "rejected", "wrong_encoding", 0),
    Odd("a gzip file of nothing but its ends", lambda t: gzip.compress(b""), "held", "empty_file", 0, {"rows": 0}, packed=True),
    # -- a header, or none
    Odd("the separator said in a line before", lambda t: "sep=,\n" + t, "held", "column_missing", 0),
    Odd("names with spaces before them", lambda t: t.replace(",", ", ", 15), "held", "column_missing", 0),
    Odd("a column without a name", lambda t: "".join(f"{row},\n" for row in t.splitlines()), "held", "column_unknown", 0),
    Odd("thousands of columns", lambda t: t.split("\n", 1)[0] + "," * 9000 + "\n" + t.split("\n", 1)[1], "held", "", 0),
    Odd("a file of another kind: JSON", lambda t: '[{"person_ref": "H1"}]\n', "held", "column_missing", 0, {"rows": 0}),
    Odd("the statements of a database", lambda t: "INSERT INTO t VALUES (1);\n" * 9, "held", "column_missing", 0, {"rows": 8}),
    # -- a control file
    Odd("rows counted in words", lambda t: t, "held", "control_unreadable", 0, {"rows": "forty"}),
    Odd("fewer rows than none", lambda t: t, "held", "control_unreadable", 0, {"rows": -1}),
    Odd("a feed that is a path", lambda t: t, "held", "control_feed", 0, {"feed": "../../etc/passwd"}),
    Odd("days covered in the wrong order", lambda t: t, "held", "control_covers", 0,
        {"covers_from": "2019-05-01", "covers_to": "2018-05-01"}),
)  # fmt: skip
