"""Load places, premises, postcodes and areas from a workspace's reference folder."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import geopandas as gpd
import pyogrio
from shapely.geometry.base import BaseGeometry

from ed_ingest.aliases import read_aliases
from ed_ingest.answered_places import with_alias_names
from ed_ingest.errors import ReferenceDataError
from ed_ingest.given import PathLike, path_of
from ed_ingest.merge_places import merge_places
from ed_ingest.place_names import names_of_places
from ed_ingest.reference_folder import ReferenceTables, read_tables
from ed_ingest.tables import Gazetteer

_CRS = "EPSG:27700"
_AREA_COLUMNS = ("code", "name", "population")
_BASEMAP_COLUMNS = ("kind", "name")
# Headings of the Office for National Statistics for code and name of a small area.
_ONS_AREA = re.compile(r"^LSOA\d\d(CD|NM)$", re.IGNORECASE)


def load_gazetteer(folder: PathLike, *, names: bool = True) -> Gazetteer:
    """Read all reference data that a folder holds; each place comes once (`merge_places`).

    Parameters
    ----------
    folder
        May hold, in any subfolder: gazetteers in the contract's CSV form, FHRS XML (also
        gzipped), OS Open Names and Code-Point Open CSV files as published; and, in itself alone,
        ``boundary``, ``areas`` and ``basemap``, each ``.geojson`` or ``.gpkg``, and
        ``aliases.csv``, the answers of ``places review``. All are optional.
    names
        Whether texts will be looked up. Records that are placed already need no names, and a
        country's take most of the time; the table is empty then.

    Returns
    -------
    Gazetteer
        Everything in metres, EPSG:27700; tables of what is missing are empty.

    Raises
    ------
    ReferenceDataError
        If the folder is missing or a file in it cannot be read; says which and what to do.
    """
    found = path_of(folder, name="folder")
    return gazetteer_of(found, read_tables(found), names=names)


def current_gazetteer(folder: Path) -> Gazetteer:
    """Give what `load_gazetteer` gives, loaded anew only when a file of the folder has changed.

    The last one is kept, with what is worked out from it: for a service that takes files all day.
    """
    content = content_of_reference(folder)
    if not content:
        return load_gazetteer(folder)
    if content not in _kept:
        _kept.clear()
        _kept[content] = load_gazetteer(folder)
    return _kept[content]


# Of one folder at most: SHA-256 of its files -> what they hold.
_kept: dict[str, Gazetteer] = {}


def content_of_reference(folder: Path) -> str:
    """SHA-256 of all files of a reference folder; empty where one cannot be read."""
    digest = hashlib.sha256()
    try:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    except OSError:
        return ""  # one is being written, or cannot be read: `load_gazetteer` says so
    return digest.hexdigest()


def gazetteer_of(folder: Path, tables: ReferenceTables, *, names: bool = True) -> Gazetteer:
    """Merge tables that were read already, and read the shapes; as `load_gazetteer`."""
    places = merge_places(tables.sources)
    aliases = read_aliases(folder, frozenset(places["place_id"]))
    looked_up = places if names else places.iloc[:0]
    return Gazetteer(
        places=places,
        names=with_alias_names(names_of_places(looked_up), aliases, looked_up),
        postcodes=tables.postcodes,
        boundary=_boundary(folder),
        areas=_layer(folder, "areas", _AREA_COLUMNS, required=("code",)),
        basemap=_layer(folder, "basemap", _BASEMAP_COLUMNS, required=("kind",)),
        aliases=aliases,
    )


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
        table = _contract_headings(read_shapes(path))
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


def _contract_headings(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Small areas under the contract's headings, where they come under the statistics office's."""
    names = {c: _ONS_AREA.match(str(c)) for c in sorted(map(str, table.columns))}
    ours = {c: {"CD": "code", "NM": "name"}[m[1].upper()] for c, m in names.items() if m}
    # Of several years, the newest.
    newest = {new: old for old, new in ours.items() if new not in table}
    return table.rename(columns={old: new for new, old in newest.items()})


def _find(folder: Path, stem: str) -> Path | None:
    files = {p.name.lower(): p for p in sorted(folder.iterdir()) if p.is_file()}
    return files.get(f"{stem}.gpkg") or files.get(f"{stem}.geojson")


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
