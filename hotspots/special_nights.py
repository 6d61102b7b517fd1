"""Nights unlike others: bank holidays, their eves, and local events; what happened in them."""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import chi2

from ed_ingest.errors import AnalysisError

Country = Literal["England", "Wales", "Scotland", "Northern Ireland"]
COUNTRIES = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}


def calendar_of_nights(
    first: date, last: date, *, country: Country, events: pd.DataFrame | None = None
) -> pd.DataFrame:
    """List every night of a period with what sets it apart.

    Parameters
    ----------
    first, last
        First and last night, by the date of the evening.
    country
        Whose bank holidays: ``England``, ``Wales``, ``Scotland`` or ``Northern Ireland``.
    events
        Local events: ``first_night, last_night`` (dates, both included), ``name``.

    Returns
    -------
    DataFrame
        One row per night: ``night_of`` (midnight of its date), ``weekday`` (0 Monday .. 6 Sunday),
        ``bank_holiday`` (the evening falls on one), ``eve`` (the next day is one: Sunday night
        before a bank-holiday Monday), ``event`` (names, ``; `` between them; missing for none),
        ``kind`` (``event``, ``bank_holiday``, ``eve`` or ``ordinary``: the first that applies).

    Raises
    ------
    AnalysisError
        If the country is not one of the four or an event ends before it begins.
    """
    from holidays import country_holidays

    if country not in COUNTRIES:
        raise AnalysisError(f"Bank holidays are known of {', '.join(COUNTRIES)}.")
    nights = pd.date_range(first, last, freq="D", unit="s")
    years = range(first.year, last.year + 2)
    days = country_holidays("GB", subdiv=COUNTRIES[country], years=years)
    table = pd.DataFrame({"night_of": nights, "weekday": nights.day_of_week})
    table["bank_holiday"] = [night.date() in days for night in nights]
    table["eve"] = [(night + pd.Timedelta(days=1)).date() in days for night in nights]
    table["event"] = _events(nights, events)
    table["kind"] = np.select(
        [table["event"].notna(), table["bank_holiday"], table["eve"]],
        ["event", "bank_holiday", "eve"],
        "ordinary",
    )
    return table


def compare_nights(nights: pd.Series, calendar: pd.DataFrame) -> pd.DataFrame:
    """Compare nights of each kind with ordinary nights of the same days of the week.

    Parameters
    ----------
    nights
        The evening of each assault, as from `timing.nights_of`; others are left out.
    calendar
        As from `calendar_of_nights`.

    Returns
    -------
    DataFrame
        One row per kind but ``ordinary``, and one per event: ``kind, name`` (of the event, else
        empty), ``n`` (assaults), ``n_nights``, ``expected`` (what as many ordinary nights of the
        same days of the week held), ``ratio`` with ``ratio_low, ratio_high`` (n to expected; the
        interval is the exact Poisson one of n, 95 %, and takes the expected number as known).
        Missing where no ordinary night of such a day lies in the period.
    """
    per_night = nights.value_counts().reindex(calendar["night_of"]).fillna(0).to_numpy()
    counted = calendar.assign(n=per_night)
    ordinary = counted[counted["kind"] == "ordinary"].groupby("weekday")["n"].mean()
    special = counted[counted["kind"] != "ordinary"].assign(
        expected=lambda rows: rows["weekday"].map(ordinary)
    )
    by_kind = special.groupby("kind")
    by_event = special[special["kind"] == "event"].groupby("event")
    rows = [(str(kind), "", group) for kind, group in by_kind if kind != "event"]
    rows += [("event", str(name), group) for name, group in by_event]
    table = pd.DataFrame(
        [
            (kind, name, int(g["n"].sum()), len(g), g["expected"].sum(skipna=False))
            for kind, name, g in rows
        ],
        columns=["kind", "name", "n", "n_nights", "expected"],
    ).astype({"kind": "str", "name": "str", "n": "int64", "n_nights": "int64", "expected": float})
    n, expected = table["n"].to_numpy(), table["expected"].where(table["expected"] > 0)
    low = np.where(n > 0, chi2.ppf(0.025, 2 * np.maximum(n, 1)) / 2, 0.0)
    return table.assign(
        ratio=n / expected,
        ratio_low=low / expected,
        ratio_high=chi2.ppf(0.975, 2 * (n + 1)) / 2 / expected,
    )


def _events(nights: pd.DatetimeIndex, events: pd.DataFrame | None) -> pd.Series:
    names: list[list[str]] = [[] for _ in nights]
    if events is not None:
        begins, ends = pd.to_datetime(events["first_night"]), pd.to_datetime(events["last_night"])
        if (ends < begins).any():
            raise AnalysisError("A local event ends before it begins. Mend its row of the file.")
        for begin, end, name in sorted(zip(begins, ends, events["name"], strict=True)):
            for k in np.flatnonzero((nights >= begin) & (nights <= end)):
                names[int(k)].append(str(name))
    return pd.Series(["; ".join(found) or None for found in names], dtype="str")
