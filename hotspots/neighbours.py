"""The inner loops of clustering, compiled; ``clusters`` explains what they compute.

Points lie sorted in cells so small that in most of them all points are neighbours of each other
(`tight` ones): there one look at the cell does for many looks at pairs. No list of neighbours is
ever held: memory grows with the points alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hotspots.cells import Cells

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Runs = NDArray[np.int32]


def _squared_distance(at: Floats, rest: Floats, i: int, j: int) -> float:
    dx, dy = at[i, 0] - at[j, 0], at[i, 1] - at[j, 1]
    total = dx * dx + dy * dy
    for k in range(rest.shape[1]):
        total += (rest[i, k] - rest[j, k]) ** 2
    return float(total)


def _near(at: Floats, rest: Floats, time: Floats, i: int, j: int, eps2: float, gap: float) -> bool:
    if squared_distance(at, rest, i, j) > eps2:
        return False
    return len(time) == 0 or abs(time[i] - time[j]) <= gap


def _tight_cells(cells: Cells, eps2: float, gap: float) -> Flags:
    """Cells in which all points are neighbours of each other, whatever pair one takes."""
    starts, time = cells.starts, cells.time
    tight = np.zeros(len(starts) - 1, np.bool_)
    if cells.rest.shape[1]:
        return tight
    box = boxes(cells.at, starts, np.ones(len(cells.at), np.bool_))
    for c in range(len(tight)):
        dx, dy = box[c, 2] - box[c, 0], box[c, 3] - box[c, 1]
        tight[c] = dx * dx + dy * dy <= eps2
        if len(time):
            own = time[starts[c] : starts[c + 1]]
            tight[c] &= own.max() - own.min() <= gap
    return tight


def _boxes(at: Floats, starts: Ints, chosen: Flags) -> Floats:
    """West, south, east and north end of the chosen points of each cell; infinite without any."""
    box = np.empty((len(starts) - 1, 4))
    for c in range(len(box)):
        west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
        for i in range(starts[c], starts[c + 1]):
            if chosen[i]:
                west, east = min(west, at[i, 0]), max(east, at[i, 0])
                south, north = min(south, at[i, 1]), max(north, at[i, 1])
        box[c, 0], box[c, 1], box[c, 2], box[c, 3] = west, south, east, north
    return box


def _squared_distance_to_box(at: Floats, i: int, box: Floats, d: int) -> float:
    """No more than the squared distance to any point in the box, rounding included."""
    dx = max(box[d, 0] - at[i, 0], at[i, 0] - box[d, 2], 0.0)
    dy = max(box[d, 1] - at[i, 1], at[i, 1] - box[d, 3], 0.0)
    return float(dx * dx + dy * dy)


def _core_points(cells: Cells, tight: Flags, eps2: float, gap: float, least: float) -> Flags:
    """Points with at least this weight among their neighbours, themselves included."""
    at, rest, time, weight = cells.at, cells.rest, cells.time, cells.weight
    starts, runs = cells.starts, cells.runs
    core = np.zeros(len(at), np.bool_)
    for c in range(len(tight)):
        if tight[c]:
            total = 0.0
            for i in range(starts[c], starts[c + 1]):
                total += weight[i]
            if total >= least:
                core[starts[c] : starts[c + 1]] = True
                continue
        for i in range(starts[c], starts[c + 1]):
            core[i] = _is_core(at, rest, time, weight, starts, runs, c, i, eps2, gap, least)
    return core


def _is_core(
    at: Floats,
    rest: Floats,
    time: Floats,
    weight: Floats,
    starts: Ints,
    runs: Runs,
    c: int,
    i: int,
    eps2: float,
    gap: float,
    least: float,
) -> bool:
    total = 0.0
    for k in range(runs.shape[1]):
        for j in range(starts[runs[c, k, 0]], starts[runs[c, k, 1]]):
            if near(at, rest, time, i, j, eps2, gap):
                total += weight[j]
        # Enough is enough: weights are never below 0.
        if total >= least:
            return True
    return False


def _cell_of_points(starts: Ints) -> Ints:
    cell = np.empty(starts[-1], np.int64)
    for c in range(len(starts) - 1):
        cell[starts[c] : starts[c + 1]] = c
    return cell


def _spread_kernel(
    density: Floats,
    within: Floats,
    sources: Ints,
    sign: float,
    cells: Cells,
    cell: Ints,
    radius2: float,
    eps2: float,
) -> None:
    """Add the sources' weights to all points around: by the quartic kernel, and within eps."""
    at, rest, weight, starts, runs = cells.at, cells.rest, cells.weight, cells.starts, cells.runs
    for j in sources:
        mass = sign * weight[j]
        for k in range(runs.shape[1]):
            for i in range(starts[runs[cell[j], k, 0]], starts[runs[cell[j], k, 1]]):
                distance2 = squared_distance(at, rest, i, j)
                if distance2 <= eps2:
                    within[i] += mass
                if distance2 < radius2:
                    density[i] += mass * (1 - distance2 / radius2) ** 2


_compiled: Callable[[Any], Any] = njit(cache=True)
# Called for every pair: a call of its own would count references to each array, at many times the
# cost of the distance itself.
_inlined: Callable[[Any], Any] = njit(cache=True, inline="always")
squared_distance: Callable[..., float] = _inlined(_squared_distance)
near: Callable[..., bool] = _inlined(_near)
boxes: Callable[..., Floats] = _compiled(_boxes)
squared_distance_to_box: Callable[..., float] = _compiled(_squared_distance_to_box)
_is_core = _compiled(_is_core)
tight_cells: Callable[..., Flags] = _compiled(_tight_cells)
core_points: Callable[..., Flags] = _compiled(_core_points)
cell_of_points: Callable[..., Ints] = _compiled(_cell_of_points)
spread_kernel: Callable[..., None] = _compiled(_spread_kernel)
