"""The evidence pack as a PDF. Letters outside Latin-1 become a question mark: the page and the data have them whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tf_integration.claim.sheet import Block, Heading, Table, Words, claim_sheet

if TYPE_CHECKING:
    from fpdf import FPDF

_SIZES = {1: 16, 2: 12, 3: 10}
_TEXT, _CELL = 9, 7
_LONGEST = 40  # letters that weigh in a column's width


def claim_pdf(document: Mapping[str, Any], names: Mapping[int, str]) -> bytes:
    """The pack of one claim; the same pack gives the same bytes."""
    from fpdf import FPDF

    class Paper(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font("helvetica", size=_CELL)
            self.cell(
                0,
                6,
                _latin(
                    f"{document['claim']['claim_ref']}   {document['evidence_sha256']}   "
                    f"page {self.page_no()} of {{nb}}"
                ),
            )

    paper = Paper(orientation="landscape", format="A4")
    paper.set_title(_latin(f"Evidence for claim {document['claim']['claim_ref']}"))
    paper.set_lang("en-GB")
    paper.set_creation_date(_instant(document["frozen_at"]))
    paper.set_auto_page_break(True, margin=15)
    paper.add_page()
    for block in claim_sheet(document, names):
        _put(paper, block)
    return bytes(paper.output())


def _put(paper: FPDF, block: Block) -> None:
    if isinstance(block, Table):
        _table(paper, block)
        return
    size = _SIZES[block.level] if isinstance(block, Heading) else _TEXT
    paper.set_font("helvetica", "B" if isinstance(block, Heading) else "", size)
    if isinstance(block, Heading) and block.level > 1:
        paper.ln(3)
    text = block.text if isinstance(block, Heading | Words) else ""
    paper.multi_cell(0, size * 0.5, _latin(text), new_x="LMARGIN", new_y="NEXT")


def _table(paper: FPDF, table: Table) -> None:
    paper.set_font("helvetica", size=_CELL)
    weights = [
        max(4, *(min(_LONGEST, len(row[n])) for row in (table.header, *table.rows))) for n in range(len(table.header))
    ]
    with paper.table(col_widths=tuple(weights), line_height=_CELL * 0.5, text_align="LEFT", wrapmode="CHAR") as drawn:
        for row in (table.header, *table.rows):
            cells = drawn.row()
            for cell in row:
                cells.cell(_latin(cell))
    paper.ln(2)


def _latin(text: str) -> str:
    return text.encode("latin-1", "replace").decode("latin-1")


def _instant(value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at if at.tzinfo else at.replace(tzinfo=UTC)
