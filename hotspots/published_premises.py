"""Premises as they may be shown: to the meeting if names are allowed, ranked to licensing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hotspots.hot_spot_facts import poisson_interval
from hotspots.shrunk_premises import shrink_rounded
from hotspots.small_numbers import Rules, enough_or_missing, publish_counts, round_count, shares
from hotspots.tables import ChangeFindings

RANKED_COLUMNS = (
    "rank", "place_id", "name", "n_named", "n_low", "n_high", "n_shrunk", "n_shrunk_low",
    "n_shrunk_high", "trend", "n_now", "n_before", "n_near", "n_police_near", "per_100_capacity",
    "per_1000_open_hours", "easting", "northing",
)  # fmt: skip
SHRUNK = ("n_shrunk", "n_shrunk_low", "n_shrunk_high")
# Of fewer nothing can be said of what is usual.
LEAST_PREMISES = 5
# What the trend of premises is where neither period holds enough to tell it.
TOO_FEW = "too_few"
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


def publish_ranked_premises(
    table: pd.DataFrame | None, change: ChangeFindings | None, n_premises: int, rules: Rules
) -> pd.DataFrame | None:
    """Make the ranking of premises safe for analysts and licensing.

    Whether the tasking meeting may see names of premises does not matter here.

    Parameters
    ----------
    table
        ``ranked_premises`` of `named_premises.named_premises`, or None.
    change
        What changed, or None.
    n_premises
        Premises in the reference data.
    rules
        Premises need the threshold in incidents that name them.

    Returns
    -------
    DataFrame or None
        `RANKED_COLUMNS`. The interval, the shrunken number (`shrunk_premises.shrink_rounded`, whole
        numbers) and the rates are those of the rounded number: those of the exact one would tell
        it. ``n_shrunk`` and its interval only of 5 premises or more. ``trend, n_now, n_before``
        only where months were compared: the counts of incidents are missing under the threshold,
        like those of none, and ``trend`` is ``too_few`` where both are. ``n_police_near`` only
        where the force's own records are at hand.
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
    if len(often) >= LEAST_PREMISES:
        shrunk = shrink_rounded(n.to_numpy(float), n_all=n_premises, threshold=rules.threshold)
        whole = np.column_stack(
            [np.rint(shrunk[:, 0]), np.floor(shrunk[:, 1]), np.ceil(shrunk[:, 2])]
        )
        shown[list(SHRUNK)] = pd.DataFrame(whole, index=shown.index).astype("Int64")
    if "n_police_near" in often:
        shown["n_police_near"] = enough_or_missing(
            often["n_police_near"], threshold=rules.threshold
        )
    if change is not None and change.premises is not None:
        shown = shown.assign(**_changes(often["place_id"], change.premises, rules))
    return shown[[name for name in RANKED_COLUMNS if name in shown]]


def publish_premises_bands(
    bands: pd.DataFrame | None, ranked: pd.DataFrame | None, rules: Rules
) -> pd.DataFrame | None:
    """``place_id, night, band, n``: nights, bands and both of the shown premises that hold enough.

    Parameters
    ----------
    bands
        As from `named_premises.bands_of_premises`, or None.
    ranked
        As published; others of the premises are left out.
    rules
        What holds fewer incidents than the threshold is left out, like what holds none: nothing
        can be told of it from the nights and bands that it is part of.
    """
    if bands is None or ranked is None:
        return None
    own = bands[bands["place_id"].isin(ranked["place_id"])]
    n = enough_or_missing(own["n"], threshold=rules.threshold)
    shown = own[["place_id", "night", "band"]].assign(n=n)[n.notna()]
    order = dict(zip(ranked["place_id"], ranked["rank"], strict=True))
    by_rank = shown.assign(rank=shown["place_id"].map(order)).sort_values(["rank", "night", "band"])
    return by_rank.drop(columns="rank").reset_index(drop=True)


def _changes(ids: pd.Series, exact: pd.DataFrame, rules: Rules) -> dict[str, pd.Series]:
    """Trend and counts of both periods; a count under the threshold is missing, like none."""
    own = exact.set_index("place_id").reindex(ids)
    counts = {
        name: enough_or_missing(own[name].fillna(0), threshold=rules.threshold).set_axis(ids.index)
        for name in ("n_now", "n_before")
    }
    enough = counts["n_now"].notna() | counts["n_before"].notna()
    trend = own["trend"].set_axis(ids.index).where(enough, TOO_FEW)
    return {"trend": trend.astype("str"), **counts}


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
