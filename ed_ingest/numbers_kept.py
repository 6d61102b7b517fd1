"""Numbers of a text that may stay: a time, a count, a bus, a room; none that names somebody."""

from __future__ import annotations

import re

# A clock time, a count, an ordinal, a road, a bus, a blood pressure, a Welsh time (3yb: yn y bore).
_HARMLESS = re.compile(
    r"x?\d{1,2}|\d{3}|(?:[01]\d|2[0-4])[0-5]\d(?:h|hrs?)?|\d{1,2}(?:am|pm|ish|st|nd|rd|th|hrs?|h|ft|"
    r"m|mins?|mths?|yds?|km|s|x|[a-d]|y[bhp]|cm|mm|in|k|p|wks?|pints?)|\d{3,4}(?:am|pm)|\d{3}m|"
    r"[abmj]\d{1,4}|m\d{1,2}|[a-z]\d{1,2}|[xn]\d{2,3}|\d{4}s?(?=$)|[34][dg]|u\d\ds?|\d{1,2}(?:mg|ml|g)"
)
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[0-5]\d(?:h|hrs?)?")
_YEAR_OF_A_NUMBER = 4  # digits of a number that may be a year, a badge or a collar


def is_harmless_number(word: str) -> bool:
    """Whether a number in normal form has the shape of a time, a count, a road or the like."""
    return _HARMLESS.fullmatch(word) is not None


def is_clock_time(word: str) -> bool:
    """Whether a number of four digits is a time of day."""
    return _CLOCK.fullmatch(word) is not None


def is_long_number(word: str) -> bool:
    """Whether a number has four digits and is no time of day: it may be a badge or a year."""
    return len(word) == _YEAR_OF_A_NUMBER and word.isdigit() and not is_clock_time(word)
