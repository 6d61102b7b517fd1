"""Clusters too large for a tasking meeting, parted around their peaks."""

from __future__ import annotations

import heapq
import itertools

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from ed_ingest.errors import AnalysisError
from hotspots.cells import Cells, sort_into_cells
from hotspots.cluster_numbers import NOISE

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
    then the westernmost) is its first peak. A circle of `radius_m` about it is moved to the mean
    of the records that it holds, as long as it then holds more of them and still the peak: its
    records are the first part. The densest of the rest, counted among the rest alone, is the next
    peak, as long as one is left that still has `min_samples` within `eps_m`. The result does not
    depend on the order of the records.

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
        What is left when there is no further peak is -1.

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
    cells = sort_into_cells(points, side=max(radius_m, eps_m), reach=1, weights=weight)
    if shapely.minimum_bounding_radius(shapely.multipoints(cells.at)) <= radius_m:
        return np.zeros(len(points), dtype=np.int64)
    parts: Ints = _around_peaks(cells, radius_m, eps_m, min_samples)[cells.place]
    return parts


def _around_peaks(cells: Cells, radius_m: float, eps_m: float, min_samples: float) -> Ints:
    """Numbers of the parts of distinct points, in the order in which their peaks are found.

    Densities only ever fall, so a point whose density is still what it was when it was queued is
    the densest of all that are left.
    """
    from hotspots.neighbours import cell_of_points, spread_kernel

    at, mass, cell = cells.at, cells.weight, cell_of_points(cells.starts)
    density, within = np.zeros(len(at)), np.zeros(len(at))

    def spread(sources: Ints, sign: float) -> None:
        spread_kernel(
            density, within, sources, sign, at, cells.rest, mass, cells.starts, cells.runs, cell,
            radius_m * radius_m, eps_m * eps_m,
        )  # fmt: skip

    spread(np.arange(len(at)), 1.0)
    rank = np.argsort(np.lexsort((at[:, 0], at[:, 1])))  # from the south, then from the west
    queue = [(-round(d, DIGITS), r, i) for i, (d, r) in enumerate(zip(density, rank, strict=True))]
    heapq.heapify(queue)
    tree, part, n_parts = cKDTree(at), np.full(len(at), NOISE, dtype=np.int64), 0
    while queue:
        queued, r, i = heapq.heappop(queue)
        now = -round(density[i], DIGITS)
        if part[i] >= 0 or within[i] < min_samples:
            continue
        if now > queued:
            heapq.heappush(queue, (now, r, i))
            continue
        taken = _circle(i, at, mass, part < 0, radius_m, tree)
        part[taken], n_parts = n_parts, n_parts + 1
        spread(taken, -1.0)
    return part


def _circle(
    peak: int,
    points: Floats,
    weight: Floats,
    left: NDArray[np.bool_],
    radius_m: float,
    tree: cKDTree,
) -> Ints:
    """Indices of what a circle holds that moves from the peak as long as it then holds more."""
    centre, held = points[peak], np.empty(0, dtype=np.int64)
    while True:
        near = np.array(tree.query_ball_point(centre, radius_m, return_sorted=True), dtype=np.int64)
        found = near[left[near]]
        if weight[found].sum() <= weight[held].sum() or peak not in found:
            return held
        held, centre = found, np.average(points[found], axis=0, weights=weight[found])
