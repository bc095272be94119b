"""Records of a buffer whose quotes do not pair: RFC 4180 read strictly, starting again after a line that breaks it."""

from __future__ import annotations

import re
from functools import lru_cache

RECORD_BYTES = 64 << 10  # a longer record is refused: a lone quote swallows what follows
Span = tuple[int, int, int]  # start, end, 1 for a record and 0 for a refused line


@lru_cache(maxsize=8)
def _record(delimiter: str) -> re.Pattern[bytes]:
    """One whole record with its line end. Possessive throughout, so that it never tries a second way."""
    mark = re.escape(delimiter.encode())
    field = rb'(?:"[^"]*+(?:""[^"]*+)*+"|[^"\n' + mark + rb"]*+)"
    return re.compile(field + rb"(?:" + mark + field + rb")*+\r?\n")


def split_strictly(data: bytes, delimiter: str, cap: int, eof: bool) -> list[Span]:
    """Spans of records and of refused lines, in order, as far as the buffer tells. `cap`: bytes of a record."""
    record, spans, at = _record(delimiter), [], 0
    while at < len(data):
        if match := record.match(data, at, min(len(data), at + cap)):
            spans.append((at, match.end(), 1))
            at = match.end()
            continue
        if not eof and len(data) - at <= cap:
            break  # the rest may be a record that goes on in the next block
        end = data.find(b"\n", at) + 1
        if not end:
            break
        spans.append((at, end, 0))
        at = end
    return spans
