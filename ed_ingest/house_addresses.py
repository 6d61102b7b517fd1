"""Tell whether words give the address of a house: a number with its street."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from ed_ingest.words import vocabulary, vocabulary_kind

_WELSH_STREETS = frozenset({"heol", "ffordd", "stryd", "clos", "maes", "lon", "rhodfa", "plas"})
MOST_HOUSE_DIGITS = 4
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)$")
# Numbers in words; a street must stand right behind them.
_SPELT = frozenset(
    {
        *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
        *("eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy"),
        *("eighty", "ninety", "hundred", "one", "two", "three", "four", "five", "six", "seven"),
        *("eight", "nine", "ten"),
    }
)


def is_house_address(
    words: Sequence[str], covered: Sequence[bool], business_addresses: Collection[str]
) -> bool:
    """Whether the words hold a house's number with a street; takes the same as `says_home`."""
    for i, word in enumerate(words):
        # The number of "4 Elms Road" is part of the name.
        if not _may_number_a_house(word) or covered[i]:
            continue
        if is_time_of_day(words, i) or _is_numbered(words, i):
            continue
        street = _street_end(words, i)
        if " ".join(words[i : i + 3]) in business_addresses:
            return False
        if street and not (_words("public") & set(words[max(0, i - 3) : i])):
            return not (_venue_words() & {*words[:i], *words[street:]})
    return _ends_in_a_number(words, covered, business_addresses)


def _ends_in_a_number(
    words: Sequence[str], covered: Sequence[bool], business_addresses: Collection[str]
) -> bool:
    """Whether a text ends in a street and the number of a house behind it: "Mill Lane, 71"."""
    n = len(words) - 1
    streets = vocabulary_kind("place_types", "kind", "street")
    if n < 2 or words[n - 1] not in streets or covered[n] or not is_house_number(words[n]):
        return False
    if len(words[n]) == len("2330") or _venue_words() & set(words[:n]):
        return False
    return f"{words[n]} {words[n - 2]} {words[n - 1]}" not in business_addresses


def _may_number_a_house(word: str) -> bool:
    return (word[:1].isdigit() and is_house_number(_ORDINAL.sub("", word))) or word in _SPELT


def is_house_number(word: str) -> bool:
    """Whether a word is shaped like the number of a house: 12, 12a, 112."""
    digits = word.rstrip("abcdef")
    return digits.isdigit() and len(digits) <= MOST_HOUSE_DIGITS and len(word) - len(digits) <= 1


def is_time_of_day(words: Sequence[str], i: int) -> bool:
    """Whether a number is a time of day: 2330, or either part of 23.30."""
    word = words[i]
    if not word.isdigit():
        return False
    if len(word) == len("2330"):
        return int(word[:2]) < 24 and int(word[2:]) < 60
    if len(word) > len("30") or int(word) >= 60:
        return False
    before = words[i - 1] if i else ""
    after = words[i + 1] if i + 1 < len(words) else ""
    minutes = len(word) == len("30") and before.isdigit() and int(before) < 24
    hour = int(word) < 24 and len(after) == len("30") and after.isdigit() and int(after) < 60
    return minutes or hour


def _is_numbered(words: Sequence[str], i: int) -> bool:
    """Whether a number is a platform's, a gate's or a floor's, or a count: "level 3", "3 mins"."""
    # Behind a stroke it is part of a date or span: 14/9, 2/52.
    dated = i > 1 and words[i - 1] == "/" and words[i - 2].isdigit()
    return dated or (i > 0 and words[i - 1] in _numbered())


@cache
def _numbered() -> frozenset[str]:
    lived_in = {"room", "rm", "no", "number", "bed", "unit", "block", "car", "court", "hall"}
    return vocabulary_kind("place_cues", "role", "numbered") - lived_in


def _street_end(words: Sequence[str], number: int) -> int:
    """Position after the street that follows a house number; 0 where none does."""
    streets = vocabulary_kind("place_types", "kind", "street")
    for end in range(number + 2, min(number + 6, len(words)) + 1):
        before = words[number + 1 : end - 1]
        if any(w in _words("not_in_street") or w.isdigit() for w in before):
            return 0
        if words[end - 1] in streets and before:
            return end
        if words[number + 1] in _WELSH_STREETS and end > number + 2:
            return end
    return 0


@cache
def _venue_words() -> frozenset[str]:
    single = {name for name in vocabulary("known_venues", "name") if " " not in name}
    venues = vocabulary_kind("place_types", "kind", "venue") - {"house", "kitchen"}
    return frozenset(venues | single)


def _words(role: str) -> frozenset[str]:
    return vocabulary_kind("home_words", "role", role)
