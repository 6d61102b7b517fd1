"""What may stay of a text that says a home: whose home, what was done, when; nothing of an address.

Numbers and words of an address stand together. So a word stays only where no word beside it, up to
the next punctuation, may be of an address; a number only in the shape of a time, a count or a dose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ed_ingest.homes import home_positions
from ed_ingest.word_kinds import ADDRESSED, ALSO_NAME, CUE, LEADS, NUMBER, ORDINARY, TOLD, TYPE

_COUNTED = re.compile(r"x\d{1,2}|\d{1,2}x|\d{1,2}(?:am|pm|hrs?|mins?|yb|yh|cm|mm)|\d{4}(?:hrs?|h)")
_OF_AN_ADDRESS = ADDRESSED | ALSO_NAME | LEADS | TYPE
# Words that a number or letter follows in an address.
_NUMBERED = frozenset({"flat", "room", "rm", "apartment", "bedsit", "house", "property", "place"})
_PARTS_OF_A_NUMBER = ("7", "52", "12", "24", "365")  # days, weeks, months, hours: 2/52 ago
_SMALL_WORDS = frozenset({"by", "with", "from", "to", "on", "and", "x", "ago", "then", "was", "no"})


def kept_of_a_home(
    words: Sequence[str], gaps: Sequence[str], kinds: Mapping[str, int]
) -> list[bool]:
    """For each word of a text that says a home, whether it may stay.

    Parameters
    ----------
    words
        Words of the text in normal form.
    gaps
        For each word, what stands between the one before it and itself.
    kinds
        Flags of each distinct word (`word_kinds.kinds_of`).
    """
    at_home = home_positions(words)
    times = _times(words, gaps)
    harmless = [
        i in at_home or times[i] or _is_told(words, gaps, i, kinds) for i in range(len(words))
    ]
    keep = []
    for i in range(len(words)):
        before = harmless[i - 1] if i and gaps[i].isspace() else True
        joined = i + 1 < len(words) and gaps[i + 1].isspace()
        after = harmless[i + 1] if joined else True
        if i in at_home:
            # "at home 14 Mill Lane" keeps its home, "flat 14" and "Rose House" nothing.
            keep.append(before and (after or words[i] not in _NUMBERED))
        else:
            keep.append(times[i] or (harmless[i] and before and after))
    return keep


def _is_told(words: Sequence[str], gaps: Sequence[str], i: int, kinds: Mapping[str, int]) -> bool:
    """Whether a word, or a count before such a word, says what was done and is of no address."""
    word, kind = words[i], kinds[words[i]]
    if kind & NUMBER:
        joined = i + 1 < len(words) and gaps[i + 1].isspace()
        counted = joined and _is_told(words, gaps, i + 1, kinds)
        return _COUNTED.fullmatch(word) is not None or (
            counted and word.isdigit() and len(word) <= 2 and words[i + 1] not in _SMALL_WORDS
        )
    if word in ("l", "r") and i + 1 < len(words):
        return _is_told(words, gaps, i + 1, kinds)
    if word in _SMALL_WORDS:
        return True
    told = kind & TOLD and kind & ORDINARY and not kind & _OF_AN_ADDRESS
    return bool(told) or bool(kind & CUE and kind & ORDINARY and not kind & _OF_AN_ADDRESS)


def _times(words: Sequence[str], gaps: Sequence[str]) -> list[bool]:
    """For each word, whether it is part of a time of day (22:40) or of a span (2/52 ago)."""
    found = [False] * len(words)
    for i in range(len(words) - 1):
        hour, minute = words[i], words[i + 1]
        clock = gaps[i + 1] in (":", ".") and hour.isdigit() and len(hour) <= 2 and int(hour) < 24
        if clock and len(minute) >= 2 and minute[:2].isdigit() and int(minute[:2]) < 60:
            found[i : i + 2] = [True, True]
        span = hour.isdigit() and len(hour) <= 2 and minute == "/" and i + 2 < len(words)
        ago = words[i + 3 : i + 4] == ["ago"] if span else False
        if ago and words[i + 2] in _PARTS_OF_A_NUMBER:
            found[i : i + 4] = [True] * 4
    return found
