"""Premises as they may be shown: to the meeting if names are allowed, ranked to licensing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hotspots.hot_spot_facts import poisson_interval
from hotspots.small_numbers import Rules, enough_or_missing, publish_counts, round_count, shares

RANKED_COLUMNS = (
    "rank", "place_id", "name", "n_named", "n_low", "n_high", "n_near", "per_100_capacity",
    "per_1000_open_hours", "easting", "northing",
)  # fmt: skip
# Where the concentration curve is read: shares of all premises, the busiest first.
SHARES_OF_PREMISES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
LEAST_INCIDENTS = 20


def publish_premises(premises: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Make the table of premises safe to show: none, or those with enough incidents.

    Parameters
    ----------
    premises
        ``place_id, name, n, n_incidents, easting, northing``.
    rules
        Premises need the threshold in incidents. Where they may not be named, none is shown.

    Returns
    -------
    DataFrame
        ``place_id, name, n`` (rounded), ``easting, northing``.
    """
    often = premises[(premises["n_incidents"] >= rules.threshold) & rules.premises_names]
    often = often.reset_index(drop=True)
    return pd.DataFrame(
        {
            "place_id": often["place_id"],
            "name": often["name"],
            "n": publish_counts(often["n"], threshold=rules.threshold, method="round5"),
            "easting": often["easting"],
            "northing": often["northing"],
        }
    )


def publish_ranked_premises(table: pd.DataFrame | None, rules: Rules) -> pd.DataFrame | None:
    """Make the ranking of premises safe for analysts and licensing.

    Parameters
    ----------
    table
        As from `premises.rank_premises`, or None.
    rules
        Premises need the threshold in incidents that name them.

    Returns
    -------
    DataFrame or None
        `RANKED_COLUMNS`. The interval and the rates are those of the rounded number: those of the
        exact one would tell it. Shrunken numbers are left out for the same reason.
    """
    if table is None:
        return None
    often = table[table["n_named"] >= rules.threshold].sort_values("rank", ignore_index=True)
    n = enough_or_missing(often["n_named"], threshold=rules.threshold)
    low, high = poisson_interval(n.to_numpy(dtype=float))
    base = round_count(1, threshold=rules.threshold)
    per_one = n.astype("float64") / often["n_named"]
    shown = often[["place_id", "name", "easting", "northing"]].assign(
        rank=np.arange(1, len(often) + 1),
        n_named=n,
        n_low=pd.Series(np.floor(low / base) * base, dtype="Int64"),
        n_high=pd.Series(np.ceil(high / base) * base, dtype="Int64"),
        n_near=enough_or_missing(often["n_near"], threshold=rules.threshold),
        per_100_capacity=(often["per_100_capacity"] * per_one).round(1),
        per_1000_open_hours=(often["per_1000_open_hours"] * per_one).round(1),
    )
    return shown[list(RANKED_COLUMNS)]


def publish_concentration(
    curve: pd.DataFrame | None, ranked: pd.DataFrame | None, rules: Rules
) -> pd.DataFrame | None:
    """Read the concentration curve at a few points, in whole per cents of rounded counts.

    The whole curve would tell the number of every one of the premises.

    Parameters
    ----------
    curve
        As from `premises.concentration_curve`, or None.
    ranked
        As from `premises.rank_premises`: how many incidents the curve is of. None, or of fewer than
        20: no curve.
    rules
        The agreement's rules.

    Returns
    -------
    DataFrame or None
        ``share_premises`` (`SHARES_OF_PREMISES`), ``share_incidents, share_if_equal``.
    """
    n = 0 if ranked is None else int(ranked["n_named"].sum())
    if curve is None or n < max(LEAST_INCIDENTS, rules.threshold):
        return None
    at = pd.Series(SHARES_OF_PREMISES)
    along = curve["share_premises"].to_numpy(float)
    incidents = np.interp(at, along, curve["share_incidents"].to_numpy(float))
    equal = np.interp(at, along, curve["share_if_equal"].to_numpy(float))
    return pd.DataFrame(
        {
            "share_premises": at,
            "share_incidents": shares(
                pd.Series(incidents * n), pd.Series(float(n), index=at.index), rules.threshold
            ),
            "share_if_equal": np.round(equal, 2),
        }
    )
