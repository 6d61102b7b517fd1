"""An invented town's reference data and exact findings, to change one thing of."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import shapely

from ed_ingest.tables import Gazetteer
from hotspots.analysis import analyse
from hotspots.tables import Findings
from tests.ed_ingest import contract_rows

CRS = "EPSG:27700"
# Castle Street; Quay Parade lies 1 km to the east.
EAST, NORTH = 318_500.0, 176_500.0
QUAY = EAST + 1000
NO_STREET = {"location_level": "coordinates", "place_id": None, "place_name": None}
AT_ANCHOR = {"location_level": "premises", "place_id": "p9", "place_name": "The Anchor"}
PLACES = [
    ("p1", "Castle Street", "Heol y Castell|The Strip", "street", EAST, NORTH, ""),
    ("p2", "Quay Parade", "", "street", QUAY, NORTH, ""),
    ("p3", "Mill Lane", "", "street", EAST, NORTH + 3000, ""),
    ("p8", "Marford General Hospital", "", "health", EAST, NORTH + 6000, ""),
    ("p9", "The Anchor", "Anchor Inn", "premises", EAST, NORTH, "Anchor 29 Castle Street, Marford"),
    ("p10", "Rail Taproom", "", "premises", QUAY, NORTH, "2 Quay Parade, Marford"),
]  # fmt: skip


def gazetteer(places=PLACES, *, boundary=None, areas=None) -> Gazetteer:
    """Streets and premises of the town; no boundary and no small areas unless given."""
    columns = ["place_id", "name", "alt_names", "kind", "easting", "northing", "address"]
    table = pd.DataFrame(places, columns=columns)
    text = ["place_id", "name", "alt_names", "kind", "address"]
    table = table.astype(dict.fromkeys(text, "str") | dict.fromkeys(["easting", "northing"], float))
    nothing = gpd.GeoDataFrame({"kind": [], "name": []}, geometry=[], crs=CRS)
    return Gazetteer(
        places=table,
        names=pd.DataFrame({"name": [], "place_id": []}),
        postcodes=pd.DataFrame({"postcode": [], "easting": [], "northing": []}),
        boundary=boundary,
        areas=no_areas() if areas is None else areas,
        basemap=nothing,
    )


def no_areas() -> gpd.GeoDataFrame:
    columns = {"code": pd.Series(dtype="str"), "name": pd.Series(dtype="str"), "population": []}
    return gpd.GeoDataFrame(columns, geometry=[], crs=CRS)


def areas() -> gpd.GeoDataFrame:
    """Two small areas, west and east of a line between the two streets."""
    south, north = NORTH - 2000, NORTH + 2000
    return gpd.GeoDataFrame(
        {"code": ["W01", "W02"], "name": ["Marford 001A", "Marford 002A"], "population": 1500},
        geometry=[
            shapely.box(EAST - 2000, south, EAST + 500, north),
            shapely.box(EAST + 500, south, EAST + 3000, north),
        ],
        crs=CRS,
    )


def spread_out(
    n: int, *, east: float = EAST, north: float = NORTH, step: float = 4.0
) -> list[dict]:
    """Changes that put `n` assaults in a small square around a point."""
    side = max(1, round(n**0.5))
    return [
        {"easting": east + step * (i % side), "northing": north + step * (i // side)}
        for i in range(n)
    ]


def findings(*changes: dict, crimes=None, link_figures=None, **arguments) -> Findings:
    """The findings of journey 2 for assaults in March 2026."""
    given = {"gazetteer": gazetteer(), "period_to": date(2026, 3, 31), **arguments}
    return analyse(
        contract_rows.assaults(*changes) if changes else contract_rows.assaults(n=0),
        contract_rows.crimes(n=0) if crimes is None else crimes,
        link_figures or {},
        partnership="Marford",
        provider_names={"marford": "Marford General Hospital"},
        **given,
    )
