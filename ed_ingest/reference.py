"""Take reference data as downloaded into a workspace, under the names that the gazetteer reads."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from ed_ingest.errors import ReferenceDataError
from ed_ingest.gazetteer import load_gazetteer, read_shapes
from ed_ingest.given import PathLike, path_of
from ed_ingest.merge_places import PLACE_COLUMNS
from ed_ingest.open_data import csv_format, read_map_points, read_places
from ed_ingest.reference_folder import POINTS_FILE
from ed_ingest.schema import load_vocabulary

_SHAPES = (".geojson", ".gpkg", ".shp")
_OUR_NAMES = ("boundary", "areas", "basemap")
# Column names of the Office for National Statistics: kind of area, year, code.
_ONS_CODE = re.compile(r"^(LSOA|LAD|OA)(\d\d)CD$")
_SAME_STREET_M = 1_000.0
_OWN_SHARE = 0.3  # of a small area, inside the boundary
_WHOLE_FILE = 0.95  # of a file's small areas, the partnership's own


class _Shapes(NamedTuple):
    """The partnership's areas as found: any may be missing."""

    boundary: gpd.GeoDataFrame | None
    areas: gpd.GeoDataFrame | None
    basemap: gpd.GeoDataFrame | None
    name: str


def adopt_reference(source: PathLike, target: PathLike) -> dict[str, int]:
    """Find open data in a folder as downloaded and write them as the gazetteer reads them.

    Parameters
    ----------
    source
        Any folder; its subfolders are searched. Found are: gazetteers in the contract's form,
        FHRS XML (also gzipped), OS Open Names, Code-Point Open, police.uk street-level crime (or a
        list of its map points) for names of streets where nothing else has them, and polygons: by
        the file names ``boundary``, ``areas``, ``basemap``, else by the column names of the Office
        for National Statistics. Other files are left alone.
    target
        Folder to write to; made where it is missing.

    Returns
    -------
    dict
        How many of each were taken over: ``premises, streets, localities, other_places, postcodes,
        areas, basemap`` and ``boundary`` (0 or 1).

    Raises
    ------
    ReferenceDataError
        If the folder is missing, holds nothing of use, or a file cannot be read.
    """
    source, target = path_of(source, name="source"), path_of(target, name="target")
    if not source.is_dir():
        raise ReferenceDataError(f"{source}: no such folder. Give the folder of downloaded data.")
    files = sorted(
        p for p in source.rglob("*") if p.is_file() and not p.name.startswith((".", "~"))
    )
    target.mkdir(parents=True, exist_ok=True)
    shapes = _find_shapes(files)
    for stem, layer in zip(_OUR_NAMES, shapes[:3], strict=True):
        if layer is not None:
            layer.to_file(target / f"{stem}.geojson", driver="GeoJSON", COORDINATE_PRECISION=2)
    _copy_premises(files, target)
    _copy_tables(files, target, shapes)
    return _counted(source, target)


def _counted(source: Path, target: Path) -> dict[str, int]:
    found = load_gazetteer(target)
    kinds = found.places["kind"].value_counts()
    counts = {
        "premises": int(kinds.get("premises", 0)),
        "streets": int(kinds.get("street", 0)),
        "localities": int(kinds.get("locality", 0)),
        "other_places": int(kinds.drop(["premises", "street", "locality"], errors="ignore").sum()),
        "postcodes": len(found.postcodes),
        "areas": len(found.areas),
        "basemap": len(found.basemap),
        "boundary": int(found.boundary is not None),
    }
    if not any(counts.values()):
        raise ReferenceDataError(
            f"{source}: no reference data of a known format. See docs/quickstart-analyst.md for "
            "what to download."
        )
    return counts


def _copy_premises(files: Sequence[Path], target: Path) -> None:
    for path in files:
        name = path.name.lower()
        if not name.endswith((".xml", ".xml.gz")):
            continue
        raw = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
        if b"FHRSEstablishment" in raw[:500]:
            (target / path.name.removesuffix(".gz")).write_bytes(raw)


