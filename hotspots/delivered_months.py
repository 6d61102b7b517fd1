"""Which calendar months of which provider were delivered whole: only these may be compared."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

# A stretch of a month without any record is a gap in the delivery where chance would leave one as
# long in fewer than one month of so many. A quiet week of a small hospital is none.
ONE_MONTH_IN = 1000
_DELIVERY = ["period_from", "period_to", "received_at"]


class Delivered(NamedTuple):
    """Months delivered whole, as from `delivered_months`, of hospitals and of police."""

    hospitals: pd.DataFrame
    police: pd.DataFrame


def delivered_by_source(
    attendances: pd.DataFrame, crimes: pd.DataFrame, batches: pd.DataFrame | None = None
) -> Delivered:
    """List the months that were delivered whole, of both sources.

    Parameters
    ----------
    attendances, crimes
        The contract's columns; all records, whatever they are of: a part of them has gaps of its
        own.
    batches
        As for `delivered_months`.
    """
    came = attendances["arrived_at"].fillna(attendances["assault_from"])
    committed = crimes["committed_from"].fillna(crimes["committed_to"])
    return Delivered(
        delivered_months(attendances["provider"], came, batches),
        delivered_months(crimes["provider"], committed, batches),
    )


def delivered_months(
    provider: pd.Series, when: pd.Series, batches: pd.DataFrame | None = None
) -> pd.DataFrame:
    """List the months that were delivered whole.

    A month is one where a delivery with records of it came when it was over, and no stretch of its
    days is without a record that chance would hardly leave empty: what a hospital sends from the
    middle of a month on is no whole month. A month without any record is missing, never zero.

    Parameters
    ----------
    provider, when
        Of each record, on one index: the provider's id; the arrival, else the time of the assault
        or crime; may be missing.
    batches
        ``provider, received_at, period_from, period_to`` of the deliveries; without them the
        records alone tell.

    Returns
    -------
    DataFrame
        ``provider, month`` (first day), sorted.
    """
    known = when.notna()
    months = when[known].dt.to_period("M")
    days = when[known].dt.day
    deliveries = None if batches is None else dict(list(batches.groupby("provider")[_DELIVERY]))
    kept = [
        (str(name), month)
        for (name, month), of_month in days.groupby([provider[known], months], observed=True)
        if (deliveries is None or _came_when_over(deliveries.get(name), month))
        and not _has_gap(of_month.to_numpy(), month.days_in_month)
    ]
    table = pd.DataFrame(
        {
            "provider": pd.Series([name for name, _ in kept], dtype="str"),
            "month": pd.Series([m.start_time for _, m in kept], dtype="datetime64[s]"),
        }
    )
    return table.sort_values(["provider", "month"], ignore_index=True)


def _came_when_over(deliveries: pd.DataFrame | None, month: pd.Period) -> bool:
    if deliveries is None:
        return False
    # A country has thousands of months: of so few rows each, arrays are compared far sooner.
    first, last, received = (deliveries[name].to_numpy("datetime64[s]") for name in _DELIVERY)
    start, end = month.start_time.to_datetime64(), month.end_time.to_datetime64()
    came = received.astype("datetime64[D]") >= end.astype("datetime64[D]")
    return bool(((first <= end) & (last >= start) & came).any())


def _has_gap(days: np.ndarray[tuple[int], np.dtype[np.int32]], length: int) -> bool:
    """Whether a stretch of days is empty where the rest of the month would let many be expected.

    With n records at an even rate in the rest, a stretch with m expected is empty by chance with
    exp(-m); n + 1 stretches are looked at.
    """
    edges = np.concatenate([[0], np.unique(days), [length + 1]])
    longest = int(np.diff(edges).max()) - 1
    n = len(days)
    expected = n / (length - longest) * longest
    return bool((n + 1) * np.exp(-expected) < 1 / ONE_MONTH_IN)
