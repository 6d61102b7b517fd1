"""Hot spots and premises as they may be shown: enough incidents, rounded, named by the rules."""

from __future__ import annotations

from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.hot_spot_facts import count_interval
from hotspots.small_numbers import Rules, publish_counts, round_count, shares
from hotspots.tables import HotSpotMap

# A hot spot bears the name of premises that at least this share of its incidents name.
LEAST_SHARE_OF_NAME = 0.1
# A share in one hot spot is named beside others and so must bear comparison: of fewer records the
# rounding alone would move it by over ten points.
LEAST_SHARE_OF = 20
COUNTS = ("n", "n_low", "n_high")
SHARES = ("share_not_found", "share_alcohol", "share_weapon")
COLUMNS = ("hotspot_id", "rank", "name", "place_name", *COUNTS, "peak", *SHARES, "false_place")


def publish_hot_spots(
    found: HotSpotMap | None, premises: pd.DataFrame, rules: Rules
) -> gpd.GeoDataFrame:
    """Make a table of hot spots safe to show.

    Parameters
    ----------
    found
        Exact hot spots, or None.
    premises
        ``place_id, name, n, n_incidents, easting, northing``: all premises in the records.
    rules
        A hot spot, and what is said of it, needs the threshold in incidents. Where premises may not
        be named, nothing of them is shown. A hot spot that bears a name of premises instead of a
        street's is shown by its number by either rule.

    Returns
    -------
    GeoDataFrame
        As ``hot_spots`` of `tables.Publishable`, ranked anew. Counts and the ends of the interval
        are multiples of 5 (or of a higher threshold); the interval is that of the rounded count,
        since the ends of the exact one would tell the exact count.
    """
    if found is None:
        return _no_hot_spots()
    threshold = rules.threshold
    spots = found.hot_spots[found.hot_spots["n_incidents"] >= threshold]
    spots = spots.sort_values("rank", ignore_index=True)
    rank = pd.Series(np.arange(1, len(spots) + 1), index=spots.index)
    n = publish_counts(spots["n"], threshold=threshold, method="round5")
    # To a tenth: one record more or less shall not show.
    dispersion = np.ceil(spots["dispersion"].to_numpy(float) * 10) / 10
    low, high = count_interval(n.to_numpy(dtype=float), dispersion)
    base = round_count(1, threshold=threshold)
    known_premises = pd.concat([premises["name"], found.hot_spots["place_name"]])
    street = _never_premises(spots["name"], known_premises, rank)
    given = _giving_the_name(spots, rules)
    share_of = partial(shares, threshold=threshold, least=LEAST_SHARE_OF)
    table = pd.DataFrame(
        {
            "hotspot_id": spots["hotspot_id"],
            "rank": rank,
            "name": street.where(given.isna(), street + " (" + given + ")"),
            "place_name": given,
            "n": n,
            "n_low": pd.Series(np.floor(low / base) * base, dtype="Int64"),
            "n_high": pd.Series(np.ceil(high / base) * base, dtype="Int64"),
            "peak": _peaks(spots, threshold),
            "share_not_found": share_of(spots["n_not_found"], spots["n_linkable"]),
            "share_alcohol": share_of(spots["alcohol_yes"], spots["alcohol_known"]),
            "share_weapon": share_of(spots["weapon_yes"], spots["weapon_known"]),
            "false_place": spots["false_place"].astype(bool),
        },
        columns=list(COLUMNS),
    )
    return gpd.GeoDataFrame(table, geometry=spots.geometry.to_numpy(), crs=spots.crs)


def publish_premises(premises: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Make the table of premises safe to show: none, or those with enough incidents.

    Parameters
    ----------
    premises
        ``place_id, name, n, n_incidents, easting, northing``.
    rules
        As for `publish_hot_spots`.

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


def _no_hot_spots() -> gpd.GeoDataFrame:
    kinds = {"rank": "int64", "false_place": "bool"}
    kinds |= dict.fromkeys(COUNTS, "Int64") | dict.fromkeys(SHARES, "float64")
    columns = {name: pd.Series(dtype=kinds.get(name, "str")) for name in COLUMNS}
    return gpd.GeoDataFrame(columns, geometry=[], crs="EPSG:27700")


def _peaks(spots: gpd.GeoDataFrame, threshold: int) -> pd.Series:
    """The busiest time in words; coarser, or empty, where too few records say so."""
    coarse = spots["peak_band"].where(spots["n_peak_band"] >= threshold, "")
    return spots["peak"].where(spots["n_peak"] >= threshold, coarse)


def _giving_the_name(spots: gpd.GeoDataFrame, rules: Rules) -> pd.Series:
    """The premises that many incidents of a hot spot name, else missing; all where none may be."""
    n = spots["n_place_incidents"]
    often = (n >= rules.threshold) & (n >= LEAST_SHARE_OF_NAME * spots["n_incidents"])
    return spots["place_name"].where(often & rules.premises_names).astype("str")


def _never_premises(names: pd.Series, premises: pd.Series, rank: pd.Series) -> pd.Series:
    """Names of streets as they are; one that is also a name of premises becomes a number.

    The stages before name hot spots by streets alone; the gate does not rely on it.
    """
    forbidden = set(premises.dropna().astype("str").str.casefold())
    plain = names.str.casefold().str.replace(r" \(\d+\)$", "", regex=True)
    is_street = np.array([forbidden.isdisjoint({n, *n.split(" and ")}) for n in plain], dtype=bool)
    return names.where(is_street, "Hot spot " + rank.astype("str")).astype("str")