def _copy_tables(files: Sequence[Path], target: Path, shapes: _Shapes) -> None:
    formats = [(p, csv_format(p)) for p in files if p.suffix.lower() == ".csv"]
    copied = [(p, kind) for p, kind in formats if kind in ("places", "code_point", "open_names")]
    for path, _ in copied:
        shutil.copyfile(path, target / path.name)
    if any(kind == "open_names" or _has_streets(path, kind) for path, kind in copied):
        return
    points = [p for p, kind in formats if kind == "map_points"]
    points = points or [p for p, kind in formats if kind == "police_street"]
    if points:
        streets = _streets(pd.concat([read_map_points(p) for p in points]), shapes)
        streets.to_csv(target / POINTS_FILE, index=False, encoding="utf-8")


def _has_streets(path: Path, kind: str | None) -> bool:
    return kind == "places" and bool((read_places(path)["kind"] == "street").any())


def _streets(points: pd.DataFrame, shapes: _Shapes) -> pd.DataFrame:
    """One place per street: the points of a name that lie near one another are one street's."""
    # Many points bear the word for a kind of place, or no word: these name no street.
    not_streets = ["", *load_vocabulary("police_uk_kinds")["words"].str.casefold()]
    named = ~points["name"].str.strip().str.casefold().isin(not_streets)
    points = points[named].drop_duplicates()
    if shapes.boundary is not None:
        outline = shapes.boundary.union_all().buffer(_SAME_STREET_M)
        shapely.prepare(outline)
        points = points[shapely.contains_xy(outline, points["easting"], points["northing"])]
    points = points.sort_values(["name", "easting", "northing"], ignore_index=True)
    if points.empty:
        return pd.DataFrame(columns=list(PLACE_COLUMNS))
    centre = points.groupby(_clusters(points))[["easting", "northing"]].transform("mean")
    off = points[["easting", "northing"]].sub(centre).pow(2).sum(axis=1)
    middle = points.loc[off.groupby(_clusters(points)).idxmin()]
    x, y = (middle[c].round().astype(int).astype(str) for c in ("easting", "northing"))
    street = middle.assign(
        place_id="POLICE" + x.str.zfill(6) + y.str.zfill(7),
        name=middle["name"].str.replace(r"'S\b", "'s", regex=True),
        kind="street",
        easting=middle["easting"].round(),
        northing=middle["northing"].round(),
        address=shapes.name or np.nan,
    ).drop_duplicates("place_id")
    return street.reindex(columns=list(PLACE_COLUMNS))


def _clusters(points: pd.DataFrame) -> pd.Series:
    """Number of the street that each point belongs to: same name, linked by short steps."""
    pairs = cKDTree(points[["easting", "northing"]].to_numpy()).query_pairs(
        _SAME_STREET_M, output_type="ndarray"
    )
    names = points["name"].to_numpy(dtype=object)
    linked = pairs[names[pairs[:, 0]] == names[pairs[:, 1]]]
    graph = coo_array(
        (np.ones(len(linked)), (linked[:, 0], linked[:, 1])), shape=(len(points), len(points))
    )
    return pd.Series(connected_components(graph, directed=False)[1], index=points.index)


def _find_shapes(files: Sequence[Path]) -> _Shapes:
    named = {p.stem: p for p in files if p.suffix.lower() in _SHAPES and p.stem in _OUR_NAMES}
    others = [p for p in files if p.suffix.lower() in _SHAPES and p.stem not in _OUR_NAMES]
    ons = _ons_columns(others)
    areas = read_shapes(named["areas"]) if "areas" in named else _ons_areas(ons)
    name = ""
    if "boundary" in named:
        boundary: gpd.GeoDataFrame | None = read_shapes(named["boundary"])
    else:
        boundary, name = _ons_authority(ons, areas)
    if boundary is not None and areas is not None and "areas" not in named:
        areas = _inside(areas, boundary.union_all())
    if "basemap" in named:
        basemap: gpd.GeoDataFrame | None = read_shapes(named["basemap"])
    else:
        basemap = _ons_basemap(ons, boundary)
    return _Shapes(boundary, areas, basemap, name)


