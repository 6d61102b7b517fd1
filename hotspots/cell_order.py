"""The inner loops that sort points into cells, compiled; ``cells`` explains what they are for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

DIGIT = 65536
FEW = 24

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]


def _sorted_by_cell(keys: Numbers, values: Floats, given: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Order of the points by cell (last key first), then by value.

    Also the first in that order of each distinct point, the first distinct point of each cell (and
    their number), and which distinct point each point is.
    """
    order = given
    for key in keys:
        order = _by_key(key, order)
    n, n_distinct, n_cells = len(order), 0, 0
    firsts, starts, place = np.empty(n, np.int64), np.empty(n + 1, np.int64), np.empty(n, np.int64)
    start = 0
    while start < n:
        end = start + 1
        while end < n and _same(keys, order[start], order[end]):
            end += 1
        _sort_values(values, order, start, end)
        starts[n_cells] = n_distinct
        n_cells += 1
        for i in range(start, end):
            if i == start or _before(values, order[i - 1], order[i]):
                firsts[n_distinct] = i
                n_distinct += 1
            place[order[i]] = n_distinct - 1
        start = end
    starts[n_cells] = n_distinct
    return order, firsts[:n_distinct].copy(), starts[: n_cells + 1].copy(), place


def _by_key(key: Numbers, order: Ints) -> Ints:
    """Stable order by a key of 0 or more: counted, digit by digit."""
    highest, step = key.max(), 1
    while highest >= step:
        ends = np.zeros(DIGIT + 1, np.int64)
        for value in key:
            ends[value // step % DIGIT + 1] += 1
        ends = np.cumsum(ends)
        sorted_order = np.empty_like(order)
        for i in order:
            digit = key[i] // step % DIGIT
            sorted_order[ends[digit]] = i
            ends[digit] += 1
        order, step = sorted_order, step * DIGIT
    return order


def _same(keys: Numbers, i: int, j: int) -> bool:
    for k in range(len(keys)):  # noqa: SIM110 - compiled
        if keys[k, i] != keys[k, j]:
            return False
    return True


def _before(values: Floats, i: int, j: int) -> bool:
    for k in range(values.shape[1]):
        if values[i, k] != values[j, k]:
            return bool(values[i, k] < values[j, k])
    return False


def _sort_values(values: Floats, order: Ints, start: int, end: int) -> None:
    """Sort a stretch of the order by value, equal ones left as they are."""
    if end - start > FEW:
        for k in range(values.shape[1] - 1, -1, -1):
            stretch = order[start:end].copy()
            order[start:end] = stretch[np.argsort(values[stretch, k], kind="mergesort")]
        return
    for i in range(start + 1, end):
        moved, j = order[i], i
        while j > start and _before(values, moved, order[j - 1]):
            order[j] = order[j - 1]
            j -= 1
        order[j] = moved


def _runs_of(cells: Numbers, reach: int) -> Numbers:
    """First and last (not included) cell within reach in each row around each cell.

    `cells` holds column, row and perhaps layer of each cell, sorted by layer, row and column.
    """
    n, layers = cells.shape[1], (0 if len(cells) == 2 else 1)
    heads = [0]
    for i in range(1, n):
        if not _same(cells[1:], i - 1, i):
            heads.append(i)
    heads.append(n)
    height = 2 * reach + 1
    runs = np.zeros((n, (2 * layers + 1) * height, 2), np.int32)
    for s in range(len(heads) - 1):
        for k in range(runs.shape[1]):
            dy = k % height - reach
            dt = k // height - layers
            found = _row_at(cells, heads, heads[s], dy, dt)
            if found < 0:
                continue
            width = reach if abs(dy) < reach or reach == 1 else reach - 1
            first = last = heads[found]
            for i in range(heads[s], heads[s + 1]):
                while first < heads[found + 1] and cells[0, first] < cells[0, i] - width:
                    first += 1
                while last < heads[found + 1] and cells[0, last] <= cells[0, i] + width:
                    last += 1
                runs[i, k, 0] = first
                runs[i, k, 1] = last
    return runs


def _row_at(cells: Numbers, heads: list[int], head: int, dy: int, dt: int) -> int:
    """Which row of cells lies so many rows and layers from that of a cell; -1 for none."""
    row = np.int64(cells[1, head]) + dy
    layer = np.int64(cells[2, head]) + dt if len(cells) > 2 else np.int64(0)
    low, high = 0, len(heads) - 1
    while low < high:
        middle = (low + high) // 2
        at = heads[middle]
        at_layer = np.int64(cells[2, at]) if len(cells) > 2 else np.int64(0)
        if at_layer < layer or (at_layer == layer and cells[1, at] < row):
            low = middle + 1
        else:
            high = middle
    if low == len(heads) - 1:
        return -1
    at = heads[low]
    same_layer = len(cells) == 2 or cells[2, at] == layer
    return low if same_layer and cells[1, at] == row else -1


_compiled: Callable[[Any], Any] = njit(cache=True)
_by_key = _compiled(_by_key)
_same = _compiled(_same)
_before = _compiled(_before)
_sort_values = _compiled(_sort_values)
_row_at = _compiled(_row_at)
sorted_by_cell: Callable[..., tuple[Ints, Ints, Ints, Ints]] = _compiled(_sorted_by_cell)
runs_of: Callable[..., Numbers] = _compiled(_runs_of)
