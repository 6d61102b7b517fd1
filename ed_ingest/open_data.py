"""Formats of open data: which one a file is in, and its rows as places or postcodes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from ed_ingest.csv_files import csv_form, heading, read_csv
from ed_ingest.errors import ReferenceDataError
from ed_ingest.merge_places import PLACE_COLUMNS
from ed_ingest.recorded_crime import is_recorded_crime
from ed_ingest.same_place import bare_postcode

POSTCODE_COLUMNS = ("postcode", "easting", "northing")
KINDS = ("premises", "street", "locality", "park", "station", "education", "health", "custody")
Format = Literal[
    "places", "code_point", "open_names", "police_street", "map_points", "recorded_crime"
]

_REQUIRED = ("place_id", "name", "kind", "easting", "northing")
# Headings that people write for those of the contract.
_HEADINGS = {
    **{"placeid": "place_id", "place_name": "name", "alt_name": "alt_names"},
    **{"alternative_names": "alt_names", "other_names": "alt_names", "post_code": "postcode"},
    **{"eastings": "easting", "northings": "northing"},
}
# Easting and northing of Great Britain are in the hundred thousands; degrees are not.
_DEGREES = 1_000.0
# Columns of OS Open Names by position: the files have no header row of their own.
_OPEN_NAMES = {
    **{0: "id", 2: "name1", 3: "name1_lang", 4: "name2", 5: "name2_lang", 7: "local_type"},
    **{8: "geometry_x", 9: "geometry_y", 18: "populated_place", 21: "district_borough"},
    24: "county_unitary",
}
_OPEN_NAMES_WIDTH = 34
_OPEN_NAMES_KINDS = {
    local_type.lower(): kind
    for kind, local_types in {
        "street": "Named Road|Numbered Road|Section Of Named Road|Section Of Numbered Road",
        "locality": "City|Town|Village|Hamlet|Suburban Area|Other Settlement",
        "station": "Railway Station|Bus Station|Coach Station|Light Rapid Transit Station",
        "park": "Public Park Or Garden|Playing Field|Common",
        "health": "Hospital|Medical Care Accommodation|Hospice",
        "custody": "Police Station|Prison",
        "education": "Primary Education|Secondary Education|Further Education|"
        "Higher or University Education|Special Needs Education",
    }.items()
    for local_type in local_types.split("|")
}


def csv_format(path: Path) -> Format | None:
    """Tell which known format a CSV file is in by its first row; None for any other."""
    form = csv_form(path)
    first = form.first if form else []
    header = {heading(cell) for cell in first}
    if set(_REQUIRED) <= set(map(_of_contract, first)):
        return "places"
    if is_recorded_crime(header):
        return "recorded_crime"
    if {"longitude", "latitude", "location", "lsoa_code", "crime_type"} <= header:
        return "police_street"
    if {"name", "longitude", "latitude", "lsoa_code"} <= header:
        return "map_points"
    if {"name1", "local_type", "geometry_x", "geometry_y"} <= header:
        return "open_names"
    if len(first) == _OPEN_NAMES_WIDTH and first[8].replace(".", "").isdigit():
        return "open_names"
    if len(first) in (10, 19) and _is_postcode(first[0]) and _is_point(first):
        return "code_point"
    return None


def _of_contract(cell: str) -> str:
    return _HEADINGS.get(heading(cell), heading(cell))


def _is_postcode(cell: str) -> bool:
    text = cell.replace(" ", "").replace("\ufeff", "").lower()
    return text == "postcode" or (
        5 <= len(text) <= 7 and text[-3:-2].isdigit() and text[0].isalpha()
    )


def _is_point(row: list[str]) -> bool:
    at = _code_point_columns(len(row))
    return all(row[i].strip().isdigit() or "ing" in row[i].lower() for i in at)


def read_places(path: Path) -> pd.DataFrame:
    """Read a gazetteer in the contract's own format.

    Read are UTF-8, UTF-16 and Windows' own encoding, commas, semicolons (with decimal commas) or
    tabs, headings in any case, and a few other words for them.

    Returns
    -------
    DataFrame
        `PLACE_COLUMNS`, easting and northing missing where they are blank or 0.

    Raises
    ------
    ReferenceDataError
        If a column is missing, a name or id is blank, a kind is none of `KINDS`, or a coordinate
        is not a number of metres.
    """
    table = read_csv(path, header=0)
    table.columns = pd.Index([_of_contract(str(column)) for column in table.columns])
    table = pd.DataFrame(table.loc[:, ~table.columns.duplicated()])
    missing = [c for c in _REQUIRED if c not in table]
    if missing:
        raise ReferenceDataError(
            f"{path.name}: no column for {', '.join(missing)}. "
            f"The header must be {','.join(PLACE_COLUMNS)}."
        )
    table = table.reindex(columns=list(PLACE_COLUMNS))
    table = table.apply(lambda column: column.astype("str").str.strip()).replace("", float("nan"))
    table = table.dropna(how="all").reset_index(drop=True)
    table["kind"] = table["kind"].str.lower()
    _check_places(table, path.name)
    metres = _metres(table[["easting", "northing"]], path.name)
    return pd.DataFrame(table.assign(**metres))


def _check_places(table: pd.DataFrame, file: str) -> None:
    if table[["place_id", "name"]].isna().any(axis=None):
        raise ReferenceDataError(f"{file}: some rows have no place_id or no name. Fill them in.")
    unknown = ~table["kind"].isin(KINDS)
    if unknown.any():
        raise ReferenceDataError(
            f"{file}: {int(unknown.sum())} rows have a kind that is none of "
            f"{', '.join(KINDS)}. Correct their kind."
        )


def _metres(cells: pd.DataFrame, file: str) -> dict[str, pd.Series]:
    """Numbers of the cells; European Excel writes a comma before the decimals."""
    plain = cells.apply(lambda column: column.str.replace(r"^(-?\d+),(\d+)$", r"\1.\2", regex=True))
    try:
        numbers = plain.astype(float)
        if np.isinf(numbers).any(axis=None):
            raise ValueError
    except ValueError:
        raise ReferenceDataError(
            f"{file}: easting and northing must be numbers in metres (EPSG:27700). "
            "Correct the cells that are not."
        ) from None
    numbers = numbers.mask(numbers.eq(0).all(axis=1))
    if len(numbers) and (numbers.abs() < _DEGREES).all(axis=1).any():
        raise ReferenceDataError(
            f"{file}: easting and northing must be metres on the national grid (EPSG:27700); some "
            "rows look like degrees. Turn longitude and latitude into metres first."
        )
    return {c: numbers[c] for c in numbers}


def read_code_point(path: Path) -> pd.DataFrame:
    """Read Code-Point Open: postcodes with their centroids; rows without either left out."""
    table = read_csv(path, header=None)
    x, y = _code_point_columns(table.shape[1])
    centroids = pd.DataFrame(
        {
            "postcode": bare_postcode(table[0]),
            "easting": pd.to_numeric(table[x], errors="coerce"),
            "northing": pd.to_numeric(table[y], errors="coerce"),
        }
    )
    placed = (centroids["easting"] > 0) & (centroids["northing"] > 0)
    # A blank postcode would be that of every place without one.
    return centroids[placed & centroids["postcode"].fillna("").ne("")]


def _code_point_columns(width: int) -> tuple[int, int]:
    """Positions of easting and northing: the files had 19 columns until 2011, 10 since."""
    return (2, 3) if width == 10 else (10, 11)


def read_open_names(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read OS Open Names: places of the kinds that assaults happen at, and postcodes.

    The file may have a header row or, as published, none. Where a place has a Welsh and an
    English name, the English one is ``name`` and the Welsh one among ``alt_names``.
    """
    form = csv_form(path)
    first = [heading(cell) for cell in form.first] if form else []
    if "name1" in first:
        positions = {first.index(n): n for n in _OPEN_NAMES.values() if n in first}
    else:
        positions = _OPEN_NAMES
    table = read_csv(path, header=None, columns=sorted(positions)).rename(columns=positions)
    table = table.reindex(columns=list(_OPEN_NAMES.values())).astype("str")
    for column in ("geometry_x", "geometry_y"):
        table[column] = pd.to_numeric(table[column], errors="coerce")
    table = table.dropna(subset=["geometry_x", "geometry_y", "name1"])
    table = table.rename(columns={"geometry_x": "easting", "geometry_y": "northing"})
    local_type = table["local_type"].str.strip().str.lower()
    postcodes = pd.DataFrame(
        {
            "postcode": bare_postcode(table["name1"]),
            "easting": table["easting"],
            "northing": table["northing"],
        }
    )[local_type == "postcode"]
    english = table["name1_lang"].eq("cym") & table["name2_lang"].eq("eng")
    places = table.assign(
        place_id=table["id"],
        name=table["name1"].mask(english, table["name2"]),
        alt_names=table["name2"].mask(english, table["name1"]),
        kind=local_type.map(_OPEN_NAMES_KINDS),
        address=_area(table),
    ).dropna(subset=["kind"])
    return places.reindex(columns=list(PLACE_COLUMNS)), postcodes


