"""One cell that tells a time of day -> minutes after midnight, as a minute or a span."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from ed_ingest.codes import is_missing
from ed_ingest.schema import load_vocabulary
from ed_ingest.spelt_times import spelt_times
from ed_ingest.words import plain_word, tokens

DAY = 1440
_WHOLE_DAY = DAY - 60

_FILLERS = re.compile(
    r"[~≈?@*()\[\]]|\b(?:rhwng|tua|oddeutu|ynghylch|approximately|approx|appx|app|about|around|abt|circa|ca|roughly|between|"
    r"from|at|on|est|estimated|just|sometime|some|time|in|the|of|o'?clock|"
    r"mon|monday|tues?|tuesday|wed|wednesday|thu|thurs?|thursday|fri|friday|sat|saturday|sun|sunday)"
    r"\b\.?|\bc\.?(?=\s*\d)|(?<=\d)ish\b|(?<=\d)\s*h(?:rs?|ours?)?\b\.?"
)
_WORDS_FOR_TIMES = (
    (re.compile(r"\b(?:after|past|wedi|ar ol|ar ôl) midnight\b"), "early hours"),
    (
        re.compile(r"\b(?:12(?:[:.]00)?\s*)?(?:midday|mid-day|noon|canol dydd|hanner dydd)\b"),
        "12:00",
    ),
    (re.compile(r"\b12(?:[:.]00)?\s*midnight\b"), "midnight"),
)
_POINT = (
    r"(\d{1,2})(?:\s*[:.;h]\s*([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?|([0-5]\d))?\s*([ap]\.?\s?m\b\.?)?"
)
_ONE = re.compile(_POINT)
_SPAN = re.compile(rf"{_POINT}\s*(?:-|–|—|/|&|to|and|or|until|till?|ac?|i|tan|neu|hyd)\s*{_POINT}")
# A time that cannot be mistaken for another number, somewhere in a longer text.
_CLEAR = re.compile(
    r"(?<![\d:.])(?:[012]?\d[:.][0-5]\d|1?\d\s*[ap]\.?m\b)\s*(?:[ap]\.?m\b)?(?![\d:])"
)
# The text tells only a bound of the time.
_BOUND = re.compile(
    r"\b(?:after|before|since|until|till|by|past|post|pre|prior|later than|earlier than)\b"
    r"|\b(?:ar o|ar ô|cy)[ln]\b"
)
_EARLIER = frozenset({"before", "until", "till", "by", "pre", "prior", "earlier than", "cyn"})
_BOUND_REACH = 360
_DAY_FRACTION = re.compile(r"0?\.\d{4,}")


class Clock(NamedTuple):
    """A time of day.

    ``kind``: ``minute``; ``midnight`` (a minute, said in words); ``part_of_day`` (a span);
    ``none`` (not recorded); ``unread`` (not understood). Minutes count from the day's midnight
    and pass 1440 when the span runs into the next day.
    """

    kind: str
    from_min: int = 0
    to_min: int = 0


NONE = Clock("none")
UNREAD = Clock("unread")


def read_clock(cell: object, *, bare_hhmm: bool = False) -> Clock:
    """Read one cell.

    Parameters
    ----------
    cell
        Text, number, time, duration or date with time, as the file holds it.
    bare_hhmm
        Whether the column writes times as plain numbers (``0200``), so that a number of one or
        two digits has lost its leading zeros: 45 is 00:45.

    Returns
    -------
    Clock
        What the cell says.
    """
    if isinstance(cell, str):
        return _of_text(cell, bare_hhmm)
    if isinstance(cell, datetime | time):
        return _minute(cell.hour * 60 + cell.minute)
    if isinstance(cell, timedelta):
        return _minute(int(cell.total_seconds() // 60))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _of_number(float(cell), bare_hhmm)
    return UNREAD


def _of_number(number: float, bare_hhmm: bool) -> Clock:
    """Read a spreadsheet's fraction of a day, or digits read as a number."""
    if 0 <= number < 1:
        return _minute(round(number * DAY))
    return _of_text(str(int(number)), bare_hhmm) if number.is_integer() else UNREAD


