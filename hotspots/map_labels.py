"""Which names stand on the map, and where along its road each may be written."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import geopandas as gpd
import pyproj
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

MAX_NAMES = 60
# Places along a road where its name may stand, as shares of its length, best first.
ANCHORS = (0.5, 0.3, 0.7, 0.15, 0.85)
# The text follows the road's direction over this length either side, in metres.
REACH_M = 80.0
DECIMALS = 5

_TO_DEGREES = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
_TO_MERCATOR = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:3857", always_xy=True)


class RoadLabel(NamedTuple):
    """A road's name, the length of the road in metres, and where the name may stand.

    ``anchors``: latitude, longitude, and degrees clockwise to turn the text by on a web map.
    """

    text: str
    length_m: int
    anchors: list[tuple[float, float, int]]


def road_names(
    basemap: gpd.GeoDataFrame, *, wanted: Iterable[str], most: int = MAX_NAMES
) -> list[str]:
    """The names to write: roads that a hot spot is named after, then the longest.

    Parameters
    ----------
    basemap
        ``kind, name, geometry`` (EPSG:27700); roads are those of kind ``road``.
    wanted
        Names of the hot spots, which hold the names of roads.
    most
        At most so many names.
    """
    roads = basemap[basemap["kind"].eq("road") & basemap["name"].notna()]
    lengths = roads.geometry.length.groupby(roads["name"].astype(str)).sum()
    texts = " | ".join(wanted).casefold()
    first = [
        bool(re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", texts))
        for name in lengths.index
    ]
    table = lengths.to_frame("length").assign(first=first).rename_axis("name").reset_index()
    table = table[table["name"].str.strip().ne("")]
    ordered = table.sort_values(["first", "length", "name"], ascending=[False, False, True])
    return list(ordered["name"].head(most))


def road_labels(basemap: gpd.GeoDataFrame, *, names: Sequence[str]) -> list[RoadLabel]:
    """Where each name may stand: along the longest stretch of its road; in the order of `names`."""
    roads = basemap[basemap["kind"].eq("road") & basemap["name"].isin(list(names))]
    labels = []
    for name in names:
        stretch = longest_stretch(roads.geometry[roads["name"] == name].tolist())
        if stretch is not None:
            anchors = [_anchor(stretch, share) for share in ANCHORS]
            labels.append(RoadLabel(name, round(stretch.length), anchors))
    return labels


def longest_stretch(shapes: list[BaseGeometry]) -> LineString | None:
    """The longest line that the lines among the shapes make where they meet end to end."""
    lines = [part for part in shapely.get_parts(shapes) if isinstance(part, LineString)]
    merged = shapely.line_merge(shapely.MultiLineString(lines))
    parts = [part for part in shapely.get_parts(merged) if isinstance(part, LineString)]
    return max(parts, key=lambda part: part.length) if parts else None


def _anchor(line: LineString, share: float) -> tuple[float, float, int]:
    """A point on the line, and how far the text turns to lie along it, never upside down."""
    middle = share * line.length
    distances = [max(middle - REACH_M, 0.0), middle, min(middle + REACH_M, line.length)]
    points = shapely.get_coordinates([line.interpolate(distance) for distance in distances])
    lon, lat = _TO_DEGREES.transform(*points[1])
    x, y = _TO_MERCATOR.transform(points[[0, 2], 0], points[[0, 2], 1])
    turn = -math.degrees(math.atan2(y[1] - y[0], x[1] - x[0]))
    upright = (turn + 90) % 180 - 90
    return round(float(lat), DECIMALS), round(float(lon), DECIMALS), round(upright)
