"""Files of many areas: the polygons that are read, the data set, GeoPackage and figures written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
from pyogrio.errors import DataSourceError

from ed_ingest.errors import EdHotspotsError, ReferenceDataError
from hotspots.area_task import AreaResult
from hotspots.geofiles import LAYERS, Layer, layer_styles, write_layers
from hotspots.plain_text import plain_json, plain_text
from hotspots.qgis_styles import area_summary_style

CRS = "EPSG:27700"
DATA_SET, GEOPACKAGE, FIGURES, SUMMARY = "areas", "areas.gpkg", "run.json", "area_summary"
# Readers of data sets pass over folders whose name begins so.
_DONE = "_done"
_COUNTS = ("n_recorded", "n_mapped", "n_hot_spots")
_SHARES = ("share_known", "share_known_low", "share_known_high")
SUMMARY_COLUMNS = ("area_code", "area_name", "state", *_COUNTS, *_SHARES, "police", "fault")


def read_areas(path: Path, by: str) -> gpd.GeoDataFrame:
    """Read the areas that are to be analysed.

    Parameters
    ----------
    path
        Polygons in any form that GDAL reads, with a reference system.
    by
        Column of their codes. Their names are in ``name`` or ``area_name``, else in the first
        column whose heading ends with ``NM``, as the Office for National Statistics has it, else
        the code is the name.

    Returns
    -------
    GeoDataFrame
        ``code, name, geometry``, EPSG:27700.

    Raises
    ------
    ReferenceDataError
        If the file cannot be read, has no such column or no reference system, or a code or polygon
        is missing.
    """
    if not path.exists():
        raise ReferenceDataError(f"{path.name}: there is no such file of areas. Correct the path.")
    try:
        found = gpd.read_file(path)
    except (DataSourceError, OSError):
        raise ReferenceDataError(
            f"{path.name}: cannot be read as a map of areas. Supply a GeoPackage or GeoJSON."
        ) from None
    if found.empty:
        raise ReferenceDataError(f"{path.name}: holds no area. Supply polygons, one for each.")
    if by not in found.columns or by == "geometry":
        columns = ", ".join(str(name) for name in found.columns if name != "geometry")
        raise ReferenceDataError(f"{path.name}: no column {by}. --by names one of: {columns}.")
    if found.crs is None:
        raise ReferenceDataError(
            f"{path.name}: does not say its reference system. Save it with one, such as EPSG:27700."
        )
    code = found[by].astype("str").str.strip()
    polygons = found.geometry.notna() & found.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    wrong = int((found[by].isna() | code.eq("") | ~polygons | found.geometry.is_empty).sum())
    if wrong:
        raise ReferenceDataError(
            f"{path.name}: {wrong} rows have no code in {by} or no polygon. Give each area both."
        )
    name = found[_name_column(found, by)].astype("str").str.strip()
    shapes = found.geometry.to_crs(CRS).force_2d().make_valid()
    return gpd.GeoDataFrame({"code": code, "name": name}, geometry=shapes.to_numpy(), crs=CRS)


def begin(folder: Path, fingerprint: str, *, resume: bool) -> set[str]:
    """Make the folder ready, and tell the codes of the areas that are done already.

    Parameters
    ----------
    folder
        New, empty, or of an earlier run.
    fingerprint
        Of all that results are made of: those of another are removed.
    resume
        Whether results of the same fingerprint are kept.

    Raises
    ------
    EdHotspotsError
        If something else lies in the folder.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / FIGURES).is_file():
        raise EdHotspotsError(
            f"{folder}: not empty, and not of an earlier run. Name a new folder with --to."
        )
    folder.mkdir(parents=True, exist_ok=True)
    done = {s["area_code"] for s in _done(folder, fingerprint)} if resume else set()
    if not done:
        shutil.rmtree(folder / DATA_SET, ignore_errors=True)
        (folder / GEOPACKAGE).unlink(missing_ok=True)
        for surface in folder.glob("surface-*.tif"):
            surface.unlink()
    for part in (folder / DATA_SET).glob("*/area=*"):
        if unquote(part.name.removeprefix("area=")) not in done:  # cut off within an area
            shutil.rmtree(part)
    write_figures(folder, {"state": "running"})
    return done


def keep_result(folder: Path, code: str, name: str, result: AreaResult, fingerprint: str) -> None:
    """Write one area's layers into the data set; they count from when all are there."""
    for layer, features in result.layers.items():
        path = _part(folder, layer, code)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(".unfinished")
        features.to_parquet(unfinished, index=False, schema_version="1.0.0")
        unfinished.replace(path)
    figures = {"area_code": code, "area_name": plain_text(name), **result.figures}
    _write_whole(
        folder / DATA_SET / _DONE / f"{quote(code, safe='')}.json",
        json.dumps({"fingerprint": fingerprint, "figures": figures}),
    )


