"""Hot spots as they may be shown: enough incidents, rounded, named by the rules."""

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
RANKS = ("rank_low", "rank_high", "rank_before")
COLUMNS = (
    "hotspot_id", "rank", "name", "place_name", *COUNTS, "peak", *SHARES, "false_place",
    *RANKS, "share_top", "trend", "harm",
)  # fmt: skip


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
        As ``hot_spots`` of `Publishable`, ranked anew. Counts and the ends of the interval
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
    street = never_premises(spots["name"], known_premises)
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
            **_over_time(spots, n),
        },
        columns=list(COLUMNS),
    )
    return gpd.GeoDataFrame(table, geometry=spots.geometry.to_numpy(), crs=spots.crs)


def _no_hot_spots() -> gpd.GeoDataFrame:
    kinds = {"rank": "int64", "false_place": "bool"}
    kinds |= dict.fromkeys((*COUNTS, *RANKS), "Int64")
    kinds |= dict.fromkeys((*SHARES, "share_top", "harm"), "float64")
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


def never_premises(names: pd.Series, premises: pd.Series) -> pd.Series:
    """Names of streets as they are; one that is also a name of premises becomes a number.

    The stages before name hot spots by streets alone; the gate does not rely on it.
    """
    forbidden = set(premises.dropna().astype("str").str.casefold())
    plain = names.str.casefold().str.replace(r" \(\d+\)$", "", regex=True)
    is_street = np.array([forbidden.isdisjoint({n, *n.split(" and ")}) for n in plain], dtype=bool)
    number = pd.Series(np.arange(1, len(names) + 1), index=names.index).astype("str")
    return names.where(is_street, "Hot spot " + number).astype("str")


def _over_time(spots: gpd.GeoDataFrame, n: pd.Series) -> dict[str, pd.Series]:
    """How firm the rank is, what it was, and the trend; missing where none was worked out.

    All shown hot spots hold the threshold of incidents, so that their order tells nothing of small
    numbers. A resample's share is told in steps of 5 %, the harm as that of the rounded number.
    """
    given = pd.DataFrame(spots).reindex(columns=[*RANKS, "share_top", "trend", "harm"])
    last = len(spots)
    told: dict[str, pd.Series] = {
        name: given[name].astype("float64").clip(upper=last).astype("Int64")
        for name in ("rank_low", "rank_high")
    }
    told["rank_before"] = given["rank_before"].astype("Int64")
    told["share_top"] = (given["share_top"].astype("float64") * 20).round() / 20
    told["trend"] = given["trend"].astype("str")
    harm = given["harm"].astype("float64") * n.astype("float64") / spots["n"]
    told["harm"] = harm.round()
    return told
