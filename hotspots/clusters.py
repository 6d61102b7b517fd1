"""Clusters of points by density: DBSCAN, exact and the same for any order of the points."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ed_ingest.errors import AnalysisError
from ed_ingest.given import numbers_of, points_of, require_number
from hotspots.cells import sort_into_cells
from hotspots.cluster_cells import label_cells
from hotspots.cluster_numbers import NOISE
from hotspots.threads import processors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def dbscan(
    x: ArrayLike,
    y: ArrayLike,
    *,
    eps_m: float,
    min_samples: float,
    weights: ArrayLike | None = None,
    threads: int | None = None,
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
    threads
        Default: one for each processor. However many, the result is the same.

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
    return cluster_points(
        points_of(x, y), eps=eps_m, min_samples=min_samples, weights=weights, threads=threads
    )


def st_dbscan(
    x: ArrayLike,
    y: ArrayLike,
    time: ArrayLike,
    *,
    eps_m: float,
    eps_time: float,
    min_samples: float,
    weights: ArrayLike | None = None,
    threads: int | None = None,
) -> Ints:
    """Cluster points that lie close in space and in time (ST-DBSCAN; Birant and Kut 2007).

    As `dbscan`, but neighbours are at most `eps_m` apart and at most `eps_time`. Events at the
    same place and time are neighbours like any other. Border points join the cluster of the core
    point that is nearest in space. DOI 10.1016/j.datak.2006.01.013.

    Parameters
    ----------
    x, y, eps_m, min_samples, weights, threads
        As for `dbscan`.
    time
        Time of each point as a number, say days since a fixed day.
    eps_time
        In the unit of `time`, 0 or more.

    Returns
    -------
    NDArray
        As from `dbscan`.

    Raises
    ------
    AnalysisError
        If a coordinate or time is missing or a number is not what it must be.
    """
    return cluster_points(
        points_of(x, y), eps=eps_m, min_samples=min_samples, weights=weights, time=time,
        gap=eps_time, threads=threads,
    )  # fmt: skip


def hdbscan(
    x: ArrayLike, y: ArrayLike, *, min_cluster_size: int, min_samples: int | None = None
) -> Ints:
    """Cluster points of differing density, without a distance (HDBSCAN; Campello and others 2013).

    scikit-learn's implementation on the points sorted by place, so that the order of the rows
    matters as little as it lets it. Its time and memory grow with the square of events at one
    place: for some ten thousand points. DOI 10.1007/978-3-642-37456-2_14.

    Parameters
    ----------
    x, y
        Points, metres, EPSG:27700.
    min_cluster_size, min_samples
        Smallest cluster, 2 or more; points that make a neighbourhood, by default as many.

    Returns
    -------
    NDArray
        As from `dbscan`: 0 has the most points, -1 is noise.

    Raises
    ------
    AnalysisError
        If a coordinate is missing or the smallest cluster has fewer than 2 points.
    """
    points = points_of(x, y)
    _check(points, None, None, 1.0, min_cluster_size, np.inf)
    if min_cluster_size < 2:
        raise AnalysisError("A cluster has 2 points or more.")
    if len(points) < max(min_cluster_size, min_samples or 0):
        return np.full(len(points), NOISE, dtype=np.int64)
    from sklearn.cluster import HDBSCAN

    order = np.lexsort(points.T)
    peer = HDBSCAN(min_cluster_size=min_cluster_size, min_samples=min_samples, copy=True)
    found = np.asarray(peer.fit_predict(points[order]), dtype=np.int64)
    sizes = np.bincount(found[found >= 0])
    number = np.empty(len(sizes), dtype=np.int64)
    number[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    labels = np.full(len(points), NOISE, dtype=np.int64)
    labels[order[found >= 0]] = number[found[found >= 0]]
    return labels


def cluster_points(
    points: Floats,
    *,
    eps: float,
    min_samples: float,
    weights: ArrayLike | None = None,
    time: ArrayLike | None = None,
    gap: float = np.inf,
    threads: int | None = None,
) -> Ints:
    """`dbscan` and `st_dbscan` in any number of dimensions from two on; one row per point."""
    weight = None if weights is None else numbers_of(weights, name="weights")
    when = None if time is None else numbers_of(time, name="time")
    _check(points, weight, when, eps, min_samples, gap)
    if not len(points):
        return np.empty(0, dtype=np.int64)
    # Cells with a diagonal of eps: where many points share one, all of them are core points.
    workers = processors(threads)
    cells = sort_into_cells(
        points, side=eps / np.sqrt(2), reach=2, weights=weight, time=when, gap=gap, threads=workers
    )
    labels: Ints = label_cells(cells, eps * eps, gap, min_samples, workers)[cells.place]
    return labels


def _check(
    points: Floats,
    weight: Floats | None,
    time: Floats | None,
    eps: float,
    min_samples: float,
    gap: float,
) -> None:
    require_number(eps, name="eps_m")
    require_number(min_samples, name="min_samples")
    require_number(gap, name="eps_time")
    if not 0 < eps < np.inf or not 0 < min_samples < np.inf:
        raise AnalysisError("Clusters need a distance and a number of points above 0.")
    if time is not None and not 0 <= gap < np.inf:
        raise AnalysisError("Clusters in time need a gap of 0 or more.")
    given = [column for column in (weight, time) if column is not None]
    if any(len(column) != len(points) for column in given):
        raise AnalysisError("The points, their weights and their times must be equally many.")
    if not all(np.isfinite(numbers).all() for numbers in [points, *given]) or (
        weight is not None and (weight < 0).any()
    ):
        raise AnalysisError(
            "Every point needs its coordinates, its time where one is asked for, and a weight of "
            "0 or more. Leave out events without a point."
        )
