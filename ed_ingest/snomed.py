"""SNOMED CT identifiers: whether a code can be one, or was spoilt by a spreadsheet.

An identifier has 6 to 18 digits, the last by Verhoeff's scheme, which finds every single wrong
digit and every swapped pair (J. Verhoeff, Error detecting decimal codes, Mathematical Centre
Tracts 29, 1969). Spreadsheets keep 15 significant digits: longer codes come back with zeros at
their end, or as 9.9E+14.
"""

from __future__ import annotations

import re

_FORM = re.compile(r"[1-9][0-9]{5,17}")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}")
_KEPT_DIGITS = 15


def is_sctid(text: str) -> bool:
    """Whether a text has the form and the check digit of a SNOMED CT identifier.

    >>> is_sctid("276853009"), is_sctid("276853008"), is_sctid("999003031000000100")
    (True, False, False)
    """
    if not _FORM.fullmatch(text):
        return False
    check = 0
    for place, digit in enumerate(reversed(text)):
        check = _multiplied(check, _permuted(int(digit), place))
    return check == 0


def looks_rounded(text: str) -> bool:
    """Whether a spreadsheet has spoilt a long number: 9.9E+14, or zeros past the 15th digit.

    >>> looks_rounded("9.99003E+17"), looks_rounded("1024501000000100"), looks_rounded("1E3")
    (True, True, False)
    """
    if _SCIENTIFIC.fullmatch(text):
        return int(re.split("[eE]", text)[1]) >= len("99999999")
    digits = text.removesuffix(".0")
    if not (digits.isascii() and digits.isdigit() and len(digits) > _KEPT_DIGITS):
        return False
    lost = digits[_KEPT_DIGITS:]
    # Of the codes cut so, one in ten keeps a right check digit by chance; but no code of this
    # length ends in three zeros, which would say that it has no name space.
    return set(lost) == {"0"} and (len(lost) > 2 or not is_sctid(digits))


def _multiplied(one: int, other: int) -> int:
    """Multiply in the group of the symmetries of a pentagon: 0-4 turns, 5-9 reflections."""
    turn = one + (other if one < 5 else -other)
    return turn % 5 + 5 * ((one < 5) != (other < 5))


def _permuted(digit: int, place: int) -> int:
    """Verhoeff's permutation, as often as the digit's place from the right says."""
    for _ in range(place % 8):
        digit = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit]
    return digit
