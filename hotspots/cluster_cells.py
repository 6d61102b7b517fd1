"""Clusters of points in cells: core points, what they join, and the points at the border.

Each step fills an output of its own, cell by cell, so that threads can share it out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotspots.cells import Cells
from hotspots.cluster_numbers import NOISE, number_clusters
from hotspots.threads import equal_parts, for_each

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def label_cells(cells: Cells, eps2: float, gap: float, min_samples: float, threads: int) -> Ints:
    """Cluster of each distinct point, for `clusters.cluster_points`.

    Parameters
    ----------
    cells
        With a diagonal of eps and a reach of 2: where many points share one, all are core points.
    eps2, gap
        Neighbours are at most so far apart: squared, and in time.
    min_samples
        Weight of neighbours that makes a core point.
    threads
        However many, the result is the same.

    Returns
    -------
    NDArray
        As from `clusters.dbscan`.
    """
    from hotspots.joins import nearest_cores, tied_pairs

    parts = equal_parts(cells.starts, threads)
    at, rest, time, starts, runs = cells.at, cells.rest, cells.time, cells.starts, cells.runs
    tight, core = core_points_of(cells, eps2, gap, min_samples, threads)
    box = _boxes(cells, core, threads)
    cluster = _joined(cells, tight, core, box, eps2, gap, threads)
    nearest = np.empty_like(cluster)
    tied, distance2 = np.empty_like(core), np.empty(len(core))

    def find(first: int, last: int) -> None:
        nearest_cores(
            nearest, tied, distance2, cluster, core, box, at, rest, time, starts, runs, eps2, gap,
            first, last,
        )  # fmt: skip

    for_each(parts, find, threads=threads)
    pairs = np.empty((0, 2), dtype=np.int64)
    if tied.any():
        pairs = tied_pairs(cluster, tied, distance2, core, at, rest, time, starts, runs, gap)
    nearest[tied] = NOISE
    return number_clusters(at, cells.weight, core, np.where(core, cluster, nearest), pairs)


def _boxes(cells: Cells, chosen: Flags, threads: int) -> Floats:
    """Ends of the chosen points of each cell."""
    from hotspots.neighbours import boxes

    box = np.empty((len(cells.starts) - 1, 4))
    for_each(
        equal_parts(cells.starts, threads),
        lambda first, last: boxes(box, cells.at, cells.starts, chosen, first, last),
        threads=threads,
    )
    return box


def core_points_of(
    cells: Cells, eps2: float, gap: float, min_samples: float, threads: int = 1
) -> tuple[Flags, Flags]:
    """Which cells have only neighbours in them, and which points are core points."""
    from hotspots.neighbours import core_points, tight_cells

    at, rest, time, starts, runs = cells.at, cells.rest, cells.time, cells.starts, cells.runs
    box = _boxes(cells, np.ones(len(at), dtype=bool), threads)
    tight, core = np.empty(len(box), dtype=bool), np.empty(len(at), dtype=bool)
    parts = equal_parts(starts, threads)
    row = np.arange(runs.shape[1])
    away = np.abs(row % 5 - 2) + np.abs(row // 5 - row[-1] // 10)
    inside_out = np.argsort(away, kind="stable")

    def mark(first: int, last: int) -> None:
        core_points(
            core, tight, box, at, rest, time, cells.weight, starts, runs, inside_out, eps2, gap,
            float(min_samples), first, last,
        )  # fmt: skip

    for_each(
        parts,
        lambda first, last: tight_cells(tight, box, rest, time, starts, eps2, gap, first, last),
        threads=threads,
    )
    for_each(parts, mark, threads=threads)
    return tight, core


def _joined(
    cells: Cells, tight: Flags, core: Flags, box: Floats, eps2: float, gap: float, threads: int
) -> Ints:
    """First core point of each core point's cluster; other points are their own.

    Each thread joins the cells of its part among themselves. What lies on either side of a border
    between parts, few cells, is joined afterwards. The first point of a cluster is the same
    whatever was joined first.
    """
    from hotspots.joins import heads, join_cells, roots

    parts = equal_parts(cells.starts, threads)
    parent, head = np.empty(len(core), dtype=np.int64), np.empty(len(tight), dtype=np.int64)

    def join(first: int, last: int, low: int, high: int) -> None:
        join_cells(
            parent, head, tight, core, box, cells.at, cells.rest, cells.time, cells.starts,
            cells.runs, cells.column, eps2, gap, first, last, low, high,
        )  # fmt: skip

    def join_within(first: int, last: int) -> None:
        heads(head, parent, tight, core, cells.starts, first, last)
        join(first, last, first, last)

    for_each(parts, join_within, threads=threads)
    for first, last in parts[1:]:
        join(first, last, 0, first)
    roots(parent)
    return parent
