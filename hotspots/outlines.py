"""Outlines of clusters that can be drawn: valid, apart from each other, inside the boundary."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

# 0 follows every dent, 1 is the convex hull.
HULL_RATIO = 0.3
# Corners lie on this raster: tidy files, and no corner gives away one record's own point.
RASTER_M = 5.0
QUARTER_CIRCLE = 4


def outline_clusters(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    labels: NDArray[np.int64],
    *,
    margin_m: float,
    boundary: BaseGeometry | None,
) -> list[BaseGeometry]:
    """Draw a line around the points of each cluster.

    Each outline is the concave hull of the cluster's points and a margin around it. Where two
    would overlap, ground around a point stays with that point's cluster, and what is left goes to
    the cluster of the lower number.

    Parameters
    ----------
    x, y
        Points, metres, EPSG:27700.
    labels
        Cluster of each point, -1 for none, as from `clusters.dbscan`.
    margin_m
        Width of the margin, metres, above 0; less than half of the distance that parts core points
        of two clusters, so that no outline vanishes.
    boundary
        Outlines are cut to it.

    Returns
    -------
    list
        Polygons by cluster number, EPSG:27700; empty where a cluster lies outside the boundary.
    """
    # The same point many times over, as snapped records are, adds nothing but time.
    distinct = np.unique(np.column_stack([labels, x, y]), axis=0)
    points = np.empty(int(labels.max(initial=-1)) + 1, dtype=object)
    for k in range(len(points)):
        points[k] = shapely.multipoints(distinct[distinct[:, 0] == k, 1:])
    hulls = _on_raster(_margin(np.asarray(shapely.concave_hull(points, HULL_RATIO)), margin_m))
    return _apart(hulls, points, margin_m, boundary)


def _margin(shapes: NDArray[np.object_], margin_m: float) -> NDArray[np.object_]:
    return np.asarray(shapely.buffer(shapes, margin_m, quad_segs=QUARTER_CIRCLE))


def _ground(points: BaseGeometry, margin_m: float) -> BaseGeometry:
    """The margin around each single point."""
    discs = _margin(shapely.get_parts(points), margin_m)
    return shapely.union_all(_on_raster(discs), grid_size=RASTER_M)


def _on_raster(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(shapely.set_precision(shapes, RASTER_M))


def _apart(
    hulls: NDArray[np.object_],
    points: NDArray[np.object_],
    margin_m: float,
    boundary: BaseGeometry | None,
) -> list[BaseGeometry]:
    """Take from each hull what is another's; cut to the boundary."""
    one, other = shapely.STRtree(hulls).query(hulls, predicate="intersects")
    meeting = one != other
    # Ground around single points is slow to draw, and few clusters meet another.
    ground = {k: _ground(points[k], margin_m) for k in set(other[meeting].tolist())}
    cut = list(hulls)
    for k, j in sorted(zip(one[meeting].tolist(), other[meeting].tolist(), strict=True)):
        taken = cut[j] if j < k else ground[j]
        cut[k] = shapely.difference(cut[k], taken, grid_size=RASTER_M)
    if boundary is not None:
        # Off the raster: its corners would reach beyond the boundary.
        free = [shapely.set_precision(shape, 0) for shape in cut]
        cut = [shapely.intersection(shape, boundary) for shape in free]
    return [_polygons(geometry) for geometry in cut]


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons of a geometry alone: cutting may leave lines and points."""
    parts = shapely.get_parts(geometry)
    kept = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return shapely.union_all(kept) if len(kept) != 1 else kept[0]
