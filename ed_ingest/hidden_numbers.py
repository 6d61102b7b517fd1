"""Numbers that are spread over several words, each of which alone would be harmless."""

from __future__ import annotations

import re

from ed_ingest.identifiers import MARK, MOST_DIGITS
from ed_ingest.words import plain_word, tokens

# How many figures a number in words stands for, in English and Welsh.
_SPELT = {
    **dict.fromkeys(
        ("zero", "nought", "naught", "oh", "o", "one", "two", "three", "four", "five", "six",
         "seven", "eight", "nine", "un", "dau", "dwy", "tri", "tair", "pedwar", "pedair", "pump",
         "chwech", "saith", "wyth", "naw", "dim"),
        1,
    ),
    **dict.fromkeys(
        ("double", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
         "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty",
         "seventy", "eighty", "ninety", "hundred", "triple", "treble", "deg"),
        2,
    ),
}  # fmt: skip
_SIGNS = str.maketrans({sign: " " for sign in map(chr, range(128)) if not sign.isalnum()})
_MOST_SPELT = 3
# Roads and junctions stand beside each other rightly ("M4 J33 A4232"), and two times of day do.
_ROAD, _MOST_ROADS = re.compile(r"[abmj]\d{1,4}"), 3
_CLOCK, _MOST_CLOCKS = re.compile(r"(?:[01]\d|2[0-4])[0-5]\d"), 2
_REPEATED = re.compile(r"\[…\](?:[\s\W_]*\[…\])+")


def without_hidden_numbers(text: str) -> str:
    """Take out numbers told in single figures, in pairs, or in words.

    "99 90 12 34 56" and "nine nine nine one two three" hold no word that could not stay by itself.
    Numbers with nothing but signs between them go when they have more than five figures together,
    or are three or more in words; and so do all numbers in words where a text spells more than
    five figures.

    Parameters
    ----------
    text
        One location in words.
    """
    # Most texts tell no number at all, and need not be taken apart.
    if text.isascii() and not _may_tell_much(text):
        return text
    found = tokens(text)
    plain = [plain_word(match.group()) for match in found]
    figures = [sum(map(str.isdigit, word)) or _SPELT.get(word, 0) for word in plain]
    if sum(figures) < _MOST_SPELT:
        return text
    spelt = sum(n for n, word in zip(figures, plain, strict=True) if word in _SPELT)
    gone = [spelt > MOST_DIGITS and word in _SPELT for word in plain]
    start = 0
    while start < len(plain):
        end = start
        while end < len(plain) and figures[end]:
            end += 1
        n_spelt = sum(word in _SPELT for word in plain[start:end])
        long = sum(figures[start:end]) > MOST_DIGITS or n_spelt >= _MOST_SPELT
        if long and not _may_stand(plain[start:end]):
            gone[start:end] = [True] * (end - start)
        start = max(end, start + 1)
    pieces, at = [], 0
    for match, goes in zip(found, gone, strict=True):
        pieces += [text[at : match.start()], f" {MARK} " if goes else match.group()]
        at = match.end()
    return " ".join(_REPEATED.sub(MARK, "".join([*pieces, text[at:]])).split())


# Two words with figures and nothing but signs between them.
_BESIDE = re.compile(r"\d[^\W_]*[\W_]+[^\W\d_]*\d")


def _may_tell_much(text: str) -> bool:
    n_digits = sum(map(text.count, "0123456789"))
    if n_digits > MOST_DIGITS and _BESIDE.search(text):
        return True
    n_spelt = sum(word in _SPELT for word in text.translate(_SIGNS).lower().split())
    return n_spelt >= _MOST_SPELT or (n_spelt > 0 and n_digits + 2 * n_spelt > MOST_DIGITS)


def _may_stand(words: list[str]) -> bool:
    # A count or score beside a time of day: "GCS 14, 0345".
    if len(words) == 2 and sorted(map(len, words))[0] <= 2 and any(map(_CLOCK.fullmatch, words)):
        return True
    return any(
        len(words) <= most and all(shape.fullmatch(word) for word in words)
        for shape, most in ((_ROAD, _MOST_ROADS), (_CLOCK, _MOST_CLOCKS))
    )
