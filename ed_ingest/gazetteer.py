"""Load places, premises, postcodes and areas from a workspace's reference folder."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from shapely.geometry.base import BaseGeometry

from ed_ingest.aliases import read_aliases
from ed_ingest.answered_places import with_alias_names
from ed_ingest.errors import ReferenceDataError
from ed_ingest.open_data import (
    PLACE_COLUMNS,
    POSTCODE_COLUMNS,
    csv_format,
    read_code_point,
    read_open_names,
    read_places,
    read_premises,
)
from ed_ingest.place_names import names_of_places
from ed_ingest.tables import Gazetteer

_CRS = "EPSG:27700"
_AREA_COLUMNS = ("code", "name", "population")
_BASEMAP_COLUMNS = ("kind", "name")
_KINDS = ("premises", "street", "locality", "park", "station", "education", "health", "custody")


def load_gazetteer(folder: Path) -> Gazetteer:
    """Read all reference data that a folder holds.

    Parameters
    ----------
    folder
        May hold, in any subfolder: gazetteers in the contract's CSV form, FHRS XML (also
        gzipped), OS Open Names and Code-Point Open CSV files as published; and
        ``boundary``, ``areas`` and ``basemap``, each ``.geojson`` or ``.gpkg``; and
        ``aliases.csv``, the answers of ``places review``. All are optional.

    Returns
    -------
    Gazetteer
        Everything in metres, EPSG:27700; tables of what is missing are empty.

    Raises
    ------
    ReferenceDataError
        If the folder is missing or a file in it cannot be read; says which and what to do.
    """
    if not folder.is_dir():
        raise ReferenceDataError(
            f"{folder}: no such folder. Put the reference data there (docs/quickstart-analyst.md)."
        )
    files = sorted(
        p for p in folder.rglob("*") if p.is_file() and not p.name.startswith((".", "~"))
    )
    csv_files = [(p, csv_format(p)) for p in files if p.suffix.lower() == ".csv"]
    open_names = [read_open_names(p) for p, kind in csv_files if kind == "open_names"]
    code_point = [read_code_point(p) for p, kind in csv_files if kind == "code_point"]
    postcodes = _together([*code_point, *(t[1] for t in open_names)], POSTCODE_COLUMNS)
    postcodes = postcodes.drop_duplicates("postcode", ignore_index=True)
    premises = [
        read_premises(p, postcodes) for p in files if p.name.lower().endswith((".xml", ".xml.gz"))
    ]
    own = [read_places(p) for p, kind in csv_files if kind == "places" or p.name == "places.csv"]
    places = _together([*own, *premises, *(t[0] for t in open_names)], PLACE_COLUMNS)
    places = _checked(places.drop_duplicates("place_id", ignore_index=True))
    aliases = read_aliases(folder, frozenset(places["place_id"]))
    return Gazetteer(
        places=places,
        names=with_alias_names(names_of_places(places), aliases, places),
        postcodes=postcodes,
        boundary=_boundary(folder),
        areas=_layer(folder, "areas", _AREA_COLUMNS, required=("code",)),
        basemap=_layer(folder, "basemap", _BASEMAP_COLUMNS, required=("kind",)),
        aliases=aliases,
    )


def _together(tables: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    kinds = {c: "float64" if c in ("easting", "northing") else "str" for c in columns}
    whole = pd.concat([pd.DataFrame(columns=list(columns)).astype(kinds), *tables])
    return whole[list(columns)].astype(kinds).reset_index(drop=True)


def _checked(places: pd.DataFrame) -> pd.DataFrame:
    unknown = ~places["kind"].isin(_KINDS)
    if unknown.any():
        raise ReferenceDataError(
            f"places.csv: {int(unknown.sum())} rows have a kind that is none of "
            f"{', '.join(_KINDS)}. Correct their kind."
        )
    return places


def _boundary(folder: Path) -> BaseGeometry | None:
    path = _find(folder, "boundary")
    if path is None:
        return None
    outline = read_shapes(path).union_all()
    if outline.area == 0:
        raise ReferenceDataError(f"{path.name}: holds no polygon. Supply the area as polygons.")
    return outline


def _layer(
    folder: Path, stem: str, columns: tuple[str, ...], *, required: tuple[str, ...]
) -> gpd.GeoDataFrame:
    path = _find(folder, stem)
    if path is None:
        table = gpd.GeoDataFrame({c: [] for c in columns}, geometry=[], crs=_CRS)
    else:
        table = read_shapes(path)
        missing = [c for c in required if c not in table]
        if missing:
            raise ReferenceDataError(
                f"{path.name}: no property {', '.join(missing)}. Each shape needs "
                f"{', '.join(columns)} where known."
            )
        table = table.reindex(columns=[*columns, "geometry"])
    texts = {c: "str" for c in columns if c != "population"}
    numbers = {c: "float64" for c in columns if c == "population"}
    return table.astype({**texts, **numbers}).reset_index(drop=True)


def _find(folder: Path, stem: str) -> Path | None:
    for suffix in (".gpkg", ".geojson"):
        path = folder / f"{stem}{suffix}"
        if path.is_file():
            return path
    return None


def read_shapes(path: Path) -> gpd.GeoDataFrame:
    """Read polygons or lines and bring them to EPSG:27700; geometries that are invalid are mended.

    Raises
    ------
    ReferenceDataError
        If the file cannot be read or does not say its coordinate reference system.
    """
    try:
        shapes = gpd.read_file(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError, ValueError):
        raise ReferenceDataError(
            f"{path.name}: cannot be read as a map layer. Save it again as GeoJSON or GeoPackage."
        ) from None
    if not isinstance(shapes, gpd.GeoDataFrame) or shapes.crs is None:
        raise ReferenceDataError(
            f"{path.name}: has no shapes or does not say its coordinate reference system. "
            "Save it again with one, for example EPSG:27700."
        )
    shapes = shapes[shapes.geometry.notna() & ~shapes.geometry.is_empty]
    shapes = shapes.to_crs(_CRS)
    if shapes.geometry.name != "geometry":
        shapes = shapes.rename_geometry("geometry")
    return shapes.assign(geometry=shapes.geometry.make_valid())
