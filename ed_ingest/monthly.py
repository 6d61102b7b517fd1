"""Which months of which hospital pass: enough usable rows, delivered in time."""

from __future__ import annotations

import pandas as pd

from ed_ingest.measures import MINIMUM_DATA_SET


def months_passed(
    measures: pd.DataFrame,
    batches: pd.DataFrame,
    *,
    providers: list[str],
    months: list[str],
    usable_share: float = 0.5,
    late_days: int = 31,
) -> pd.DataFrame:
    """Tell for each provider and month whether it passes the minimum data set test.

    A month passes when type, time and location are each usable in at least `usable_share` of its
    rows and its delivery came no later than `late_days` after its end. That delivery is the first
    that was received when the month was over and that has rows of it; a month without one is open.

    Parameters
    ----------
    measures
        As `measure` gives them.
    batches
        ``provider, received_at, period_from, period_to`` of the deliveries.
    providers, months
        What to tell; months as ``YYYY-MM``.
    usable_share
        0 to 1.
    late_days
        Days.

    Returns
    -------
    DataFrame
        ``provider, month, n, type_usable, time_usable, location_usable, received_on,
        days_after_month`` (missing while open), ``passed``, and ``received``: its delivery came in
        time, and type, time and location were each present in some row, as was asked in 2009.
    """
    keys = pd.MultiIndex.from_product([providers, months], names=["provider", "month"])
    minimum = measures[measures["item"].isin(MINIMUM_DATA_SET)]
    usable = minimum.pivot_table("usable", index=["provider", "month"], columns="item")
    n = minimum.groupby(["provider", "month"])["n"].first()
    table = pd.DataFrame({"n": n.reindex(keys, fill_value=0)}, index=keys)
    for item in MINIMUM_DATA_SET:
        found = usable.reindex(index=keys, columns=list(MINIMUM_DATA_SET))[item]
        table[f"{item}_usable"] = found.fillna(0).astype("int64")
    table = table.reset_index()
    end = _month_end(table["month"])
    table["received_on"] = _received_on(table, batches, end)
    table["days_after_month"] = (table["received_on"] - end).dt.days.astype("Int64")
    enough = table["n"].gt(0)
    for item in MINIMUM_DATA_SET:
        enough &= table[f"{item}_usable"] >= usable_share * table["n"]
    in_time = table["days_after_month"].le(late_days).fillna(False).astype(bool)
    table["passed"] = enough & in_time
    present = minimum.groupby(["provider", "month"])["present"].min().reindex(keys, fill_value=0)
    table["received"] = in_time & (present.to_numpy() > 0)
    return table


def _received_on(table: pd.DataFrame, batches: pd.DataFrame, end: pd.Series) -> pd.Series:
    """Day of the first delivery with rows of the month that came when the month was over."""
    each = table[["provider", "month"]].assign(end=end, start=end - pd.offsets.MonthBegin(1))
    pairs = each.merge(batches[["provider", "received_at", "period_from", "period_to"]])
    day = pairs["received_at"].dt.normalize()
    of_month = (pairs["period_from"] <= pairs["end"]) & (pairs["period_to"] >= pairs["start"])
    first = day[of_month & (day >= pairs["end"])].groupby([pairs["provider"], pairs["month"]]).min()
    keys = pd.MultiIndex.from_frame(table[["provider", "month"]])
    found = first.astype("datetime64[s]").reindex(keys).to_numpy()
    return pd.Series(found, index=table.index)


def _month_end(months: pd.Series) -> pd.Series:
    first = pd.to_datetime(months + "-01").astype("datetime64[s]")
    end: pd.Series = first + pd.offsets.MonthEnd(0)
    return end
