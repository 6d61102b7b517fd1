"""The inner loops of clustering, compiled; ``clusters`` explains what they compute.

Points lie sorted by square cells of side eps, so that all neighbours of a point are in its own cell
and the eight around it. No list of neighbours is ever held: memory grows with the points alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def _squared_distance(points: Floats, i: int, j: int) -> float:
    total = 0.0
    for k in range(points.shape[1]):
        total += (points[i, k] - points[j, k]) ** 2
    return total


def _weights_within(
    out: Floats,
    points: Floats,
    weights: Floats,
    cell: Ints,
    around: Ints,
    starts: Ints,
    eps2: float,
) -> None:
    """Weight of all points within eps of each, itself included."""
    for i in range(len(points)):
        for near in around[cell[i]]:
            if near < 0:
                continue
            for j in range(starts[near], starts[near + 1]):
                if _squared_distance(points, i, j) <= eps2:
                    out[i] += weights[j]


def _root(parent: Ints, i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def _join_cores(
    parent: Ints, points: Floats, core: Flags, cell: Ints, around: Ints, starts: Ints, eps2: float
) -> None:
    """Join core points within eps of each other; `parent` becomes the first of each cluster."""
    for i in range(len(points)):
        if not core[i]:
            continue
        for near in around[cell[i]]:
            if near < 0:
                continue
            for j in range(starts[near], min(starts[near + 1], i)):
                if core[j] and _squared_distance(points, i, j) <= eps2:
                    a, b = _root(parent, i), _root(parent, j)
                    parent[max(a, b)] = min(a, b)
    for i in range(len(points)):
        parent[i] = _root(parent, i)


def _nearest_cores(
    distance2: Floats, points: Floats, core: Flags, cell: Ints, around: Ints, starts: Ints
) -> None:
    """Squared distance of each point to the nearest core point, where one is nearer than given."""
    for i in range(len(points)):
        for near in around[cell[i]]:
            if near < 0:
                continue
            for j in range(starts[near], starts[near + 1]):
                if core[j]:
                    distance2[i] = min(distance2[i], _squared_distance(points, i, j))


def _cores_at(
    pairs: Ints,
    distance2: Floats,
    points: Floats,
    core: Flags,
    cell: Ints,
    around: Ints,
    starts: Ints,
) -> int:
    """Pairs of point and core point at exactly the given distance; how many there are.

    Fills `pairs` as far as it is long: call with an empty one to learn the length.
    """
    n = 0
    for i in range(len(points)):
        if core[i]:
            continue
        for near in around[cell[i]]:
            if near < 0:
                continue
            for j in range(starts[near], starts[near + 1]):
                if core[j] and _squared_distance(points, i, j) == distance2[i]:
                    if n < len(pairs):
                        pairs[n, 0] = i
                        pairs[n, 1] = j
                    n += 1
    return n


def _spread_kernel(
    density: Floats,
    within: Floats,
    sources: Ints,
    points: Floats,
    weights: Floats,
    cell: Ints,
    around: Ints,
    starts: Ints,
    radius2: float,
    eps2: float,
) -> None:
    """Add the sources' weights to all points around: by the quartic kernel, and within eps."""
    for j in sources:
        for near in around[cell[j]]:
            if near < 0:
                continue
            for i in range(starts[near], starts[near + 1]):
                distance2 = _squared_distance(points, i, j)
                if distance2 <= eps2:
                    within[i] += weights[j]
                if distance2 < radius2:
                    density[i] += weights[j] * (1 - distance2 / radius2) ** 2


_compiled: Callable[[Any], Any] = njit(cache=True)
_squared_distance = _compiled(_squared_distance)
_root = _compiled(_root)
weights_within: Callable[..., None] = _compiled(_weights_within)
join_cores: Callable[..., None] = _compiled(_join_cores)
nearest_cores: Callable[..., None] = _compiled(_nearest_cores)
cores_at: Callable[..., int] = _compiled(_cores_at)
spread_kernel: Callable[..., None] = _compiled(_spread_kernel)
