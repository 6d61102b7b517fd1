"""The inner loops that part sorted rows of points into cells, compiled; see ``cells``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ed_ingest.compiled import compiled
from hotspots.row_order import equal_values

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]


@compiled
def count_cells(
    values: Floats,
    ends: Ints,
    first: int,
    last: int,
    west: float,
    per_width: float,
    compared: int,
    cells: Ints,
    distinct: Ints,
) -> None:
    """Number of cells and of distinct points in each of some rows."""
    for r in range(first, last):
        column = -1
        for i in range(ends[r], ends[r + 1]):
            own = int((values[i, 0] - west) * per_width)
            if own != column:
                cells[r] += 1
                column = own
            if i == ends[r] or not equal_values(values, i - 1, i, compared):
                distinct[r] += 1


@compiled
def fill_cells(
    values: Floats,
    order: NDArray[np.integer],
    ends: Ints,
    first: int,
    last: int,
    west: float,
    per_width: float,
    compared: int,
    first_cell: Ints,
    first_point: Ints,
    points: Floats,
    weight: Floats,
    place: NDArray[np.integer],
    starts: Ints,
    column: Numbers,
) -> None:
    """Keep each distinct point of some rows once, with its weight, and note where cells start.

    The weight is the last of the values, where it is not among those compared; else 1 each.
    """
    weighted = compared < values.shape[1]
    for r in range(first, last):
        cell, point = first_cell[r] - 1, first_point[r] - 1
        for i in range(ends[r], ends[r + 1]):
            own = int((values[i, 0] - west) * per_width)
            if i == ends[r] or not equal_values(values, i - 1, i, compared):
                point += 1
                for k in range(compared):
                    points[point, k] = values[i, k]
                weight[point] = 0.0
                if i == ends[r] or own != column[cell]:
                    cell += 1
                    starts[cell], column[cell] = point, own
            weight[point] += values[i, compared] if weighted else 1.0
            place[order[i]] = point


@compiled
def runs_of(
    runs: Numbers,
    column: Numbers,
    first_cell: Ints,
    beside: Ints,
    reach: int,
    first: int,
    last: int,
) -> None:
    """First and last (not included) cell within reach in each row around each cell of some rows.

    `beside` tells which row each of the rows around is, -1 for none; they go from south to north.
    """
    height = 2 * reach + 1
    for r in range(first, last):
        for k in range(beside.shape[1]):
            found = beside[r, k]
            if found < 0:
                continue
            at_end = reach > 1 and abs(k % height - reach) == reach
            across = reach - 1 if at_end else reach
            low = high = first_cell[found]
            for c in range(first_cell[r], first_cell[r + 1]):
                while low < first_cell[found + 1] and column[low] < column[c] - across:
                    low += 1
                while high < first_cell[found + 1] and column[high] <= column[c] + across:
                    high += 1
                runs[c, k, 0], runs[c, k, 1] = low, high
