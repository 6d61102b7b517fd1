"""Where numbers and names stand on a printed map, so that none covers another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hotspots.map_labels import ANCHORS, longest_stretch
from hotspots.picture_frame import Frame, ground, on_paper

BADGE_RADIUS_MM = 2.3
LABEL_HEIGHT_MM = 2.3
# Mean width of a letter of Liberation Sans, of its height.
LETTER_WIDTH = 0.54
# Directions and steps, in badge radii, in which a number looks for room.
_DIRECTIONS = 12
_STEPS = (2.1, 3.0, 4.0, 5.0)


class Badge(NamedTuple):
    """The number of a hot spot: its middle on paper, and the point that it belongs to; in mm."""

    rank: int
    x: float
    y: float
    at_x: float
    at_y: float


class Label(NamedTuple):
    """A road's name: middle on paper in mm, and degrees clockwise that the text is turned by."""

    text: str
    x: float
    y: float
    turn: float


def place_badges(spots: Iterable[tuple[int, BaseGeometry]], frame: Frame) -> list[Badge]:
    """A number for each hot spot, in its middle, or beside it where another number stands there.

    Parameters
    ----------
    spots
        Rank and outline (EPSG:27700), most important first: the first keep their place.
    frame
        Where they are drawn.
    """
    placed: list[Badge] = []
    for rank, shape in spots:
        x, y = on_paper(frame, shapely.get_coordinates(_inner_point(shape)))[0]
        choices = [(x, y), *_around(x, y)]
        free = (at for at in choices if _inside(at, frame) and not _meets(at, placed))
        place = next(free, (x, y))
        placed.append(Badge(rank, *(round(float(v), 2) for v in (*place, x, y))))
    return placed


def place_labels(
    basemap: gpd.GeoDataFrame, *, names: Sequence[str], frame: Frame, badges: Sequence[Badge]
) -> list[Label]:
    """The names of roads along them, where there is room; the first names choose first.

    Parameters
    ----------
    basemap
        ``kind, name, geometry`` (EPSG:27700).
    names
        Which to write, the most wanted first.
    frame, badges
        Where they are drawn, and what must not be covered.
    """
    roads = basemap[basemap["kind"].eq("road") & basemap["name"].isin(list(names))]
    box = ground(frame)
    taken: list[BaseGeometry] = [
        shapely.Point(b.x, b.y).buffer(BADGE_RADIUS_MM * 1.2) for b in badges
    ]
    sheet = shapely.box(1, 1, frame.width_mm - 1, frame.height_mm - 1)
    labels = []
    for name in names:
        own = np.array(roads.geometry[roads["name"] == name].tolist(), dtype=object)
        road = longest_stretch(list(shapely.clip_by_rect(own, *box)))
        if road is None or road.length < frame.m_per_mm * _width_mm(name):
            continue
        for share in ANCHORS:
            label = _along(name, road, share, frame)
            outline = _outline(label)
            if sheet.contains(outline) and not any(outline.intersects(t) for t in taken):
                labels.append(label)
                taken.append(outline)
                break
    return labels


def _inner_point(shape: BaseGeometry) -> shapely.Point:
    """The middle of a shape, or a point surely in it where the middle is not."""
    middle = shape.centroid
    return middle if shape.covers(middle) else shape.representative_point()


def _around(x: float, y: float) -> Iterable[tuple[float, float]]:
    for step in _STEPS:
        for k in range(_DIRECTIONS):
            angle = 2 * math.pi * k / _DIRECTIONS
            reach = step * BADGE_RADIUS_MM
            yield x + reach * math.cos(angle), y + reach * math.sin(angle)


def _inside(at: tuple[float, float], frame: Frame) -> bool:
    edge = BADGE_RADIUS_MM + 0.5
    return edge <= at[0] <= frame.width_mm - edge and edge <= at[1] <= frame.height_mm - edge


def _meets(at: tuple[float, float], badges: Iterable[Badge]) -> bool:
    return any(math.dist(at, (b.x, b.y)) < 2.1 * BADGE_RADIUS_MM for b in badges)


def _width_mm(text: str) -> float:
    return LETTER_WIDTH * LABEL_HEIGHT_MM * len(text) + 1.0


def _along(name: str, road: shapely.LineString, share: float, frame: Frame) -> Label:
    """The name in the middle of a stretch of the road as long as itself, never upside down."""
    middle, reach = share * road.length, frame.m_per_mm * _width_mm(name) / 2
    distances = [max(middle - reach, 0.0), middle, min(middle + reach, road.length)]
    points = on_paper(
        frame, shapely.get_coordinates([road.interpolate(distance) for distance in distances])
    )
    (x0, y0), (x, y), (x1, y1) = points.tolist()
    turn = (math.degrees(math.atan2(y1 - y0, x1 - x0)) + 90) % 180 - 90
    return Label(name, round(x, 2), round(y, 2), round(turn, 1))


def _outline(label: Label) -> BaseGeometry:
    """The box that a label fills, turned with it."""
    half, up = _width_mm(label.text) / 2, LABEL_HEIGHT_MM * 0.65
    corners = np.array([(-half, -up), (half, -up), (half, up), (-half, up)])
    turn = math.radians(label.turn)
    turned = corners @ [[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]]
    return shapely.Polygon(turned + np.array([label.x, label.y]))
