"""What changed, as it may be shown: rounded counts, and intervals of those alone."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.change import CHANGED
from hotspots.publishable import PublishableChange
from hotspots.published_hot_spots import never_premises
from hotspots.small_numbers import Rules, enough_or_missing, round_count
from hotspots.tables import ChangeFindings
from hotspots.two_counts import rate_ratio_interval


def publish_change(
    found: ChangeFindings | None,
    premises: pd.Series,
    names: Mapping[str, str],
    rules: Rules,
) -> PublishableChange | None:
    """Make safe what changed.

    Parameters
    ----------
    found
        Exact, or None.
    premises
        Names of all premises known: no hot spot may bear one here.
    names
        Names of the hospitals by their id.
    rules
        The agreement's rules. A hot spot needs the threshold of incidents in one period at least. A
        count under it is missing, like one of none: with the trend, which comes of the exact
        counts, a rounded one could be told apart.

    Returns
    -------
    PublishableChange or None
        The interval of the ratio is worked out from the counts as shown, and only for a change that
        is called; towards the period of too few, it is left open.
    """
    if found is None:
        return None
    exact = found.hot_spots
    kept = (exact[["n_now", "n_before"]] >= rules.threshold).any(axis=1)
    spots = exact[kept].reset_index(drop=True)
    shown = pd.DataFrame(
        {
            "hotspot_id": spots["hotspot_id"].astype("str"),
            "name": never_premises(spots["name"], premises),
            "trend": spots["trend"].astype("str"),
            "n_now": enough_or_missing(spots["n_now"], threshold=rules.threshold),
            "n_before": enough_or_missing(spots["n_before"], threshold=rules.threshold),
        }
    )
    shown = _with_interval(shown, _share_now(spots), rules, is_called=found.is_called)
    return PublishableChange(
        hot_spots=gpd.GeoDataFrame(shown, geometry=spots.geometry.to_numpy(), crs=exact.crs),
        now_from=found.now_from,
        now_to=found.now_to,
        before_from=found.before_from,
        before_to=found.before_to,
        compared_with=found.compared_with,
        providers=tuple(names.get(i, i) for i in found.providers),
        left_out=tuple(names.get(i, i) for i in found.left_out),
        n_now=round_count(found.n_now, threshold=rules.threshold),
        n_before=round_count(found.n_before, threshold=rules.threshold),
        is_called=found.is_called,
    )


def _share_now(spots: pd.DataFrame) -> pd.Series:
    """What part of both periods' exposure is the later one's: of calendar and coverage."""
    both = spots["n_now"] + spots["n_before"]
    return (spots["expected_now"] / both).fillna(0.5).round(2).clip(0.01, 0.99)


def _with_interval(
    shown: pd.DataFrame, share_now: pd.Series, rules: Rules, *, is_called: bool
) -> pd.DataFrame:
    few = rules.threshold - 1
    now, before = (
        shown[name].fillna(few).to_numpy(dtype=np.int64) for name in ("n_now", "n_before")
    )
    low, high = rate_ratio_interval(now, before, share_now)
    called = (shown["trend"].isin(CHANGED) & is_called).to_numpy()
    return shown.assign(
        ratio_low=np.where(called & shown["n_now"].notna().to_numpy(), np.round(low, 2), np.nan),
        ratio_high=np.where(
            called & shown["n_before"].notna().to_numpy(), np.round(high, 2), np.nan
        ),
    )
