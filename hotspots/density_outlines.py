"""Classes of density as smooth areas, for a map on paper."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.publishable import DensityClasses

# In cells: takes the steps out of an outline that runs aslant, and moves it by at most this much.
STRAIGHTENED = 0.75
# In cells: corners of longer edges would be cut too deep.
LONGEST_EDGE = 3.0
CORNERS_CUT = 2


def density_outlines(
    density: DensityClasses, *, box: tuple[float, float, float, float]
) -> list[tuple[int, BaseGeometry]]:
    """The area of each class and all above it, smooth, to be drawn over one another.

    Parameters
    ----------
    density
        Classes 0 (not drawn) to 8, EPSG:27700.
    box
        West, south, east and north in metres; cells outside are left out.

    Returns
    -------
    list
        ``(class, area)`` from the lowest to the highest class that is drawn; EPSG:27700. Outlines
        differ from those of the cells by about a cell at most: nothing is shown that the classes do
        not say.
    """
    near_x = (density.x >= box[0]) & (density.x <= box[2])
    near_y = (density.y >= box[1]) & (density.y <= box[3])
    classes = density.classes[np.ix_(near_y, near_x)]
    x, y = density.x[near_x], density.y[near_y]
    return [
        (number, _smooth(_area(classes >= number, x, y, density.cell_m), density.cell_m))
        for number in range(1, int(classes.max(initial=0)) + 1)
    ]


def _area(
    drawn: NDArray[np.bool_], x: NDArray[np.float64], y: NDArray[np.float64], cell_m: float
) -> BaseGeometry:
    """The cells as one shape: runs of cells side by side are boxes, and boxes are merged."""
    padded = np.pad(drawn, ((0, 0), (1, 1))).astype(np.int8)
    change = np.diff(padded, axis=1)
    row, start = np.nonzero(change == 1)
    _, after = np.nonzero(change == -1)
    half = cell_m / 2
    boxes = shapely.box(x[start] - half, y[row] - half, x[after - 1] + half, y[row] + half)
    merged: BaseGeometry = shapely.union_all(boxes)
    return merged


def _smooth(area: BaseGeometry, cell_m: float) -> BaseGeometry:
    straight = shapely.segmentize(
        shapely.simplify(area, STRAIGHTENED * cell_m), LONGEST_EDGE * cell_m
    )
    polygons = [
        shapely.Polygon(_round(p.exterior), [_round(hole) for hole in p.interiors])
        for p in shapely.get_parts(straight)
    ]
    return shapely.MultiPolygon(polygons)


def _round(ring: shapely.LinearRing) -> NDArray[np.float64]:
    """Cut the corners of a ring, twice (Chaikin 1974, DOI 10.1016/0146-664X(74)90028-8)."""
    points = shapely.get_coordinates(ring)[:-1]
    for _ in range(CORNERS_CUT):
        after = np.roll(points, -1, axis=0)
        points = np.stack([0.75 * points + 0.25 * after, 0.25 * points + 0.75 * after], axis=1)
        points = points.reshape(-1, 2)
    return points
