"""Times told from the arrival: "last night", "two hours ago", "Saturday night"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

import pandas as pd

from ed_ingest.words import plain_word, tokens

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_PARTS = {
    "morning": (6, 12), "bore": (6, 12), "am": (0, 12), "lunchtime": (12, 14),
    "afternoon": (12, 18),
    "prynhawn": (12, 18), "pm": (12, 24), "evening": (18, 24), "nos": (18, 30), "night": (18, 30),
    "hwyr": (18, 24), "eve": (18, 24),
}  # fmt: skip
_WEEKDAYS = {
    name: day
    for day, names in enumerate(
        ("monday mon llun", "tuesday tue tues mawrth", "wednesday wed weds mercher",
         "thursday thu thur thurs iau", "friday fri gwener", "saturday sat sadwrn",
         "sunday sun sul")
    )
    for name in names.split()
}  # fmt: skip
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
} | {"a": 1, "an": 1, "couple": 2, "few": 3, "half": 0.5, "several": 4, "un": 1, "dwy": 2, "awr": 1}
_AGO = re.compile(
    r"\b(\d+(?:\.\d+)?|(?:half an|[a-z]+))(?: of)? ?"
    r"(hours?|hrs?|h|awr|minutes?|mins?|days?|d|diwrnod|weeks?|wks?)"
    r" (?:ago|before|earlier|prior|pta|previously|yn ol|since)\b"
)
_UNITS = {"h": _HOUR, "a": _HOUR, "m": timedelta(minutes=1), "d": _DAY, "w": 7 * _DAY}


class Told(NamedTuple):
    """An interval told from an arrival; ``whole_day``: no part of the day was told."""

    start: datetime
    end: datetime
    whole_day: bool


def told_from_arrival(texts: pd.Series, arrived_at: pd.Series) -> pd.DataFrame:
    """Read words that tell a time from the arrival.

    Parameters
    ----------
    texts
        Cells as text; may be missing.
    arrived_at
        When each patient arrived, local time; may be missing.

    Returns
    -------
    DataFrame
        On the index of `texts`: ``start``, ``end`` (the end never after the arrival), and
        ``whole_day``; missing and false where the words tell no such time.
    """
    told = [
        _told(str(text), arrived.to_pydatetime())
        if isinstance(text, str) and _MAY.search(text)
        else None
        for text, arrived in zip(texts.astype(object), arrived_at, strict=True)
    ]
    return pd.DataFrame(
        {
            "start": pd.Series([t.start if t else None for t in told], dtype="datetime64[s]").array,
            "end": pd.Series([t.end if t else None for t in told], dtype="datetime64[s]").array,
            "whole_day": [t.whole_day if t else False for t in told],
        },
        index=texts.index,
    )


_MAY = re.compile(
    r"last|yester|today|tonight|this|earlier|ago|prior|pta|now|neithiwr|ddoe|heno|heddiw|bore|"
    r"[a-z]day\b|\b(?:mon|tue|wed|thu|fri|sat|sun|nos)|yn ol|previous|before",
    re.IGNORECASE,
)


def _told(text: str, arrived: datetime) -> Told | None:
    if arrived != arrived:  # NaT
        return None
    words = " ".join(plain_word(match[0]) for match in tokens(text))
    for read in (_ago, _named_night, _weekday):
        told = read(words, arrived)
        if told and told.start <= arrived:
            return told._replace(end=min(told.end, arrived))
    return None


def _ago(words: str, arrived: datetime) -> Told | None:
    """Read "2 hours ago": half a unit to either side; "3 days ago": that day."""
    match = _AGO.search(words)
    if not match:
        if re.search(r"\bjust (?:now|prior|before|happened)\b|\bjust pta\b", words):
            return Told(arrived - _HOUR, arrived, False)
        return None
    count = _number(match[1])
    if count is None:
        return None
    unit = _UNITS[match[2][0]]
    if unit >= _DAY:
        day = _midnight(arrived - count * unit)
        return Told(day, day + _DAY - timedelta(minutes=1), True)
    around = arrived - count * unit
    slack = min(unit, _HOUR) / 2
    return Told(_to_minute(around - slack), _to_minute(around + slack), False)


def _number(text: str) -> float | None:
    if text[0].isdigit():
        return float(text)
    return _NUMBERS.get(text.split()[0])


def _named_night(words: str, arrived: datetime) -> Told | None:
    today = _midnight(arrived)
    # Before six in the morning it is still the night of the day before.
    night = today - _DAY if arrived.hour < 6 else today
    part = _part(words)
    if re.search(r"\b(?:last night|neithiwr|overnight|yesterday night|nos ddoe)\b", words):
        evening = today - _DAY
        return Told(evening + 18 * _HOUR, evening + 30 * _HOUR, False)
    if re.search(r"\b(?:tonight|heno|this evening|this night)\b", words):
        return Told(night + 18 * _HOUR, night + 30 * _HOUR, False)
    if re.search(r"\b(?:yesterday|ddoe|previous day|day before|last evening)\b", words):
        return _of_day(today - _DAY, part or ((18, 24) if "evening" in words else None))
    if re.search(
        r"\b(?:today|heddiw|earlier|this (?:morning|afternoon)|bore ma|bore heddiw)\b", words
    ):
        return _of_day(today, part)
    return None


def _weekday(words: str, arrived: datetime) -> Told | None:
    """Read "Saturday night": of the last such day up to the arrival."""
    day = next((_WEEKDAYS[word] for word in words.split() if word in _WEEKDAYS), None)
    part = _part(words)
    if day is None or (part is None and re.search(r"\d", words)):
        return None
    today = _midnight(arrived)
    then = today - ((today.weekday() - day) % 7) * _DAY
    told = _of_day(then, part)
    return told if told.start <= arrived else _of_day(then - 7 * _DAY, part)


def _of_day(day: datetime, part: tuple[int, int] | None) -> Told:
    if part is None:
        return Told(day, day + _DAY - timedelta(minutes=1), True)
    return Told(day + part[0] * _HOUR, day + part[1] * _HOUR - timedelta(minutes=1), False)


def _part(words: str) -> tuple[int, int] | None:
    if "early hours" in words or "early morning" in words:
        return (0, 6)
    return next((_PARTS[word] for word in words.split() if word in _PARTS), None)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0)


def _to_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
