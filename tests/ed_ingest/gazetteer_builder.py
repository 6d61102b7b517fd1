"""A small invented town to look places up in."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from ed_ingest.place_names import names_of_places
from ed_ingest.tables import Gazetteer

# place_id, name, alt_names, kind, easting, northing, address, postcode
PLACES = [
    ("s1", "Castle Street", "Heol y Castell", "street", 318000, 176000, "Centre, Marford", None),
    ("s2", "St Anne Street", "", "street", 318300, 176000, "Centre, Marford", None),
    ("s3", "Mill Lane", "", "street", 318100, 176200, "Centre, Marford", None),
    ("s4", "Mill Lane", "", "street", 322000, 180000, "Northside, Marford", None),
    ("s5", "Harbour Road", "", "street", 319000, 174000, "Harbourside, Marford", None),
    ("s6", "Llanbedr Gardens", "", "street", 321800, 180200, "Northside, Marford", None),
    (
        "p1",
        "The Golden Lamb",
        "",
        "premises",
        318020,
        176010,
        "12 Castle Street, Centre",
        "ZE1 1AA",
    ),
    (
        "p2",
        "Jack Murphy's",
        "Murphs",
        "premises",
        318110,
        176210,
        "3 Mill Lane, Marford",
        "ZE1 1AB",
    ),
    ("p3", "Burger Barn", "", "premises", 318030, 175990, "20 Castle Street, Marford", "ZE1 1AA"),
    ("p4", "Burger Barn", "", "premises", 319010, 174010, "1 Harbour Road", "ZE2 2BB"),
    ("p5", "Alchemist Bar", "", "premises", 318310, 176010, "7 St Anne Street, Marford", "ZE1 1AC"),
    (
        "p6",
        "The Gate Keeper",
        "",
        "premises",
        318250,
        176030,
        "9 St Anne Street, Centre",
        "ZE1 1AC",
    ),
    ("k1", "Victoria Green", "", "park", 318500, 176500, "Centre, Marford", None),
    (
        "t1",
        "Marford Central Station",
        "Marford Central",
        "station",
        318200,
        175500,
        "Marford",
        None,
    ),
    ("l1", "Marford", "", "locality", 318100, 176100, "", None),
    ("l2", "Northside", "", "locality", 322000, 180100, "Marford", None),
    ("l3", "City Centre", "town centre", "locality", 318100, 176050, "Marford", None),
    ("l4", "Harbourside", "", "locality", 319000, 174100, "Marford", None),
]
COLUMNS = ["place_id", "name", "alt_names", "kind", "easting", "northing", "address", "postcode"]


def places_table(rows: list[tuple] = PLACES) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=COLUMNS)
    numbers = {"easting": "float64", "northing": "float64"}
    return table.astype({c: numbers.get(c, "str") for c in COLUMNS})


def town(rows: list[tuple] = PLACES) -> Gazetteer:
    """The gazetteer of the town, with two small areas that meet at easting 318 200."""
    places = places_table(rows)
    areas = gpd.GeoDataFrame(
        {
            "code": ["W01000001", "W01000002"],
            "name": ["West", "East"],
            "population": [1500.0, 1600.0],
        },
        geometry=[box(317000, 175000, 318200, 177000), box(318200, 175000, 319500, 177000)],
        crs="EPSG:27700",
    )
    return Gazetteer(
        places=places,
        names=names_of_places(places),
        postcodes=pd.DataFrame(
            {"postcode": ["ZE11AD"], "easting": [318050.0], "northing": [176050.0]}
        ).astype({"postcode": "str"}),
        boundary=box(317000, 173000, 323000, 181000),
        areas=areas,
        basemap=gpd.GeoDataFrame({"kind": [], "name": []}, geometry=[], crs="EPSG:27700"),
    )
