"""Every sentence that a rule rests on is quoted by a case of tests/spec, and every case quotes one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SPEC = HERE.parent / "spec"


def plain(text: str) -> str:
    """Letters, digits and %= alone, in one line and lower case: marks and wrapping do not matter."""
    return re.sub(r"[^a-z0-9%= ]", "", re.sub(r"\s+", " ", text.lower())).strip()


def sentences() -> list[str]:
    lines = (HERE / "sentences.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def quotations() -> dict[str, list[str]]:
    """What each case's docstring quotes, in parts where it leaves words out."""
    found = {}
    for file in sorted(SPEC.glob("test_*.py")):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                quoted = re.findall(r'"([^"]+)"', (ast.get_docstring(node) or "") + '"')
                parts = [plain(part) for quote in quoted for part in quote.split("...")]
                found[f"{file.name}::{node.name}"] = [part for part in parts if len(part) > 8]
    return found


QUOTATIONS = quotations()


@pytest.mark.parametrize("sentence", sentences())
def test_every_sentence_is_quoted_by_a_case(sentence: str) -> None:
    assert any(part in plain(sentence) or plain(sentence) in part for parts in QUOTATIONS.values() for part in parts)


@pytest.mark.parametrize("case", sorted(QUOTATIONS))
def test_every_case_quotes_a_sentence(case: str) -> None:
    whole = [plain(s) for s in sentences()]
    assert any(part in sentence or sentence in part for part in QUOTATIONS[case] for sentence in whole), (
        f"{case} quotes no sentence of sentences.txt")
