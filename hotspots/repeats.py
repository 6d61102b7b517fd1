"""Whether assaults follow one another nearby and soon: near repeats of a period's incidents."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from hotspots.near_repeat import knox

# Same place, and about one, two and four streets further; the same night, and weeks.
DISTANCES_M = (0.0, 100.0, 200.0, 400.0)
DAYS = (0.0, 7.0, 14.0, 28.0)
LEAST_INCIDENTS = 100
# Pairs, and pairs times permutations, that take about a second.
MOST_PAIRS = 500_000
MOST_WORK = 100_000_000
FEWEST, MOST = 199, 999
SEED = 1


def near_repeats(points: pd.DataFrame, nights: pd.Series) -> pd.DataFrame | None:
    """Test whether incidents near each other come sooner after one another than chance.

    Where pairs are very many, incidents are drawn by chance until fewer than half a million are
    left: what is observed and expected is then that of the drawn ones, their ratio that of all.

    Parameters
    ----------
    points
        As from `points.assault_points`. Only places known to 100 m or better take part.
    nights
        The evening of each, on the same index; may be missing.

    Returns
    -------
    DataFrame or None
        As from `near_repeat.knox`, in metres and days (0: the same night); None with fewer than 100
        incidents.
    """
    placed = points.assign(night=nights.reindex(points.index))
    placed = placed[placed["night"].notna() & (placed["uncertainty_m"] <= DISTANCES_M[1])]
    ordered = placed.sort_values(["northing", "easting", "night"], kind="stable")
    once = _drawn(ordered.drop_duplicates("incident"))
    if len(once) < LEAST_INCIDENTS:
        return None
    day = (once["night"] - pd.Timestamp("2000-01-01")).dt.days
    permutations = int(np.clip(MOST_WORK // max(_pairs(once), 1), FEWEST, MOST))
    return knox(
        once["easting"],
        once["northing"],
        day,
        distances_m=DISTANCES_M,
        times=DAYS,
        permutations=permutations,
        seed=SEED,
    )


def _drawn(incidents: pd.DataFrame) -> pd.DataFrame:
    """All incidents, or so many of them by chance that their pairs are not too many."""
    n = _pairs(incidents)
    if n <= MOST_PAIRS:
        return incidents
    share = np.sqrt(MOST_PAIRS / n)
    rng = np.random.default_rng(SEED)
    drawn: pd.DataFrame = incidents[rng.random(len(incidents)) < share]
    return drawn


def _pairs(incidents: pd.DataFrame) -> int:
    """Pairs of incidents within the greatest distance."""
    if incidents.empty:
        return 0
    tree = cKDTree(incidents[["easting", "northing"]].to_numpy(float))
    return (int(np.sum(tree.count_neighbors(tree, DISTANCES_M[-1]))) - len(incidents)) // 2
