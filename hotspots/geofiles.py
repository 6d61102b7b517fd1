"""The analyst's files: a GeoPackage that QGIS opens styled, GeoParquet, and tidy tables."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import pyogrio

from ed_ingest.given import PathLike, path_of, require_kind
from hotspots import qgis_styles
from hotspots.analyst_findings import CHANGE_COLUMNS, plain
from hotspots.analyst_tables import (
    AREA_COLUMNS,
    CRS,
    HOT_SPOT_COLUMNS,
    cells,
    dissolved,
    tables,
)
from hotspots.dictionary import dictionary
from hotspots.plain_text import plain_text
from hotspots.publishable import Publishable
from hotspots.words import period_words

# Excel and LibreOffice take a cell that begins with one of these for a formula; the wide forms too.
# Blanks and marks that cannot be seen before them may be lost on the way into the program.
_UNSEEN = "[\\x00-\\x20\x7f\xa0\xad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*"
_FORMULA = rf"^({_UNSEEN}[=+\-@＝＋－＠]|[\t\r\n])"
# Drawn from the first to the last.
LAYERS = (
    "boundary", "areas", "density", "comparison", "police_hotspots", "changes", "hotspots",
)  # fmt: skip
_STYLES_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
    f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
    styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
    owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT CURRENT_TIMESTAMP
)"""


class Layer(NamedTuple):
    """Polygons in EPSG:27700 with their columns, their style for QGIS, and a title."""

    features: gpd.GeoDataFrame
    style: str
    title: str


def write_geopackage(publishable: Publishable, path: PathLike) -> None:
    """Write hotspots.gpkg: the layers of `LAYERS`, and the style of each.

    Every layer is there, with its style, even when it has no features. The same findings give the
    same bytes: the time inside the file is the period's end.

    Parameters
    ----------
    publishable
        What gate 2 let through; geometry in EPSG:27700.
    path
        File to write; one that is there is replaced.

    Raises
    ------
    EdHotspotsError
        If it is given anything but what gate 2 let through.
    """
    path = _to_write(publishable, path)
    period = period_words(publishable.period_from, publishable.period_to)
    write_layers(
        layers_of(publishable),
        path,
        of=f"{period}. {publishable.marking}",
        day=publishable.period_to,
    )


def write_layers(layers: Mapping[str, Layer], path: Path, *, of: str, day: date) -> None:
    """Write layers of polygons as a GeoPackage that QGIS opens styled.

    Parameters
    ----------
    layers
        By name, drawn from the first to the last; one may have no features.
    path
        File to write; one that is there is replaced.
    of
        Of what period they are, and their marking: added to the title of each.
    day
        What the file says of when it was made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    when = f"{day:%Y-%m-%d}T00:00:00.000Z"
    with _clock_at(when):
        for name, (frame, _, title) in layers.items():
            pyogrio.write_dataframe(
                frame,
                path,
                driver="GPKG",
                layer=name,
                geometry_type="MultiPolygon",
                promote_to_multi=True,
                append=path.exists(),
                # QGIS of before 2024 warns of anything newer.
                dataset_options=None if path.exists() else {"VERSION": "1.2"},
                layer_options={
                    "IDENTIFIER": name,
                    "DESCRIPTION": plain_text(f"{title}, {of}"),
                    "GEOMETRY_NAME": "geom",
                },
            )
    styles = {name: style for name, (_, style, _) in layers.items()}
    _add_styles(path, styles, when=when)


def write_geoparquet(publishable: Publishable, folder: PathLike) -> None:
    """Write each layer as GeoParquet (version 1.0: WKB, EPSG:27700), and the cells as squares.

    For programs that read neither GeoPackage nor CSV fast, such as DuckDB and notebooks. A layer
    without features is there all the same, with its columns. The same findings give the same bytes.

    Parameters
    ----------
    publishable
        What gate 2 let through.
    folder
        Where to write ``<layer>.parquet`` and ``cells.parquet``; it is made when it is not there.

    Raises
    ------
    EdHotspotsError
        If it is given anything but what gate 2 let through.
    """
    folder = _to_write(publishable, folder)
    folder.mkdir(parents=True, exist_ok=True)
    frames = {name: layer.features for name, layer in layers_of(publishable).items()}
    for name, frame in {**frames, "cells": cells(publishable.density)}.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False, schema_version="1.0.0")


def write_tables(publishable: Publishable, folder: PathLike) -> None:
    """Write the analyst's tables and the dictionary that explains them as CSV.

    UTF-8 with byte order mark, one header row, no cell that a spreadsheet takes for a formula. A
    count that was held back is empty.

    Parameters
    ----------
    publishable
        What gate 2 let through.
    folder
        Where to write; it is made when it is not there.

    Raises
    ------
    EdHotspotsError
        If it is given anything but what gate 2 let through.
    """
    folder = _to_write(publishable, folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = tables(publishable)
    written["dictionary"] = dictionary(
        {name: list(table.columns) for name, table in written.items()},
        threshold=publishable.threshold,
    )
    for name, table in written.items():
        without_formulas(table).to_csv(
            folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\r\n"
        )


def _to_write(publishable: Publishable, path: PathLike) -> Path:
    """Where to write what passed gate 2, and nothing else."""
    require_kind(publishable, Publishable, name="publishable", made_by="disclose")
    return path_of(path, name="path")


def without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before every text that a spreadsheet would take for a formula."""
    safe = table.copy()
    for name in table.columns:
        column = table[name]
        if isinstance(column.dtype, pd.StringDtype):
            safe[name] = column.str.replace(_FORMULA, r"'\1", regex=True)
        elif column.dtype == object:
            safe[name] = column.map(_without_formula)
    return safe