def _ons_columns(paths: Sequence[Path]) -> list[tuple[Path, str, str]]:
    """Of each file that has them: the smallest kind of area (OA, LSOA, LAD) and its code column."""
    found = []
    for path in paths:
        try:
            fields = pyogrio.read_info(path)["fields"]
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
            continue
        kinds = {m[1]: m[0] for m in map(_ONS_CODE.match, fields) if m}
        for kind in ("OA", "LSOA", "LAD"):
            if kind in kinds:
                found.append((path, kind, kinds[kind]))
                break
    return found


def _ons_areas(ons: Sequence[tuple[Path, str, str]]) -> gpd.GeoDataFrame | None:
    columns = sorted({column for _, kind, column in ons if kind == "LSOA"}, reverse=True)
    if not columns:
        return None
    newest = columns[0]  # LSOA21CD before LSOA11CD
    tables = []
    for path, _, column in ons:
        if column == newest:
            shapes = read_shapes(path)
            lower = {str(c).lower(): c for c in shapes.columns}
            names = shapes.get(column.replace("CD", "NM"), shapes[column])
            people = shapes[lower["population"]] if "population" in lower else np.nan
            tables.append(
                gpd.GeoDataFrame(
                    {"code": shapes[column], "name": names, "population": people},
                    geometry=shapes.geometry,
                )
            )
    return pd.concat(tables).drop_duplicates("code", ignore_index=True)


def _ons_authority(
    ons: Sequence[tuple[Path, str, str]], areas: gpd.GeoDataFrame | None
) -> tuple[gpd.GeoDataFrame | None, str]:
    """The one authority that holds most of the areas; where there is none, their own outline."""
    if areas is None:
        return None, ""
    points = areas.geometry.representative_point()
    best, most, name = None, 0, ""
    for path, kind, column in ons:
        if kind != "LAD":
            continue
        authorities = read_shapes(path)
        _, holding = authorities.sindex.query(points, predicate="within")
        number, n = np.unique(holding, return_counts=True)
        if len(n) and n.max() > most:
            row = number[n.argmax()]
            best, most = authorities.iloc[[row]], int(n.max())
            name_column = column.replace("CD", "NM")
            name = str(best[name_column].iloc[0]) if name_column in best else ""
    if best is None:
        outline = areas.union_all()
        return gpd.GeoDataFrame({"name": ["areas"]}, geometry=[outline], crs=areas.crs), ""
    return gpd.GeoDataFrame({"name": [name]}, geometry=[best.union_all()], crs=areas.crs), name


def _ons_basemap(
    ons: Sequence[tuple[Path, str, str]], boundary: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame | None:
    """Edges of the output areas, each once: they follow the streets."""
    path = next((p for p, kind, _ in ons if kind == "OA"), None)
    if path is None or boundary is None:
        return None
    inside = _inside(read_shapes(path), boundary.union_all())
    if inside.empty:
        return None
    edges = shapely.line_merge(shapely.union_all(inside.geometry.boundary.to_numpy()))
    lines = gpd.GeoSeries([edges], crs=inside.crs).explode(ignore_index=True)
    return gpd.GeoDataFrame({"kind": "area", "name": ""}, geometry=lines, index=lines.index)


def _inside(shapes: gpd.GeoDataFrame, outline: BaseGeometry) -> gpd.GeoDataFrame:
    # Published outlines are generalised, each in its own way: neighbours overlap by a sliver.
    share = shapes.geometry.intersection(outline).area / shapes.geometry.area
    own = share >= _OWN_SHARE
    # A file of one authority is kept whole: its simplified shapes may miss the outline by the sea.
    return shapes if own.mean() >= _WHOLE_FILE else shapes[own].reset_index(drop=True)
