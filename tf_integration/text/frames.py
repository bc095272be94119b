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
    return compact(text).map_batches(_upn, return_dtype=pl.String)


def nhs_number(text: pl.Expr) -> pl.Expr:
    """The canonical NHS number, or null when it fails its check."""
    return compact(text).map_batches(_nhs_number, return_dtype=pl.String)


def _upn(number: pl.Series) -> pl.Series:
    ranks = {c: i for i, c in enumerate(identifiers.UPN_ALPHABET)}
    total = _weighted(number.str.slice(1, 11), range(2, 13)) + _rank(number.str.tail(1), ranks) * 13
    right = number.str.contains(identifiers.UPN_SHAPE) & (total % 23 == _rank(number.str.head(1), ranks))
    return number.set(~right.fill_null(False), None)


def _nhs_number(number: pl.Series) -> pl.Series:
    digits = number.set(~number.str.contains(identifiers.NHS_SHAPE).fill_null(False), None)
    right = (_weighted(digits, range(10, 0, -1)) % 11 == 0) & (digits.cast(pl.Int64) % 1_111_111_111 != 0)
    return number.set(~right.fill_null(False), None)


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


def _weighted(digits: pl.Series, weights: range) -> pl.Series:
    """The sum of each digit times its weight: by division, since slicing text costs several times as much."""
    number, last = digits.cast(pl.Int64, strict=False), len(weights) - 1
    total = number * 0
    for i, weight in enumerate(weights):
        total += number // 10 ** (last - i) % 10 * weight
    return total


def _rank(letter: pl.Series, ranks: dict[str, int]) -> pl.Series:
    """The value of a character; null for one that has none."""
    return letter.replace_strict(ranks, default=None, return_dtype=pl.Int64)
