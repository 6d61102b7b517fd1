"""Which area each record belongs to, when many areas lie side by side."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.grid import inside


def area_of_records(
    records: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    *,
    of_small_area: pd.Series,
    homes: Mapping[str, str] | None = None,
) -> pd.Series:
    """Name the one area that each record belongs to.

    That of its small area comes first: codes are exact, polygons are often simplified. Then the one
    its point lies in, on a common border that of the smaller code. A record that tells neither goes
    to the area of its provider.

    Parameters
    ----------
    records
        ``provider, easting, northing, lsoa``, as in the contract.
    areas
        ``code, geometry`` (EPSG:27700), sorted by code.
    of_small_area
        Code of the area by code of the small area.
    homes
        Code of the area by provider; None: such records belong to no area.

    Returns
    -------
    Series
        Code of the area, missing for none; on the index of `records`.
    """
    # Of a whole country's codes only those of these records are looked at.
    known = of_small_area.reindex(records["lsoa"].dropna().unique())
    code = np.array(records["lsoa"].map(dict(known.dropna())).astype(object), dtype=object)
    x, y = records["easting"].to_numpy(float), records["northing"].to_numpy(float)
    told = pd.notna(code)
    placed = ~np.isnan(x) & ~np.isnan(y)
    for name, shape in zip(areas["code"], areas.geometry, strict=True):
        west, south, east, north = shape.bounds
        near = np.flatnonzero(
            ~told & placed & (x >= west) & (x <= east) & (y >= south) & (y <= north)
        )
        own = near[inside(x[near], y[near], shape)]
        code[own], told[own] = name, True
    if homes:
        # A home keeps its small area and no point: one of another area is not the hospital's.
        nowhere = ~tells_a_place(records, of_small_area)
        left = np.flatnonzero(~told & nowhere)
        code[left] = records["provider"].iloc[left].map(homes).astype(object).to_numpy()
    return pd.Series(code, index=records.index, dtype="str")


def tells_a_place(records: pd.DataFrame, of_small_area: pd.Series) -> NDArray[np.bool_]:
    """Whether each record has a point, or a small area where such codes are known at all."""
    placed = (records["easting"].notna() & records["northing"].notna()).to_numpy(dtype=bool)
    return placed | (records["lsoa"].notna().to_numpy(dtype=bool) & (len(of_small_area) > 0))


def areas_of_small_areas(small: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    """Code of the area by code of the small area: the one that a point inside the latter lies in.

    Parameters
    ----------
    small, areas
        ``code, geometry``, EPSG:27700; `areas` sorted by code.
    """
    once = small.drop_duplicates("code")
    middle = once.geometry.representative_point()
    points = pd.DataFrame(
        {"provider": "", "easting": middle.x, "northing": middle.y, "lsoa": once["code"]}
    )
    found = area_of_records(points, areas, of_small_area=pd.Series(dtype="str"))
    return pd.Series(found.to_numpy(), index=once["code"].to_numpy(), dtype="str").dropna()


def homes_of(counts: pd.DataFrame) -> dict[str, str]:
    """The area in which most placed records of each provider lie; of equal ones the smaller code.

    Parameters
    ----------
    counts
        ``provider, area_code`` (missing: in none), ``n_placed``.
    """
    sums = counts.dropna(subset="area_code").groupby(["provider", "area_code"])["n_placed"].sum()
    ordered = (
        sums[sums > 0]
        .reset_index()
        .sort_values(["n_placed", "area_code"], ascending=[False, True], kind="stable")
    )
    once = ordered.drop_duplicates("provider")
    return dict(zip(once["provider"], once["area_code"], strict=True))
