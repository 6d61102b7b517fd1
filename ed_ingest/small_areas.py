"""Points -> the small area (LSOA) that they lie in."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd


def area_codes(easting: pd.Series, northing: pd.Series, areas: gpd.GeoDataFrame) -> pd.Series:
    """Code of the area that each point lies in.

    Parameters
    ----------
    easting, northing
        Metres, EPSG:27700; may be missing.
    areas
        ``code, geometry``, EPSG:27700.

    Returns
    -------
    Series
        On the index of `easting`; missing where there is no point or it lies in no area. On a
        shared edge the first area in the order of codes.
    """
    codes = pd.Series(pd.NA, index=easting.index, dtype="str")
    placed = (easting.notna() & northing.notna()).to_numpy()
    if areas.empty or not placed.any():
        return codes
    spots = pd.DataFrame({"x": easting[placed].to_numpy(), "y": northing[placed].to_numpy()})
    number, distinct = pd.factorize(pd.MultiIndex.from_frame(spots))
    points = gpd.points_from_xy(
        distinct.get_level_values(0), distinct.get_level_values(1), crs="EPSG:27700"
    )
    ordered = areas.sort_values("code", ignore_index=True)
    at, area = ordered.sindex.query(points, predicate="intersects")
    first = pd.Series(area, index=at).groupby(level=0).min()
    found = ordered["code"].reindex(first.reindex(range(len(distinct)))).to_numpy()
    codes[placed] = found[number]
    return codes
