"""Hot spots of many areas beside the truth of a made-up country, and two runs beside each other."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

CRS = "EPSG:27700"
HOMES = ("own_home", "other_home")
# A hot spot's outline is drawn around points that may lie so far from the true ones.
NEAR_M = 50.0
PLACES, LEAST = 5, 10


def hot_places(truth: Path) -> gpd.GeoDataFrame:
    """The places that are truly hot: of each area the five with the most assaults not at homes.

    Places with fewer than ten, of which no method could tell, are left out.

    Returns
    -------
    GeoDataFrame
        ``area_code, place_id, n, rank`` (1 to 5) and the middle of its true points, EPSG:27700.
    """
    columns = ["area_code", "place_id", "easting", "northing", "location_type", "transfer"]
    found = [pd.read_csv(path, usecols=columns) for path in sorted(truth.glob("*/assaults.csv"))]
    true = pd.concat(found, ignore_index=True)
    true = true[(true["transfer"] == "no") & ~true["location_type"].isin(HOMES)]
    each = true.groupby(["area_code", "place_id"], as_index=False).agg(
        n=("easting", "size"), easting=("easting", "mean"), northing=("northing", "mean")
    )
    each = each[each["n"] >= LEAST].sort_values(["area_code", "n"], ascending=[True, False])
    each["rank"] = each.groupby("area_code").cumcount() + 1
    top = each[each["rank"] <= PLACES]
    points = gpd.points_from_xy(top["easting"], top["northing"])
    return gpd.GeoDataFrame(top[["area_code", "place_id", "n", "rank"]], geometry=points, crs=CRS)


def share_found(places: gpd.GeoDataFrame, hot_spots: gpd.GeoDataFrame) -> pd.Series:
    """Share of the truly hot places that lie in a hot spot of their area of rank 1 to 5.

    Parameters
    ----------
    places
        As `hot_places` gives them.
    hot_spots
        ``area_code, rank, geometry``, EPSG:27700.

    Returns
    -------
    Series
        ``hottest`` (of each area's first place) and ``five`` (of all); NaN where there are none.
    """
    best = hot_spots.loc[hot_spots["rank"] <= PLACES, ["area_code", "geometry"]]
    around = best.set_geometry(best.geometry.buffer(NEAR_M))
    near = places.sjoin(around, lsuffix="true", rsuffix="told")
    hit = near.index[near["area_code_true"] == near["area_code_told"]]
    found = pd.Series(places.index.isin(hit), index=places.index)
    return pd.Series({"hottest": found[places["rank"] == 1].mean(), "five": found.mean()})


def differences(one: Path, other: Path) -> list[str]:
    """Layers of two GeoPackages that do not hold the same rows, whatever their order."""
    names = [{str(name) for name, _ in pyogrio.list_layers(path)} for path in (one, other)]
    unlike = sorted(names[0] ^ names[1])
    for name in sorted(names[0] & names[1]):
        rows = [_rows(gpd.read_file(path, layer=name)) for path in (one, other)]
        if not rows[0].equals(rows[1]):
            unlike.append(name)
    return unlike


def _rows(layer: gpd.GeoDataFrame) -> pd.DataFrame:
    if not isinstance(layer, gpd.GeoDataFrame):  # a table without shapes, such as that of styles
        plain = layer.astype("str")
        return plain.sort_values(list(plain.columns), ignore_index=True)
    flat = pd.DataFrame(layer.drop(columns=layer.geometry.name)).astype("str")
    flat["wkb"] = layer.geometry.to_wkb(hex=True)
    return flat.sort_values(list(flat.columns), ignore_index=True)
