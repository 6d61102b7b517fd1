"""The inner loops that join points to clusters, compiled; see ``clusters``.

`first` and `last` (not included) are cells that one thread fills, as in ``neighbours``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ed_ingest.compiled import compiled, inlined
from hotspots.neighbours import near, squared_distance, squared_distance_to_box

ROWS = 5  # rows of cells within reach

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int32]


@compiled
def _root(parent: Ints, i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@compiled
def heads(
    head: Ints, parent: Ints, tight: Flags, core: Flags, starts: Ints, first: int, last: int
) -> None:
    """First core point of each cell, -1 for none; in tight ones the others are joined to it."""
    for c in range(first, last):
        head[c] = -1
        for i in range(starts[c], starts[c + 1]):
            parent[i] = i
            if core[i] and head[c] < 0:
                head[c] = i
            elif core[i] and tight[c]:
                parent[i] = head[c]


@inlined
def _join_pair(
    parent: Ints,
    c: int,
    d: int,
    one_pair: bool,
    core: Flags,
    box: Floats,
    at: Floats,
    rest: Floats,
    time: Floats,
    starts: Ints,
    eps2: float,
    gap: float,
) -> None:
    """Join the core points of two cells that are neighbours; `one_pair` tells for all."""
    done = False
    for i in range(starts[c], starts[c + 1]):
        if not core[i] or squared_distance_to_box(at, i, box, d) > eps2:
            continue
        for j in range(starts[d], starts[d + 1]):
            if core[j] and near(at, rest, time, i, j, eps2, gap):
                a, b = _root(parent, i), _root(parent, j)
                parent[max(a, b)] = min(a, b)
                done = one_pair
                if done:
                    break
        if done:
            break


@compiled
def join_cells(
    parent: Ints,
    head: Ints,
    tight: Flags,
    core: Flags,
    box: Floats,
    at: Floats,
    rest: Floats,
    time: Floats,
    starts: Ints,
    runs: Numbers,
    column: Numbers,
    eps2: float,
    gap: float,
    first: int,
    last: int,
    low: int,
    high: int,
) -> None:
    """Join the core points of some cells with those of cells before them from `low` to `high`.

    The root of each is the first core point of its cluster, in whatever order they are joined.
    Threads may join at the same time as long as no point is in the cells of two. Cells side by side
    come before those farther apart: most of the latter are then joined already.
    """
    for adjacent in (True, False):
        for c in range(first, last):
            if head[c] < 0:
                continue
            for k in range(runs.shape[1]):
                row_near = abs(k % ROWS - ROWS // 2) <= 1
                for d in range(max(low, runs[c, k, 0]), min(high, c + 1, runs[c, k, 1])):
                    beside = row_near and abs(column[c] - column[d]) <= 1
                    if beside != adjacent or head[d] < 0:
                        continue
                    one_pair = tight[c] and tight[d]
                    if one_pair and _root(parent, head[c]) == _root(parent, head[d]):
                        continue
                    _join_pair(parent, c, d, one_pair, core, box, at, rest, time, starts, eps2, gap)


@compiled
def roots(parent: Ints) -> None:
    """Put the root of each in the place of its parent."""
    for i in range(len(parent)):
        # Roots come first, so that each parent has its root already.
        parent[i] = parent[parent[i]]


@compiled
def nearest_cores(
    nearest: Ints,
    tied: Flags,
    distance2: Floats,
    cluster: Ints,
    core: Flags,
    box: Floats,
    at: Floats,
    rest: Floats,
    time: Floats,
    starts: Ints,
    runs: Numbers,
    eps2: float,
    gap: float,
    first: int,
    last: int,
) -> None:
    """Find the cluster of the nearest core point of each other point; -1 for none.

    Also whether core points of several clusters are equally near, and the squared distance.
    """
    for c in range(first, last):
        for i in range(starts[c], starts[c + 1]):
            nearest[i], tied[i], distance2[i] = -1, False, eps2
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
                        other = nearest[i] >= 0 and nearest[i] != cluster[j]
                        tied[i] = found == distance2[i] and (tied[i] or other)
                        distance2[i], nearest[i] = found, cluster[j]


@compiled
def tied_pairs(
    cluster: Ints,
    tied: Flags,
    distance2: Floats,
    core: Flags,
    at: Floats,
    rest: Floats,
    time: Floats,
    starts: Ints,
    runs: Numbers,
    gap: float,
) -> Ints:
    """Each tied point with the cluster of every core point that is nearest to it."""
    found = [(0, 0) for _ in range(0)]
    for c in range(len(starts) - 1):
        for i in range(starts[c], starts[c + 1]):
            if not tied[i]:
                continue
            for k in range(runs.shape[1]):
                for j in range(starts[runs[c, k, 0]], starts[runs[c, k, 1]]):
                    if core[j] and near(at, rest, time, i, j, distance2[i], gap):
                        found.append((i, cluster[j]))
    pairs = np.empty((len(found), 2), np.int64)
    for n in range(len(found)):
        pairs[n, 0], pairs[n, 1] = found[n]
    return pairs


@compiled
def measure_clusters(
    at: Floats, weight: Floats, core: Flags, cluster: Ints
) -> tuple[Ints, Floats, Floats]:
    """Which cluster each point is in, counted from 0 as they come; weights and southern ends.

    Returns
    -------
    tuple
        For each point its cluster, -1 for none; for each cluster the weight; and y and x of its
        southernmost, then westernmost core point.
    """
    index = np.full(len(core), -1)
    n = 0
    for i in range(len(core)):
        if core[i] and index[cluster[i]] < 0:
            index[cluster[i]] = n
            n += 1
    total, end = np.zeros(n), np.full((n, 2), np.inf)
    own = np.full(len(core), -1)
    for i in range(len(core)):
        if cluster[i] < 0:
            continue
        own[i] = name = index[cluster[i]]
        total[name] += weight[i]
        x, y = at[i, 0], at[i, 1]
        if core[i] and (y < end[name, 0] or (y == end[name, 0] and x < end[name, 1])):
            end[name, 0], end[name, 1] = y, x
    return own, total, end
