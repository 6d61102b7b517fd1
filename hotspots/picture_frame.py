"""What part of the ground a printed map shows, and where on the paper a point of it lies."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

# Pictures are drawn in tenths of a millimetre, in whole numbers: as fine as a printed line.
UNITS_PER_MM = 10
# Never closer than this, in metres across: a lone hot spot is to be seen among its streets.
LEAST_WIDTH_M = 1200.0
MARGIN = 0.08
SCALE_BAR_SHARE = 0.25


class Frame(NamedTuple):
    """A map's place on the ground and on paper.

    ``west, north``: its corner, metres, EPSG:27700; ``m_per_mm``: metres to a millimetre of paper;
    ``width_mm, height_mm``: on paper.
    """

    west: float
    north: float
    m_per_mm: float
    width_mm: float
    height_mm: float


def frame_around(
    shapes: Iterable[BaseGeometry], *, width_mm: float, height_mm: float
) -> Frame | None:
    """The frame of these measures that shows all the shapes (EPSG:27700); None without any."""
    filled = [shape for shape in shapes if not shape.is_empty]
    if not filled:
        return None
    west, south, east, north = shapely.total_bounds(np.array(filled))
    needed = max((east - west) / width_mm, (north - south) / height_mm) * (1 + 2 * MARGIN)
    m_per_mm = max(float(needed), LEAST_WIDTH_M / width_mm)
    return Frame(
        west=float(west + east) / 2 - m_per_mm * width_mm / 2,
        north=float(south + north) / 2 + m_per_mm * height_mm / 2,
        m_per_mm=m_per_mm,
        width_mm=width_mm,
        height_mm=height_mm,
    )


def ground(frame: Frame, *, margin_mm: float = 0.0) -> tuple[float, float, float, float]:
    """West, south, east and north of what the frame shows, and of so much beyond; metres."""
    more = margin_mm * frame.m_per_mm
    return (
        frame.west - more,
        frame.north - frame.height_mm * frame.m_per_mm - more,
        frame.west + frame.width_mm * frame.m_per_mm + more,
        frame.north + more,
    )


def on_paper(frame: Frame, metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Millimetres from the left and from the top, of points (x, y) in EPSG:27700."""
    corner = np.array([frame.west, frame.north])
    return np.asarray((metres - corner) * [1, -1] / frame.m_per_mm, dtype=float)


def path_of(shapes: Iterable[BaseGeometry], frame: Frame) -> str:
    """The ``d`` of an SVG path through the lines and rings of the shapes; may be empty.

    Points that fall together on paper are drawn once.
    """
    pieces = []
    for ring in _lines(shapes):
        units = on_paper(frame, shapely.get_coordinates(ring)) * UNITS_PER_MM
        points = np.rint(units).astype(np.int64)
        moved = np.append(True, np.any(np.diff(points, axis=0) != 0, axis=1))
        points = points[moved]
        if len(points) > 1:
            steps = " ".join(f"{dx} {dy}" for dx, dy in np.diff(points, axis=0).tolist())
            end = "z" if ring.is_ring else ""
            pieces.append(f"M{points[0, 0]} {points[0, 1]}l{steps}{end}")
    return "".join(pieces)


def scale_bar_m(frame: Frame) -> int:
    """A round length in metres (1, 2 or 5 and noughts): at most a quarter of the frame's width."""
    longest = frame.width_mm * frame.m_per_mm * SCALE_BAR_SHARE
    power = 10 ** math.floor(math.log10(longest))
    return int(next(step * power for step in (5, 2, 1) if step * power <= longest))


def _lines(shapes: Iterable[BaseGeometry]) -> Iterable[BaseGeometry]:
    """Lines as they are; the outer and inner rings of polygons."""
    parts = shapely.get_parts(np.array(list(shapes), dtype=object))
    # Parts of collections may be collections.
    parts = shapely.get_parts(parts)
    polygon = shapely.get_type_id(parts) == 3
    rings = shapely.get_rings(parts[polygon])
    lines = parts[np.isin(shapely.get_type_id(parts), (1, 2))]
    return [*rings, *lines]
