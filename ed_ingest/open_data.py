"""Formats of open data: which one a file is in, and its rows as places or postcodes."""

from __future__ import annotations

import csv
import gzip
import zipfile
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd

from ed_ingest.errors import ReferenceDataError

PLACE_COLUMNS = (
    "place_id", "name", "alt_names", "kind", "easting", "northing", "address", "postcode",
)  # fmt: skip
POSTCODE_COLUMNS = ("postcode", "easting", "northing")
Format = Literal["places", "code_point", "open_names", "police_street", "map_points"]

_FHRS_KINDS = {
    "School/college/university": "education",
    "Hospitals/Childcare/Caring Premises": "health",
}
# Positions of name 1, name 2, local type, x, y, populated place and district.
_OPEN_NAMES = {
    **{2: "name", 4: "alt_names", 7: "type", 8: "easting", 9: "northing"},
    **{18: "part", 21: "district"},
}
_OPEN_NAMES_WIDTH = 34
_OPEN_NAMES_KINDS = {
    local_type: kind
    for kind, local_types in {
        "street": "Named Road|Numbered Road|Section Of Named Road|Section Of Numbered Road",
        "locality": "City|Town|Village|Hamlet|Suburban Area|Other Settlement",
        "station": "Railway Station|Bus Station|Coach Station|Light Rapid Transit Station",
        "park": "Public Park Or Garden|Playing Field|Common",
        "health": "Hospital|Medical Care Accommodation|Hospice",
        "education": "Primary Education|Secondary Education|Further Education|"
        "Higher or University Education|Special Needs Education",
    }.items()
    for local_type in local_types.split("|")
}


def csv_format(path: Path) -> Format | None:
    """Tell which known format a CSV file is in by its first row; None for any other."""
    try:
        with path.open("r", encoding="utf-8-sig", errors="replace", newline="") as handle:
            first = next(csv.reader(handle), [])
    except (OSError, csv.Error):
        return None
    header = {cell.strip().lower() for cell in first}
    if {"place_id", "name", "kind", "easting", "northing"} <= header:
        return "places"
    if {"longitude", "latitude", "location", "lsoa code", "crime type"} <= header:
        return "police_street"
    if {"name", "longitude", "latitude", "lsoa code"} <= header:
        return "map_points"
    if len(first) == _OPEN_NAMES_WIDTH and first[8].replace(".", "").isdigit():
        return "open_names"
    if len(first) in (10, 19) and _is_postcode(first[0]):
        return "code_point"
    return None


def _is_postcode(cell: str) -> bool:
    text = cell.replace(" ", "").lower()
    return text == "postcode" or (
        5 <= len(text) <= 7 and text[-3:-2].isdigit() and text[0].isalpha()
    )


def read_places(path: Path) -> pd.DataFrame:
    """Read a gazetteer in the contract's own format.

    Raises
    ------
    ReferenceDataError
        If a column is missing, a name or id is blank, or a coordinate is not a number.
    """
    table = _read_csv(path, header=0)
    missing = [c for c in ("place_id", "name", "kind", "easting", "northing") if c not in table]
    if missing:
        raise ReferenceDataError(
            f"{path.name}: no column for {', '.join(missing)}. "
            f"The header must be {','.join(PLACE_COLUMNS)}."
        )
    table = table.reindex(columns=list(PLACE_COLUMNS))
    try:
        table[["easting", "northing"]] = table[["easting", "northing"]].astype(float)
    except ValueError:
        raise ReferenceDataError(
            f"{path.name}: easting and northing must be numbers in metres (EPSG:27700). "
            "Correct the cells that are not."
        ) from None
    if table[["place_id", "name"]].isna().any(axis=None):
        raise ReferenceDataError(
            f"{path.name}: some rows have no place_id or no name. Fill them in."
        )
    return table.dropna(subset=["easting", "northing"])


def read_code_point(path: Path) -> pd.DataFrame:
    """Read Code-Point Open: postcodes with their centroids, those without one left out."""
    table = _read_csv(path, header=None)
    x, y = (2, 3) if table.shape[1] == 10 else (10, 11)
    centroids = pd.DataFrame(
        {
            "postcode": table[0].str.upper().str.replace(" ", ""),
            "easting": pd.to_numeric(table[x], errors="coerce"),
            "northing": pd.to_numeric(table[y], errors="coerce"),
        }
    )
    return centroids[(centroids["easting"] > 0) & (centroids["northing"] > 0)]


