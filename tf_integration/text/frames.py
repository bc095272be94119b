"""The same checks over a column of a polars frame. Each takes and gives an expression of text; null stays null.

`tests/unit/test_text_frames.py` holds them equal to the scalar forms.
"""

from __future__ import annotations

import polars as pl

from tf_integration.text import dates, identifiers, postcodes


def compact(text: pl.Expr) -> pl.Expr:
    """Without spaces and hyphens, in capitals."""
    return text.str.replace_all(r"[\s-]", "").str.to_uppercase()


def upn(text: pl.Expr) -> pl.Expr:
    """The canonical UPN, or null when it fails its check."""
    number = compact(text)
    ranks = {c: i for i, c in enumerate(identifiers.UPN_ALPHABET)}
    total = pl.sum_horizontal(_value(number, place, ranks) * (place + 1) for place in range(1, 13))
    right = number.str.contains(identifiers.UPN_SHAPE) & (total % 23 == _value(number, 0, ranks))
    return pl.when(right).then(number)


def nhs_number(text: pl.Expr) -> pl.Expr:
    """The canonical NHS number, or null when it fails its check."""
    number = compact(text)
    digits = {str(i): i for i in range(10)}
    total = pl.sum_horizontal(_value(number, place, digits) * (10 - place) for place in range(10))
    placeholder = number == number.str.slice(0, 1).repeat_by(10).list.join("")
    return pl.when(number.str.contains(identifiers.NHS_SHAPE) & (total % 11 == 0) & ~placeholder).then(number)


def nino(text: pl.Expr) -> pl.Expr:
    """The canonical National Insurance number, or null when its form is never given out."""
    number = compact(text)
    right = number.str.contains(identifiers.NINO_SHAPE) & ~number.str.slice(0, 2).is_in(identifiers.NINO_NEVER)
    return pl.when(right).then(number)


def uprn(text: pl.Expr) -> pl.Expr:
    """The canonical UPRN, or null when it is not up to 12 digits."""
    number = compact(text)
    bare = number.str.strip_chars_start("0")
    return pl.when(number.str.contains(identifiers.UPRN_SHAPE) & (bare != "")).then(bare)


def postcode(text: pl.Expr) -> pl.Expr:
    """The canonical postcode, or null when it has not the form of one."""
    whole = text.str.replace_all(r"\s", "").str.to_uppercase()
    spaced = pl.concat_str(whole.str.head(-3), pl.lit(" "), whole.str.tail(3))
    return pl.when(whole.str.contains(postcodes.SHAPE)).then(spaced)


def date(text: pl.Expr, date_format: str) -> pl.Expr:
    """The date, or null when the text is anything but a date in that format."""
    exact = text.str.contains(dates.shape(date_format))
    return pl.when(exact).then(text).str.to_date(date_format, strict=False)


def _value(number: pl.Expr, place: int, ranks: dict[str, int]) -> pl.Expr:
    """The value of the character at that place; null for one that has none."""
    return number.str.slice(place, 1).replace_strict(ranks, default=None, return_dtype=pl.Int32)
