"""The inner loops of the density surface, compiled; ``density`` explains what they compute.

Imported only where it is needed: loading the compiler takes longer than printing a help text.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ed_ingest.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@compiled
def _cells_near(axis: Floats, cell_m: float, at: float, reach: float) -> tuple[int, int]:
    """First and one past last cell of an axis that may lie within `reach` of `at`."""
    first = int(max(math.floor((at - reach - axis[0]) / cell_m), 0))
    last = int(min(math.ceil((at + reach - axis[0]) / cell_m) + 1, len(axis)))
    return first, last


@compiled
def _away(out: Floats, axis: Floats, at: float, bandwidth: float, power: int) -> None:
    """d²/h² from `at` along an axis, or for power 0 the Gaussian's factor."""
    per_bandwidth = 1.0 / bandwidth
    for j in range(len(axis)):
        step = (axis[j] - at) * per_bandwidth
        out[j] = step * step
    if power == 0:
        for j in range(len(axis)):
            out[j] = math.exp(-0.5 * out[j])


@compiled
def _add_one(
    rows: Floats,
    low: int,
    left: int,
    down: Floats,
    across: Floats,
    height: float,
    power: int,
) -> None:
    """Add one kernel to the block of cells from row `low` and column `left` on.

    `down` and `across` have d²/h² of each row and column, or for the Gaussian (power 0) the two
    factors of the kernel. The loops are plain, so that several cells go at a time.
    """
    for row in range(len(down)):
        line = rows[low + row, left : left + len(across)]
        along = down[row] if power == 0 else 1.0 - down[row]
        if power == 0:
            for j in range(len(across)):
                line[j] += height * along * across[j]
        elif power == 1:
            for j in range(len(across)):
                rest = along - across[j]
                line[j] += height * (rest if rest > 0.0 else 0.0)
        elif power == 2:
            for j in range(len(across)):
                rest = along - across[j]
                rest = rest if rest > 0.0 else 0.0
                line[j] += height * (rest * rest)
        else:
            for j in range(len(across)):
                rest = along - across[j]
                square = rest * rest if rest > 0.0 else 0.0
                line[j] += height * (square * square)


@compiled
def add_kernels(
    rows: Floats,
    grid_x: Floats,
    grid_y: Floats,
    cell_m: float,
    x: Floats,
    y: Floats,
    bandwidth: Floats,
    height: Floats,
    power: int,
    cut: float,
) -> None:
    """Add each event's kernel to some rows of the surface, in the order of the events.

    `grid_y` belongs to `rows`. The kernel is height · (1 − d²/h²)^power, for power 0
    height · exp(−d²/2h²), up to `cut` bandwidths.
    """
    across, down = np.empty(len(grid_x)), np.empty(len(grid_y))
    for i in range(len(x)):
        reach = cut * bandwidth[i]
        low, high = _cells_near(grid_y, cell_m, y[i], reach)
        left, right = _cells_near(grid_x, cell_m, x[i], reach)
        if low >= high or left >= right:
            continue
        _away(across[: right - left], grid_x[left:right], x[i], bandwidth[i], power)
        _away(down[: high - low], grid_y[low:high], y[i], bandwidth[i], power)
        _add_one(rows, low, left, down[: high - low], across[: right - left], height[i], power)


@compiled
def kernel_sums(
    out: Floats,
    x: Floats,
    y: Floats,
    times: Floats,
    at: Ints,
    widths: Floats,
    power: int,
    cut: float,
) -> None:
    """Sum at some of the places the kernels of all others, for each width; sorted by x.

    Each kernel is 1 at its own place.
    """
    farthest = cut * widths[-1]
    for i in range(len(at)):
        here = at[i]
        first = np.searchsorted(x, x[here] - farthest)
        last = np.searchsorted(x, x[here] + farthest)
        for j in range(first, last):
            d2 = (x[j] - x[here]) ** 2 + (y[j] - y[here]) ** 2
            if j == here or d2 >= farthest * farthest:
                continue
            for k in range(len(widths)):
                share = d2 / (widths[k] * widths[k])
                if power == 0:
                    out[i, k] += times[j] * math.exp(-0.5 * share)
                elif share < 1.0:
                    out[i, k] += times[j] * (1.0 - share) ** power


@compiled
def count_incidents(
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
