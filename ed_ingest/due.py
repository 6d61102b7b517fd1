"""Which day, week or month of a set local time is due: once each, whatever the clocks do."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class When(NamedTuple):
    """A local time (Europe/London) of every day, of a day of the week, or of a day of the month.

    ``day``: 1 (Monday) to 7 of a week; 1 to 31 of a month, a shorter month's last day where it
    has no such day; nothing of a day.
    """

    every: Literal["day", "week", "month"]
    at: time
    day: int = 1


def due_period(when: When, last_done: str | None, now_utc: datetime) -> str | None:
    """The newest period whose time has come, unless it, or a later one, was done.

    Periods missed in a downtime are not made good one by one: the newest stands for them all. A
    period is named by its date, not by a time, so that the hour that happens twice in October
    does not make it due twice; a time that is skipped in March is taken as if the clocks had not
    changed yet, so that it comes an hour later by the clock.

    Parameters
    ----------
    when
        The set time.
    last_done
        What this function gave when the job was last done; None: never. A job must keep its
        ``every``: names of days, weeks and months do not compare.
    now_utc
        The moment, with time zone.

    Returns
    -------
    str or None
        ``2026-03-29``, ``2026-W13`` (ISO week) or ``2026-03``; None: nothing is due.
    """
    newest = _name(when, _newest_day(when, now_utc))
    return None if last_done is not None and last_done >= newest else newest


def month_before(month: str) -> str:
    """The month before one written as ``YYYY-MM``, written alike."""
    first = date.fromisoformat(f"{month}-01")
    return f"{first - timedelta(days=1):%Y-%m}"


def _newest_day(when: When, now_utc: datetime) -> date:
    """The latest day whose set time is not after now."""
    today = now_utc.astimezone(LONDON).date()
    day = _in_period(when, today)
    if _moment(day, when.at) > now_utc:
        day = _in_period(when, _day_of_period_before(when, today))
    return day


def _in_period(when: When, day: date) -> date:
    """The set day of the period that a day lies in."""
    if when.every == "week":
        return day + timedelta(days=when.day - day.isoweekday())
    if when.every == "month":
        return day.replace(day=min(when.day, monthrange(day.year, day.month)[1]))
    return day


def _day_of_period_before(when: When, day: date) -> date:
    if when.every == "month":
        return day.replace(day=1) - timedelta(days=1)
    return day - timedelta(days=7 if when.every == "week" else 1)


def _moment(day: date, at: time) -> datetime:
    """The one moment that a local time of a day is taken for: of two equal ones the first."""
    return datetime.combine(day, at.replace(fold=0), tzinfo=LONDON).astimezone(UTC)


def _name(when: When, day: date) -> str:
    return day.strftime({"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}[when.every])
