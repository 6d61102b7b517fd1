"""Minutes that really passed on nights when the clock is changed (Europe/London)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

HOUR_MIN = 60
# Counted from 06:00: one o'clock at night is 19 hours into its evening's day.
ONE_AT_NIGHT_MIN = 19 * HOUR_MIN
DAY_MIN = 24 * HOUR_MIN
MARCH, OCTOBER = 3, 10


def passed_minutes(minute: Ints) -> Ints:
    """Minutes that really passed up to a wall-clock minute, counted from a fixed one.

    On the last Sunday of March the hour from 01:00 is skipped, on that of October it comes twice:
    as the law has had it since 1996.

    Parameters
    ----------
    minute
        Wall-clock minutes since 06:00 on the first day of 1970.

    Returns
    -------
    NDArray
        As the argument, less an hour after each skipped one and more after each repeated one;
        within the repeated hour each minute counts twice.
    """
    if not len(minute):
        return minute
    days = np.array([minute.min(), minute.max()]) // DAY_MIN
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    begins, sign = _changes(int(years[0]) + 1970, int(years[1]) + 1971)
    at = np.searchsorted(begins, minute, side="right") - 1
    before = HOUR_MIN * np.concatenate([[0], np.cumsum(sign)])[at]
    within = sign[at] * np.minimum(minute - begins[at], HOUR_MIN)
    return np.where(at >= 0, minute + before + within, minute)


def _changes(first_year: int, last_year: int) -> tuple[Ints, Ints]:
    """Wall-clock minute at which each change begins, ascending, and −1 or 1: skipped, repeated."""
    months = [
        np.datetime64(f"{year}-{month:02d}", "M")
        for year in range(first_year, last_year + 1)
        for month in (MARCH, OCTOBER)
    ]
    last_days = (np.array(months) + 1).astype("datetime64[D]").astype(np.int64) - 1
    # Day 3 of numpy's count, 4 January 1970, was a Sunday.
    sundays = last_days - (last_days - 3) % 7
    begins = (sundays - 1) * DAY_MIN + ONE_AT_NIGHT_MIN
    return begins, np.tile(np.array([-1, 1]), len(begins) // 2)
