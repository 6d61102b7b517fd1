"""Both sources at each hot spot: counts, ranks, and whether they differ by more than chance."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, fisher_exact

from hotspots.compare import pooled_incidents
from hotspots.dispersion import dispersion_of_places
from hotspots.hot_spots import outline_of
from hotspots.police import Violence
from hotspots.two_counts import widened_p

Floats = NDArray[np.float64]


def compare_hot_spots(
    points: pd.DataFrame, violence: Violence, hot_spots: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Set the two sources' counts and ranks side by side at each hot spot.

    Parameters
    ----------
    points, violence
        As for `compare.relative_risk`.
    hot_spots
        ``hotspot_id, geometry``, drawn from the points of both sources together: one source's own
        hot spots would always seem to hold more of it.

    Returns
    -------
    DataFrame
        In the order given: ``hotspot_id, n_hospital, n_police`` (incidents), ``rank_hospital,
        rank_police`` (1 has the most; equal counts share the mean), ``rank_difference`` (rank by
        police less that by hospitals: above 0 where hospitals rank it higher), ``p_value``
        (Fisher's exact test of the shares inside, widened by the dispersion of incidents from
        night to night, as contours are) and ``q_value`` (Benjamini and Hochberg).

    Raises
    ------
    AnalysisError
        If the police figures are police.uk's, or a source has no incident with a point.
    """
    pooled = pooled_incidents(points, violence)
    at = outline_of(pooled, list(hot_spots.geometry))
    is_hospital = pooled["is_hospital"].to_numpy(bool)
    sides = (is_hospital, ~is_hospital)
    counts = [np.bincount(at[(at >= 0) & side], minlength=len(hot_spots)) for side in sides]
    elsewhere = [side.sum() - n for side, n in zip(sides, counts, strict=True)]
    tables = np.stack([*counts, *elsewhere], axis=1).reshape(-1, 2, 2)
    p: Floats = np.array([float(fisher_exact(each).pvalue) for each in tables], dtype=np.float64)
    p = widened_p(p, _dispersion(pooled, at, len(hot_spots)))
    ranks = [pd.Series(n).rank(ascending=False).to_numpy() for n in counts]
    return pd.DataFrame(
        {
            "hotspot_id": hot_spots["hotspot_id"].astype("str").to_numpy(),
            "n_hospital": counts[0],
            "n_police": counts[1],
            "rank_hospital": ranks[0],
            "rank_police": ranks[1],
            "rank_difference": ranks[1] - ranks[0],
            "p_value": p,
            "q_value": np.asarray(false_discovery_control(p, method="bh")) if len(p) else p,
        }
    )


def _dispersion(pooled: pd.DataFrame, at: NDArray[np.int64], n: int) -> Floats:
    """That of the difference of both shares at each hot spot."""
    part = float(pooled["is_hospital"].mean())
    place = pd.Series(at, index=pooled.index).where(at >= 0)
    found: Floats = np.zeros(n)
    for is_hospital, weight in ((True, 1 - part), (False, part)):
        own = pooled["is_hospital"] == is_hospital
        of_place = dispersion_of_places(place[own], pooled["night"][own])
        found += weight * of_place.reindex(range(n)).fillna(1.0).to_numpy()
    return found
