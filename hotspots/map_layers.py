"""What a web map draws, from metres on the British National Grid to degrees and pictures."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from PIL import Image
from shapely.geometry.base import BaseGeometry

from hotspots.publishable import DensityClasses

# Colour and opacity of density classes 1 to 8: matplotlib's inferno reversed, 0.08 to 0.88. The
# streets stay readable through the lower classes.
DENSITY_COLOURS = (
    (0xF4, 0xE1, 0x59, 0.45),
    (0xFC, 0xA9, 0x0F, 0.50),
    (0xF2, 0x74, 0x1C, 0.55),
    (0xD7, 0x4A, 0x3F, 0.60),
    (0xAD, 0x30, 0x5C, 0.64),
    (0x7F, 0x1E, 0x6C, 0.68),
    (0x4F, 0x0D, 0x6B, 0.72),
    (0x1E, 0x0B, 0x44, 0.76),
)
MAX_PIXELS = 4_000_000
# 5 decimals of a degree are about a metre.
DECIMALS = 5
# Lines are thinned by these tolerances in turn, in metres, until the base map is small enough.
TOLERANCES_M = (2.0, 5.0, 10.0, 20.0, 40.0)
FOCUS_MARGIN_M = 1000.0

_TO_DEGREES = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
_TO_MERCATOR = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:3857", always_xy=True)
_MERCATOR_TO_DEGREES = pyproj.Transformer.from_crs("EPSG:3857", "EPSG:4326", always_xy=True)

# Type numbers of shapely: a line, a closed line, a polygon.
LINES, POLYGON = (1, 2), 3

Shapes = NDArray[np.object_]
# South-west and north-east corner as (latitude, longitude): what Leaflet calls bounds.
Bounds = tuple[tuple[float, float], tuple[float, float]]


class Picture(NamedTuple):
    """A PNG picture as a data URI, and its corners in degrees; its edges run along EPSG:3857."""

    data_uri: str
    bounds: Bounds


def density_picture(density: DensityClasses) -> Picture | None:
    """Draw density classes as a picture that lies true on a web map.

    A picture pinned by the corners of a national-grid raster would be off by hundreds of metres
    (the grids are turned against each other), so each pixel of a picture in EPSG:3857 takes the
    class of the cell that its centre falls in.

    Parameters
    ----------
    density
        Classes 0 (not drawn) to 8 on a regular grid, EPSG:27700.

    Returns
    -------
    Picture or None
        Cropped to the cells that are drawn; None if there are none.
    """
    drawn = density.classes > 0
    if not drawn.any():
        return None
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    half = density.cell_m / 2
    west, south, east, north = _TO_MERCATOR.transform_bounds(
        density.x[columns[0]] - half,
        density.y[rows[0]] - half,
        density.x[columns[-1]] + half,
        density.y[rows[-1]] + half,
    )
    pixel = _pixel_size(density.cell_m, west, south, east, north)
    # One clear pixel all round, so that the outermost cells fade out like the others when enlarged.
    xs = np.arange(west - pixel / 2, east + 1.5 * pixel, pixel)
    ys = np.arange(north + pixel / 2, south - 1.5 * pixel, -pixel)
    left, top = xs[0] - pixel / 2, ys[0] + pixel / 2
    right, bottom = xs[-1] + pixel / 2, ys[-1] - pixel / 2
    corners = _MERCATOR_TO_DEGREES.transform([left, right], [bottom, top])
    return Picture(
        data_uri=_png_data_uri(_classes_at(density, xs, ys)),
        bounds=((corners[1][0], corners[0][0]), (corners[1][1], corners[0][1])),
    )


def base_map(
    basemap: gpd.GeoDataFrame,
    *,
    focus: BaseGeometry | None,
    main_names: Iterable[str] = (),
    max_segments: int = 20_000,
) -> list[tuple[str, BaseGeometry]]:
    """Lines and polygons for orientation, thinned so that any machine draws them at once.

    Parameters
    ----------
    basemap
        ``kind`` (``road``, ``water``, ``area``), ``name`` and ``geometry`` in EPSG:27700.
    focus
        What the map is about (EPSG:27700). A base map of more than `max_segments` is cut to its
        bounding box and 1 km around it; None: nothing is cut.
    main_names
        Names of the roads to draw broader.
    max_segments
        Straight pieces that the base map may have, about; lines are simplified until it holds.

    Returns
    -------
    list
        Kind and shape in the order of drawing, in degrees (longitude, latitude): ``area`` (edges
        once, even where two areas share them), ``water``, ``river``, ``road``, ``main_road``.
    """
    kinds = base_shapes(basemap, main_names=main_names)
    if focus is not None and _points(kinds.values()) > max_segments:
        box = focus.envelope.buffer(FOCUS_MARGIN_M, join_style="mitre").bounds
        kinds = {kind: shapely.clip_by_rect(shapes, *box) for kind, shapes in kinds.items()}
    thinned = kinds
    for tolerance in TOLERANCES_M:
        thinned = {k: shapely.simplify(shapes, tolerance) for k, shapes in kinds.items()}
        if _points(thinned.values()) <= max_segments:
            break
    return [
        (kind, to_degrees(shape)) for kind, shapes in thinned.items() for shape in _merged(shapes)
    ]


def base_shapes(basemap: gpd.GeoDataFrame, *, main_names: Iterable[str] = ()) -> dict[str, Shapes]:
    """Single lines and polygons of a base map by kind, in the order of drawing.

    Parameters
    ----------
    basemap, main_names
        As for `base_map`.

    Returns
    -------
    dict
        ``area`` (edges), ``water`` (polygons), ``river``, ``road``, ``main_road`` (lines);
        EPSG:27700.
    """
    main = basemap["name"].isin(list(main_names))
    road = basemap["kind"].eq("road")
    water = _parts(basemap[basemap["kind"].eq("water")])
    return {
        "area": _edges(basemap[basemap["kind"].eq("area")]),
        "water": water[shapely.get_type_id(water) == POLYGON],
        "river": water[np.isin(shapely.get_type_id(water), LINES)],
        "road": _parts(basemap[road & ~main]),
        "main_road": _parts(basemap[road & main]),
    }


def to_degrees(shape: BaseGeometry) -> BaseGeometry:
    """The shape in degrees (longitude, latitude), to about a metre, from EPSG:27700."""

    def degrees(metres: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = _TO_DEGREES.transform(metres[:, 0], metres[:, 1])
        return np.round(np.column_stack([lon, lat]), DECIMALS)

    return shapely.transform(shape, degrees)


def bounds_of(shapes: Sequence[BaseGeometry], *, margin_m: float = 0.0) -> Bounds | None:
    """Bounds in degrees that hold all the shapes (EPSG:27700); None where there is nothing."""
    filled = [shape for shape in shapes if not shape.is_empty]
    if not filled:
        return None
    west, south, east, north = shapely.total_bounds(np.array(filled))
    lon0, lat0, lon1, lat1 = _TO_DEGREES.transform_bounds(
        west - margin_m, south - margin_m, east + margin_m, north + margin_m
    )
    return (round(lat0, DECIMALS), round(lon0, DECIMALS)), (
        round(lat1, DECIMALS),
        round(lon1, DECIMALS),
    )


def drawn_box(density: DensityClasses) -> BaseGeometry:
    """The box around the cells that are drawn, EPSG:27700; empty where there are none."""
    drawn = density.classes > 0
    if not drawn.any():
        return shapely.Polygon()
    x, y = density.x[drawn.any(axis=0)], density.y[drawn.any(axis=1)]
    half = density.cell_m / 2
    box: BaseGeometry = shapely.box(x.min() - half, y.min() - half, x.max() + half, y.max() + half)
    return box


def _pixel_size(cell_m: float, west: float, south: float, east: float, north: float) -> float:
    """Side of a pixel in EPSG:3857; more where the picture would grow too large.

    A little less than a cell, so that no cell falls between the centres of pixels: the two grids
    are turned against each other by up to 5 degrees in Great Britain.
    """
    latitude = _MERCATOR_TO_DEGREES.transform(west, (south + north) / 2)[1]
    pixel = 0.85 * cell_m / math.cos(math.radians(latitude))
    return max(pixel, math.sqrt((east - west) * (north - south) / MAX_PIXELS))


def _classes_at(
    density: DensityClasses, xs: NDArray[np.float64], ys: NDArray[np.float64]
) -> NDArray[np.uint8]:
    """Class of the cell under each point of a lattice in EPSG:3857; 0 outside the grid."""
    mesh_x, mesh_y = np.meshgrid(xs, ys)
    easting, northing = _TO_MERCATOR.transform(mesh_x, mesh_y, direction="INVERSE")
    column = np.floor((easting - density.x[0]) / density.cell_m + 0.5).astype(np.int64)
    row = np.floor((northing - density.y[0]) / density.cell_m + 0.5).astype(np.int64)
    n_rows, n_columns = density.classes.shape
    inside = (column >= 0) & (column < n_columns) & (row >= 0) & (row < n_rows)
    classes = np.zeros(mesh_x.shape, dtype=np.uint8)
    classes[inside] = density.classes[row[inside], column[inside]]
    return classes


def _png_data_uri(classes: NDArray[np.uint8]) -> str:
    picture = Image.fromarray(classes, mode="P")
    picture.putpalette([0, 0, 0] + [c for colour in DENSITY_COLOURS for c in colour[:3]])
    alpha = bytes([0] + [round(255 * colour[3]) for colour in DENSITY_COLOURS])
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", optimize=True, transparency=alpha)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _parts(rows: gpd.GeoDataFrame) -> Shapes:
    """Single lines and polygons of the rows."""
    shapes = np.array(rows.geometry.dropna().tolist(), dtype=object)
    return np.asarray(shapely.get_parts(shapely.force_2d(shapes)), dtype=object)


def _edges(areas: gpd.GeoDataFrame) -> Shapes:
    """Outlines of areas as one network, so that shared edges are drawn once, simplified alike.

    Areas may come as polygons or as the lines between them.
    """
    parts = _parts(areas)
    is_polygon = shapely.get_type_id(parts) == POLYGON
    outlines = np.where(is_polygon, shapely.boundary(parts), parts)
    network = shapely.union_all(outlines)
    return np.asarray(shapely.get_parts(shapely.line_merge(network)), dtype=object)


def _merged(shapes: Shapes) -> list[BaseGeometry]:
    """The polygons as one shape and the lines as one shape, each where there are any."""
    parts = shapely.get_parts(shapes)
    parts = parts[~shapely.is_empty(parts)]
    kinds = shapely.get_type_id(parts)
    polygons, lines = parts[kinds == POLYGON], parts[np.isin(kinds, LINES)]
    merged: list[BaseGeometry] = []
    if len(polygons):
        merged.append(shapely.MultiPolygon(list(polygons)))
    if len(lines):
        merged.append(shapely.MultiLineString(list(lines)))
    return merged


def _points(kinds: Iterable[Shapes]) -> int:
    return sum(int(shapely.get_num_coordinates(shapes).sum()) for shapes in kinds)
