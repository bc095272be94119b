"""Identifiers that check, each handed out once: NHS number, UPN, NINO, and the partners' own references.

Every person has a slot (family number x 16 + number in the family); each identifier is a one-to-one shuffle
of slots, so nothing has to be remembered to keep them unique.
"""

from __future__ import annotations

from functools import lru_cache
from math import gcd

SLOTS = 16  # a family's persons and spare references
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
# First letters that are rarely issued; the second as the rules allow.
_NINO_PREFIXES = [a + b for a in "XYZ" for b in "ABCEGHJKLMNPRSTWXYZ" if a + b != "ZZ"]
_NHS_PAIRS = 50_000_000
_NINO_NUMBERS = 1_000_000
_UPN_SERIALS = 2_000_000


@lru_cache(maxsize=256)
def _stride(size: int, salt: int) -> int:
    """A multiplier near the golden section of `size` that shares no factor with it."""
    step = int(size * 0.6180339887) + salt * 2 + 1
    while gcd(step, size) != 1:
        step += 1
    return step


def shuffled(slot: int, size: int, salt: int = 0) -> int:
    """A one-to-one map of 0..size-1 onto itself."""
    return (slot * _stride(size, salt) + salt * 7919) % size


def nhs_number(slot: int, salt: int) -> str:
    """A number that checks, in the range beginning with 9, which patients do not get."""
    pair = shuffled(slot, _NHS_PAIRS, salt)
    for last in (0, 1):  # of two neighbours at most one has no check digit
        base = f"{900_000_000 + 2 * pair + last}"
        check = 11 - sum(int(d) * w for d, w in zip(base, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return base + str(check % 11)
    raise AssertionError("two neighbours without a check digit")


def upn(slot: int, authority: int, born_year: int, salt: int) -> str:
    """A UPN that checks; its establishment part (8000 to 9999) is none that a school bears."""
    block, within = divmod(slot, _UPN_SERIALS)
    establishment, serial = divmod(shuffled(within, _UPN_SERIALS, salt), 1000)
    digits = f"{authority:03d}{8000 + establishment:04d}{born_year % 20 + 20 * block:02d}{serial:03d}"
    return _UPN_LETTERS[sum(int(d) * p for p, d in enumerate(digits, start=2)) % 23] + digits


def nino(slot: int, salt: int) -> str:
    """A National Insurance number of a well-formed prefix and suffix."""
    block, within = divmod(slot, _NINO_NUMBERS)
    prefix = _NINO_PREFIXES[(block + salt) % len(_NINO_PREFIXES)]
    return f"{prefix}{shuffled(within, _NINO_NUMBERS, salt):06d}{'ABCD'[slot % 4]}"


def reference(prefix: str, slot: int, salt: int) -> str:
    """A partner's own reference: its prefix and eight digits that say nothing about any other partner's."""
    return f"{prefix}{shuffled(slot, 100_000_000, salt):08d}"


def mistyped(identifier: str) -> str:
    """The identifier with its last digit moved on, or a NINO with a wrong suffix: it fails its check."""
    if identifier[-1].isalpha():
        return identifier[:-1] + "X"
    return identifier[:-1] + str((int(identifier[-1]) + 1) % 10)
