"""Outlines of clusters that can be drawn: valid, apart from each other, inside the boundary."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
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
    uncertainty_m: NDArray[np.float64] | None = None,
) -> list[BaseGeometry]:
    """Draw a line around the points of each cluster.

    Each outline is the concave hull of the cluster's points and a margin around it: as wide as the
    median uncertainty of its points, where that is more than `margin_m`. Where two
    would overlap, the ground goes to the cluster of the nearest point.

    Parameters
    ----------
    x, y
        Points, metres, EPSG:27700.
    labels
        Cluster of each point, -1 for none, as from `clusters.dbscan` or `peaks.part_at_peaks`.
    margin_m
        Width of the margin, metres, above 0.
    boundary
        Outlines are cut to it.
    uncertainty_m
        Radius that holds each point's true place with about 95 %, metres; default 0.

    Returns
    -------
    list
        Polygons by cluster number, EPSG:27700; empty where a cluster lies outside the boundary.
    """
    # The same point many times over, as snapped records are, adds nothing but time.
    distinct = np.unique(np.column_stack([labels, x, y])[labels >= 0], axis=0)
    starts = np.searchsorted(distinct[:, 0], np.arange(int(labels.max(initial=-1)) + 2))
    points = np.empty(len(starts) - 1, dtype=object)
    for k, (start, end) in enumerate(itertools.pairwise(starts)):
        points[k] = shapely.multipoints(distinct[start:end, 1:])
    margins = np.maximum(margin_m, _median_uncertainty(labels, uncertainty_m, len(points)))
    hulls = _on_raster(_margin(np.asarray(shapely.concave_hull(points, HULL_RATIO)), margins))
    return _apart(hulls, points, boundary)


def _median_uncertainty(
    labels: NDArray[np.int64], uncertainty_m: NDArray[np.float64] | None, n: int
) -> NDArray[np.float64]:
    if uncertainty_m is None or not n:
        return np.zeros(n)
    kept = labels >= 0
    medians = pd.Series(uncertainty_m[kept]).groupby(labels[kept]).median()
    return np.asarray(medians.reindex(range(n), fill_value=0.0), dtype=np.float64)


def _margin(shapes: NDArray[np.object_], margin_m: NDArray[np.float64]) -> NDArray[np.object_]:
    return np.asarray(shapely.buffer(shapes, margin_m, quad_segs=QUARTER_CIRCLE))


def _on_raster(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(shapely.set_precision(shapes, RASTER_M))


def _apart(
    hulls: NDArray[np.object_], points: NDArray[np.object_], boundary: BaseGeometry | None
) -> list[BaseGeometry]:
    """Give ground that two hulls share to the cluster of the nearest point; cut to the boundary."""
    one, other = shapely.STRtree(hulls).query(hulls, predicate="intersects")
    meeting = one != other
    pairs = sorted(zip(one[meeting].tolist(), other[meeting].tolist(), strict=True))
    # Cut off the raster: on it, cuts that cross a border would move it and reach beyond.
    cut = [shapely.set_precision(hull, 0) for hull in hulls]
    for k, ground in _ground(hulls, points, [k for k, _ in pairs]).items():
        cut[k] = _polygons(shapely.intersection(cut[k], ground))
    for k, j in pairs:
        # Borders between the same points may still differ by a square of the raster.
        if j < k and shapely.intersects(cut[k], cut[j]):
            cut[k] = _polygons(shapely.difference(cut[k], cut[j]))
    if boundary is not None:
        cut = [shapely.intersection(shape, boundary) for shape in cut]
    return [_polygons(geometry) for geometry in cut]


def _ground(
    hulls: NDArray[np.object_], points: NDArray[np.object_], clusters: list[int]
) -> dict[int, BaseGeometry]:
    """For each of these clusters the ground that is nearest to one of its points."""
    chosen = sorted(set(clusters))
    if not chosen:
        return {}
    ends = np.cumsum(shapely.get_num_geometries(points[chosen]))
    sites = shapely.multipoints(shapely.get_coordinates(points[chosen]))
    everywhere = shapely.box(*shapely.total_bounds(hulls[chosen])).buffer(RASTER_M)
    nearest = shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=everywhere, ordered=True))
    own = np.split(nearest, ends[:-1])
    # On the raster: a border half-way between two records shall not tell where they are.
    ground = _on_raster(np.array([shapely.coverage_union_all(cells) for cells in own]))
    return dict(zip(chosen, shapely.set_precision(ground, 0), strict=True))


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons of a geometry alone: cutting may leave lines and points."""
    parts = shapely.get_parts(geometry)
    kept = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return shapely.union_all(kept) if len(kept) != 1 else kept[0]
