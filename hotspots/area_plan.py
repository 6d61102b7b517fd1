"""The plan of many areas: which task is handed which records, places and neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ed_ingest.errors import AnalysisError
from ed_ingest.tables import Gazetteer
from hotspots.belonging import areas_of_small_areas, homes_of
from hotspots.delivered_months import Delivered, delivered_months

# Neighbours may share so much of the smaller one: outlines are simplified, and put on another map.
MOST_COMMON = 0.001


@dataclass(frozen=True)
class Plan:
    """What is known of all areas before any is analysed.

    Attributes
    ----------
    areas
        ``code, name, geometry`` (EPSG:27700), sorted by code.
    of_small_area
        Code of the area by code of the small area.
    gazetteer
        Of all areas.
    """

    areas: gpd.GeoDataFrame
    of_small_area: pd.Series
    gazetteer: Gazetteer


def plan_of(areas: gpd.GeoDataFrame, gazetteer: Gazetteer) -> Plan:
    """Put the areas in order, and the small areas into them.

    Parameters
    ----------
    areas
        ``code, name, geometry``, EPSG:27700.
    gazetteer
        Of all areas; what none needs of it is left out of each task.

    Raises
    ------
    AnalysisError
        If there is none, a code is missing or comes twice, or two overlap.
    """
    ordered = areas.sort_values("code", ignore_index=True)
    _check(ordered)
    small = areas_of_small_areas(gazetteer.areas, ordered)
    return Plan(ordered, small, gazetteer)


def part_of_gazetteer(
    plan: Plan, code: str, bounds: tuple[float, float, float, float]
) -> Gazetteer:
    """What one area's analysis needs of the gazetteer: places about it, its own small areas.

    Names that words are matched by, postcodes and the base map are left out: records are placed
    already, and no layer that leaves holds a base map.
    """
    whole = plan.gazetteer
    west, south, east, north = bounds
    places = whole.places
    near = places["easting"].between(west, east) & places["northing"].between(south, north)
    own = whole.areas["code"].map(plan.of_small_area).eq(code).to_numpy(dtype=bool)
    return replace(
        whole,
        places=places[near],
        names=whole.names.iloc[:0],
        postcodes=whole.postcodes.iloc[:0],
        boundary=plan.areas.set_index("code").geometry[code],
        areas=whole.areas[own],
        basemap=whole.basemap.iloc[:0],
        aliases={},
    )


def neighbourhood(
    areas: gpd.GeoDataFrame, bounds: tuple[float, float, float, float]
) -> gpd.GeoDataFrame:
    """The areas whose rectangles meet a rectangle: ``code, geometry``, in their order."""
    ends = areas.bounds
    west, south, east, north = bounds
    meets = (ends["minx"] <= east) & (ends["maxx"] >= west)
    meets &= (ends["miny"] <= north) & (ends["maxy"] >= south)
    return gpd.GeoDataFrame(areas.loc[meets, ["code", "geometry"]])


def paths_by_area(
    touching: Iterator[tuple[str, str, list[str]]], counts: pd.DataFrame, homes: Mapping[str, str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Files that each area's task reads.

    Parameters
    ----------
    touching
        Code, table, paths of files that may hold a point of the area or its halo.
    counts
        As in `area_tally.Tally`, of all files: those with a record of the area are read wherever
        their points lie.
    homes
        As from `belonging.homes_of`: hospitals' records without any place are the area's.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for code, table, paths in touching:
        found.setdefault((code, table), set()).update(paths)
    nowhere = counts["area_code"].isna() & (counts["n"] > counts["n_placed"])
    home = counts["provider"].map(homes).where(nowhere & counts["table"].eq("assaults"))
    told = counts.assign(area_code=counts["area_code"].fillna(home)).dropna(subset="area_code")
    for key, rows in told.groupby(["area_code", "table"]):
        found.setdefault((str(key[0]), str(key[1])), set()).update(rows["path"])
    by_area: dict[str, dict[str, tuple[str, ...]]] = {}
    for (code, table), files in found.items():
        by_area.setdefault(code, {})[table] = tuple(sorted(files))
    return by_area


def homes_and_lost(counts: pd.DataFrame) -> tuple[dict[str, str], dict[str, int]]:
    """The area of each hospital's records without a place; and how many of each table are in none.

    Parameters
    ----------
    counts
        As in `area_tally.Tally`, of all files.
    """
    homes = homes_of(counts[counts["table"].eq("assaults")])
    nowhere = counts[counts["area_code"].isna()]
    n = nowhere["n"].where(
        ~(nowhere["table"].eq("assaults") & nowhere["provider"].isin(homes)), nowhere["n_placed"]
    )
    lost = n.groupby(nowhere["table"]).sum()
    return homes, {table: int(lost.get(table, 0)) for table in ("assaults", "crimes")}


def delivered_of(days: pd.DataFrame, batches: pd.DataFrame) -> Delivered:
    """Months delivered whole, by all records.

    Parameters
    ----------
    days
        As in `area_tally.Tally`, of all files.
    batches
        As for `delivered_months.delivered_months`.
    """
    tables = []
    for table in ("assaults", "crimes"):
        rows = days[days["table"].eq(table)]
        each = rows.loc[rows.index.repeat(rows["n"])].reset_index(drop=True)
        tables.append(delivered_months(each["provider"], each["day"], batches))
    return Delivered(*tables)


def _check(areas: gpd.GeoDataFrame) -> None:
    if areas.empty:
        raise AnalysisError("The areas' file holds no area. Supply polygons, one for each.")
    folded = areas["code"].str.casefold()
    if folded.duplicated().any():
        raise AnalysisError(
            f"{int(folded.duplicated().sum())} codes of areas come more than once (capital letters "
            "aside). Give each area one polygon and one code of its own."
        )
    shapes = areas.geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    common = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    size = shapely.area(shapes)
    smaller = np.minimum(size[one], size[other])
    for i, j, too_much in zip(one, other, common > MOST_COMMON * smaller, strict=True):
        if too_much:
            raise AnalysisError(
                f"Areas {areas['code'][i]} and {areas['code'][j]} overlap. Supply areas that only "
                "touch, such as local authorities or police force areas."
            )
