"""The evidence pack as one page of HTML that prints, needs nothing beside it and runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from tf_integration.claim.export import file_stem
from tf_integration.claim.sheet import HISTORY, Block, Heading, Table, Words, claim_sheet

_STYLE = """
body{font:15px/1.45 Arial,sans-serif;color:#0b0c0c;margin:2em auto;max-width:70em;padding:0 1em}
h1{font-size:1.7em}h3{font-size:1.05em}
h2{font-size:1.25em;margin-top:1.6em;border-top:2px solid #0b0c0c;padding-top:.4em}
table{border-collapse:collapse;width:100%;margin:.6em 0}caption{text-align:left;color:#505a5f}
th,td{text-align:left;vertical-align:top;border-bottom:1px solid #b1b4b6;padding:.3em .5em .3em 0}
.short{white-space:nowrap}.long{overflow-wrap:anywhere}
@media print{
body{font-size:10px;max-width:none;margin:0}h2,h3{break-after:avoid}tr{break-inside:avoid}
}
"""
_LONG = 20  # letters: a word beyond it may be broken anywhere, so that the page keeps its width


def claim_page(document: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """The pack of one claim as a whole page."""
    return _page(f"Evidence for claim {document['claim']['claim_ref']}", claim_sheet(document, names))


def window_page(name: str, packs: Sequence[Mapping[str, Any]]) -> str:
    """The claims of a window, each with its result, money and digest, and a link to its own page."""
    rows = "".join(
        f'<tr><td><a href="{escape(file_stem(p["claim_ref"]))}.html">{escape(p["claim_ref"])}</a></td>'
        f"<td>{escape(p['result'])}</td>"
        f"<td>£{p['amount_pounds']}</td><td>{escape(p['state'])}</td><td>{escape(p['evidence_sha256'])}</td></tr>"
        for p in packs
    )
    head = "".join(f'<th scope="col">{h}</th>' for h in ("Claim", "Result", "Amount", "State", "Evidence sha256"))
    return _whole(
        f"Claims of {name}",
        f"<h1>Claims of {escape(name)}</h1><p>{escape(HISTORY)}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>",
    )


def _page(title: str, blocks: Iterable[Block]) -> str:
    return _whole(title, "\n".join(_block(b) for b in blocks))


def _whole(title: str, body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>\n'
        f"<body><main>\n{body}\n</main></body></html>\n"
    )


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
    if isinstance(block, Words):
        return f"<p>{escape(block.text)}</p>"
    return _table(block)


def _table(table: Table) -> str:
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    head = "".join(f'<th scope="col" class="short">{escape(h)}</th>' for h in table.header)
    rows = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in table.rows)
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(cell: str) -> str:
    """`short`: one word, a date or a number, never broken. `long`: it holds a digest or a file's name. Else words."""
    longest = max(map(len, cell.split()), default=0)
    kind = "long" if longest > _LONG else "short" if longest == len(cell) else "words"
    return f'<td class="{kind}">{escape(cell)}</td>'
