"""Names as matching compares them. What a partner wrote is kept elsewhere, exactly."""

from __future__ import annotations

import re
import unicodedata

_NOT_LETTERS = re.compile(r"[^\w\s]|_")
_APOSTROPHES = re.compile(r"['’‘`´]")
_LETTERS = str.maketrans({"Ø": "O", "Ł": "L", "Đ": "D", "Æ": "AE", "Œ": "OE", "Þ": "TH", "ẞ": "SS"})


def plain(name: str) -> str:
    """Capitals without accents or punctuation, one space between words: `Zoë O'Brien-Smith` -> `ZOE OBRIEN SMITH`.

    Letters that have no plain Latin form (`李`) stay as they are.
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.upper()) if not unicodedata.combining(c))
    bare = _NOT_LETTERS.sub(" ", _APOSTROPHES.sub("", bare.translate(_LETTERS)))
    return " ".join(bare.split())


def words(name: str) -> list[str]:
    """The words of the plain name, in order."""
    return plain(name).split()


def initial(name: str) -> str:
    """The first letter of the plain name, or ''."""
    return plain(name)[:1]
