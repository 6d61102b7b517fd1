"""Which months and which hospitals may be compared, and whether they recorded places alike."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm

from ed_ingest.errors import AnalysisError
from hotspots.points import HOMES, is_mapped

MOST_SHARE_MOVED = 0.05
# One hospital among several moves that far by chance, when it is small: it must be clear as well.
CLEAR_P = 0.01

ComparedWith = Literal["a_year_before", "the_months_before"]


class Months(NamedTuple):
    """What is compared: first month of both periods, their length, and the hospitals.

    ``providers`` are complete in every month of both; ``left_out`` are complete in some of them.
    """

    now: pd.Period
    before: pd.Period
    length: int
    compared_with: ComparedWith
    providers: tuple[str, ...]
    left_out: tuple[str, ...]


def months_to_compare(complete: pd.DataFrame, *, period_to: date, months: int = 3) -> Months:
    """Choose the earlier period: the same months a year before, else the months just before.

    A month that a provider did not deliver whole is missing, never zero: the provider then takes no
    part, in either period. The months just before serve where no provider is complete in both the
    latest months and those a year before; they carry the season with them.

    Parameters
    ----------
    complete
        ``provider, month``: one row for each calendar month (a date in it) delivered whole.
    period_to
        A night in the last month.
    months
        Length of each period, 1 to 12.

    Raises
    ------
    AnalysisError
        If `months` is out of range, or no provider is complete in two periods.
    """
    if not 1 <= months <= 12:
        raise AnalysisError("A change is that of 1 to 12 months: set months so.")
    now = pd.Period(period_to, freq="M") - (months - 1)
    when = pd.PeriodIndex(complete["month"], freq="M")
    delivered = {
        str(provider): set(when[(complete["provider"] == provider).to_numpy()])
        for provider in sorted(complete["provider"].unique())
    }
    choices: list[tuple[ComparedWith, int]] = [("a_year_before", 12), ("the_months_before", months)]
    for compared_with, back in choices:
        needed = {start + k for start in (now, now - back) for k in range(months)}
        whole = tuple(name for name, has in delivered.items() if needed <= has)
        if whole:
            part = tuple(n for n, has in delivered.items() if n not in whole and needed & has)
            return Months(now, now - back, months, compared_with, whole, part)
    raise AnalysisError(
        f"No hospital delivered the latest {months} months whole, and the same months a year "
        "before or those just before. Ask for the missing months, or choose an earlier month."
    )


def period_of_nights(nights: pd.Series, months: Months) -> pd.Series:
    """``now`` or ``before`` for each night (dates); missing in neither and without a date."""
    month = nights.dt.to_period("M")
    names = pd.Series(pd.NA, index=nights.index, dtype="str")
    for name, start in (("now", months.now), ("before", months.before)):
        names[(month >= start) & (month < start + months.length)] = name
    return names


def nights_by_weekday(start: pd.Period, length: int) -> pd.Series:
    """Number of nights of each weekday (0 Monday .. 6 Sunday) in whole calendar months."""
    last = (start + length - 1).end_time.normalize()
    days = pd.date_range(start.start_time, last, freq="D")
    return pd.Series(days.day_of_week).value_counts().reindex(range(7), fill_value=0)


def mapped_shares(assaults: pd.DataFrame, period: pd.Series) -> pd.DataFrame:
    """Share of assaults away from homes that have a point, by provider and in all, each period.

    Parameters
    ----------
    assaults
        The contract's columns, of the compared providers.
    period
        ``now`` or ``before`` for each, as from `period_of_nights`; others are left out.

    Returns
    -------
    DataFrame
        By provider (``all`` for all together): ``n_now, n_before`` (away from homes), ``now,
        before`` (share with a point; missing without a record).
    """
    away = period.notna() & ~assaults["location_type"].isin(HOMES)
    rows = pd.DataFrame(
        {
            "provider": assaults["provider"].astype("str")[away],
            "period": period[away],
            "mapped": is_mapped(assaults)[away].astype(float),
        }
    )
    both = pd.concat([rows, rows.assign(provider="all")])
    names = sorted(both["provider"].unique())
    shares = pd.DataFrame(index=pd.Index(names, name="provider"))
    for name in ("now", "before"):
        mapped = both[both["period"] == name].groupby("provider")["mapped"]
        shares[name] = mapped.mean().reindex(names)
        shares[f"n_{name}"] = mapped.size().reindex(names, fill_value=0)
    return shares


def recording_changed(shares: pd.DataFrame) -> bool:
    """Whether the mapped share moved by over 5 points: of all, or clearly of one provider.

    Parameters
    ----------
    shares
        As from `mapped_shares`. One provider's share must also have moved beyond chance (two
        shares, p below 0.01), since a small provider's moves that far by itself.
    """
    moved = (shares["now"] - shares["before"]).abs() > MOST_SHARE_MOVED + 1e-12
    n_now, n_before = shares["n_now"], shares["n_before"]
    pooled = (shares["now"] * n_now + shares["before"] * n_before) / (n_now + n_before)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n_now + 1 / n_before))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * norm.sf((shares["now"] - shares["before"]).abs() / error)
    clear = (p < CLEAR_P) | (shares.index == "all")
    return bool((moved & clear).any())
