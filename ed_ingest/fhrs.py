"""Premises from the Food Standards Agency's open data file of an authority (FHRS XML)."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd

from ed_ingest.errors import ReferenceDataError
from ed_ingest.open_data import to_grid
from ed_ingest.premises_kinds import CARE, PUB, SCHOOL, kinds_of_premises
from ed_ingest.same_place import bare_postcode

_TYPES = {
    "Pub/bar/nightclub": PUB,
    "Hospitals/Childcare/Caring Premises": CARE,
    "School/college/university": SCHOOL,
}
_SIDECARS = (".aux.xml", ".shp.xml", ".gpkg.xml", ".tif.xml", ".geojson.xml")


def is_premises_file(path: Path) -> bool:
    """Whether a file in a folder of reference data is (or claims to be) the agency's XML."""
    name = path.name.lower()
    return name.endswith((".xml", ".xml.gz")) and not name.endswith(_SIDECARS)


def read_premises(path: Path, postcodes: pd.DataFrame) -> pd.DataFrame:
    """Read the Food Standards Agency's file of an authority (FHRS XML, also gzipped).

    Parameters
    ----------
    path
        The file as published, in English or Welsh.
    postcodes
        ``postcode, easting, northing``: places premises whose coordinates are blank.

    Returns
    -------
    DataFrame
        The columns of a gazetteer, with ``centroid`` (True where the point is only the middle of
        the postcode); premises that cannot be placed have no point, those without a name are left
        out.

    Raises
    ------
    ReferenceDataError
        If the file is no such XML, or declares entities.
    """
    details = [_premises(detail) for detail in _parse_xml(path).iter("EstablishmentDetail")]
    columns = ["id", "name", "type", "address", "postcode", "longitude", "latitude"]
    table = pd.DataFrame(details, columns=columns, dtype="str")
    table = table[table["id"].fillna("").ne("") & table["name"].fillna("").ne("")]
    located = to_grid(table["longitude"], table["latitude"])
    centroids = postcodes.drop_duplicates("postcode").set_index("postcode")
    bare = bare_postcode(table["postcode"])
    return pd.DataFrame(
        {
            "place_id": "FHRS" + table["id"],
            "name": table["name"],
            "alt_names": np.nan,
            "kind": kinds_of_premises(table["name"], table["type"]),
            "easting": located["easting"].fillna(bare.map(centroids["easting"])),
            "northing": located["northing"].fillna(bare.map(centroids["northing"])),
            "address": table["address"],
            "postcode": table["postcode"],
            "centroid": located["easting"].isna(),
        }
    ).reset_index(drop=True)


def _premises(detail: ElementTree.Element) -> tuple[str | None, ...]:
    lines = (detail.findtext(f"AddressLine{i}") for i in (1, 2, 3, 4))
    parts = dict.fromkeys(line.strip() for line in lines if line and line.strip())
    return (
        (detail.findtext("FHRSID") or "").strip(),
        (detail.findtext("BusinessName") or "").strip(),
        _type(detail),
        ", ".join(parts) or None,
        (detail.findtext("PostCode") or "").strip() or None,
        _of_geocode(detail, "Longitude"),
        _of_geocode(detail, "Latitude"),
    )


def _type(detail: ElementTree.Element) -> str:
    number = (detail.findtext("BusinessTypeID") or "").strip()
    return number or _TYPES.get((detail.findtext("BusinessType") or "").strip(), "")


def _of_geocode(detail: ElementTree.Element, name: str) -> str | None:
    # The download writes Geocode/Longitude, the agency's interface geocode/longitude.
    lower = f"geocode/{name.lower()}"
    return detail.findtext(f"Geocode/{name}") or detail.findtext(lower)


def _parse_xml(path: Path) -> ElementTree.Element:
    # A document type can declare entities that expand without end, or name local files; the
    # agency's files have none, so any is refused before parsing.
    try:
        raw = path.read_bytes()
        raw = gzip.decompress(raw) if path.suffix.lower() == ".gz" else raw
        if b"<!DOCTYPE" in raw.upper() or b"<!ENTITY" in raw.upper() or b"\x00" in raw[:200]:
            raise ReferenceDataError(
                f"{path.name}: declares a document type or is not UTF-8, which the Food Standards "
                "Agency's files never do. Download it again from ratings.food.gov.uk."
            )
        return ElementTree.fromstring(raw)  # noqa: S314 - document types are refused above
    except (ElementTree.ParseError, OSError, EOFError, zlib.error, ValueError, LookupError):
        raise ReferenceDataError(
            f"{path.name}: cannot be read as premises in XML. Download it again from the Food "
            "Standards Agency, or take it out of the folder."
        ) from None
