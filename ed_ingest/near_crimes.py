"""The inner loops of the search for candidate pairs, compiled; ``candidates`` explains them.

Imported only where it is needed: loading the compiler takes longer than printing a help text.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ed_ingest.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@compiled
def _sink(crime: Ints, metres: Floats, apart: Floats, first: int, last: int) -> None:
    """Move the last of a group to its place: the nearest first, then in time, then by position."""
    at, one, distance, gap = last, crime[last], metres[last], apart[last]
    while at > first:
        nearer = metres[at - 1] < distance
        if metres[at - 1] == distance:
            nearer = apart[at - 1] < gap or (apart[at - 1] == gap and crime[at - 1] < one)
        if nearer:
            break
        crime[at], metres[at], apart[at] = crime[at - 1], metres[at - 1], apart[at - 1]
        at -= 1
    crime[at], metres[at], apart[at] = one, distance, gap


@compiled
def _look(
    here: tuple[float, float, float, float, float],
    crimes: tuple[Ints, Floats, Floats, Floats, Floats],
    begin: int,
    end: int,
    found: tuple[Ints, Floats, Floats],
    first: int,
    n: int,
    limits: tuple[float, int],
) -> int:
    """Add the crimes of a cell from `begin` that are near enough; how many there are then."""
    east, north, start, stop, reach = here
    numbers, easts, norths, starts, ends = crimes
    gap_min, most = limits
    for j in range(begin, end):
        if starts[j] > stop + gap_min:
            break
        x, y = east - easts[j], north - norths[j]
        distance = np.sqrt(x * x + y * y)
        if ends[j] < start - gap_min or distance > reach:
            continue
        found[0][n], found[1][n] = numbers[j], distance
        found[2][n] = max(start - ends[j], starts[j] - stop, 0.0)
        _sink(found[0], found[1], found[2], first, n)
        n = min(n + 1, first + most)
    return n


@compiled
def _first_from(starts: Floats, low: int, end: int, earliest: float) -> int:
    """Position of the first start from `low` on that is not before `earliest`; else `end`."""
    while low < end:
        middle = (low + end) // 2
        if starts[middle] < earliest:
            low = middle + 1
        else:
            end = middle
    return low


@compiled
def _cells_around(
    here: tuple[float, float, float, float, float],
    cells: Ints,
    grid: tuple[float, int],
    around: Ints,
) -> int:
    """Write the cells that hold crimes within reach into `around`; how many there are."""
    (cell_m, step), n = grid, 0
    south, north = int((here[1] - here[4]) // cell_m), int((here[1] + here[4]) // cell_m)
    west, east = int((here[0] - here[4]) // cell_m), int((here[0] + here[4]) // cell_m)
    for column in range(west, east + 1):
        cell = np.searchsorted(cells, column * step + south)
        while cell < len(cells) and cells[cell] <= column * step + north:
            around[n] = cell
            n, cell = n + 1, cell + 1
    return n


@compiled
def crimes_near(
    asked: tuple[Floats, Floats, Floats, Floats, Floats],
    crimes: tuple[Ints, Floats, Floats, Floats, Floats],
    cells: Ints,
    begins: Ints,
    longest: Floats,
    limits: tuple[float, int],
    grid: tuple[float, int],
) -> tuple[Ints, Ints, Floats]:
    """Row of the asked, number of the crime, and metres between them, of each pair within reach.

    ``asked``: easting, northing, start, end, reach. ``crimes``: number, easting, northing, start,
    end; sorted by cell, class of length and start. ``cells``: numbers of the cells that hold
    crimes. ``begins``: where each class of each begins. ``longest``: of each class. ``limits``:
    minutes that two intervals may lie apart; the most crimes of a class. ``grid``: size of a cell;
    step from one column to the next.
    """
    n_classes, n, starts = len(longest), 0, crimes[3]
    size = 4 * len(asked[0]) + limits[1] + 1
    number, metres, apart = np.empty(size, np.int64), np.empty(size), np.empty(size)
    side = int(2 * asked[4].max() // grid[0]) + 3 if len(asked[4]) else 0
    around, until = np.empty(side * side, np.int64), np.zeros(len(asked[0]) + 1, np.int64)
    for i in range(len(asked[0])):
        here = (asked[0][i], asked[1][i], asked[2][i], asked[3][i], asked[4][i])
        n_around = _cells_around(here, cells, grid, around)
        for kind in range(n_classes):
            if n + limits[1] + 1 > size:
                more = np.empty(size)
                number = np.append(number, np.empty(size, np.int64))
                metres, apart = np.append(metres, more), np.append(apart, more)
                size *= 2
            first, earliest = n, here[2] - limits[0] - longest[kind]
            for k in range(n_around):
                part = around[k] * n_classes + kind
                end = begins[part + 1]
                low = _first_from(starts, begins[part], end, earliest)
                # In most cells nothing happened then.
                if low < end and starts[low] <= here[3] + limits[0]:
                    n = _look(here, crimes, low, end, (number, metres, apart), first, n, limits)
        until[i + 1] = n
    row = np.repeat(np.arange(len(asked[0])), np.diff(until))
    return row, number[:n].copy(), metres[:n].copy()
