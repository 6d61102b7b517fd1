"""Nights of the week and hours of the night; records known by an interval spread over its hours.

The day turns at 06:00: two o'clock on Sunday belongs to Saturday's night. There is one scheme of
eight bands of three hours in the whole product: 0 is 06–09, 7 is 03–06.

Clock changes: times are wall-clock times as recorded. An assault in the repeated October hour
counts once, in the band that its clock time names; one recorded in the skipped March hour counts in
the band as written. An interval is spread over the minutes that really passed: two hours' worth in
the repeated hour, none in the skipped one. Bands hold counts, not rates, so a longer or shorter
night needs no correction.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.clock_changes import passed_minutes

DAY_TURNS_AT = pd.Timedelta(hours=6)
DAY_MIN = 24 * 60
BAND_MIN = 180
N_BANDS = 8
N_NIGHTS = 7
# The first of January 1970, which numpy counts from, was a Thursday (Monday is 0).
WEEKDAY_OF_DAY_0 = 3
KNOWN_HOUR = ("minute", "part_of_day")


def evening_of(times: pd.Series) -> pd.Series:
    """The evening that each time belongs to: 02:00 on Sunday is Saturday's night.

    Parameters
    ----------
    times
        Local wall-clock times; may be missing.

    Returns
    -------
    Series
        Midnight of the night's own date; missing where the time is.
    """
    return (times - DAY_TURNS_AT).dt.floor("D").astype("datetime64[s]")


def nights_of(assaults: pd.DataFrame) -> pd.Series:
    """The evening each assault counts in, as near as it is known.

    Parameters
    ----------
    assaults
        The contract's columns.

    Returns
    -------
    Series
        ``night_of``, else the evening of the arrival, else the calendar day (date precision) or the
        evening of the interval's start; missing without any date.
    """
    start, by_date = assaults["assault_from"], assaults["time_precision"].eq("date")
    began = evening_of(start).mask(by_date, start.dt.floor("D"))
    nights: pd.Series = assaults["night_of"].fillna(evening_of(assaults["arrived_at"]))
    return nights.fillna(began)


def whole_months(period_to: date, months: int) -> tuple[date, date]:
    """First and last night of the `months` calendar months that end with the month of a date."""
    last = pd.Period(period_to, freq="M")
    return (last - months + 1).start_time.date(), last.end_time.date()


def hour_known(records: pd.DataFrame) -> pd.Series:
    """Whether the hour is known: to the minute, or as a part of one day.

    `records` has ``assault_from, assault_to, time_precision`` as in the contract.
    """
    length = records["assault_to"] - records["assault_from"]
    return (
        records["time_precision"].isin(KNOWN_HOUR)
        & (length >= pd.Timedelta(0))
        & (length < pd.Timedelta(days=1))
    )


def spread_over_bands(
    starts: pd.Series, ends: pd.Series, *, band_min: int = BAND_MIN
) -> pd.DataFrame:
    """Spread each record evenly over the minutes of its interval (aoristic weights).

    Assumes that every minute of the interval is equally likely (Ratcliffe 2002,
    DOI 10.1023/A:1013240828824). The first and the last minute are both part of it, so a record
    known to the minute lies in one band with weight 1.

    Parameters
    ----------
    starts, ends
        Ends of the intervals, local wall-clock times on one index; records missing either end
        are left out; an end before its start counts as the start.
    band_min
        Length of a band, minutes, a part of a day: 180, or 60 for an analyst's table by hours.

    Returns
    -------
    DataFrame
        ``record`` (value of the index), ``night`` (0 Monday .. 6 Sunday), ``band`` (0 begins at 06,
        the last ends at 06), ``weight`` (0 to 1; adds up to 1 for each record).
    """
    known = (starts.notna() & ends.notna()).to_numpy()
    record = starts.index[known]
    first = _minutes(starts[known])
    last = np.maximum(_minutes(ends[known]), first) + 1
    bands = first // band_min
    n_bands = (last - 1) // band_min - bands + 1
    place = np.repeat(np.arange(len(first)), n_bands)
    step = np.arange(len(place)) - np.repeat(np.cumsum(n_bands) - n_bands, n_bands)
    band = bands[place] + step
    begins = np.maximum(first[place], band * band_min)
    stops = np.minimum(last[place], (band + 1) * band_min)
    passed = (passed_minutes(last) - passed_minutes(first))[place]
    # Recorded wholly in the hour that was skipped: as written.
    overlap = np.where(passed > 0, passed_minutes(stops) - passed_minutes(begins), stops - begins)
    per_day = DAY_MIN // band_min
    return pd.DataFrame(
        {
            "record": record[place],
            "night": (band // per_day + WEEKDAY_OF_DAY_0) % N_NIGHTS,
            "band": band % per_day,
            "weight": overlap / np.where(passed > 0, passed, (last - first)[place]),
        }
    )


def night_band_table(spread: pd.DataFrame, *, bands: int = N_BANDS) -> pd.DataFrame:
    """Expected number of records for each night of the week and band.

    Parameters
    ----------
    spread
        As from `spread_over_bands`.
    bands
        Bands of a night: 8, or 24 where they are hours.

    Returns
    -------
    DataFrame
        ``night, band, n``: all of them, nights from Monday, bands from 06 on; ``n`` adds up to the
        number of records.
    """
    cell = spread["night"].to_numpy() * bands + spread["band"].to_numpy()
    # Sorted before they are summed: the same sums for any order of the records.
    order = np.lexsort((spread["weight"].to_numpy(), cell))
    n = np.bincount(
        cell[order].astype(np.int64),
        weights=spread["weight"].to_numpy()[order],
        minlength=N_NIGHTS * bands,
    )
    night, band = np.divmod(np.arange(N_NIGHTS * bands), bands)
    return pd.DataFrame({"night": night, "band": band, "n": n})


def night_time_economy(
    starts: pd.Series, ends: pd.Series, *, start_hour: int, end_hour: int
) -> pd.Series:
    """Part of each record's interval that lies in the window of the night-time economy.

    Parameters
    ----------
    starts, ends
        As for `spread_over_bands`.
    start_hour, end_hour
        The window, local hours 0 to 23; it ends on the next day where `end_hour` is not after
        `start_hour`. There is no official one; 18 to 6 is that of Quigg and others (2017).

    Returns
    -------
    Series
        0 to 1, on the index of the records with both ends.
    """
    known = starts.notna() & ends.notna()
    first = _minutes(starts[known]) + int(DAY_TURNS_AT.total_seconds()) // 60
    last = np.maximum(_minutes(ends[known]) + int(DAY_TURNS_AT.total_seconds()) // 60, first) + 1
    length = ((end_hour - start_hour) % 24 or 24) * 60
    inside = _minutes_in_window(last, start_hour * 60, length) - _minutes_in_window(
        first, start_hour * 60, length
    )
    return pd.Series(inside / (last - first), index=starts.index[known.to_numpy()])


def _minutes(times: pd.Series) -> NDArray[np.int64]:
    """Minutes since 06:00 on the first day of 1970."""
    shifted = (times - DAY_TURNS_AT).to_numpy().astype("datetime64[m]")
    return shifted.astype(np.int64)


def _minutes_in_window(minute: NDArray[np.int64], start: int, length: int) -> NDArray[np.int64]:
    """Minutes of the daily window before `minute`, counted from a fixed day."""
    days, rest = np.divmod(minute - start, DAY_MIN)
    return days * length + np.minimum(rest, length)
