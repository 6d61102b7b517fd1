"""A made-up town: named streets, premises, landmarks, postcodes, small areas and their people."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from hotspots.simulated.areas import make_districts, make_postcodes, make_small_areas, points_of
from hotspots.simulated.names import name_streets
from hotspots.simulated.streets import CRS, lay_streets
from hotspots.simulated.venues import landmarks, parks, premises

FRONTAGE_M = 15.0  # a doorway, or a pair of doorways, every so many metres
# People at home behind a doorway, relative to a terrace.
HOMES = {"centre": 0.35, "terrace": 1.0, "estate": 0.8, "close": 1.0}


@dataclass(frozen=True)
class Town:
    """Where people are and what the places are called; all EPSG:27700.

    Attributes
    ----------
    name
        The town, as it ends an address.
    places
        The contract's columns (``place_id, name, alt_names, kind, easting, northing, address,
        postcode``), ``venue`` (``pub``, ``club``, ``takeaway``, ``shop`` or empty) and ``street``
        (name of the street it stands on, or empty).
    frontages
        Points along the streets: ``place`` (row of the street in `places`), ``easting, northing``,
        ``homes`` (people who live there, relative).
    postcodes
        ``postcode, easting, northing``; empty where the gazetteer was supplied.
    boundary
        The partnership's area.
    areas
        Small areas: ``code, name, population, geometry``.
    basemap
        ``kind`` (``road``, ``water``, ``area``), ``name``, ``road_class``, ``geometry``.
    spread_m
        Standard deviation of a true point about its place point or frontage, metres.
    """

    name: str
    places: pd.DataFrame
    frontages: pd.DataFrame
    postcodes: pd.DataFrame
    boundary: BaseGeometry
    areas: gpd.GeoDataFrame
    basemap: gpd.GeoDataFrame
    spread_m: float


def invent_town(rng: np.random.Generator) -> Town:
    """Make a town that never was, some 6 km across."""
    laid = lay_streets(rng)
    streets = name_streets(rng, laid.lines)
    fronts = _frontages(streets)
    fronts = fronts.assign(
        postcode=make_postcodes(fronts), street=streets["name"].to_numpy()[fronts["place"]]
    )
    districts = make_districts(rng, fronts)
    green = parks(rng, laid)
    rows = [
        _street_rows(streets, fronts, districts),
        premises(rng, fronts, districts),
        landmarks(rng, fronts),
        pd.DataFrame(green.drop(columns="geometry")),
        districts,
    ]
    blank = {"venue": "", "street": "", "alt_names": "", "postcode": ""}
    return Town(
        name="Marford",
        places=pd.concat(rows, ignore_index=True).fillna(blank),
        frontages=fronts[["place", "easting", "northing", "homes"]],
        postcodes=fronts.groupby("postcode", as_index=False)[["easting", "northing"]].mean(),
        boundary=laid.boundary,
        areas=make_small_areas(rng, fronts, laid.boundary),
        basemap=_basemap(streets, laid.water, green),
        spread_m=4.0,
    )


def _frontages(streets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Points along each street, with the street's direction there in radians."""
    parts, street = shapely.get_parts(streets.geometry.to_numpy(), return_index=True)
    n = np.maximum(2, (shapely.length(parts) / FRONTAGE_M).astype(int))
    part = np.repeat(np.arange(len(parts)), n)
    at = (np.concatenate([np.arange(k) for k in n]) + 0.5) / n[part]
    xy, ahead = (
        shapely.get_coordinates(shapely.line_interpolate_point(parts[part], a, normalized=True))
        for a in (at, np.minimum(at + 0.01, 1))
    )
    place = street[part]
    return pd.DataFrame(
        {
            "place": place,
            "number": pd.Series(place).groupby(place).cumcount(),
            "easting": xy[:, 0],
            "northing": xy[:, 1],
            "bearing": np.arctan2(*(ahead - xy).T[::-1]),
            "quarter": streets["quarter"].to_numpy()[place],
            "main": streets["main"].to_numpy()[place],
            "homes": streets["quarter"].map(HOMES).to_numpy()[place],
        }
    )


def _street_rows(
    streets: gpd.GeoDataFrame, fronts: pd.DataFrame, districts: pd.DataFrame
) -> pd.DataFrame:
    """The gazetteer's rows of the streets, each at its middle doorway."""
    middle = fronts.groupby("place")["number"].transform(lambda number: number.max() // 2)
    xy = points_of(fronts[fronts["number"] == middle]).round()
    _, near = cKDTree(points_of(districts)).query(xy)
    return pd.DataFrame(
        {
            "place_id": [f"S{k:04}" for k in range(1, len(streets) + 1)],
            "name": streets["name"],
            "alt_names": streets["alt_names"],
            "kind": "street",
            "easting": xy[:, 0],
            "northing": xy[:, 1],
            "address": districts["name"].to_numpy()[near] + ", Marford",
        }
    )


def _basemap(
    streets: gpd.GeoDataFrame, water: BaseGeometry, green: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    road_class = np.where(streets["main"] >= 0, "main", "street")
    roads = streets[["name", "geometry"]].assign(kind="road", road_class=road_class)
    river = gpd.GeoDataFrame({"name": ["River Mar"], "kind": ["water"]}, geometry=[water], crs=CRS)
    fields = green[["name", "geometry"]].assign(kind="area")
    together = pd.concat([river, fields, roads], ignore_index=True).fillna({"road_class": ""})
    return gpd.GeoDataFrame(together, crs=CRS)
