"""The inner loops of the density surface, compiled; ``density`` explains what they compute.

Imported only where it is needed: loading the compiler takes longer than printing a help text.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

QUARTIC, EPANECHNIKOV, GAUSSIAN = 0, 1, 2


def _cells_near(axis: Floats, cell_m: float, at: float, reach: float) -> tuple[int, int]:
    """First and one past last cell of an axis that may lie within `reach` of `at`."""
    first = int(max(math.floor((at - reach - axis[0]) / cell_m), 0))
    last = int(min(math.ceil((at + reach - axis[0]) / cell_m) + 1, len(axis)))
    return first, last


def _add_kernels(
    out: Floats,
    grid_x: Floats,
    grid_y: Floats,
    cell_m: float,
    points: Floats,
    kernel: int,
    cut: float,
) -> None:
    """Add each point's kernel to the cells; `points` has x, y, bandwidth and weight."""
    for i in range(len(points)):
        x, y, h, weight = points[i]
        reach = cut * h
        left, right = _cells_near(grid_x, cell_m, x, reach)
        low, high = _cells_near(grid_y, cell_m, y, reach)
        for row in range(low, high):
            dy2 = (grid_y[row] - y) ** 2
            for column in range(left, right):
                d2 = (dy2 + (grid_x[column] - x) ** 2) / (h * h)
                if d2 >= cut * cut:
                    continue
                if kernel == QUARTIC:
                    value = 3.0 * (1.0 - d2) ** 2
                elif kernel == EPANECHNIKOV:
                    value = 2.0 * (1.0 - d2)
                else:
                    value = 0.5 * math.exp(-0.5 * d2)
                out[row, column] += weight * value / (math.pi * h * h)


def _count_incidents(
    out: Ints,
    last_seen: Ints,
    grid_x: Floats,
    grid_y: Floats,
    cell_m: float,
    points: Floats,
    incident: Ints,
    reach: float,
) -> None:
    """Count for each cell the incidents with a point within reach; rows sorted by incident."""
    for i in range(len(points)):
        x, y = points[i]
        left, right = _cells_near(grid_x, cell_m, x, reach)
        low, high = _cells_near(grid_y, cell_m, y, reach)
        for row in range(low, high):
            for column in range(left, right):
                d2 = (grid_y[row] - y) ** 2 + (grid_x[column] - x) ** 2
                if d2 <= reach * reach and last_seen[row, column] != incident[i]:
                    last_seen[row, column] = incident[i]
                    out[row, column] += 1


_compiled: Callable[[Any], Any] = njit(cache=True)
_cells_near = _compiled(_cells_near)
add_kernels: Callable[..., None] = _compiled(_add_kernels)
count_incidents: Callable[..., None] = _compiled(_count_incidents)
