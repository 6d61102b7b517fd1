"""The inner loops that sort points into rows of cells, compiled; see ``cells``.

Points are dealt into rows of cells first; from there on each row is by itself, so that threads can
share them out. In a row the column follows from x: sorted by value, points are sorted by cell.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ed_ingest.compiled import compiled

FEW = 24

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@compiled
def count_rows(counts: Ints, row: NDArray[np.integer], first: int, last: int) -> None:
    """Count the points `first` to `last` (not included) in each row."""
    for i in range(first, last):
        counts[row[i]] += 1


@compiled
def deal_into_rows(
    values: Floats,
    row: NDArray[np.integer],
    first: int,
    last: int,
    free: Ints,
    dealt: Floats,
    order: NDArray[np.integer],
) -> None:
    """Copy some points to where their row is; `free` is the next free place of each row."""
    for i in range(first, last):
        to = free[row[i]]
        free[row[i]] += 1
        order[to] = i
        for k in range(values.shape[1]):
            dealt[to, k] = values[i, k]


@compiled
def sort_rows(
    values: Floats,
    order: NDArray[np.integer],
    ends: Ints,
    first: int,
    last: int,
    west: float,
    per_width: float,
) -> None:
    """Sort each of some rows by value: first column first, then the next.

    `per_width` is 1 over the width of a cell: a product is faster than a quotient.
    """
    longest = 0
    for r in range(first, last):
        longest = max(longest, ends[r + 1] - ends[r])
    held, held_order = np.empty((longest, values.shape[1])), np.empty(longest, order.dtype)
    column = np.empty(longest, np.int64)
    for r in range(first, last):
        start, end = ends[r], ends[r + 1]
        if end - start <= FEW:
            _sort_values(values, order, start, end)
            continue
        for i in range(start, end):
            column[i - start] = int((values[i, 0] - west) * per_width)
        own = column[: end - start]
        if own.max() - own.min() < 4 * (end - start):
            _sort_by_column(values, order, start, end, own, held, held_order)
        else:  # strewn over many columns: there are few in each
            _sort_values(values, order, start, end)


@compiled
def _sort_by_column(
    values: Floats,
    order: NDArray[np.integer],
    start: int,
    end: int,
    column: Ints,
    held: Floats,
    held_order: NDArray[np.integer],
) -> None:
    """Sort a row by column, counted, and each column by value."""
    lowest = column.min()
    free = np.zeros(column.max() - lowest + 2, np.int64)
    for each in column:
        free[each - lowest + 1] += 1
    for c in range(1, len(free)):
        free[c] += free[c - 1]
    for i in range(end - start):
        to = free[column[i] - lowest]
        free[column[i] - lowest] += 1
        held_order[to] = order[start + i]
        for k in range(values.shape[1]):
            held[to, k] = values[start + i, k]
    for i in range(end - start):
        order[start + i] = held_order[i]
        for k in range(values.shape[1]):
            values[start + i, k] = held[i, k]
    before = 0
    for c in range(len(free) - 1):
        if free[c] - before > 1:
            _sort_values(values, order, start + before, start + free[c])
        before = free[c]


@compiled
def _sort_values(values: Floats, order: NDArray[np.integer], start: int, end: int) -> None:
    """Sort a stretch by value; which of equal ones comes first does not matter."""
    if end - start <= FEW:
        _insert_values(values, order, start, end)
        return
    for k in range(values.shape[1]):
        i = start
        while i < end:
            j = i + 1
            while j < end and equal_values(values, i, j, k):
                j += 1
            _sort_by(values, order, i, j, k)
            i = j


@compiled
def _insert_values(values: Floats, order: NDArray[np.integer], start: int, end: int) -> None:
    """Sort a short stretch by value."""
    if values.shape[1] == 2:  # mostly
        for i in range(start + 1, end):
            x, y, moved_order, j = values[i, 0], values[i, 1], order[i], i
            while j > start and (
                values[j - 1, 0] > x or (values[j - 1, 0] == x and values[j - 1, 1] > y)
            ):
                order[j], values[j, 0], values[j, 1] = (
                    order[j - 1], values[j - 1, 0], values[j - 1, 1],
                )  # fmt: skip
                j -= 1
            order[j], values[j, 0], values[j, 1] = moved_order, x, y
        return
    moved = np.empty(values.shape[1])
    for i in range(start + 1, end):
        for k in range(values.shape[1]):
            moved[k] = values[i, k]
        moved_order, j = order[i], i
        while j > start and _before(moved, values[j - 1]):
            order[j] = order[j - 1]
            for k in range(values.shape[1]):
                values[j, k] = values[j - 1, k]
            j -= 1
        order[j] = moved_order
        for k in range(values.shape[1]):
            values[j, k] = moved[k]


@compiled
def _before(one: Floats, other: Floats) -> bool:
    for k in range(len(one)):
        if one[k] != other[k]:
            return bool(one[k] < other[k])
    return False


@compiled
def equal_values(values: Floats, i: int, j: int, columns: int) -> bool:
    """Whether two rows are equal in the first columns."""
    for k in range(columns):  # noqa: SIM110 - compiled
        if values[i, k] != values[j, k]:
            return False
    return True


@compiled
def _sort_by(values: Floats, order: NDArray[np.integer], start: int, end: int, column: int) -> None:
    """Sort a stretch by one column; nothing to do where all are equal there, as snapped ones."""
    differ = False
    for i in range(start + 1, end):
        differ = differ or values[i, column] != values[start, column]
    if not differ:
        return
    by = np.argsort(values[start:end, column].copy())
    held, held_order = values[start:end].copy(), order[start:end].copy()
    for i in range(end - start):
        order[start + i] = held_order[by[i]]
        for k in range(values.shape[1]):
            values[start + i, k] = held[by[i], k]