def finish(
    folder: Path,
    areas: gpd.GeoDataFrame,
    faults: Mapping[str, str],
    *,
    fingerprint: str,
    of: str,
    day: date,
) -> gpd.GeoDataFrame:
    """Write the summary of the areas, and all layers of all areas as one GeoPackage.

    Parameters
    ----------
    folder
        With the results of the areas that are done.
    areas
        ``code, name, geometry`` of all, sorted by code.
    faults
        Code of each area that failed -> why.
    fingerprint
        Of the results.
    of, day
        As for `geofiles.write_layers`.

    Returns
    -------
    GeoDataFrame
        `SUMMARY_COLUMNS` and ``geometry``, one row for each area, sorted by code.
    """
    summary = _summary(areas, _done(folder, fingerprint), faults)
    path = folder / DATA_SET / SUMMARY / "part-0.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    summary.to_parquet(path, index=False, schema_version="1.0.0")
    codes = list(summary.loc[summary["state"].eq("done"), "area_code"])
    styles = layer_styles()
    layers = {SUMMARY: Layer(summary, area_summary_style(), "Areas, and whether they were done")}
    layers |= {
        name: Layer(read_layer(folder, name, codes), *styles[name]) for name in LAYERS if codes
    }
    unfinished = folder / f".{GEOPACKAGE}.unfinished.gpkg"
    write_layers(layers, unfinished, of=of, day=day)
    unfinished.replace(folder / GEOPACKAGE)
    return summary


def read_layer(folder: Path, layer: str, codes: Sequence[str]) -> gpd.GeoDataFrame:
    """Read one layer of these areas, in their order."""
    tables = [pq.read_table(_part(folder, layer, code), partitioning=None) for code in codes]
    frames = [table.to_pandas() for table in tables]
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    whole = pd.concat(filled, ignore_index=True)
    shapes = gpd.GeoSeries.from_wkb(whole["geometry"], crs=CRS)
    return gpd.GeoDataFrame(whole.drop(columns="geometry"), geometry=shapes, crs=CRS)


def write_figures(folder: Path, figures: Mapping[str, Any]) -> None:
    """Write run.json."""
    _write_whole(folder / FIGURES, plain_json(dict(figures)) + "\n")


def _name_column(found: gpd.GeoDataFrame, by: str) -> str:
    text = [str(name) for name in found.columns if name != "geometry"]
    named = [n for n in text if n.casefold() in ("name", "area_name")]
    named += [n for n in text if n.endswith("NM")]
    return named[0] if named else by


def _part(folder: Path, layer: str, code: str) -> Path:
    # Not area_code: that is a column of its own, and always text.
    return folder / DATA_SET / layer / f"area={quote(code, safe='')}" / "part-0.parquet"


def _done(folder: Path, fingerprint: str) -> list[dict[str, Any]]:
    """Figures of the areas whose results of the fingerprint are whole."""
    found = []
    for path in sorted((folder / DATA_SET / _DONE).glob("*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:  # cut off by a loss of power: that area is done again
            continue
        if told["fingerprint"] == fingerprint:
            found.append(told["figures"])
    return found


def _summary(
    areas: gpd.GeoDataFrame, done: list[dict[str, Any]], faults: Mapping[str, str]
) -> gpd.GeoDataFrame:
    figures = pd.DataFrame(done, columns=["area_code", *_COUNTS, *_SHARES, "police"]).set_index(
        "area_code"
    )
    told = figures.reindex(areas["code"])
    is_done = areas["code"].isin(figures.index)
    table: dict[str, Any] = {
        "area_code": areas["code"].astype("str"),
        "area_name": areas["name"].map(plain_text).astype("str"),
        "state": is_done.map({True: "done", False: "failed"}).astype("str"),
    }
    table |= {name: told[name].astype("Int64").array for name in _COUNTS}
    table |= {name: told[name].astype("float64").to_numpy() for name in _SHARES}
    table["police"] = pd.array(
        [p if isinstance(p, str) else "" for p in told["police"]], dtype="str"
    )
    table["fault"] = pd.array([faults.get(code, "") for code in areas["code"]], dtype="str")
    return gpd.GeoDataFrame(table, geometry=areas.geometry.to_numpy(), crs=CRS)


def _write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
