"""The inner loops that join points to clusters, compiled; see ``clusters``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hotspots.cells import Cells
from hotspots.neighbours import boxes, near, squared_distance, squared_distance_to_box

ROWS = 5  # rows of cells within reach

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def _root(parent: Ints, i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def _join(parent: Ints, i: int, j: int) -> None:
    a, b = _root(parent, i), _root(parent, j)
    parent[max(a, b)] = min(a, b)


def _clusters_of_cores(cells: Cells, tight: Flags, core: Flags, eps2: float, gap: float) -> Ints:
    """First core point of each core point's cluster; other points are their own.

    Cells side by side come before those farther apart: most of the latter are then joined already.
    """
    at, rest, time = cells.at, cells.rest, cells.time
    starts, runs, column = cells.starts, cells.runs, cells.column
    parent, box = np.arange(len(at)), boxes(at, starts, core)
    head = _heads(parent, starts, tight, core)
    for adjacent in (True, False):
        for c in range(len(tight)):
            if head[c] < 0:
                continue
            for k in range(runs.shape[1]):
                row_near = abs(k % ROWS - ROWS // 2) <= 1
                for d in range(runs[c, k, 0], min(c + 1, runs[c, k, 1])):
                    beside = row_near and abs(column[c] - column[d]) <= 1
                    if beside != adjacent or head[d] < 0:
                        continue
                    one_pair = tight[c] and tight[d]
                    if one_pair and _root(parent, head[c]) == _root(parent, head[d]):
                        continue
                    _join_cells(
                        parent, at, rest, time, core, starts, c, d, box, eps2, gap, one_pair
                    )
    for i in range(len(parent)):
        parent[i] = _root(parent, i)
    return parent


def _heads(parent: Ints, starts: Ints, tight: Flags, core: Flags) -> Ints:
    """First core point of each cell, -1 for none; in tight ones the others are joined to it."""
    head = np.full(len(tight), -1)
    for c in range(len(tight)):
        for i in range(starts[c], starts[c + 1]):
            if core[i] and head[c] < 0:
                head[c] = i
            elif core[i] and tight[c]:
                parent[i] = head[c]
    return head


def _join_cells(
    parent: Ints,
    at: Floats,
    rest: Floats,
    time: Floats,
    core: Flags,
    starts: Ints,
    c: int,
    d: int,
    box: Floats,
    eps2: float,
    gap: float,
    one_pair: bool,
) -> None:
    """Join the core points of two cells that are neighbours; `one_pair` tells for all."""
    for i in range(starts[c], starts[c + 1]):
        if not core[i] or squared_distance_to_box(at, i, box, d) > eps2:
            continue
        for j in range(starts[d], starts[d + 1]):
            if core[j] and near(at, rest, time, i, j, eps2, gap):
                _join(parent, i, j)
                if one_pair:
                    return


def _nearest_cores(
    first: Ints, cells: Cells, core: Flags, eps2: float, gap: float
) -> tuple[Ints, Flags, Floats]:
    """Cluster of the nearest core point of each other point (-1 none).

    `first` names the clusters, as from `clusters_of_cores`. Also whether core points of several
    clusters are equally near, and the squared distance.
    """
    at, rest, time = cells.at, cells.rest, cells.time
    starts, runs = cells.starts, cells.runs
    nearest, tied = np.full(len(core), -1), np.zeros(len(core), np.bool_)
    distance2, box = np.full(len(core), eps2), boxes(at, starts, core)
    for c in range(len(starts) - 1):
        for i in range(starts[c], starts[c + 1]):
            if core[i]:
                continue
            for k in range(runs.shape[1]):
                for d in range(runs[c, k, 0], runs[c, k, 1]):
                    if squared_distance_to_box(at, i, box, d) > distance2[i]:
                        continue
                    for j in range(starts[d], starts[d + 1]):
                        if not core[j] or not near(at, rest, time, i, j, distance2[i], gap):
                            continue
                        found = squared_distance(at, rest, i, j)
                        other = nearest[i] >= 0 and nearest[i] != first[j]
                        tied[i] = found == distance2[i] and (tied[i] or other)
                        distance2[i], nearest[i] = found, first[j]
    return nearest, tied, distance2


def _tied_pairs(
    cells: Cells, core: Flags, first: Ints, tied: Flags, distance2: Floats, gap: float
) -> Ints:
    """Each tied point with the cluster of every core point that is nearest to it."""
    at, rest, time = cells.at, cells.rest, cells.time
    starts, runs = cells.starts, cells.runs
    found = [(0, 0) for _ in range(0)]
    for c in range(len(starts) - 1):
        for i in range(starts[c], starts[c + 1]):
            if not tied[i]:
                continue
            for k in range(runs.shape[1]):
                for j in range(starts[runs[c, k, 0]], starts[runs[c, k, 1]]):
                    if core[j] and near(at, rest, time, i, j, distance2[i], gap):
                        found.append((i, first[j]))
    pairs = np.empty((len(found), 2), np.int64)
    for n in range(len(found)):
        pairs[n, 0], pairs[n, 1] = found[n]
    return pairs


_compiled: Callable[[Any], Any] = njit(cache=True)
_root = _compiled(_root)
_join = _compiled(_join)
_heads = _compiled(_heads)
_join_cells = _compiled(_join_cells)
clusters_of_cores: Callable[..., Ints] = _compiled(_clusters_of_cores)
nearest_cores: Callable[..., tuple[Ints, Flags, Floats]] = _compiled(_nearest_cores)
tied_pairs: Callable[..., Ints] = _compiled(_tied_pairs)
