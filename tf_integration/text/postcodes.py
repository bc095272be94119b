"""UK postcodes: one canonical form, and the coarser places that may be shown to analysts."""

from __future__ import annotations

import re

SHAPE = r"^(GIR0AA|[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-HJKMNPR-Y]?[0-9][ABD-HJLNP-UW-Z]{2})$"
_GAPS = re.compile(r"[^\S\x1c-\x1f]")  # white space as Unicode has it


def postcode(text: str) -> str | None:
    """`ct11aa` -> `CT1 1AA`; None when it has not the form of a postcode."""
    whole = _GAPS.sub("", text).upper()
    return f"{whole[:-3]} {whole[-3:]}" if re.match(SHAPE, whole) else None


def sector(text: str) -> str | None:
    """`CT1 1AA` -> `CT1 1`: about 3,000 addresses."""
    whole = postcode(text)
    return whole[:-2] if whole else None


def district(text: str) -> str | None:
    """`CT1 1AA` -> `CT1`."""
    whole = postcode(text)
    return whole.split(" ")[0] if whole else None
