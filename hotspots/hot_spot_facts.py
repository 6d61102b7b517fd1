"""What is known of each hot spot: name, count, nights and hours, shares, and whether it is real."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.stats import chi2

from ed_ingest.linkable import false_places
from ed_ingest.tables import Gazetteer
from hotspots.dispersion import dispersion_of_places
from hotspots.street_names import names_of_hot_spots
from hotspots.tables import HotSpotMap
from hotspots.timing import N_BANDS, N_NIGHTS, night_band_table, spread_over_bands
from hotspots.words import BANDS, band_words

FALSE_PLACE_M = 100.0


def describe_hot_spots(
    points: pd.DataFrame, members: pd.Series, *, ids: list[str], gazetteer: Gazetteer
) -> pd.DataFrame:
    """Describe each hot spot from its records.

    Parameters
    ----------
    points
        As from `points.assault_points`.
    members
        Id of each point's hot spot, missing outside; same index.
    ids
        Ids of all hot spots, rank 1 first.
    gazetteer
        For names of streets and areas, and for hospitals and police stations.

    Returns
    -------
    DataFrame
        One row per hot spot, as in `tables.HotSpotMap` but for the geometry.
    """
    inside = points.assign(spot=members)[members.notna()]
    by_spot = inside.groupby("spot")
    names = names_of_hot_spots(points, members, gazetteer)
    table = pd.DataFrame(index=pd.Index(ids, dtype="str", name="hotspot_id"))
    table["rank"] = np.arange(1, len(table) + 1)
    table["name"] = names.reindex(table.index)
    table["n"] = by_spot.size()
    table["dispersion"] = dispersion_of_places(inside["spot"], inside["night"])
    table["n_low"], table["n_high"] = count_interval(
        table["n"].to_numpy(float), table["dispersion"].to_numpy(float)
    )
    table["n_incidents"] = by_spot["incident"].nunique()
    table = table.join(_top_premises(inside)).join(_peaks(inside)).join(_answers(inside))
    table["false_place"] = _false_places(inside, gazetteer.places)
    return table.reset_index().fillna({"n_place_incidents": 0}).astype({"n_place_incidents": int})


def poisson_interval(n: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Exact 95 % interval of a Poisson count (Garwood 1936, DOI 10.1093/biomet/28.3-4.437)."""
    return count_interval(n, np.ones_like(n))


def count_interval(
    n: NDArray[np.float64], dispersion: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """95 % interval of a count whose events come in clumps.

    That of Garwood for as many independent events as are as uncertain, n / dispersion, times the
    dispersion. The half event by which his ends lie outside is then one of n, not of the fewer.

    Parameters
    ----------
    n
        Counts, 0 or more.
    dispersion
        Variance of each over its mean, at least 1, as from `dispersion.dispersion_of_places`. With
        1 the interval is the exact one of Poisson counts.
    """
    events, half = n / dispersion + 0.5, 0.5 / dispersion
    lower = np.maximum(events - half, np.finfo(float).tiny)
    low = np.where(n > 0, dispersion * chi2.ppf(0.025, 2 * lower) / 2, 0.0)
    return low, np.asarray(dispersion * chi2.ppf(0.975, 2 * (events + half)) / 2)


def _answers(inside: pd.DataFrame) -> pd.DataFrame:
    """Records of each hot spot that give an answer, and those that give the one asked for."""
    counts = pd.DataFrame(
        {
            "spot": inside["spot"],
            "n_linkable": inside["linked"] != "unknown",
            "n_not_found": inside["linked"] == "no",
            "alcohol_yes": inside["alcohol"] == "yes",
            "alcohol_known": inside["alcohol"] != "unknown",
            "weapon_yes": inside["weapon"] == "yes",
            "weapon_known": inside["weapon"] != "unknown",
        }
    )
    return counts.groupby("spot").sum()


def _top_premises(inside: pd.DataFrame) -> pd.DataFrame:
    """The premises that most incidents of each hot spot name: ``place_name, n_place_incidents``."""
    named = inside[inside["premises"].notna()]
    counts = named.groupby(["spot", "place_id"]).agg(
        place_name=("premises", "min"), n_place_incidents=("incident", "nunique")
    )
    ordered = counts.reset_index().sort_values(
        ["n_place_incidents", "place_name", "place_id"], ascending=[False, True, True]
    )
    top = ordered.drop_duplicates("spot").set_index("spot")
    return top[["place_name", "n_place_incidents"]].astype({"place_name": "str"})


def _peaks(inside: pd.DataFrame) -> pd.DataFrame:
    """Busiest night and band of each hot spot, and its busiest band over all nights.

    Words are empty where no record's hour is known. Of equal bands the first in the week counts.
    """
    spread = spread_over_bands(inside["starts_at"], inside["ends_at"])
    records = spread.groupby(inside["spot"].reindex(spread["record"]).to_numpy())
    of_spot = {spot: night_band_table(rows)["n"].to_numpy() for spot, rows in records}
    nobody = np.zeros(N_NIGHTS * N_BANDS)
    rows = {}
    for spot in inside["spot"].unique():
        cells = of_spot.get(spot, nobody).reshape(N_NIGHTS, N_BANDS)
        bands = cells.sum(axis=0)
        night, band = np.unravel_index(int(cells.argmax()), cells.shape)
        rows[spot] = {
            "peak": band_words(int(night), int(band)) if cells.any() else "",
            "n_peak": float(cells.max()),
            "peak_band": f"all nights, {BANDS[int(bands.argmax())]}" if cells.any() else "",
            "n_peak_band": float(bands.max()),
        }
    columns = ["peak", "n_peak", "peak_band", "n_peak_band"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def bands_of_hot_spots(points: pd.DataFrame, found: HotSpotMap | None) -> pd.DataFrame:
    """Expected number of assaults of each hot spot in each night of the week and band.

    Parameters
    ----------
    points
        As from `points.assault_points`.
    found
        Their hot spots; None without any point.

    Returns
    -------
    DataFrame
        ``hotspot_id, night, band, n``, hot spots by rank; rows that hold nothing are left out.
    """
    tables = [pd.DataFrame({"hotspot_id": pd.Series(dtype="str"), "night": 0, "band": 0, "n": 0.0})]
    if found is not None:
        spread = spread_over_bands(points["starts_at"], points["ends_at"])
        spots = found.members.reindex(spread["record"]).to_numpy()
        for name in found.hot_spots["hotspot_id"]:
            table = night_band_table(spread[spots == name])
            table.insert(0, "hotspot_id", name)
            tables.append(table[table["n"] > 0])
    return pd.concat(tables, ignore_index=True)


def _false_places(inside: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    """Whether at least half of a hot spot's records lie within 100 m of a hospital or the police.

    Or are said to, by police.uk's words. Records of other places are often put there, and staff are
    assaulted there.
    """
    false = false_places(places)
    tree = shapely.STRtree(gpd.points_from_xy(false["easting"], false["northing"]))
    located = gpd.points_from_xy(inside["easting"], inside["northing"])
    at, _ = tree.query(np.asarray(located), predicate="dwithin", distance=FALSE_PLACE_M)
    near = inside["at_false_place"].astype(float)
    near.iloc[np.unique(at)] = 1.0
    return near.groupby(inside["spot"]).mean() >= 0.5