def _without_formula(cell: object) -> object:
    return re.sub(_FORMULA, r"'\1", cell) if isinstance(cell, str) else cell


def layers_of(publishable: Publishable) -> dict[str, Layer]:
    """The layers of what may be shown, by name, in the order of `LAYERS`."""
    features = {**_map_layers(publishable), **_comparing_layers(publishable)}
    note = {"police_hotspots": f" {publishable.police_note}".rstrip()}
    return {
        name: Layer(features[name], style, title + note.get(name, ""))
        for name, (style, title) in layer_styles().items()
    }


def layer_styles() -> dict[str, tuple[str, str]]:
    """Style for QGIS and title of each layer, in the order of `LAYERS`."""
    styles = {
        "boundary": (qgis_styles.boundary_style(), "The partnership's area"),
        "areas": (qgis_styles.areas_style(), "Assaults by small area"),
        "density": (qgis_styles.density_style(), "Density of hospital assaults, in classes"),
        "comparison": (
            qgis_styles.comparison_style(),
            "Where hospitals or police see more violence in proportion, beyond chance",
        ),
        "police_hotspots": (
            qgis_styles.police_hot_spots_style(),
            "Hot spots of police recorded violence.",
        ),
        "changes": (
            qgis_styles.changes_style(),
            "Hot spots of two periods together, and what changed: compared_periods.csv names them",
        ),
        "hotspots": (qgis_styles.hot_spots_style(), "Hot spots of hospital assaults"),
    }
    return {name: styles[name] for name in LAYERS}


def _comparing_layers(publishable: Publishable) -> dict[str, gpd.GeoDataFrame]:
    """What changed; and where one source sees more than the other in proportion."""
    change, contours = publishable.change, publishable.comparison
    none = gpd.GeoDataFrame(geometry=[], crs=CRS)
    return {
        "comparison": _features(none if contours is None else contours, ("more",)),
        "changes": _features(none if change is None else change.hot_spots, CHANGE_COLUMNS),
    }


def _map_layers(publishable: Publishable) -> dict[str, gpd.GeoDataFrame]:
    boundary = [] if publishable.boundary is None else [publishable.boundary]
    name = pd.Series([plain_text(publishable.partnership)] * len(boundary), dtype="str")
    return {
        "boundary": gpd.GeoDataFrame({"name": name}, geometry=boundary, crs=CRS),
        "areas": _features(publishable.areas, AREA_COLUMNS),
        "density": dissolved(publishable.density),
        "police_hotspots": _features(publishable.police_hot_spots, HOT_SPOT_COLUMNS),
        "hotspots": _features(publishable.hot_spots, HOT_SPOT_COLUMNS),
    }


def _features(table: gpd.GeoDataFrame, columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(plain(table, columns), geometry=table.geometry.to_numpy(), crs=CRS)


@contextmanager
def _clock_at(when: str) -> Iterator[None]:
    """Let GDAL write this time instead of now."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": when})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _add_styles(path: Path, styles: dict[str, str], *, when: str) -> None:
    """Add the table in which QGIS looks for the style of each layer."""
    rows = [
        ("", "", name, "geom", name, style, "", True, "", "", None, when)
        for name, style in styles.items()
    ]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_STYLES_TABLE)
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles', ?)",
            (when,),
        )
        connection.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
            " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner,"
            " ui, update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
