"""How much more the counts of a place vary than those of independent events."""

from __future__ import annotations

import pandas as pd

# Measured: so the intervals of hot spots with 10 and with 1,000 records cover alike.
EVENTS_OF_ALL = 50.0


def dispersion_of_places(
    place: pd.Series, night: pd.Series, *, events_of_all: float = EVENTS_OF_ALL
) -> pd.Series:
    """Estimate the variance of each place's count over its mean: 1 for independent events.

    It is above 1 where events come in clumps: several patients of one incident, incidents of one
    crowd, nights of a match. A night is set beside the others of the same month and weekday, so the
    course of the week and of the year does not count (a moment estimate, McCullagh and Nelder 1989,
    DOI 10.1007/978-1-4899-3242-6, section 4.5). Few events tell little of their clumps: what they
    show is drawn towards the mean over all places.

    Parameters
    ----------
    place
        Place of each event, any key; one without is left out.
    night
        Night of each event (dates), on the same index; one without is left out. Give events of
        whole calendar months: nights without any event are those of the calendar.
    events_of_all
        As so many events of a place's own counts what all places show; above 0.

    Returns
    -------
    Series
        By place (index, sorted), at least 1, no unit; 1 for all where no night is known.
    """
    rows = pd.DataFrame({"place": place, "night": night}).dropna()
    keys = ["place", "month", "weekday"]
    rows = rows.assign(month=rows["night"].dt.to_period("M"), weekday=rows["night"].dt.day_of_week)
    a_night = rows.groupby([*keys, "night"]).size().rename("n").reset_index()
    cells = a_night.assign(squares=a_night["n"] ** 2).groupby(keys)[["n", "squares"]].sum()
    cells = cells.reset_index()
    k = _nights(cells["month"], cells["weekday"])
    variance = k * (cells["squares"] - cells["n"] ** 2 / k) / (k - 1)
    sums = pd.DataFrame({"n": cells["n"], "variance": variance}).groupby(cells["place"]).sum()
    own = sums["variance"] / sums["n"]
    of_all = float(own.mean()) if len(own) else 1.0
    sums = sums.reindex(sorted(place.dropna().unique()), fill_value=0.0)
    drawn = (sums["variance"] + events_of_all * of_all) / (sums["n"] + events_of_all)
    found: pd.Series = drawn.clip(lower=1.0).rename("dispersion")
    return found


def _nights(month: pd.Series, weekday: pd.Series) -> pd.Series:
    """Number of nights of a weekday (0 Monday .. 6 Sunday) in a month: 4 or 5."""
    first = (weekday - month.dt.start_time.dt.day_of_week) % 7
    nights: pd.Series = (month.dt.days_in_month - first - 1) // 7 + 1
    return nights.astype(float)
