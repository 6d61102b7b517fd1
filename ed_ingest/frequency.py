"""Whether a hospital keeps the frequency that its sharing agreement names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from ed_ingest.overdue import Frequency, Period, agreed_periods, grace_days

COLUMNS = ["provider", "frequency", "period_from", "period_to", "words", "received_on",
           "days_after", "state"]  # fmt: skip


# First and last day with records, and when it came.
Times = tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp]


def periods_kept(
    deliveries: pd.DataFrame,
    *,
    frequencies: Mapping[str, Frequency],
    first: date,
    last: date,
    late_days: int,
) -> pd.DataFrame:
    """Tell of each agreed period when its delivery came.

    Its delivery is the first that came when the period was over and that has records of it, as in
    `overdue`. Weekly and fortnightly ones may come a week or a fortnight after the period at most.

    Parameters
    ----------
    deliveries
        ``provider, received_at, period_from, period_to``.
    frequencies
        As agreed, by provider.
    first, last
        Periods that end in these days are told, from a provider's first records on.
    late_days
        Days.

    Returns
    -------
    DataFrame
        ``provider, frequency, period_from, period_to, words`` (the period as people say it),
        ``received_on, days_after`` (days from the period's end; both missing where nothing came),
        ``state``: ``kept``, ``late`` or ``missing``.
    """
    rows: list[dict[str, object]] = []
    for provider, frequency in sorted(frequencies.items()):
        known = deliveries[deliveries["provider"].eq(provider)].dropna(
            subset=["period_from", "period_to"]
        )
        begin = known["period_from"].min().date() if len(known) else first
        grace = grace_days(frequency, late_days)
        times = known[["period_from", "period_to", "received_at"]]
        came = list(times.itertuples(index=False, name=None))
        for period in agreed_periods(frequency, min(begin, last), last):
            if first <= period.end <= last and period.end >= begin:
                rows.append(_row(provider, frequency, period, came, grace))
    table = pd.DataFrame(rows, columns=COLUMNS)
    days = dict.fromkeys(("period_from", "period_to", "received_on"), "datetime64[s]")
    return table.astype({**days, "days_after": "Int64"})


def _row(
    provider: str, frequency: Frequency, period: Period, deliveries: list[Times], grace: int
) -> dict[str, object]:
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    after = end + timedelta(days=1)
    own = [r for first, last, r in deliveries if first < after and last >= start and r >= end]
    came = min(own, default=None)
    days = None if came is None else (came.normalize() - end).days
    state = "missing" if days is None else "kept" if days <= grace else "late"
    return {
        "provider": provider,
        "frequency": frequency,
        "period_from": start,
        "period_to": end,
        "words": period.words,
        "received_on": pd.NaT if came is None else came.normalize(),
        "days_after": days,
        "state": state,
    }
