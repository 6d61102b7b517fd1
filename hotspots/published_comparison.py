"""Comparisons with the police as they may be shown: contours, and ranks of rounded counts."""

from __future__ import annotations

import math

import geopandas as gpd
import pandas as pd

from hotspots.area_comparison import HOSPITALS, POLICE, RANK_COLUMNS, rank_areas
from hotspots.published_hot_spots import never_premises
from hotspots.small_numbers import LEAST_BASE, Rules, enough_or_missing, round_count
from hotspots.tables import Comparison

WHAT_IT_IS = (
    "Area comparison (area_comparison.csv): ranks of non-residential small areas, where premises "
    "stand at least twice as thick as in the partnership as a whole. Hospital figures leave out "
    "assaults at homes; police figures include violence at home and without injury, so only the "
    "order of areas is compared, never the numbers."
)
NO_PREMISES = (
    "Area comparison: none, since no small area could be told to be non-residential. Put areas and "
    "a list of premises into reference/, such as the Food Standards Agency's of the authority."
)


def publish_contours(found: Comparison | None, *, bandwidth_m: float) -> gpd.GeoDataFrame | None:
    """``more, geometry``: where one source sees more in proportion; no count and no p.

    Parameters
    ----------
    found
        Exact, or None. Its contours lie only where enough incidents of both sources are in reach.
    bandwidth_m
        Of the surfaces, metres. As of density, patches smaller than a circle of half of it are left
        out: the mark of a few records.
    """
    if found is None:
        return None
    large = found.contours.geometry.area >= math.pi * (bandwidth_m / 2) ** 2
    return found.contours.loc[large, ["more", "geometry"]].reset_index(drop=True)


def publish_compared_hot_spots(
    found: Comparison | None, premises: pd.Series, rules: Rules
) -> pd.DataFrame | None:
    """Set both sources' rounded counts side by side at each hot spot, and rank by those.

    Parameters
    ----------
    found
        Exact, or None.
    premises
        Names of all premises known: no hot spot may bear one here.
    rules
        A count under the threshold is missing, like one of none, and shares the last rank: the
        order of small numbers would give them away.

    Returns
    -------
    DataFrame or None
        ``name, n_hospital, n_police, rank_hospital, rank_police, rank_difference``, most first by
        hospitals; hot spots with too few of both are left out.
    """
    if found is None:
        return None
    exact = pd.DataFrame(found.hot_spots)
    counts = {
        column: enough_or_missing(exact[column], threshold=rules.threshold)
        for column in ("n_hospital", "n_police")
    }
    shown = pd.DataFrame({"name": never_premises(exact["name"], premises), **counts})
    shown = shown.dropna(subset=list(counts), how="all").reset_index(drop=True)
    for source in ("hospital", "police"):
        rounded = shown[f"n_{source}"].fillna(0).astype("float64")
        shown[f"rank_{source}"] = rounded.rank(ascending=False)
    shown["rank_difference"] = shown["rank_police"] - shown["rank_hospital"]
    order = ["rank_hospital", "rank_police", "name"]
    return shown.sort_values(order, ignore_index=True)


def publish_comparison(table: pd.DataFrame | None, rules: Rules) -> pd.DataFrame | None:
    """Rank the areas by counts that could themselves be shown.

    Ranks of exact counts would tell which of two areas shown alike has more, and many such answers
    give small numbers away. So counts are rounded first, by either method, and areas that round to
    the least figure or to none are left out: their order would be that of small numbers.

    Parameters
    ----------
    table
        As from `area_comparison.compare_areas`, or None.
    rules
        The agreement's rules.

    Returns
    -------
    DataFrame or None
        ``code, name`` and `area_comparison.RANK_COLUMNS`, by the hospitals' rank; no counts.
    """
    if table is None:
        return None
    base = max(LEAST_BASE, rules.threshold)
    counts = {
        column: table[column].map(lambda n: round_count(n, threshold=rules.threshold))
        for column in ("n_assaults", "n_police")
    }
    rounded = table[["code", "name"]].assign(**counts)
    enough = (rounded["n_assaults"] > base) & (rounded["n_police"] > base)
    ranked = rank_areas(rounded[enough], rounded_to=base)
    ranked = ranked.sort_values(["rank_hospitals", "rank_police", "code"], ignore_index=True)
    return ranked[["code", "name", *RANK_COLUMNS]]


def comparison_words(
    table: pd.DataFrame | None, published: pd.DataFrame | None, rules: Rules
) -> tuple[str, ...]:
    """Sentences on the comparison for the analyst; none where it was not made.

    Parameters
    ----------
    table, published
        As handed to and as given back by `publish_comparison`.
    rules
        For how many assaults an area needs.
    """
    if table is None or published is None:
        return ()
    if table.empty:
        return (NO_PREMISES,)
    base = max(LEAST_BASE, rules.threshold)
    told = published["ranked_higher_by"].value_counts()
    return (
        WHAT_IT_IS,
        f"Ranked: {len(published)} of {len(table)} non-residential areas; the others have fewer "
        f"than {_least_ranked(base)} of either. Hospitals rank {told.get(HOSPITALS, 0)} of them "
        f"clearly higher, police {told.get(POLICE, 0)}.",
    )


def _least_ranked(base: int) -> int:
    """Smallest count that rounds to more than the base."""
    return next(n for n in range(base, 3 * base) if round_count(n, threshold=base) > base)
