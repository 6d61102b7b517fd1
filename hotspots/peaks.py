"""Clusters too large for a tasking meeting, parted around their peaks."""

from __future__ import annotations

import heapq
import itertools

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from ed_ingest.errors import AnalysisError
from hotspots.clusters import CELL_MARGIN, NOISE, cells_of, distinct_points

# Densities that are equal so far are equal: the rounding of a sum shall decide nothing.
DIGITS = 9

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def part_at_peaks(
    x: ArrayLike,
    y: ArrayLike,
    labels: ArrayLike,
    *,
    radius_m: float,
    eps_m: float,
    min_samples: float,
    weights: ArrayLike | None = None,
) -> Ints:
    """Part each cluster that does not fit into a circle, around its peaks of density.

    Where violence is dense for a kilometre, density-based clusters chain into one. The densest
    record of such a cluster (quartic kernel of radius `radius_m`; of equal ones the southernmost,
    then the westernmost) is its first peak. The records within `radius_m` of it are set aside, and
    the densest of the rest is the next peak, as long as one is left that still has `min_samples`
    within `eps_m`. Then each record goes to its nearest peak. So a part is what lies around one
    peak, at most `radius_m` from it, and the line between two parts runs half-way between their
    peaks. The result does not depend on the order of the records.

    Parameters
    ----------
    x, y
        Points, metres, EPSG:27700.
    labels
        Cluster of each point, -1 for none, as from `clusters.dbscan`; a place has one label.
    radius_m
        A cluster that fits into a circle of this radius stays as it is; metres, above 0.
    eps_m, min_samples
        As for `clusters.dbscan`.
    weights
        Events that each point stands for, 0 or more; default 1.

    Returns
    -------
    NDArray
        Number of each point's part: parts of a cluster follow one another, the first peak's first.
        Records that are farther than `radius_m` from every peak, and parts of less than
        `min_samples`, are -1.

    Raises
    ------
    AnalysisError
        If the radius is not above 0.
    """
    if not 0 < radius_m < np.inf:
        raise AnalysisError("Hot spots need a largest radius above 0.")
    points = np.column_stack([np.asarray(x, float), np.asarray(y, float)])
    weight = np.ones(len(points)) if weights is None else np.asarray(weights, float)
    given = np.asarray(labels, dtype=np.int64)
    parts = np.full(len(points), NOISE, dtype=np.int64)
    n_parts = 0
    # Sorted once by label: a look through all points for each cluster would be slow.
    order = np.argsort(given, kind="stable")
    ends = np.searchsorted(given[order], np.arange(given.max(initial=NOISE) + 2))
    for start, end in itertools.pairwise(ends):
        own = order[start:end]
        found = _parts(points[own], weight[own], radius_m, eps_m, min_samples)
        parts[own] = np.where(found >= 0, found + n_parts, NOISE)
        n_parts += int(found.max(initial=NOISE)) + 1
    return parts


def _parts(
    points: Floats, weight: Floats, radius_m: float, eps_m: float, min_samples: float
) -> Ints:
    """Numbers of the parts of one cluster."""
    distinct, place = distinct_points(points)
    if shapely.minimum_bounding_radius(shapely.multipoints(distinct)) <= radius_m:
        return np.zeros(len(points), dtype=np.int64)
    by_weight = np.lexsort((weight, place))
    total = np.zeros(len(distinct))
    np.add.at(total, place[by_weight], weight[by_weight])
    peaks = distinct[_peaks(distinct, total, radius_m, eps_m, min_samples)]
    part = _nearest(distinct, peaks, radius_m)
    held = np.bincount(part + 1, weights=total, minlength=len(peaks) + 1)[1:]
    # The others gain by it and lose nothing: once is enough.
    part = _nearest(distinct, peaks[held >= min_samples], radius_m)
    return part[place]


def _peaks(
    points: Floats, weight: Floats, radius_m: float, eps_m: float, min_samples: float
) -> list[int]:
    """Indices of the peaks among distinct points, in the order in which they are found.

    Densities only ever fall, so a point whose density is still what it was when it was queued is
    the densest of all that are left.
    """
    from hotspots.neighbours import spread_kernel

    cells = cells_of(points, max(radius_m, eps_m) * CELL_MARGIN)
    order = np.argsort(cells.cell, kind="stable")
    at, mass = np.ascontiguousarray(points[order]), weight[order]
    around = (*cells._replace(cell=cells.cell[order]), radius_m * radius_m, eps_m * eps_m)
    density, within = np.zeros(len(at)), np.zeros(len(at))
    spread_kernel(density, within, np.arange(len(at)), at, mass, *around)
    rank = np.argsort(np.lexsort((at[:, 0], at[:, 1])))  # from the south, then from the west
    queue = [(-round(d, DIGITS), r, i) for i, (d, r) in enumerate(zip(density, rank, strict=True))]
    heapq.heapify(queue)
    tree, left = cKDTree(at), np.ones(len(at), dtype=bool)
    peaks = []
    while queue:
        queued, r, i = heapq.heappop(queue)
        now = -round(density[i], DIGITS)
        if not left[i] or within[i] < min_samples:
            continue
        if now > queued:
            heapq.heappush(queue, (now, r, i))
            continue
        near = np.array(tree.query_ball_point(at[i], radius_m, return_sorted=True))
        taken = near[left[near]]
        left[taken] = False
        spread_kernel(density, within, taken, at, -mass, *around)
        peaks.append(int(order[i]))
    return peaks


def _nearest(points: Floats, peaks: Floats, radius_m: float) -> Ints:
    """Number of the nearest peak within the radius, the first of two equally near; else -1."""
    if not len(peaks):
        return np.full(len(points), NOISE, dtype=np.int64)
    reach = np.nextafter(radius_m, np.inf)
    found = cKDTree(peaks).query(points, k=2, distance_upper_bound=reach)
    distance, number = np.asarray(found[0]), np.asarray(found[1])
    first = np.where(distance[:, 0] == distance[:, 1], number.min(axis=1), number[:, 0])
    return np.where(np.isfinite(distance[:, 0]), first, NOISE)
