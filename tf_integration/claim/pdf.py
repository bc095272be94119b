"""The evidence pack as a PDF, in a face with the letters of every European name (FiraGO; Arabic and Hebrew too)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tf_integration.claim.sheet import Block, Heading, Table, Words, claim_sheet

if TYPE_CHECKING:
    from fpdf import FPDF

_SIZES = {1: 16, 2: 12, 3: 10}
_TEXT, _CELL = 9, 7
_FACE = "firago"
_STYLES = {"": "figo", "B": "figbo"}  # as pymupdf-fonts calls them
_LONGEST = 40  # letters that weigh in a column's width


def claim_pdf(document: Mapping[str, Any], names: Mapping[int, str]) -> bytes:
    """The pack of one claim; the same pack gives the same bytes."""
    from fpdf import FPDF

    logging.getLogger("fpdf").setLevel(logging.ERROR)  # it would name the letters of a name that the face has not

    class Paper(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font(_FACE, size=_CELL)
            self.cell(
                0,
                6,
                f"{document['claim']['claim_ref']}   {document['evidence_sha256']}   page {self.page_no()} of {{nb}}",
            )

    paper = Paper(orientation="landscape", format="A4")
    _load_face(paper)
    paper.set_title(f"Evidence for claim {document['claim']['claim_ref']}")
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
    paper.set_font(_FACE, "B" if isinstance(block, Heading) else "", size)
    if isinstance(block, Heading) and block.level > 1:
        paper.ln(3)
    text = block.text if isinstance(block, Heading | Words) else ""
    paper.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")


def _table(paper: FPDF, table: Table) -> None:
    paper.set_font(_FACE, size=_CELL)
    weights = [
        max(4, *(min(_LONGEST, len(row[n])) for row in (table.header, *table.rows))) for n in range(len(table.header))
    ]
    with paper.table(col_widths=tuple(weights), line_height=_CELL * 0.5, text_align="LEFT", wrapmode="CHAR") as drawn:
        for row in (table.header, *table.rows):
            cells = drawn.row()
            for cell in row:
                cells.cell(cell)
    paper.ln(2)


def _load_face(paper: FPDF) -> None:
    """Give the paper its face; fpdf2 reads fonts from files alone, and embeds no more than the letters used."""
    with TemporaryDirectory() as folder:
        for style, name in _STYLES.items():
            file = Path(folder) / f"{name}.ttf"
            file.write_bytes(_font(name))
            paper.add_font(_FACE, style, file)


@cache
def _font(name: str) -> bytes:
    from pymupdf_fonts import fontbuffers

    return bytes(fontbuffers[name]())


def _instant(value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at if at.tzinfo else at.replace(tzinfo=UTC)
