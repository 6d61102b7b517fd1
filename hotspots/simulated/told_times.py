"""When it happened, as told and written: rounded, in words, on the wrong date, or not at all."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.simulated.incidents import Minutes
from hotspots.simulated.names import Words
from hotspots.simulated.network import Floats, Ints

DAY = np.timedelta64(1, "D")
# Hours of the day that the words stand for.
PARTS = np.repeat(np.array(["early hours", "morning", "afternoon", "evening"], dtype=object), 360)
_MINUTE = np.arange(1440)
CLOCK = {
    "23:30": np.array([f"{m // 60:02}:{m % 60:02}" for m in _MINUTE], dtype=object),
    "2330": np.array([f"{m // 60:02}{m % 60:02}" for m in _MINUTE], dtype=object),
    "approx 23.30": np.array([f"approx {m // 60:02}.{m % 60:02}" for m in _MINUTE], dtype=object),
    "11pm": np.array([f"{m // 60 % 12 or 12}{'ap'[m // 720]}m" for m in _MINUTE], dtype=object),
    "22:00-00:00": np.array(
        [f"{m // 60:02}:00-{(m // 60 + 2) % 24:02}:00" for m in _MINUTE], dtype=object
    ),
    "evening": PARTS,
    "": np.full(1440, "", dtype=object),
}


def minute_of_day(times: Minutes) -> Ints:
    """Minutes since midnight."""
    return np.asarray((times - times.astype("M8[D]")).astype("m8[m]").astype(np.int64))


def write_days(times: Minutes, form: str) -> Words:
    """Dates as text in a strftime format; missing times become empty."""
    code, days = pd.factorize(times.astype("M8[D]"))
    written = pd.DatetimeIndex(days).strftime(form).to_numpy(dtype=object)
    return np.append(written, np.array([""], dtype=object))[code]


def write_clock(times: Minutes, form: Words) -> Words:
    """Times of day, each row in its own form (a key of `CLOCK`)."""
    minute = minute_of_day(times)
    written = np.full(len(times), "", dtype=object)
    for name, clock in CLOCK.items():
        rows = form == name
        written[rows] = clock[minute[rows]]
    return written


def rounded(times: Minutes, latest: Minutes, step_min: Ints) -> Minutes:
    """Round to a number of minutes, down where rounding up would come after the arrival."""
    minute = times.astype("M8[m]").astype(np.int64)
    near = (minute + step_min // 2) // step_min * step_min
    down = minute // step_min * step_min
    return np.where(near <= latest.astype("M8[m]").astype(np.int64), near, down).astype("M8[m]")


def faulty_dates(
    rng: np.random.Generator, told: Minutes, *, evening_before: float
) -> tuple[Minutes, Words]:
    """Put some dates wrong.

    Returns
    -------
    tuple
        The times, and for each row what is wrong: ``evening_date`` (a time after midnight, with the
        date of the evening before), ``after_arrival`` (two days late), ``impossible_date`` (for
        the layout to write), or empty.
    """
    n = len(told)
    fault = np.full(n, "", dtype=object)
    small_hours = minute_of_day(told) < 5 * 60
    fault[small_hours & (rng.random(n) < evening_before)] = "evening_date"
    order = rng.permutation(n)
    late, impossible = max(2, n // 200), max(2, n // 300)
    fault[order[:late]] = "after_arrival"
    fault[order[late : late + impossible]] = "impossible_date"
    step = np.select([fault == "evening_date", fault == "after_arrival"], [-1, 2], 0)
    return told + step * DAY, fault


def choose(rng: np.random.Generator, chances: dict[str, float], n: int) -> Words:
    """One of the keys for each row, with these chances."""
    p: Floats = np.array(list(chances.values()))
    keys: NDArray[np.object_] = np.array(list(chances), dtype=object)
    return keys[rng.choice(len(p), n, p=p / p.sum())]
