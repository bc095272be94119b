"""Identifiers that may join a person across partners: each function gives the canonical form, or None."""

from __future__ import annotations

import re

from stdnum.gb import nhs
from stdnum.gb import upn as stdnum_upn

UPN_SHAPE = r"^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$"  # no I, O or S; the last is a letter in a temporary UPN
UPN_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ0123456789"  # a letter's value is its place, 0 to 22
NHS_SHAPE = r"^[0-9]{10}$"
NINO_SHAPE = r"^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]$"
NINO_NEVER = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")  # prefixes that were never given out
UPRN_SHAPE = r"^0*[0-9]{1,12}$"
_GAPS = re.compile(r"[^\S\x1c-\x1f]|-")  # white space as Unicode has it, and as polars has it


def compact(text: str) -> str:
    """Without spaces and hyphens, in capitals."""
    return _GAPS.sub("", text).upper()


def upn(text: str) -> str | None:
    """A unique pupil number whose check letter is right, of any local authority: lists of those go stale."""
    number = compact(text)
    if not re.match(UPN_SHAPE, number) or stdnum_upn.calc_check_digit(number[1:]) != number[0]:
        return None
    return number


def nhs_number(text: str) -> str | None:
    """An NHS number whose check digit is right; ten equal digits are a placeholder, not a number."""
    number = compact(text)
    if not re.match(NHS_SHAPE, number) or nhs.checksum(number) or len(set(number)) == 1:
        return None
    return number


def nino(text: str) -> str | None:
    """A National Insurance number of a form that is given out. It has no check digit."""
    number = compact(text)
    return number if re.match(NINO_SHAPE, number) and number[:2] not in NINO_NEVER else None


def uprn(text: str) -> str | None:
    """A property reference: up to 12 digits, without the zeros that some systems put before it."""
    number = compact(text)
    return number.lstrip("0") or None if re.match(UPRN_SHAPE, number) else None
