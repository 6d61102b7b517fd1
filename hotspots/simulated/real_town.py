"""A real town from a partnership's own gazetteer, for made-up assaults on real places."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import MultiPoint

from ed_ingest.errors import ReferenceDataError
from ed_ingest.tables import Gazetteer
from hotspots.simulated.areas import points_of
from hotspots.simulated.town import Town

# What the name of premises tells of their trade; the first that fits counts.
_VENUES = {
    "takeaway": r"kebab|pizza|chicken|fish bar|burger|take ?away|chippy|fried|peri peri",
    "club": r"night ?club|\bklub\b|(?:rock|dance|bar|gentlemen'?s|student'?s) .*\bclub\b|^club \w+",
    "pub": r"\b(?:arms|inn|tavern|pub|ale ?house|tap|taphouse|bar|brewery|head|oak|lion)\b",
    "shop": r"\b(?:stores?|supermarket|market|news|cafe|coffee|bakery|express|shop|spar)\b",
}
_HOUSE_NUMBER = re.compile(r"^\d+[A-Za-z]?(?:\s*[-/]\s*\d+[A-Za-z]?)?\s+")
STREET_POINT_SPREAD_M = 45.0


def real_town(gazetteer: Gazetteer) -> Town:
    """Make a town of known places; streets are known by one point each.

    Raises
    ------
    ReferenceDataError
        If the gazetteer holds no premises or no streets inside the boundary.
    """
    places = gazetteer.places.dropna(subset=["easting", "northing"])
    boundary = gazetteer.boundary
    if boundary is None:
        boundary = MultiPoint(points_of(places)).convex_hull.buffer(300)
    places = places[shapely.contains_xy(boundary, points_of(places))].reset_index(drop=True)
    places = places.fillna({"alt_names": "", "address": "", "postcode": ""})
    streets = places[places["kind"] == "street"]
    if streets.empty or not (places["kind"] == "premises").any():
        raise ReferenceDataError(
            "reference: a simulation needs premises and streets inside the boundary. "
            "Add places.csv, or FHRS premises and street names."
        )
    named = places.assign(venue=_venue(places), street=_street_of(places, set(streets["name"])))
    return Town(
        name=_town_name(places["address"]),
        places=named,
        frontages=pd.DataFrame(
            {
                "place": streets.index,
                "easting": streets["easting"],
                "northing": streets["northing"],
                "homes": 1.0,
            }
        ).reset_index(drop=True),
        postcodes=gazetteer.postcodes,
        boundary=boundary,
        areas=gazetteer.areas,
        basemap=gpd.GeoDataFrame(gazetteer.basemap),
        spread_m=STREET_POINT_SPREAD_M,
    )


def _town_name(addresses: pd.Series) -> str:
    """The most frequent last part of an address."""
    ends = addresses.str.split(",").str[-1].str.strip()
    named = ends[ends.str.fullmatch(r"[^\d,]+")].value_counts()
    return str(named.index[0]) if len(named) else ""


def _venue(places: pd.DataFrame) -> pd.Series:
    name = places["name"].str.lower()
    fits = [name.str.contains(words, regex=True) for words in _VENUES.values()]
    venue = np.select(fits, list(_VENUES), "")
    return pd.Series(venue, index=places.index).where(places["kind"] == "premises", "")


def _street_of(places: pd.DataFrame, streets: set[str]) -> pd.Series:
    """First part of an address that is a known street, without the house number."""
    found = []
    for address, kind in zip(places["address"], places["kind"], strict=True):
        parts = [_HOUSE_NUMBER.sub("", part.strip()) for part in address.split(",")]
        known = [part for part in parts if part in streets]
        found.append(known[0] if known and kind != "street" else "")
    return pd.Series(found, index=places.index, dtype="str")
