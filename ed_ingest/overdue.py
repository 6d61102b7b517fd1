"""Which agreed deliveries are overdue: periods that are over, and of which nothing has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

import pandas as pd

Frequency = Literal["weekly", "fortnightly", "monthly", "quarterly"]
# As long as the completeness report looks back.
LOOK_BACK = timedelta(days=366)
_DAYS = {"weekly": 7, "fortnightly": 14}
_MONTHS = {"monthly": 1, "quarterly": 3}


class Period(NamedTuple):
    """First and last day of what one delivery is of, and how people say it."""

    start: date
    end: date
    words: str


def overdue(
    deliveries: pd.DataFrame, *, frequency: Frequency, today: date, late_days: int
) -> list[Period]:
    """Tell the periods of which a provider's delivery has not come in time, oldest first.

    A period's delivery is one that was received when the period was over and that has records of
    it, as in the completeness report. It is overdue `late_days` after the period's end; where
    deliveries are weekly or fortnightly, no more than a week or a fortnight after it.

    Parameters
    ----------
    deliveries
        ``received_at, period_from, period_to`` of all deliveries of one provider.
    frequency
        As agreed. Months and quarters are those of the calendar; weeks begin on Mondays, and
        fortnights are counted from the first week with records.
    today
        The day to judge by.
    late_days
        Days.

    Returns
    -------
    list of Period
        Of the last 366 days, from the first period with records on; none without any.
    """
    known = deliveries.dropna(subset=["period_from", "period_to"])
    if known.empty:
        return []
    grace = timedelta(days=grace_days(frequency, late_days))
    first, last = known["period_from"].min().date(), today - grace - timedelta(days=1)
    over = [period for period in agreed_periods(frequency, first, last) if period.end <= last]
    return [p for p in over if p.end >= today - LOOK_BACK and not _has_come(p, known)]


def grace_days(frequency: Frequency, late_days: int) -> int:
    """Days from a period's end in which its delivery may come: no more than the period itself."""
    return min(late_days, _DAYS.get(frequency, late_days))


def agreed_periods(frequency: Frequency, first: date, last: date) -> Iterator[Period]:
    """Periods from the one that holds the first day on, up to one that ends after the last day."""
    months = _MONTHS.get(frequency)
    start = first - timedelta(days=first.weekday())
    if months:
        start = date(first.year, first.month - (first.month - 1) % months, 1)
    while start <= last:
        after = _months_later(start, months) if months else start + timedelta(_DAYS[frequency])
        end = after - timedelta(days=1)
        yield Period(start, end, _in_words(frequency, start, end))
        start = after


def _months_later(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _in_words(frequency: Frequency, start: date, end: date) -> str:
    words = {
        "monthly": f"{start:%B %Y}",
        "quarterly": f"{start:%B} to {end:%B %Y}",
        "weekly": f"the week from {start.day} {start:%B %Y}",
        "fortnightly": f"the two weeks from {start.day} {start:%B %Y}",
    }
    return words[frequency]


def _has_come(period: Period, known: pd.DataFrame) -> bool:
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    of_it = (known["period_from"] < end + pd.Timedelta(days=1)) & (known["period_to"] >= start)
    return bool((of_it & (known["received_at"] >= end)).any())
