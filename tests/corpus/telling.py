"""How a clerk writes down when it happened, and what a careful analyst may read out of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Told(NamedTuple):
    """One time as written, the interval that it states, and the bounds of a fair reading."""

    text: str
    start: datetime
    end: datetime
    precision: str
    also: str = ""
    from_min: datetime | None = None
    from_max: datetime | None = None
    to_min: datetime | None = None
    to_max: datetime | None = None
    night: datetime | None = None
    written: datetime | None = None  # the day that the date cell gives, where it is another


Form = Callable[[random.Random, datetime, datetime], Told | None]


def midnight(moment: datetime) -> datetime:
    """The start of the day."""
    return moment.replace(hour=0, minute=0)


def spoken(moment: datetime, gap: str = "") -> str:
    """Hour as people say it: 2am, 11pm."""
    return f"{moment.hour % 12 or 12}{gap}{'am' if moment.hour < 12 else 'pm'}"


def _exact(text: str, at: datetime) -> Told:
    return Told(text, at, at, "minute", night=at)


def exactly(pattern: str) -> Form:
    """The minute, by a pattern of strftime; ``{12}`` is the hour without a leading zero."""

    def form(_: random.Random, at: datetime, __: datetime) -> Told:
        return _exact(at.strftime(pattern).replace("{12}", str(at.hour % 12 or 12)), at)

    return form


def lowered(pattern: str) -> Form:
    """As `exactly`, in small letters (9.20pm)."""

    def form(_: random.Random, at: datetime, __: datetime) -> Told:
        return _exact(at.strftime(pattern).replace("{12}", str(at.hour % 12 or 12)).lower(), at)

    return form


def lost_zeros(_: random.Random, at: datetime, __: datetime) -> Told:
    """The hhmm number after a spreadsheet has eaten its zeros: 45 is 00:45."""
    return _exact(str(at.hour * 100 + at.minute), at)


def about(template: str, pattern: str = "%H:%M") -> Form:
    """Roughly then: an hour either way is a fair reading."""

    def form(_: random.Random, at: datetime, __: datetime) -> Told:
        text = template.format(at.strftime(pattern).replace("{12}", str(at.hour % 12 or 12)))
        return Told(
            text, at, at, "minute", "part_of_day",
            at - HOUR, at, at, at + HOUR, at,
        )  # fmt: skip

    return form


def on_the_hour(template: str, gap: str = "") -> Form:
    """A whole hour in words: 2am is a minute, or the half hour or so about it."""

    def form(_: random.Random, at: datetime, __: datetime) -> Told | None:
        if at.minute or at.hour in (0, 12):
            return None
        text = template.format(spoken(at, gap))
        return Told(
            text, at, at, "minute", "part_of_day",
            at - HOUR / 2, at, at, at + HOUR, at,
        )  # fmt: skip

    return form


def between(template: str, pattern: str = "", gap: str = "") -> Form:
    """Two whole hours: {0} and {1}; {2} is the first without its am or pm."""

    def form(_: random.Random, at: datetime, arrived: datetime) -> Told | None:
        low = at.replace(minute=0)
        high = low + HOUR
        if high > arrived or (not pattern and (low.hour in (0, 11, 12, 23))):
            return None  # midnight and noon are left to forms that can say them
        names = [m.strftime(pattern) if pattern else spoken(m, gap) for m in (low, high)]
        text = template.format(names[0], names[1], str(low.hour % 12 or 12))
        return Told(
            text, low, high, "part_of_day", "",
            low, low, high - MINUTE, high, low,
        )  # fmt: skip

    return form


# name: hours it is said of; from; latest from; earliest to; to; latest to (hours of the day)
PARTS = {
    "early hours": (range(1, 5), 0, 0, 2, 4, 6, 7),
    "morning": (range(7, 12), 6, 5, 9, 11, 12, 13),
    "lunchtime": (range(12, 14), 12, 11, 12.5, 13, 14, 15),
    "afternoon": (range(13, 18), 12, 12, 14, 16, 18, 18.99),
    "teatime": (range(16, 19), 16, 15, 17.5, 17, 19, 20),
    "evening": (range(18, 23), 18, 17, 19.5, 21, 24, 24),
    "late evening": (range(21, 24), 21, 18, 22.5, 23, 24, 25),
    "night": (range(20, 24), 20, 18, 22.5, 23, 30, 31),
}


def part(name: str, text: str = "") -> Form:
    """A part of the day by its word."""
    hours, low, low_min, low_max, high_min, high, high_max = PARTS[name]

    def form(_: random.Random, at: datetime, arrived: datetime) -> Told | None:
        if at.hour not in hours:
            return None
        start = midnight(at)

        def hour(value: float) -> datetime:
            return start + timedelta(minutes=round(value * 60))

        end = hour(high) - MINUTE if high == 24 else hour(high)
        return Told(
            text or name, hour(low), end, "part_of_day", "",
            hour(low_min), hour(low_max), min(hour(high_min), arrived), hour(high_max),
            hour(low),
        )  # fmt: skip

    return form


def nothing(text: str) -> Form:
    """No time: the day is all that is known."""

    def form(_: random.Random, at: datetime, arrived: datetime) -> Told:
        start = midnight(at)
        end = start + DAY - MINUTE
        return Told(text, start, end, "date", "", start, start, min(end, arrived), start + DAY)

    return form


def the_day_alone(at: datetime, arrived: datetime | None) -> Told:
    """As `nothing`, where there may be no arrival."""
    start = midnight(at)
    end = start + DAY - MINUTE
    return Told("", start, end, "date", "", start, start, min(end, arrived or end), start + DAY)


def no_date(arrived: datetime) -> Told:
    """Neither date nor time: the 24 hours before arrival."""
    return Told("", arrived - DAY, arrived, "arrival", "missing")


def the_midnight(text: str) -> Form:
    """Midnight in words, on the day that it begins: its end would be after the arrival."""

    def form(_: random.Random, at: datetime, arrived: datetime) -> Told | None:
        if at.hour or at.minute or arrived.date() != at.date():
            return None
        return Told(text, at, at, "minute", "part_of_day", at - HOUR / 2, at, at, at + HOUR)

    return form


def twenty_four(text: str = "24:00") -> Form:
    """Midnight as the end of the day before."""

    def form(_: random.Random, at: datetime, __: datetime) -> Told | None:
        if at.hour or at.minute:
            return None
        return Told(text, at, at, "minute", night=at, written=at - DAY)

    return form


def noon(text: str) -> Form:
    """Twelve by day."""

    def form(_: random.Random, at: datetime, arrived: datetime) -> Told | None:
        if at.hour != 12 or at.minute:
            return None
        return Told(text, at, at, "minute", "part_of_day", at - HOUR / 2, at, at, at + HOUR, at)

    return form


def last_night(text: str = "last night") -> Form:
    """The evening before a daytime arrival."""

    def form(_: random.Random, at: datetime, arrived: datetime) -> Told | None:
        eve = midnight(arrived) - DAY
        if not 6 <= arrived.hour < 18 or not eve + 18 * HOUR <= at < eve + DAY:
            return None
        return Told(
            text, eve + 20 * HOUR, eve + 30 * HOUR, "part_of_day", "",
            eve + 17 * HOUR, eve + 22.5 * HOUR, eve + 23 * HOUR, min(eve + 31 * HOUR, arrived),
            eve + 20 * HOUR,
        )  # fmt: skip

    return form


def yesterday_evening(text: str = "yesterday evening") -> Form:
    """The evening of the day before."""

    def form(_: random.Random, at: datetime, arrived: datetime) -> Told | None:
        eve = midnight(arrived) - DAY
        if not arrived.hour >= 6 or not eve + 18 * HOUR <= at < eve + DAY:
            return None
        return Told(
            text, eve + 18 * HOUR, eve + DAY - MINUTE, "part_of_day", "",
            eve + 17 * HOUR, eve + 20 * HOUR, eve + 21 * HOUR, eve + DAY,
            eve + 18 * HOUR,
        )  # fmt: skip

    return form


def this_morning(text: str = "this morning") -> Form:
    """The morning of the day of arrival."""

    def form(_: random.Random, at: datetime, arrived: datetime) -> Told | None:
        day = midnight(arrived)
        if not day + 6 * HOUR <= at < day + 12 * HOUR or arrived.hour < 9:
            return None
        return Told(
            text, day + 6 * HOUR, day + 12 * HOUR, "part_of_day", "",
            day, day + 9 * HOUR, min(day + 11 * HOUR, arrived), day + 13 * HOUR,
        )  # fmt: skip

    return form


def hours_ago(template: str) -> Form:
    """A whole number of hours before arrival."""

    def form(_: random.Random, at: datetime, arrived: datetime) -> Told | None:
        hours = round((arrived - at) / HOUR)
        if not 1 <= hours <= 6:
            return None
        stated = arrived - hours * HOUR
        return Told(
            template.format(hours), stated, stated, "minute", "part_of_day",
            stated - HOUR, stated, stated, stated + HOUR,
        )  # fmt: skip

    return form


def tell(
    rng: random.Random, at: datetime, arrived: datetime, forms: list[tuple[int, Form]]
) -> Told:
    """One of the forms that suit this moment, by weight."""
    weights = [weight for weight, _ in forms]
    while True:
        told = rng.choices([form for _, form in forms], weights)[0](rng, at, arrived)
        if told is not None:
            return told