def _area(table: pd.DataFrame) -> pd.Series:
    """Settlement and authority; a unitary authority of Wales is written in both languages."""
    district = table["district_borough"].fillna(table["county_unitary"])
    part, whole = (
        column.fillna("").str.rsplit(" - ", n=1).str[-1].str.strip()
        for column in (table["populated_place"], district)
    )
    return part.str.cat(whole.mask(whole == part, ""), sep=", ").str.strip(", ")


def read_map_points(path: Path) -> pd.DataFrame:
    """Read points with a name: a list of map points, or police.uk street-level crime.

    Returns
    -------
    DataFrame
        ``name, easting, northing``, one row per distinct name and point; rows without either left
        out.
    """
    wanted = ("name", "Location", "Longitude", "Latitude")
    table = read_csv(path, header=0, columns=lambda column: column in wanted)
    names = table["name"] if "name" in table else table["Location"].str.removeprefix("On or near ")
    points = pd.DataFrame({"name": names, "x": table["Longitude"], "y": table["Latitude"]})
    points = points.dropna().drop_duplicates()
    located = to_grid(points["x"], points["y"]).assign(name=points["name"])
    return located.dropna()[["name", "easting", "northing"]]


def to_grid(longitude: pd.Series, latitude: pd.Series) -> pd.DataFrame:
    """Turn longitude and latitude (WGS 84, numbers or text) into ``easting, northing``.

    Missing or unreadable, and points outside Great Britain's grid, become missing.
    """
    points = gpd.GeoSeries(
        gpd.points_from_xy(
            pd.to_numeric(longitude, errors="coerce"), pd.to_numeric(latitude, errors="coerce")
        ),
        index=longitude.index,
        crs="EPSG:4326",
    )
    on_grid = points.to_crs("EPSG:27700")
    inside = on_grid.x.between(0, 700_000) & on_grid.y.between(0, 1_300_000)
    return pd.DataFrame({"easting": on_grid.x.where(inside), "northing": on_grid.y.where(inside)})
