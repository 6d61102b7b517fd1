"""Clusters of points by density: DBSCAN, exact and the same for any order of the points."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ed_ingest.errors import AnalysisError

NOISE = -1
# Cells a hair wider than eps: rounding can then never put two neighbours two cells apart.
CELL_MARGIN = 1 + 1e-9

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Cells(NamedTuple):
    """Which cell each point is in, the cells around each cell (-1 none), first point of each."""

    cell: Ints
    around: Ints
    starts: Ints


def dbscan(
    x: ArrayLike,
    y: ArrayLike,
    *,
    eps_m: float,
    min_samples: float,
    weights: ArrayLike | None = None,
) -> Ints:
    """Cluster points that lie densely together (DBSCAN; Schubert and others 2017).

    A point with at least `min_samples` within `eps_m`, itself included, is a core point. Core
    points within `eps_m` of each other are one cluster. Another point within `eps_m` of a core
    point joins the cluster of the nearest; all others are noise. Unlike the textbook's algorithm
    the result does not depend on the order of the points: where several core points are equally
    near, the lowest cluster number wins. DOI 10.1145/3068335.

    Parameters
    ----------
    x, y
        Points, metres, EPSG:27700.
    eps_m
        Neighbours lie at most this far apart, metres, above 0.
    min_samples
        Weight within `eps_m` that makes a core point, above 0.
    weights
        Events that each point stands for, 0 or more; default 1.

    Returns
    -------
    NDArray
        Number of each point's cluster: 0 has the most weight (equal ones from south to north by
        their southernmost core point), -1 is noise.

    Raises
    ------
    AnalysisError
        If a coordinate is missing or a number is not what it must be.
    """
    points = np.column_stack([np.asarray(x, float), np.asarray(y, float)])
    return cluster_points(points, eps=eps_m, min_samples=min_samples, weights=weights)


def cluster_points(
    points: Floats, *, eps: float, min_samples: float, weights: ArrayLike | None = None
) -> Ints:
    """`dbscan` in any number of dimensions from two on; one row per point."""
    weight = np.ones(len(points)) if weights is None else np.asarray(weights, float)
    _check(points, weight, eps, min_samples)
    if not len(points):
        return np.empty(0, dtype=np.int64)
    distinct, place = distinct_points(points)
    cells = cells_of(distinct, eps * CELL_MARGIN)
    order = np.argsort(cells.cell, kind="stable")
    located = cells._replace(cell=cells.cell[order])
    # Sorted before they are summed: fractions then add up the same for any order of the points.
    by_weight = np.lexsort((weight, place))
    total = np.zeros(len(distinct))
    np.add.at(total, place[by_weight], weight[by_weight])
    labels = np.empty(len(distinct), dtype=np.int64)
    labels[order] = _labels(distinct[order], total[order], located, eps, min_samples)
    return labels[place]


def _check(points: Floats, weight: Floats, eps: float, min_samples: float) -> None:
    if not 0 < eps < np.inf or not 0 < min_samples < np.inf:
        raise AnalysisError("Clusters need a distance and a number of points above 0.")
    if len(points) != len(weight):
        raise AnalysisError("The points and their weights must be equally many.")
    if not (np.isfinite(points).all() and np.isfinite(weight).all()) or (weight < 0).any():
        raise AnalysisError(
            "Every point needs its coordinates and a weight of 0 or more. "
            "Leave out events without a point."
        )


def distinct_points(points: Floats) -> tuple[Floats, Ints]:
    """The distinct points in order, and which of them each point is; faster than np.unique."""
    order = np.lexsort(points.T[::-1])
    ordered = points[order]
    new = np.ones(len(points), dtype=bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    place = np.empty(len(points), dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    return ordered[new], place


def cells_of(points: Floats, side: float) -> Cells:
    """Cells over the first two dimensions: points near in all dimensions are near in these."""
    column, row = np.floor((points[:, :2] - points[:, :2].min(axis=0)) / side).astype(np.int64).T
    width = int(column.max()) + 3  # an empty column on either side keeps rows apart
    keys, cell, counts = np.unique(
        row * width + column + 1, return_inverse=True, return_counts=True
    )
    shifts = np.array([dy * width + dx for dy in (-1, 0, 1) for dx in (-1, 0, 1)])
    wanted = keys[:, None] + shifts
    found = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    around = np.where(keys[found] == wanted, found, -1)
    return Cells(cell.ravel(), around, np.concatenate([[0], np.cumsum(counts)]))


def _labels(points: Floats, weight: Floats, cells: Cells, eps: float, min_samples: float) -> Ints:
    """Cluster numbers of distinct points that are sorted by cell."""
    from hotspots.neighbours import cores_at, join_cores, nearest_cores, weights_within

    points, eps2 = np.ascontiguousarray(points), eps * eps
    within = np.zeros(len(points))
    weights_within(within, points, weight, *cells, eps2)
    core = within >= min_samples
    parent = np.arange(len(points))
    join_cores(parent, points, core, *cells, eps2)
    # Beyond eps is infinitely far: only distances within it are of interest.
    distance2 = np.full(len(points), np.nextafter(eps2, np.inf))
    nearest_cores(distance2, points, core, *cells)
    distance2[distance2 > eps2] = -1.0
    pairs = np.empty((0, 2), dtype=np.int64)
    pairs = np.empty((cores_at(pairs, distance2, points, core, *cells), 2), dtype=np.int64)
    cores_at(pairs, distance2, points, core, *cells)
    return _number(points, weight, np.where(core, parent, NOISE), pairs)


def _number(points: Floats, weight: Floats, first: Ints, pairs: Ints) -> Ints:
    """Number the clusters by weight and give border points to the lowest of the nearest.

    `first` is the first point of each core point's cluster, -1 for others; `pairs` holds each
    border point with every core point that is nearest to it.
    """
    cores = np.flatnonzero(first >= 0)
    if not len(cores):
        return np.full(len(points), NOISE, dtype=np.int64)
    # Clusters in the order of their southernmost (then westernmost) core point: ties keep it.
    ranked = cores[np.lexsort((points[cores, 0], points[cores, 1]))]
    firsts, seen_at = np.unique(first[ranked], return_index=True)
    provisional = np.full(len(points), NOISE, dtype=np.int64)
    provisional[firsts[np.argsort(seen_at)]] = np.arange(len(firsts))
    cluster = np.where(first >= 0, provisional[first], NOISE)
    border = np.unique(np.column_stack([pairs[:, 0], cluster[pairs[:, 1]]]), axis=0)
    _, n_nearest = np.unique(border[:, 0], return_counts=True)
    tied = np.repeat(n_nearest, n_nearest) > 1
    cluster[border[~tied, 0]] = border[~tied, 1]
    held = np.flatnonzero(cluster >= 0)
    total = np.zeros(len(firsts))
    np.add.at(total, cluster[held], weight[held])
    if tied.any():
        return _number_tied(cluster, total, weight, border[tied])
    number = np.empty(len(firsts), dtype=np.int64)
    number[np.argsort(-total, kind="stable")] = np.arange(len(firsts))
    return np.where(cluster >= 0, number[cluster], NOISE)


def _number_tied(cluster: Ints, total: Floats, weight: Floats, tied: Ints) -> Ints:
    """Number from the heaviest on; each takes the points that are as near to it as to others.

    What a cluster could reach at most, with all its tied points, decides who is next: so the
    numbers fall with the weight and every tied point is in the lowest of its clusters.
    """
    labels = np.full(len(cluster), NOISE, dtype=np.int64)
    reach = total + np.bincount(tied[:, 1], weights=weight[tied[:, 0]], minlength=len(total))
    taken = np.zeros(len(cluster), dtype=bool)
    for number in range(len(total)):
        heaviest = int(np.argmax(reach))
        reach[heaviest] = -np.inf
        labels[cluster == heaviest] = number
        own = tied[tied[:, 1] == heaviest, 0]
        won = own[~taken[own]]
        labels[won], taken[won] = number, True
        lost = tied[np.isin(tied[:, 0], won)]
        np.subtract.at(reach, lost[:, 1], weight[lost[:, 0]])
    return labels