def _of_text(cell: str, bare_hhmm: bool) -> Clock:
    if is_missing(cell):
        return NONE
    lower = cell.lower()
    if _DAY_FRACTION.fullmatch(lower.strip()):
        return _minute(round(float(lower) * DAY))
    text = spelt_times(lower)
    for pattern, replacement in _WORDS_FOR_TIMES:
        text = pattern.sub(replacement, text)
    text = " ".join(_FILLERS.sub(" ", text).split()).strip(" ,;-")
    if not text:
        return NONE
    if text in ("midnight", "canol nos", "hanner nos"):
        return Clock("midnight", 0, 0)
    one = _ONE.fullmatch(text)
    if one:
        return _minute(_minutes(*one.groups(), bare_hhmm=bare_hhmm))
    span = _SPAN.fullmatch(text.replace("midnight", "00:00"))
    if span:
        return _of_span(*span.groups())
    return _of_sentence(text, lower)


def _of_sentence(text: str, lower: str) -> Clock:
    """Read the one clear time, or the part of the day, that a longer text names."""
    clear = _CLEAR.findall(text)
    if len(clear) == 1:
        one = _ONE.fullmatch(clear[0].strip())
        minutes = _minutes(*one.groups()) if one else None
        bound = _BOUND.search(text)
        return _beyond(minutes, bound[0]) if bound else _minute(minutes)
    if clear:
        return UNREAD
    padded = f" {' '.join(plain_word(match[0]) for match in tokens(lower))} "
    parts = ((words, span) for words, span in _parts_of_day() if f" {words} " in padded)
    return next((Clock("part_of_day", *span) for _, span in parts), UNREAD)


def _beyond(minutes: int | None, bound: str) -> Clock:
    """A time of which only a bound is told: the six hours after or before it."""
    if minutes is None:
        return UNREAD
    if bound in _EARLIER:
        return Clock("part_of_day", max(minutes - _BOUND_REACH, 0), minutes)
    return Clock("part_of_day", minutes % DAY, minutes % DAY + _BOUND_REACH)


def _minute(minutes: int | None) -> Clock:
    return Clock("minute", minutes, minutes) if minutes is not None and minutes <= DAY else UNREAD


def _minutes(
    hour: str, after: str | None, glued: str | None, half: str | None, *, bare_hhmm: bool = False
) -> int | None:
    """Minutes after midnight of a matched time; None when there is no such time."""
    bare = after is None and glued is None and half is None
    if bare and (bare_hhmm or int(hour) > 24):
        return int(hour) if int(hour) < 60 else None
    hours, minutes = int(hour), int(after or glued or 0)
    if half and hours <= 12:
        hours = hours % 12 + (12 if half.startswith("p") else 0)
    return hours * 60 + minutes if hours * 60 + minutes <= DAY else None


def _of_span(
    hour: str, after: str | None, glued: str | None, half: str | None,
    hour_2: str, after_2: str | None, glued_2: str | None, half_2: str | None,
) -> Clock:  # fmt: skip
    """Read two times; "2-4am" and "11-1am" give the one without am or pm what fits it."""
    first, last = _minutes(hour, after, glued, half), _minutes(hour_2, after_2, glued_2, half_2)
    if half_2 and not half and int(hour) <= 12:
        first = _nearest_half(first, last, before=True)
    elif half and not half_2 and int(hour_2) <= 12:
        last = _nearest_half(last, first, before=False)
    if first is None or last is None:
        return UNREAD
    if first == last:
        return _minute(first)
    last += DAY if last < first else 0
    return NONE if last - first >= _WHOLE_DAY else Clock("part_of_day", first, last)


def _nearest_half(minutes: int | None, other: int | None, *, before: bool) -> int | None:
    """Of a clock face's two readings, the one that lies nearest before or after another time."""
    if minutes is None or other is None:
        return None
    readings = (minutes % 720, minutes % 720 + 720)
    return min(readings, key=lambda m: (other - m if before else m - other) % DAY)


@cache
def _parts_of_day() -> tuple[tuple[str, tuple[int, int]], ...]:
    """Words for a part of the day and their minutes, the longest words first."""
    table = load_vocabulary("part_of_day")
    rows = [
        (words, (_hhmm(start), _hhmm(end)))
        for words, start, end in table[["words", "from", "to"]].to_numpy()
    ]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))


def _hhmm(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
