"""Scores, special nights and near repeats as they may be shown: ratios of rounded counts."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.hot_spot_facts import poisson_interval
from hotspots.small_numbers import Rules, enough_or_missing, shares

# A hit rate of fewer events than this says nothing of a map.
LEAST_EVENTS = 20
SCORE_COLUMNS = ("map", "area_share", "hit_rate", "hit_rate_low", "hit_rate_high", "pai", "pei")
NIGHT_COLUMNS = ("kind", "name", "n", "n_nights", "ratio", "ratio_low", "ratio_high")
PAIR_COLUMNS = ("distance_from", "distance_to", "time_from", "time_to")


def publish_hot_spot_bands(
    bands: pd.DataFrame | None, hot_spots: gpd.GeoDataFrame, rules: Rules
) -> pd.DataFrame | None:
    """``hotspot_id, night, band, n``: the nights and bands of the shown hot spots that hold enough.

    Parameters
    ----------
    bands
        ``hotspot_id, night, band, n`` (expected number), or None.
    hot_spots
        As published.
    rules
        A night and band that holds fewer than the threshold is left out, like one with none.
    """
    if bands is None:
        return None
    own = bands[bands["hotspot_id"].isin(hot_spots["hotspot_id"])]
    n = enough_or_missing(own["n"], threshold=rules.threshold)
    shown = own[["hotspot_id", "night", "band"]].assign(n=n)
    return shown[n.notna()].reset_index(drop=True)


def publish_evaluation(scores: pd.DataFrame | None, rules: Rules) -> pd.DataFrame | None:
    """`SCORE_COLUMNS`: hit rates as whole per cents of rounded counts, and what follows from them.

    Parameters
    ----------
    scores
        ``map`` and the columns of `evaluate.score_map`, or None. Of fewer events than 20, or than
        the threshold, every score is missing.
    rules
        The agreement's rules.
    """
    if scores is None:
        return None
    n, threshold = scores["n"], rules.threshold
    rates = {
        name: shares(scores[name].fillna(0) * n, n, threshold, least=LEAST_EVENTS).where(
            scores[name].notna()
        )
        for name in ("hit_rate", "hit_rate_low", "hit_rate_high")
    }
    # The most that any choice of as many cells could have hit.
    best = (scores["hits"] / scores["pei"]).where(scores["pei"] > 0, 0.0)
    table = scores[["map", "area_share"]].assign(
        **rates,
        pai=(rates["hit_rate"] / scores["area_share"]).round(1),
        pei=shares(scores["hits"], best, threshold).where(rates["hit_rate"].notna()),
    )
    return table[list(SCORE_COLUMNS)].reset_index(drop=True)


def publish_special_nights(table: pd.DataFrame | None, rules: Rules) -> pd.DataFrame | None:
    """`NIGHT_COLUMNS`: counts under the threshold are missing, like none; ratios of rounded ones.

    Parameters
    ----------
    table
        As from `special_nights.compare_nights`, or None.
    rules
        The agreement's rules.
    """
    if table is None:
        return None
    n = enough_or_missing(table["n"], threshold=rules.threshold)
    count = np.asarray(n.astype("float64"), dtype=np.float64)
    low, high = poisson_interval(count)
    expected = table["expected"].where(table["expected"] > 0)
    shown = table[["kind", "name", "n_nights"]].assign(
        n=n,
        ratio=(count / expected).round(1),
        ratio_low=(low / expected).where(n.notna().to_numpy()).round(1),
        ratio_high=(high / expected).where(n.notna().to_numpy()).round(1),
    )
    return shown[list(NIGHT_COLUMNS)].reset_index(drop=True)


def publish_near_repeat(table: pd.DataFrame | None, rules: Rules) -> pd.DataFrame | None:
    """Pairs by distance and time: `PAIR_COLUMNS`, ``n_pairs, ratio, p_permuted``.

    Parameters
    ----------
    table
        As from `near_repeat.knox`, or None. Pairs under the threshold are missing with their ratio
        and test; the ratio is that of the rounded number.
    rules
        The agreement's rules.
    """
    if table is None:
        return None
    n = enough_or_missing(table["observed"], threshold=rules.threshold)
    few = n.isna()
    ratio = n.astype("float64") / table["expected"].where(table["expected"] > 0)
    shown = table[list(PAIR_COLUMNS)].assign(
        n_pairs=n, ratio=ratio.round(1), p_permuted=table["p_permuted"].round(2).mask(few)
    )
    return shown.reset_index(drop=True)