def read_open_names(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read OS Open Names: places of the kinds that assaults happen at, and postcodes."""
    table = _read_csv(path, header=None).rename(columns=_OPEN_NAMES).rename(columns={0: "place_id"})
    for column in ("easting", "northing"):
        table[column] = pd.to_numeric(table[column], errors="coerce")
    table = table.dropna(subset=["easting", "northing", "name"])
    is_postcode = table["type"] == "Postcode"
    postcodes = table.loc[is_postcode, ["name", "easting", "northing"]].rename(
        columns={"name": "postcode"}
    )
    postcodes["postcode"] = postcodes["postcode"].str.upper().str.replace(" ", "")
    places = table.assign(
        kind=table["type"].map(_OPEN_NAMES_KINDS),
        address=table["part"]
        .fillna("")
        .str.cat(table["district"].fillna(""), sep=", ")
        .str.strip(", "),
    ).dropna(subset=["kind"])
    return places.reindex(columns=list(PLACE_COLUMNS)), postcodes


def read_premises(path: Path, postcodes: pd.DataFrame) -> pd.DataFrame:
    """Read the Food Standards Agency's file of an authority (FHRS XML, also gzipped).

    Parameters
    ----------
    path
        The file as published.
    postcodes
        ``postcode, easting, northing``: places premises whose coordinates are blank.

    Returns
    -------
    DataFrame
        The columns of a gazetteer; premises that cannot be placed are left out.

    Raises
    ------
    ReferenceDataError
        If the file is no such XML, or declares entities.
    """
    details = [_premises(detail) for detail in _parse_xml(path).iter("EstablishmentDetail")]
    columns = ["id", "name", "type", "address", "postcode", "longitude", "latitude"]
    table = pd.DataFrame(details, columns=columns)
    located = to_grid(table["longitude"], table["latitude"])
    centroids = postcodes.drop_duplicates("postcode").set_index("postcode")
    bare = table["postcode"].str.upper().str.replace(" ", "")
    places = pd.DataFrame(
        {
            "place_id": "FHRS" + table["id"].astype("str"),
            "name": table["name"],
            "alt_names": np.nan,
            "kind": table["type"].map(_FHRS_KINDS).fillna("premises"),
            "easting": located["easting"].fillna(bare.map(centroids["easting"])),
            "northing": located["northing"].fillna(bare.map(centroids["northing"])),
            "address": table["address"],
            "postcode": table["postcode"],
        }
    )
    return places[places["name"].fillna("").ne("")].dropna(subset=["easting", "northing"])


def _premises(detail: ElementTree.Element) -> tuple[str | None, ...]:
    lines = (detail.findtext(f"AddressLine{i}") for i in (1, 2, 3, 4))
    parts = dict.fromkeys(line.strip() for line in lines if line and line.strip())
    return (
        detail.findtext("FHRSID"),
        (detail.findtext("BusinessName") or "").strip(),
        detail.findtext("BusinessType"),
        ", ".join(parts),
        detail.findtext("PostCode"),
        detail.findtext("Geocode/Longitude"),
        detail.findtext("Geocode/Latitude"),
    )


def _parse_xml(path: Path) -> ElementTree.Element:
    # A document type can declare entities that expand without end, or name local files; the
    # agency's files have none, so any is refused before parsing.
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        if b"<!DOCTYPE" in raw.upper() or b"<!ENTITY" in raw.upper() or b"\x00" in raw[:200]:
            raise ReferenceDataError(
                f"{path.name}: declares a document type or is not UTF-8, which the Food Standards "
                "Agency's files never do. Download it again from ratings.food.gov.uk."
            )
        return ElementTree.fromstring(raw)  # noqa: S314 - document types are refused above
    except (ElementTree.ParseError, OSError, EOFError, zipfile.BadZipFile):
        raise ReferenceDataError(
            f"{path.name}: cannot be read as premises in XML. Download it again from the Food "
            "Standards Agency, or take it out of the folder."
        ) from None


def read_map_points(path: Path) -> pd.DataFrame:
    """Read points with a name: a list of map points, or police.uk street-level crime.

    Returns
    -------
    DataFrame
        ``name, easting, northing``, one row per distinct name and point; rows without either left
        out.
    """
    table = _read_csv(path, header=0, columns=("name", "Location", "Longitude", "Latitude"))
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


def _read_csv(
    path: Path, *, header: int | None, columns: tuple[str, ...] | None = None
) -> pd.DataFrame:
    wanted = None if columns is None else lambda column: column in columns
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return pd.read_csv(
                path, dtype=str, header=header, usecols=wanted, encoding=encoding, na_values=[""],
                keep_default_na=False,
            )  # fmt: skip
        except UnicodeDecodeError:
            continue
        except (OSError, pd.errors.ParserError, pd.errors.EmptyDataError):
            break
    raise ReferenceDataError(f"{path.name}: cannot be read as CSV. Download or save it again.")
