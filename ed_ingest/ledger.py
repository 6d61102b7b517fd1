"""What became of every row received: stored, held back, dropped or a duplicate; it adds up."""

from __future__ import annotations

import pandas as pd

# Each row of a delivery is one of these, and no row is two.
FATES = ("n_stored", "n_outdated", "n_held_back", "n_not_assault", "n_duplicate")


def ledger(batches: pd.DataFrame) -> pd.DataFrame:
    """Tell of each delivery how many rows came and what became of them.

    Parameters
    ----------
    batches
        The store's table of deliveries.

    Returns
    -------
    DataFrame
        ``batch_id, provider, month`` (``YYYY-MM``, the last that it has records of; else the one
        before it came), ``n_read``, and what adds up to it: ``n_stored``; ``n_outdated`` (not
        stored, because a later delivery had told otherwise); ``n_held_back``; ``n_not_assault``
        (dropped); ``n_duplicate``.
    """
    table = batches[["batch_id", "provider", "n_read", *FATES]].astype(
        dict.fromkeys(["n_read", *FATES], "int64")
    )
    table.insert(2, "month", delivery_months(batches))
    return table.reset_index(drop=True)


def ledger_by_month(batches: pd.DataFrame) -> pd.DataFrame:
    """Sum the `ledger` over the deliveries of each provider and month."""
    sums = ledger(batches).groupby(["provider", "month"], as_index=False)[["n_read", *FATES]].sum()
    return sums.sort_values(["provider", "month"], ignore_index=True)


def delivery_months(batches: pd.DataFrame) -> pd.Series:
    """The month that a delivery is of: its last day's, else the one before it came."""
    last = batches["period_to"].fillna(batches["received_at"] - pd.DateOffset(months=1))
    months: pd.Series = last.dt.strftime("%Y-%m").astype("str")
    return months
